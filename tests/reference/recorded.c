#include "recorded.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

sq_status recorded_read(const sq_nc *file, const char *name, recorded_array *array) {
    sq_status status = SQ_OK;
    memset(array, 0, sizeof *array);
    SQ_TRY(sq_nc_variable_shape(file, name, &array->rank, array->shape));
    array->count = 1;
    for (int k = 0; k < array->rank; k++) array->count *= array->shape[k];
    SQ_TRY(sq_alloc(array->count, sizeof *array->values, &array->values));
    SQ_TRY(sq_nc_read_double(file, name, NULL, NULL, array->values));
cleanup:
    return status;
}

void recorded_clear(recorded_array *array) {
    sq_free(array->values);
    memset(array, 0, sizeof *array);
}

/* ---- names of groups ------------------------------------------------------------------------- */

static void append(char *text, size_t capacity, const char *more, size_t length) {
    size_t used = strlen(text);
    if (used + length >= capacity) length = capacity - used - 1;
    memcpy(text + used, more, length);
    text[used + length] = '\0';
}

/* "Lorentz"-like names that have no brackets: O13, SO13p, and embedded ones such as O2xy. */
static bool translate_word(const char *word, size_t length, char *text, size_t capacity) {
    size_t letters = 0, digits = 0;
    char part[64];
    while (letters < length && isupper((unsigned char)word[letters])) letters++;
    while (letters + digits < length && isdigit((unsigned char)word[letters + digits])) digits++;
    size_t rest = length - letters - digits;
    const char *axes = word + letters + digits;
    if (letters == 0 || digits == 0 || (rest > 0 && !strchr("xyzwp", axes[0]))) return false;
    bool identity_component = rest == 1 && axes[0] == 'p';
    snprintf(part, sizeof part, "%.*s%s(", (int)letters, word, identity_component ? "+" : "");
    append(text, capacity, part, strlen(part));
    for (size_t k = 0; k < digits; k++) {
        if (k) append(text, capacity, ",", 1);
        append(text, capacity, word + letters + k, 1);
    }
    append(text, capacity, ")", 1);
    if (rest > 0 && !identity_component) {
        append(text, capacity, "@", 1);
        append(text, capacity, axes, rest);
    }
    return true;
}

/* The groups of a union are written one after another: "SO(3)Scaling(3)". */
static void translate_union(const char *inside, size_t length, char *text, size_t capacity) {
    for (size_t k = 0; k < length; k++) {
        append(text, capacity, inside + k, 1);
        bool closed = inside[k] == ')' && k + 1 < length;
        if (closed && (isalpha((unsigned char)inside[k + 1]))) append(text, capacity, "*", 1);
    }
}

void recorded_types(const char *theirs, char *text, size_t capacity) {
    text[0] = '\0';
    while (*theirs) {
        int depth = 0;
        size_t length = 0;
        while (isspace((unsigned char)*theirs) || *theirs == ',') theirs++;
        while (theirs[length] && !(theirs[length] == ',' && depth == 0)) {
            depth += (theirs[length] == '(') - (theirs[length] == ')');
            length++;
        }
        if (length == 0) break;
        if (text[0]) append(text, capacity, " ", 1);
        if (strncmp(theirs, "Union(", 6) == 0)
            translate_union(theirs + 6, length - 7, text, capacity);
        else if (!translate_word(theirs, length, text, capacity))
            append(text, capacity, theirs, length);
        theirs += length;
    }
}

/* ---- the model ------------------------------------------------------------------------------- */

typedef struct {
    sq_group **types;
    int n_types;
    int channels, layers;
    sq_model_options options;
    char input[128], output[128];
    double weight_decay, gate_decay;
} plan;

static int count_layers(const sq_nc *file) {
    char name[64];
    int layers = 0;
    do snprintf(name, sizeof name, "layer%d_weight", layers++);
    while (sq_nc_has_variable(file, name));
    return layers - 1;
}

static sq_status build(const plan *p, const char *input, const char *output, sq_bases *bases,
                       sq_model **model) {
    sq_model_options options = {
        .kind = "per",
        .input_representation = input,
        .output_representation = output,
        .channels = p->channels,
        .layers = p->layers,
        .init = "orthogonal",
        .types = (const sq_group *const *)p->types,
        .n_types = p->n_types,
        .weight_decay = p->weight_decay,
        .gate_decay = p->gate_decay,
    };
    return sq_model_create(&options, bases, model);
}

/* Largest deviation of our projections of a recorded W from the recorded ones; infinity if the
 * shapes differ. */
static double projection_deviation(const sq_nc *file, const sq_model *model, int layer) {
    char name[64];
    double worst = 0.0;
    recorded_array weight, projected;
    snprintf(name, sizeof name, "layer%d_weight", layer);
    const sq_layer *of = &model->network.layers[layer];
    if (recorded_read(file, name, &weight) != SQ_OK) return INFINITY;
    if (weight.count != of->out.size * of->in.size) worst = INFINITY;
    for (int g = 0; g < model->n_types && worst == 0.0; g++) {
        snprintf(name, sizeof name, "layer%d_weight_projected_%d", layer, g);
        if (recorded_read(file, name, &projected) != SQ_OK) continue;
        sq_real *in = NULL, *out = NULL;
        sq_alloc(weight.count, sizeof *in, &in);
        sq_alloc(weight.count, sizeof *out, &out);
        for (size_t e = 0; e < weight.count; e++) in[e] = (sq_real)weight.values[e];
        sq_projection_weight(sq_model_projection(model, layer, g), in, 0, out, model->scratch);
        for (size_t e = 0; e < weight.count; e++) {
            double deviation = fabs((double)out[e] - projected.values[e]);
            if (deviation > 1e-4) worst = fmax(worst, deviation);
        }
        sq_free(in);
        sq_free(out);
        recorded_clear(&projected);
    }
    recorded_clear(&weight);
    return worst;
}

/* Tries "a*T(0) + b*T(1) + c*T(2)" of the given size until the projections of the layer fit.
 * is_input: it is the input that is searched for. */
static sq_status search_representation(const sq_nc *file, const plan *p, sq_bases *bases,
                                       size_t size, bool is_input, char *found, size_t capacity) {
    size_t d = (size_t)p->types[0]->dimension;
    char scalars[64];
    snprintf(scalars, sizeof scalars, "%zu*T(0)", is_input ? (size_t)1 : size);
    for (size_t c = 0; c * d * d <= size; c++) {
        for (size_t b = 0; c * d * d + b * d <= size; b++) {
            size_t a = size - c * d * d - b * d;
            sq_model *model = NULL;
            size_t used = 0;
            found[0] = '\0';
            const size_t count[] = {a, b, c};
            for (int r = 0; r < 3; r++)
                if (count[r])
                    used += (size_t)snprintf(found + used, capacity - used, "%s%zu*T(%d)",
                                             used ? " + " : "", count[r], r);
            sq_status status = is_input ? build(p, found, "T(0)", bases, &model)
                                        : build(p, p->input, found, bases, &model);
            if (status != SQ_OK) return status;
            double deviation = projection_deviation(file, model, is_input ? 0 : p->layers - 1);
            sq_model_destroy(&model);
            if (deviation == 0.0) return SQ_OK;
        }
    }
    return sq_fail(SQ_ERR_DATA, "%s: no representation of size %zu fits the recorded projections",
                   sq_nc_path(file), size);
}

/* "5V⁰+5V+V²" in the notation of E-MLP becomes "5*T(0) + 5*T(1) + 1*T(2)"; false for anything
 * else. */
static bool translate_representation(const char *theirs, char *text, size_t capacity) {
    static const char *const superscripts[] = {"⁰", "¹", "²", "³", "⁴"};
    size_t used = 0;
    while (*theirs) {
        char *end = NULL;
        long count = strtol(theirs, &end, 10);
        int rank = 1;
        if (end == theirs) count = 1;
        if (*end != 'V') return false;
        theirs = end + 1;
        for (int r = 0; r < 5; r++) {
            if (strncmp(theirs, superscripts[r], strlen(superscripts[r])) != 0) continue;
            theirs += strlen(superscripts[r]);
            rank = r;
            break;
        }
        if (*theirs != '+' && *theirs != '\0') return false;
        theirs += *theirs == '+';
        used += (size_t)snprintf(text + used, capacity - used, "%s%ld*T(%d)", used ? " + " : "",
                                 count, rank);
        if (used >= capacity) return false;
    }
    return used > 0;
}

/* A representation that an attribute gives in our notation or in theirs, if it is of this size. */
static bool named_representation(const sq_nc *file, const char *attribute, int d, size_t size,
                                 char *found, size_t capacity) {
    char text[256];
    sq_representation rep;
    if (!sq_nc_has_attribute(file, NULL, attribute)) return false;
    if (sq_nc_get_text(file, NULL, attribute, text, sizeof text) != SQ_OK) return false;
    if (!translate_representation(text, found, capacity)) sq_copy_bounded(found, capacity, text);
    return sq_representation_parse(found, d, &rep) == SQ_OK && rep.size == size;
}

/* From the attribute NAME_rep or NAME_representation, or else from the recorded projections. */
static sq_status find_representation(const sq_nc *file, const plan *p, sq_bases *bases,
                                     const char *name, const char *variable, char *found,
                                     size_t capacity) {
    static const char *const endings[] = {"rep", "representation"};
    sq_status status = SQ_OK;
    int rank = 0;
    size_t shape[SQ_NC_MAX_RANK];
    char attribute[64];
    SQ_TRY(sq_nc_variable_shape(file, variable, &rank, shape));
    for (int k = 0; k < 2; k++) {
        snprintf(attribute, sizeof attribute, "%s_%s", name, endings[k]);
        if (named_representation(file, attribute, p->types[0]->dimension, shape[1], found,
                                 capacity))
            return SQ_OK;
    }
    SQ_TRY(search_representation(file, p, bases, shape[1], strcmp(name, "input") == 0, found,
                                 capacity));
cleanup:
    return status;
}

sq_status recorded_model(const sq_nc *file, sq_bases *bases, sq_model **model) {
    sq_status status = SQ_OK;
    plan p = {0};
    char theirs[1024], types[1024];
    int64_t channels = 0;
    *model = NULL;
    SQ_TRY(sq_nc_get_text(file, NULL, "symmetry_groups", theirs, sizeof theirs));
    recorded_types(theirs, types, sizeof types);
    SQ_TRY(sq_group_list_create(types, 0, &p.types, &p.n_types));
    SQ_TRY(sq_nc_get_integer(file, NULL, "channels", &channels));
    SQ_TRY(sq_nc_get_number(file, NULL, "weight_decay", &p.weight_decay));
    SQ_TRY(sq_nc_get_number(file, NULL, "gate_weight_decay", &p.gate_decay));
    p.channels = (int)channels;
    p.layers = count_layers(file);
    SQ_TRY(find_representation(file, &p, bases, "input", "x", p.input, sizeof p.input));
    SQ_TRY(find_representation(file, &p, bases, "output", "y", p.output, sizeof p.output));
    SQ_TRY(build(&p, p.input, p.output, bases, model));
    printf("types %s; input %s; output %s; %d channels, %d layers\n", types, p.input, p.output,
           p.channels, p.layers);
cleanup:
    sq_group_list_destroy(&p.types, p.n_types);
    return status;
}

/* ---- parameters ------------------------------------------------------------------------------ */

static sq_status load_plain(const sq_nc *file, const sq_parameter *array,
                            recorded_parameters *parameters) {
    sq_status status = SQ_OK;
    recorded_array value = {0}, gradient = {0};
    char name[80];
    snprintf(name, sizeof name, "grad_%s", array->name);
    SQ_TRY(recorded_read(file, array->name, &value));
    SQ_TRY(recorded_read(file, name, &gradient));
    if (value.count != array->count || gradient.count != array->count) {
        status = sq_fail(SQ_ERR_DATA, "%s: %s has %zu elements, the model %zu", sq_nc_path(file),
                         array->name, value.count, array->count);
        goto cleanup;
    }
    for (size_t e = 0; e < array->count; e++) {
        parameters->value[array->offset + e] = value.values[e];
        parameters->gradient[array->offset + e] = gradient.values[e];
        parameters->present[array->offset + e] = 1;
    }
cleanup:
    recorded_clear(&value);
    recorded_clear(&gradient);
    return status;
}

/* The copies that occur in the recorded index, the rest filled up with others. */
static sq_status set_selection(const recorded_array *index, sq_layer *layer, int block,
                               int *n_recorded) {
    const sq_block *of = &layer->out.blocks[block];
    size_t n = layer->out.size;
    int count = 0, wanted = 0, copies[4096];
    sq_bilinear_selection(layer->bilinear, block, &wanted);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t copy = 0; copy < of->count && count < wanted; copy++) {
            bool used = false;
            for (size_t at = 0; at < n * n && !used; at++)
                used = index->values[at * n + of->offset + copy * of->size] != 0.0;
            if (used == (pass == 0)) copies[count++] = (int)copy;
        }
        if (pass == 0) *n_recorded = count;
    }
    return sq_bilinear_set_selection(layer->bilinear, block, copies, count);
}

static void load_pair(const sq_layer *layer, const recorded_array *index,
                      const recorded_array *value, const recorded_array *gradient, int out, int in,
                      recorded_parameters *parameters) {
    const sq_block *o = &layer->out.blocks[out], *i = &layer->out.blocks[in];
    size_t n = layer->out.size;
    for (size_t a = 0; a < o->count; a++) {
        for (size_t b = 0; b < i->count; b++) {
            int chosen_block = 0, count = 0;
            if (sq_bilinear_parameter(layer->bilinear, out, a, in, b, 0, &chosen_block) == SIZE_MAX)
                return;
            const int *copies = sq_bilinear_selection(layer->bilinear, chosen_block, &count);
            const sq_block *x = &layer->out.blocks[chosen_block];
            for (int k = 0; k < count; k++) {
                size_t at = sq_bilinear_parameter(layer->bilinear, out, a, in, b, k, &chosen_block);
                size_t row = o->offset + a * o->size, column = i->offset + b * i->size;
                size_t component = x->offset + (size_t)copies[k] * x->size;
                size_t number = (size_t)index->values[(row * n + column) * n + component];
                if (number == 0) continue;
                parameters->value[at] = value->values[number - 1];
                parameters->gradient[at] = gradient->values[number - 1];
                parameters->present[at] = 1;
            }
        }
    }
}

static sq_status load_bilinear(const sq_nc *file, sq_layer *layer,
                               recorded_parameters *parameters) {
    sq_status status = SQ_OK;
    recorded_array index = {0}, value = {0}, gradient = {0};
    char name[80];
    snprintf(name, sizeof name, "%s_bilinear_parameter_index", layer->name);
    if (!sq_nc_has_variable(file, name)) return SQ_OK; /* no product fits these types */
    SQ_TRY(recorded_read(file, name, &index));
    snprintf(name, sizeof name, "%s_bilinear_parameter", layer->name);
    SQ_TRY(recorded_read(file, name, &value));
    snprintf(name, sizeof name, "grad_%s_bilinear_parameter", layer->name);
    SQ_TRY(recorded_read(file, name, &gradient));
    if (index.count != layer->out.size * layer->out.size * layer->out.size) {
        status = sq_fail(SQ_ERR_DATA, "%s: the bilinear layer has another size", layer->name);
        goto cleanup;
    }
    for (int k = 0; k < layer->out.n_blocks; k++) {
        int recorded = 0;
        if (layer->out.blocks[k].p > 0) SQ_TRY(set_selection(&index, layer, k, &recorded));
    }
    for (int out = 0; out < layer->out.n_blocks; out++)
        for (int in = 0; in < layer->out.n_blocks; in++)
            load_pair(layer, &index, &value, &gradient, out, in, parameters);
cleanup:
    recorded_clear(&index);
    recorded_clear(&value);
    recorded_clear(&gradient);
    return status;
}

sq_status recorded_load(const sq_nc *file, sq_model *model, recorded_parameters *parameters) {
    sq_status status = SQ_OK;
    size_t count = model->table.count;
    memset(parameters, 0, sizeof *parameters);
    SQ_TRY(sq_alloc(count, sizeof(double), &parameters->value));
    SQ_TRY(sq_alloc(count, sizeof(double), &parameters->gradient));
    SQ_TRY(sq_alloc(count, 1, &parameters->present));
    for (size_t row = 0; row < model->table.rows; row++)
        if (!strstr(model->table.row[row].name, "_bilinear"))
            SQ_TRY(load_plain(file, &model->table.row[row], parameters));
    for (int k = 0; k < model->network.n_layers; k++)
        if (model->network.layers[k].bilinear)
            SQ_TRY(load_bilinear(file, &model->network.layers[k], parameters));
    for (size_t e = 0; e < count; e++) model->parameters[e] = (sq_real)parameters->value[e];
    SQ_TRY(sq_model_parameters_changed(model));
cleanup:
    return status;
}

void recorded_parameters_clear(recorded_parameters *parameters) {
    sq_free(parameters->value);
    sq_free(parameters->gradient);
    sq_free(parameters->present);
}
