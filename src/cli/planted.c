#include "cli/planted.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/rng.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "cli/planted_function.h"
#include "cli/quote.h"
#include "dataset/split.h"
#include "io/atomic_file.h"
#include "io/netcdf_file.h"
#include "softeq/dataset.h"
#include "symmetry/group_sample.h"
#include "symmetry/representation.h"

/* Candidate types, the larger groups first. */
static const char *const pools[] = {
    NULL,
    NULL,
    "O(2) SO(2) D(4) C(4) Reflection(2) S(2) Reflection(1)@x Reflection(1)@y",
    "O(3) SO(3) O(2)@xy O(2)@yz O(2)@xz SO(2)@xy SO(2)@yz SO(2)@xz Reflection(3) S(3) Z(3)",
    "O(4) SO(4) O(3)@xyz SO(3)@yzw O(2)@xy O(2)@zw SO(2)@xy SO(2)@zw S(4) Z(4)",
};
enum {
    LEAST_D = 2,
    MOST_D = 4,
    LEAST_TYPES = 3,
    MOST_TYPES = 5,
    MOST_DRAWS = 200,
    HELD_OUT = 500, /* samples for validation, and as many for the test */
    PROBE_SAMPLES = 200,
    PROBE_ELEMENTS = 20,
    MOST_INPUTS = 16,
    MOST_OUTPUTS = 16
};
/* A type that is broken by less than this cannot be told from one that holds. */
static const double least_error = 0.03;

typedef struct {
    int d, vectors, rank, n_types;
    sq_group *types[SQ_PLANTED_TYPES];
    sq_group *group, *other; /* kept by the function, and by what breaks it (or NULL) */
    sq_polynomial *function, *breaking;
    double strength, noise;
    int64_t samples;
} task;

bool sq_planted_parse_seed(const char *text, uint64_t *seed) {
    char *end;
    errno = 0;
    *seed = strtoull(text, &end, 10);
    return isdigit((unsigned char)*text) && !*end && errno == 0;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void clear(task *t) {
    for (int g = 0; g < SQ_PLANTED_TYPES; g++) sq_group_destroy(&t->types[g]);
    sq_group_destroy(&t->group);
    sq_group_destroy(&t->other);
    sq_polynomial_destroy(&t->function);
    sq_polynomial_destroy(&t->breaking);
    memset(t, 0, sizeof *t);
}

/* Some of the pool, in its order. */
static sq_status draw_types(sq_rng *rng, task *t) {
    sq_status status = SQ_OK;
    const char *cursor = pools[t->d], *word;
    size_t length;
    int left = sq_count_words(pools[t->d]);
    int wanted = LEAST_TYPES + (int)sq_rng_below(rng, MOST_TYPES - LEAST_TYPES + 1);
    for (; sq_next_word(&cursor, &word, &length); left--) {
        char name[64];
        if ((int)sq_rng_below(rng, (uint64_t)left) >= wanted - t->n_types) continue;
        snprintf(name, sizeof name, "%.*s", (int)length, word);
        SQ_TRY(sq_group_create(name, t->d, &t->types[t->n_types]));
        t->n_types++;
    }
cleanup:
    return status;
}

/* One of the types, two of them together, or none. */
static sq_status draw_group(sq_rng *rng, const task *t, sq_group **group) {
    char name[600];
    uint64_t n = (uint64_t)t->n_types, draw = sq_rng_below(rng, 5);
    const char *first = t->types[sq_rng_below(rng, n)]->name;
    const char *second = t->types[sq_rng_below(rng, n)]->name;
    if (draw == 0)
        snprintf(name, sizeof name, "Trivial(%d)", t->d);
    else if (draw == 1 && strcmp(first, second) != 0)
        snprintf(name, sizeof name, "%s*%s", first, second);
    else
        snprintf(name, sizeof name, "%s", first);
    return sq_group_create(name, t->d, group);
}

static double draw_between(sq_rng *rng, double least, double most) {
    return least * pow(most / least, sq_rng_uniform(rng));
}

static sq_status draw(sq_rng *rng, task *t) {
    sq_status status;
    t->d = LEAST_D + (int)sq_rng_below(rng, MOST_D - LEAST_D + 1);
    t->vectors = 2 + (int)sq_rng_below(rng, 2);
    t->rank = (int)sq_rng_below(rng, 2);
    t->samples = (int64_t)draw_between(rng, 500, 3000);
    t->noise = sq_rng_below(rng, 2) ? draw_between(rng, 0.01, 0.1) : 0.0;
    t->strength = sq_rng_below(rng, 3) ? draw_between(rng, 0.2, 1.0) : 0.0;
    SQ_TRY(draw_types(rng, t));
    SQ_TRY(draw_group(rng, t, &t->group));
    SQ_TRY(sq_polynomial_create(t->group, t->vectors, t->rank, rng, &t->function));
    if (t->strength == 0.0) goto cleanup;
    SQ_TRY(draw_group(rng, t, &t->other));
    SQ_TRY(sq_polynomial_create(t->other, t->vectors, t->rank, rng, &t->breaking));
cleanup:
    return status;
}

static void evaluate(const task *t, const double *x, double *y) {
    memset(y, 0, MOST_OUTPUTS * sizeof *y);
    sq_polynomial_add(t->function, 1.0, x, y);
    if (t->breaking) sq_polynomial_add(t->breaking, t->strength, x, y);
}

/* ---- what holds ------------------------------------------------------------------------------ */

static void set_representations(const task *t, char *input, char *output, size_t capacity) {
    snprintf(input, capacity, "%d*T(1)", t->vectors);
    snprintf(output, capacity, "T(%d)", t->rank);
}

static double length_of(const double *y, size_t count) {
    double sum = 0.0;
    for (size_t c = 0; c < count; c++) sum += y[c] * y[c];
    return sqrt(sum);
}

/* |f(gx) - g f(x)| / (|f(gx)| + |g f(x)|) at one sample. */
static double error_at(const task *t, const sq_representation *in, const sq_representation *out,
                       const double *g, const double *dual, const double *x) {
    double moved[MOST_INPUTS], of_moved[MOST_OUTPUTS], y[MOST_OUTPUTS], scratch[MOST_OUTPUTS];
    double size;
    evaluate(t, x, y);
    sq_representation_act(in, g, dual, x, moved, scratch);
    sq_representation_act(out, g, dual, y, y, scratch);
    evaluate(t, moved, of_moved);
    size = length_of(y, out->size) + length_of(of_moved, out->size);
    for (size_t c = 0; c < out->size; c++) y[c] -= of_moved[c];
    return size > 0.0 ? length_of(y, out->size) / size : 0.0;
}

static sq_status measure_type(const task *t, uint64_t seed, int type, double *error) {
    sq_status status;
    char input[64], output[64];
    double g[MOST_D * MOST_D], dual[MOST_D * MOST_D], x[MOST_INPUTS];
    sq_representation in, out;
    set_representations(t, input, output, sizeof input);
    SQ_TRY(sq_representation_parse(input, t->d, &in));
    SQ_TRY(sq_representation_parse(output, t->d, &out));
    *error = 0.0;
    for (uint64_t k = 0; k < PROBE_ELEMENTS; k++) {
        sq_rng rng = sq_rng_create(seed, SQ_RNG_PLANTED, 1, k);
        SQ_TRY(sq_group_sample_moving(t->types[type], 1.0, seed, SQ_RNG_ELEMENT,
                                      (uint64_t)type * PROBE_ELEMENTS + k, g, dual));
        for (int s = 0; s < PROBE_SAMPLES; s++) {
            sq_polynomial_draw_input(&rng, t->vectors, t->d, x);
            *error += error_at(t, &in, &out, g, dual, x) / (PROBE_ELEMENTS * PROBE_SAMPLES);
        }
    }
cleanup:
    return status;
}

static bool is_clear_cut(double error) {
    static const double most_error = 1.0 + 1e-6; /* rounding */
    return (error >= 0.0 && error < SQ_PLANTED_HOLDS) ||
           (error > least_error && error <= most_error);
}

/* Whether every type either holds or is broken visibly. */
static sq_status measure(const task *t, uint64_t seed, double *error, bool *clear_cut) {
    sq_status status = SQ_OK;
    *clear_cut = true;
    for (int g = 0; g < t->n_types; g++) {
        SQ_TRY(measure_type(t, seed, g, &error[g]));
        *clear_cut = *clear_cut && is_clear_cut(error[g]);
    }
cleanup:
    return status;
}

/* ---- files ----------------------------------------------------------------------------------- */

static sq_status write_split(const task *t, uint64_t seed, int split, int64_t samples,
                             const char *path, const char *history) {
    sq_status status;
    sq_dataset_info info = {.samples = samples, .n_input = t->vectors * t->d, .units = "1"};
    sq_real *input = NULL, *target = NULL;
    sq_dataset *dataset = NULL;
    set_representations(t, info.input_representation, info.output_representation,
                        sizeof info.input_representation);
    info.n_output = t->rank == 0 ? 1 : t->d;
    snprintf(info.title, sizeof info.title, "planted task %llu", (unsigned long long)seed);
    size_t n_in = (size_t)info.n_input, n_out = (size_t)info.n_output;
    SQ_TRY(sq_alloc((size_t)samples * n_in, sizeof *input, &input));
    SQ_TRY(sq_alloc((size_t)samples * n_out, sizeof *target, &target));
    for (size_t s = 0; s < (size_t)samples; s++) {
        double x[MOST_INPUTS], y[MOST_OUTPUTS];
        sq_rng rng = sq_rng_create(seed, SQ_RNG_DATA, (uint32_t)split, s);
        sq_polynomial_draw_input(&rng, t->vectors, t->d, x);
        for (size_t c = 0; c < n_in; c++) input[s * n_in + c] = (sq_real)x[c];
        evaluate(t, x, y);
        for (size_t c = 0; c < n_out; c++)
            target[s * n_out + c] = (sq_real)(y[c] + t->noise * sq_rng_normal(&rng));
    }
    SQ_TRY(sq_dataset_wrap(&info, input, target, NULL, &dataset));
    SQ_TRY(sq_dataset_write(dataset, path, history));
cleanup:
    sq_dataset_destroy(&dataset);
    sq_free(input);
    sq_free(target);
    return status;
}

/* Earlier versions counted the identity, too, and did not say so. */
static const char elements[] = "random, but for the identity";

static sq_status write_truth(const sq_planted *planted, const char *path, const char *history) {
    sq_status status;
    sq_atomic_file *atomic = NULL;
    sq_nc *file = NULL;
    static const char *const dimensions[] = {"type"};
    SQ_TRY(sq_atomic_file_begin(path, &atomic));
    SQ_TRY(sq_nc_create(sq_atomic_file_path(atomic), &file));
    SQ_TRY(sq_nc_put_provenance(file, "what is planted", history));
    SQ_TRY(sq_nc_put_text(file, NULL, "group", planted->group));
    SQ_TRY(
        sq_nc_put_text(file, NULL, "breaking", planted->breaking[0] ? planted->breaking : "none"));
    SQ_TRY(sq_nc_put_number(file, NULL, "strength", planted->strength));
    SQ_TRY(sq_nc_put_number(file, NULL, "noise", planted->noise));
    SQ_TRY(sq_nc_define_dimension(file, "type", (size_t)planted->n_types));
    SQ_TRY(sq_nc_define_variable(file, "type_name", SQ_NC_STRING, 1, dimensions));
    SQ_TRY(sq_nc_define_variable(file, "error", SQ_NC_DOUBLE, 1, dimensions));
    SQ_TRY(sq_nc_put_text(file, "error", "long_name", "error of the function under the type"));
    SQ_TRY(sq_nc_put_text(file, "error", "units", "1"));
    SQ_TRY(sq_nc_put_text(file, "error", "elements", elements));
    for (size_t g = 0; g < (size_t)planted->n_types; g++)
        SQ_TRY(sq_nc_write_string(file, "type_name", &g, planted->type_names[g]));
    SQ_TRY(sq_nc_write_double(file, "error", NULL, NULL, planted->error));
    SQ_TRY(sq_nc_close(&file));
    SQ_TRY(sq_atomic_file_commit(&atomic));
cleanup:
    if (file) sq_nc_close(&file);
    sq_atomic_file_abandon(&atomic);
    return status;
}

sq_status sq_planted_read(const char *folder, sq_planted *planted) {
    sq_status status;
    char path[SQ_PLANTED_PATH];
    sq_nc *file = NULL;
    size_t length;
    memset(planted, 0, sizeof *planted);
    snprintf(path, sizeof path, "%s/truth.nc", folder);
    SQ_TRY(sq_nc_open(path, &file));
    SQ_TRY(sq_nc_get_text(file, NULL, "group", planted->group, sizeof planted->group));
    SQ_TRY(sq_nc_get_text(file, NULL, "breaking", planted->breaking, sizeof planted->breaking));
    SQ_TRY(sq_nc_get_number(file, NULL, "strength", &planted->strength));
    SQ_TRY(sq_nc_get_number(file, NULL, "noise", &planted->noise));
    SQ_TRY(sq_nc_dimension_length(file, "type", &length));
    if (length > SQ_PLANTED_TYPES)
        SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: %zu types are too many", path, length));
    planted->n_types = (int)length;
    for (size_t g = 0; g < length; g++)
        SQ_TRY(sq_nc_read_string(file, "type_name", &g, planted->type_names[g],
                                 sizeof planted->type_names[g]));
    SQ_TRY(sq_nc_check_shape(file, "error", 1, &length, "a planted task"));
    if (!sq_nc_has_attribute(file, "error", "elements"))
        SQ_TRY(sq_fail(SQ_ERR_DATA,
                       "%s: an earlier version made it, which measured errors otherwise: remove it "
                       "and make the task again",
                       path));
    SQ_TRY(sq_nc_read_double(file, "error", NULL, NULL, planted->error));
    for (size_t g = 0; g < length; g++)
        if (!is_clear_cut(planted->error[g]))
            SQ_TRY(sq_fail(
                SQ_ERR_DATA,
                "%s: error: %g of type %s is neither below %g nor from %g to 1: remove it "
                "and make the task again",
                path, planted->error[g], planted->type_names[g], SQ_PLANTED_HOLDS, least_error));
cleanup:
    if (file) sq_nc_close(&file);
    return status;
}

/* "train = FOLDER/train.nc"; SQ_ERR_CONFIG if no configuration can hold that name. */
static sq_status write_split_key(const char *folder, const char *split, const char *where,
                                 FILE *stream) {
    sq_status status;
    sq_config config;
    char path[SQ_PLANTED_PATH];
    sq_text_stream value;
    SQ_TRY(sq_text_stream_open(&value, where));
    snprintf(path, sizeof path, "%s/%s.nc", folder, split);
    sq_write_quoted(path, value.stream);
    SQ_TRY(sq_text_stream_close(&value));
    sq_config_init(&config);
    SQ_TRY(sq_config_set(&config, "data", split, value.text, where));
    fprintf(stream, "%s = %s\n", split, value.text);
cleanup:
    sq_text_stream_clear(&value);
    return status;
}

/* A small network that learns the task in a second or two. All types have the same weight at first:
 * none is known to be the largest that holds. */
static sq_status write_keys(const sq_planted *planted, const char *folder, const char *where,
                            FILE *stream) {
    sq_status status;
    fputs("[data]\n", stream);
    for (int split = 0; split < SQ_SPLIT_PARTS; split++)
        SQ_TRY(write_split_key(folder, sq_split_part_name(split), where, stream));
    fputs("scale = fit\n[model]\nkind = per\nchannels = 40\nlayers = 3\n[symmetry]\ntypes =",
          stream);
    for (int g = 0; g < planted->n_types; g++) fprintf(stream, " %s", planted->type_names[g]);
    fputs(
        "\nlambda = 0.1\ntune_at = 60\ntune_power = 2\n[train]\nepochs = 180\n"
        "batch = 100\nmicrobatch = 100\nlr = 1e-2\nweight_decay = 0\npatience = 0\n"
        "[checkpoint]\nevery_seconds = 0\nkeep = 1\n[log]\nequivariance_samples = 200\n",
        stream);
cleanup:
    return status;
}

static void describe(const task *t, const double *error, sq_planted *planted) {
    memset(planted, 0, sizeof *planted);
    planted->n_types = t->n_types;
    planted->strength = t->strength;
    planted->noise = t->noise;
    sq_copy_bounded(planted->group, sizeof planted->group, t->group->name);
    if (t->other) sq_copy_bounded(planted->breaking, sizeof planted->breaking, t->other->name);
    for (int g = 0; g < t->n_types; g++) {
        sq_copy_bounded(planted->type_names[g], sizeof planted->type_names[g], t->types[g]->name);
        planted->error[g] = error[g];
    }
}

static sq_status write_files(const task *t, uint64_t seed, const sq_planted *planted,
                             const char *folder, const char *history) {
    sq_status status;
    char path[SQ_PLANTED_PATH];
    sq_text_stream config;
    const int64_t samples[SQ_SPLIT_PARTS] = {t->samples, HELD_OUT, HELD_OUT};
    snprintf(path, sizeof path, "%s/run.ini", folder);
    SQ_TRY(sq_text_stream_open(&config, path));
    SQ_TRY(write_keys(planted, folder, path, config.stream));
    SQ_TRY(sq_text_stream_close(&config));
    SQ_TRY(sq_make_folder(folder));
    SQ_TRY(sq_write_text_file(path, config.text));
    for (int split = 0; split < SQ_SPLIT_PARTS; split++) {
        snprintf(path, sizeof path, "%s/%s.nc", folder, sq_split_part_name(split));
        SQ_TRY(write_split(t, seed, split, samples[split], path, history));
    }
    snprintf(path, sizeof path, "%s/truth.nc", folder);
    SQ_TRY(write_truth(planted, path, history));
cleanup:
    sq_text_stream_clear(&config);
    return status;
}

sq_status sq_planted_make(uint64_t seed, const char *folder, const char *history,
                          sq_planted *planted) {
    sq_status status = SQ_OK;
    task t = {0};
    double error[SQ_PLANTED_TYPES];
    bool clear_cut = false;
    for (uint32_t attempt = 0; attempt < MOST_DRAWS && !clear_cut; attempt++) {
        sq_rng rng = sq_rng_create(seed, SQ_RNG_PLANTED, 0, attempt);
        clear(&t);
        status = draw(&rng, &t);
        if (status == SQ_ERR_NUMERIC) continue; /* a group that leaves nothing: draw another one */
        SQ_TRY(status);
        SQ_TRY(measure(&t, seed, error, &clear_cut));
    }
    if (!clear_cut)
        SQ_TRY(sq_fail(SQ_ERR_NUMERIC, "planted task %llu: %d draws, none of them clear-cut",
                       (unsigned long long)seed, MOST_DRAWS));
    describe(&t, error, planted);
    SQ_TRY(write_files(&t, seed, planted, folder, history));
cleanup:
    clear(&t);
    return status;
}
