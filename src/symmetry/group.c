#include "softeq/group.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/content_hash.h"
#include "symmetry/group_file.h"
#include "symmetry/group_table.h"
#include "symmetry/group_words.h"

enum { MAX_DIMENSION = 256, MAX_GROUPS = 32, EXPRESSION = 1024 };

/* One factor of an expression, parsed but not built. */
typedef struct {
    char name[32];
    char path[2 * EXPRESSION]; /* of file:PATH, else "" */
    int arguments[SQ_GROUP_MAX_ARGUMENTS];
    int n_arguments;
    int axes[MAX_DIMENSION];
    int n_axes; /* 0: not embedded */
    bool lettered;
} group_factor;

static sq_status bad_expression(const char *expression, const char *why) {
    return sq_fail(SQ_ERR_CONFIG,
                   "'%s' is not a group: %s (examples: O(3), O(2)@xy, SO(3)*Scaling(3), "
                   "file:generators.nc)",
                   expression, why);
}

static sq_status parse_arguments(const char *expression, const char **text, group_factor *factor) {
    if (**text != '(') return SQ_OK;
    do {
        (*text)++;
        char *end = NULL;
        long value = strtol(*text, &end, 10);
        if (end == *text) return bad_expression(expression, "a whole number belongs in brackets");
        if (value < 1 || value > MAX_DIMENSION)
            return bad_expression(expression, "the size is out of bounds (1 to 256)");
        if (factor->n_arguments == SQ_GROUP_MAX_ARGUMENTS)
            return bad_expression(expression, "too many numbers in brackets");
        factor->arguments[factor->n_arguments++] = (int)value;
        *text = end;
        while (**text == ' ') (*text)++;
    } while (**text == ',');
    if (**text != ')') return bad_expression(expression, "a bracket is not closed");
    (*text)++;
    return SQ_OK;
}

static sq_status add_axis(const char *expression, group_factor *factor, long axis) {
    if (axis < 0 || axis >= MAX_DIMENSION)
        return bad_expression(expression, "an axis is out of bounds");
    for (int i = 0; i < factor->n_axes; i++)
        if (factor->axes[i] == axis)
            return bad_expression(expression, "an axis stands there twice");
    factor->axes[factor->n_axes++] = (int)axis;
    return SQ_OK;
}

static sq_status parse_axes(const char *expression, const char **text, group_factor *factor) {
    static const char letters[] = "xyzw";
    sq_status status = SQ_OK;
    if (**text != '@') return SQ_OK;
    (*text)++;
    factor->lettered = !isdigit((unsigned char)**text);
    while (**text && strchr(letters, **text) && factor->lettered)
        SQ_TRY(add_axis(expression, factor, strchr(letters, *(*text)++) - letters));
    while (isdigit((unsigned char)**text) && !factor->lettered) {
        char *end = NULL;
        SQ_TRY(add_axis(expression, factor, strtol(*text, &end, 10)));
        *text = *end == '-' ? end + 1 : end;
    }
    if (factor->n_axes == 0)
        status = bad_expression(expression, "axes are letters of xyzw, or numbers joined by '-'");
cleanup:
    return status;
}

/* A path may hold any character: it takes the rest. */
static sq_status parse_path(const char *folder, const char *expression, const char **text,
                            group_factor *factor) {
    const char *path = *text + strlen("file:");
    bool within = folder[0] && path[0] != '/';
    *text += strlen(*text);
    if (!path[0]) return bad_expression(expression, "the file's name is missing");
    snprintf(factor->path, sizeof factor->path, "%s%s%s", within ? folder : "", within ? "/" : "",
             path);
    return SQ_OK;
}

static sq_status parse_factor(const char *folder, const char *expression, const char **text,
                              group_factor *factor) {
    sq_status status = SQ_OK;
    memset(factor, 0, sizeof *factor);
    if (strncmp(*text, "file:", 5) == 0) return parse_path(folder, expression, text, factor);
    size_t length = strcspn(*text, "(@* ");
    if (length == 0 || length >= sizeof factor->name)
        return bad_expression(expression, "a group's name is missing");
    memcpy(factor->name, *text, length);
    *text += length;
    SQ_TRY(parse_arguments(expression, text, factor));
    SQ_TRY(parse_axes(expression, text, factor));
    if (**text != '\0' && **text != '*')
        return bad_expression(expression, "factors are joined by '*'");
    if (**text == '*') {
        (*text)++;
        if (**text == '\0') return bad_expression(expression, "a factor is missing after '*'");
    }
cleanup:
    return status;
}

static void clear_group(sq_group *group) {
    sq_free(group->lie);
    sq_free(group->discrete);
    sq_free(group->order);
    memset(group, 0, sizeof *group);
}

/* Builds a factor over its own dimension. */
static sq_status build_factor(const group_factor *factor, sq_group *group) {
    sq_status status = SQ_OK;
    const sq_group_entry *entry = NULL;
    memset(group, 0, sizeof *group);
    if (factor->path[0]) {
        SQ_TRY(sq_group_read(factor->path, group));
    } else {
        SQ_TRY(sq_group_find(factor->name, factor->n_arguments, &entry));
        SQ_TRY(entry->build(factor->arguments, group));
    }
    if (factor->n_axes > 0 && factor->n_axes != group->dimension)
        status =
            sq_fail(SQ_ERR_CONFIG, "%s acts on R^%d, but %d ax%s named after '@'", factor->name,
                    group->dimension, factor->n_axes, factor->n_axes == 1 ? "is is" : "es are");
cleanup:
    if (status != SQ_OK) clear_group(group);
    return status;
}

/* The dimension a factor asks for. fixed: it is this one and no other. */
static int factor_dimension(const group_factor *factor, const sq_group *built, bool *fixed) {
    *fixed = factor->n_axes == 0;
    if (*fixed) return built->dimension;
    int least = factor->lettered ? 3 : 0; /* xy alone is the plane in space */
    for (int i = 0; i < factor->n_axes; i++)
        if (factor->axes[i] >= least) least = factor->axes[i] + 1;
    return least;
}

/* What is known of the common dimension while expressions are read. */
typedef struct {
    int fixed; /* 0: none yet */
    int least;
    int highest_axis;
} dimension_search;

static sq_status join_dimension(const char *expression, const group_factor *factor,
                                const sq_group *built, dimension_search *search) {
    bool fixed = false;
    int dimension = factor_dimension(factor, built, &fixed);
    for (int i = 0; i < factor->n_axes; i++)
        if (factor->axes[i] > search->highest_axis) search->highest_axis = factor->axes[i];
    if (!fixed && dimension > search->least) search->least = dimension;
    if (fixed && search->fixed != 0 && search->fixed != dimension)
        return sq_fail(
            SQ_ERR_CONFIG,
            "'%s' acts on R^%d, another symmetry type on R^%d: all types act on the same "
            "space (embed the smaller one, as in O(2)@xy)",
            expression, dimension, search->fixed);
    if (fixed) search->fixed = dimension;
    return SQ_OK;
}

static sq_status search_expression(const char *folder, const char *expression,
                                   dimension_search *search) {
    sq_status status = SQ_OK;
    const char *text = expression;
    sq_group built = {0};
    group_factor *factor = NULL;
    SQ_TRY(sq_alloc(1, sizeof *factor, &factor));
    do {
        clear_group(&built);
        SQ_TRY(parse_factor(folder, expression, &text, factor));
        SQ_TRY(build_factor(factor, &built));
        SQ_TRY(join_dimension(expression, factor, &built, search));
    } while (*text);
cleanup:
    clear_group(&built);
    sq_free(factor);
    return status;
}

static sq_status found_dimension(const char *what, const dimension_search *search, int asked,
                                 int *dimension) {
    int found = search->fixed ? search->fixed : search->least;
    if (asked != 0 && search->fixed != 0 && asked != search->fixed)
        return sq_fail(SQ_ERR_CONFIG, "'%s' acts on R^%d, not on R^%d", what, search->fixed, asked);
    if (asked != 0) found = asked;
    if (search->highest_axis >= found)
        return sq_fail(SQ_ERR_CONFIG, "'%s': axis %d does not exist in R^%d (axes count from 0)",
                       what, search->highest_axis, found);
    *dimension = found;
    return SQ_OK;
}

/* Copies a generator into its axes of a larger matrix that is zero or one elsewhere. */
static void embed(const group_factor *factor, int own, const double *from, int d, double *to) {
    for (int i = 0; i < own; i++) {
        for (int j = 0; j < own; j++) {
            int row = factor->n_axes ? factor->axes[i] : i;
            int column = factor->n_axes ? factor->axes[j] : j;
            to[row * d + column] = from[i * own + j];
        }
    }
}

static sq_status append_factor(const group_factor *factor, sq_group *group) {
    sq_status status = SQ_OK;
    sq_group built = {0};
    SQ_TRY(build_factor(factor, &built));
    int own = built.dimension;
    for (int k = 0; k < built.n_lie; k++) {
        double *a = NULL;
        SQ_TRY(sq_group_add_lie(group, &a));
        embed(factor, own, built.lie + k * own * own, group->dimension, a);
    }
    for (int k = 0; k < built.n_discrete; k++) {
        double *h = NULL;
        SQ_TRY(sq_group_add_discrete(group, &h));
        embed(factor, own, built.discrete + k * own * own, group->dimension, h);
    }
cleanup:
    clear_group(&built);
    return status;
}

static bool is_orthogonal(const double *h, int d) {
    for (int i = 0; i < d; i++) {
        for (int j = 0; j <= i; j++) {
            double product = 0.0;
            for (int k = 0; k < d; k++) product += h[i * d + k] * h[j * d + k];
            if (fabs(product - (i == j)) > 1e-13) return false;
        }
    }
    return true;
}

static bool is_permutation(const double *h, int d) {
    for (int k = 0; k < d * d; k++)
        if (h[k] != 0.0 && h[k] != 1.0) return false;
    return is_orthogonal(h, d);
}

static sq_status classify(sq_group *group) {
    int d = group->dimension;
    group->orthogonal = true;
    group->permutation = group->n_lie == 0 && group->n_discrete > 0;
    for (int k = 0; k < group->n_lie; k++)
        group->orthogonal = group->orthogonal && sq_group_is_rotation(group->lie + k * d * d, d);
    for (int k = 0; k < group->n_discrete; k++) {
        group->orthogonal = group->orthogonal && is_orthogonal(group->discrete + k * d * d, d);
        group->permutation = group->permutation && is_permutation(group->discrete + k * d * d, d);
    }
    return sq_group_find_words(group);
}

/* Builds an expression over a dimension that is known to fit. */
static sq_status build_expression(const char *folder, const char *expression, int dimension,
                                  sq_group **group) {
    sq_status status = SQ_OK;
    const char *text = expression;
    group_factor *factor = NULL;
    SQ_TRY(sq_alloc(1, sizeof **group, group));
    SQ_TRY(sq_alloc(1, sizeof *factor, &factor));
    sq_copy_bounded((*group)->name, sizeof(*group)->name, expression);
    (*group)->dimension = dimension;
    do {
        SQ_TRY(parse_factor(folder, expression, &text, factor));
        SQ_TRY(append_factor(factor, *group));
    } while (*text);
    SQ_TRY(classify(*group));
cleanup:
    sq_free(factor);
    if (status != SQ_OK) sq_group_destroy(group);
    return status;
}

sq_status sq_group_create(const char *expression, int dimension, sq_group **group) {
    return sq_group_create_within("", expression, dimension, group);
}

sq_status sq_group_create_within(const char *folder, const char *expression, int dimension,
                                 sq_group **group) {
    sq_status status = SQ_OK;
    dimension_search search = {.highest_axis = -1};
    *group = NULL;
    SQ_TRY(search_expression(folder, expression, &search));
    SQ_TRY(found_dimension(expression, &search, dimension, &dimension));
    SQ_TRY(build_expression(folder, expression, dimension, group));
cleanup:
    return status;
}

sq_status sq_group_create_from(const char *name, int dimension, int n_lie, const double *lie,
                               int n_discrete, const double *discrete, sq_group **group) {
    sq_status status = SQ_OK;
    *group = NULL;
    if (dimension < 1 || dimension > MAX_DIMENSION || n_lie < 0 || n_discrete < 0 ||
        n_lie + n_discrete == 0)
        return sq_fail(SQ_ERR_ARGUMENT,
                       "%s: a group of %d and %d generators on R^%d; at least one, on R^1 to R^%d",
                       name, n_lie, n_discrete, dimension, MAX_DIMENSION);
    int most = SQ_GROUP_MAX_ELEMENTS / (dimension * dimension);
    if (n_lie > most || n_discrete > most)
        return sq_fail(SQ_ERR_ARGUMENT, "%s: more than %d generators of %dx%d are too many", name,
                       most, dimension, dimension);
    /* Only read: the copy below is what is kept. */
    sq_group borrowed = {.dimension = dimension,
                         .n_lie = n_lie,
                         .n_discrete = n_discrete,
                         .lie = (double *)lie,
                         .discrete = (double *)discrete};
    sq_copy_bounded(borrowed.name, sizeof borrowed.name, name);
    SQ_TRY(sq_fail_within(sq_group_check(&borrowed), "%s", name));
    SQ_TRY(sq_group_copy(&borrowed, group));
cleanup:
    return status;
}

void sq_group_destroy(sq_group **group) {
    if (!*group) return;
    clear_group(*group);
    sq_free(*group);
    *group = NULL;
}

static sq_status append_generators(const sq_group *of, sq_group *group) {
    sq_status status = SQ_OK;
    size_t size = (size_t)(of->dimension * of->dimension);
    double *generator = NULL;
    for (int k = 0; k < of->n_lie; k++) {
        SQ_TRY(sq_group_add_lie(group, &generator));
        memcpy(generator, of->lie + (size_t)k * size, size * sizeof *generator);
    }
    for (int k = 0; k < of->n_discrete; k++) {
        SQ_TRY(sq_group_add_discrete(group, &generator));
        memcpy(generator, of->discrete + (size_t)k * size, size * sizeof *generator);
    }
cleanup:
    return status;
}

sq_status sq_group_join(const sq_group *const *groups, int count, sq_group **joint) {
    sq_status status = SQ_OK;
    sq_group *made = NULL;
    SQ_TRY(sq_alloc(1, sizeof *made, &made));
    made->dimension = groups[0]->dimension;
    for (int g = 0; g < count; g++) {
        size_t used = strlen(made->name);
        SQ_TRY(append_generators(groups[g], made));
        snprintf(made->name + used, sizeof made->name - used, "%s%s", g > 0 ? "*" : "",
                 groups[g]->name);
    }
    SQ_TRY(classify(made));
cleanup:
    if (status != SQ_OK) sq_group_destroy(&made);
    *joint = made;
    return status;
}

sq_status sq_group_copy(const sq_group *group, sq_group **copy) {
    return sq_group_join(&group, 1, copy);
}

/* The next expression of a list. */
static bool next_expression(const char **text, char *expression, size_t capacity) {
    const char *word = NULL;
    size_t length = 0;
    if (!sq_next_word(text, &word, &length)) return false;
    snprintf(expression, capacity, "%.*s", (int)length, word);
    return true;
}

static sq_status search_list(const char *folder, const char *expressions,
                             dimension_search *search) {
    sq_status status = SQ_OK;
    char expression[EXPRESSION];
    while (next_expression(&expressions, expression, sizeof expression)) {
        if (strlen(expression) == EXPRESSION - 1) /* perhaps cut off */
            SQ_TRY(sq_fail(SQ_ERR_CONFIG, "'%.60s...': a group has at most %d characters",
                           expression, EXPRESSION - 2));
        SQ_TRY(search_expression(folder, expression, search));
    }
cleanup:
    return status;
}

sq_status sq_group_list_create(const char *expressions, int dimension, sq_group ***groups,
                               int *count) {
    return sq_group_list_create_within("", expressions, dimension, groups, count);
}

sq_status sq_group_list_create_within(const char *folder, const char *expressions, int dimension,
                                      sq_group ***groups, int *count) {
    sq_status status = SQ_OK;
    char expression[EXPRESSION];
    const char *text = expressions;
    dimension_search search = {.highest_axis = -1};
    *count = 0;
    *groups = NULL;
    SQ_TRY(search_list(folder, expressions, &search));
    SQ_TRY(found_dimension(expressions, &search, dimension, &dimension));
    SQ_TRY(sq_alloc(MAX_GROUPS, sizeof **groups, groups));
    while (next_expression(&text, expression, sizeof expression)) {
        if (*count == MAX_GROUPS) {
            status =
                sq_fail(SQ_ERR_CONFIG, "more than %d symmetry types: leave some out", MAX_GROUPS);
            goto cleanup;
        }
        SQ_TRY(build_expression(folder, expression, dimension, &(*groups)[*count]));
        (*count)++;
    }
    if (*count == 0) status = sq_fail(SQ_ERR_CONFIG, "no symmetry type is named");
cleanup:
    if (status != SQ_OK) sq_group_list_destroy(groups, *count);
    return status;
}

void sq_group_list_destroy(sq_group ***groups, int count) {
    if (!*groups) return;
    for (int k = 0; k < count; k++) sq_group_destroy(&(*groups)[k]);
    sq_free(*groups);
    *groups = NULL;
}

bool sq_group_is_of_file(const sq_group *group) { return strstr(group->name, "file:") != NULL; }

uint64_t sq_group_hash_generators(const sq_group *group, uint64_t hash) {
    size_t size = (size_t)(group->dimension * group->dimension) * sizeof(double);
    if (group->n_lie) hash = sq_hash_bytes(group->lie, (size_t)group->n_lie * size, hash);
    if (group->n_discrete)
        hash = sq_hash_bytes(group->discrete, (size_t)group->n_discrete * size, hash);
    return hash;
}

uint64_t sq_group_hash(const sq_group *group) {
    const int64_t header[] = {group->dimension, group->n_lie, group->n_discrete};
    return sq_group_hash_generators(group, sq_hash_bytes(header, sizeof header, 0));
}
