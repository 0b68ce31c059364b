#include "softeq/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "nn/initialise.h"
#include "nn/lanes.h"
#include "nn/model_internal.h"

/* ---- set-up ---------------------------------------------------------------------------------- */

static bool all_permutations(const sq_model_options *options) {
    for (int g = 0; g < options->n_types; g++)
        if (!options->types[g]->permutation) return false;
    return true;
}

static sq_status check_options(const sq_model_options *options) {
    if (options->layers < 1 || options->layers > 1000)
        return sq_fail(SQ_ERR_CONFIG, "model.layers: %d is not between 1 and 1000",
                       options->layers);
    if (options->channels < 1)
        return sq_fail(SQ_ERR_CONFIG, "model.channels: %d is not positive", options->channels);
    if (options->n_types < 1)
        return sq_fail(SQ_ERR_CONFIG,
                       "symmetry.types: at least one type is needed, since it says "
                       "which space the data lives in");
    if (options->mixed_type < 0 || options->mixed_type >= options->n_types)
        return sq_fail(SQ_ERR_CONFIG, "symmetry.mixed_type is not one of the types");
    return SQ_OK;
}

static sq_status read_allocation(const char *text, sq_allocation *allocation) {
    *allocation =
        text && strcmp(text, "filled") == 0 ? SQ_ALLOCATION_FILLED : SQ_ALLOCATION_REPEATED;
    if (!text || *allocation == SQ_ALLOCATION_FILLED || strcmp(text, "repeated") == 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG, "model.allocation: '%s' is neither repeated nor filled", text);
}

static sq_status read_duals(const char *text, bool *always) {
    *always = text && strcmp(text, "always") == 0;
    if (!text || *always || strcmp(text, "exact") == 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG, "model.duals: '%s' is neither exact nor always", text);
}

/* Whether some type tells V from V*. */
static bool tells_duals_apart(const sq_model *model) {
    for (int g = 0; g < model->n_types; g++)
        if (!model->types[g]->orthogonal) return true;
    return false;
}

/* Whether hidden tensors are split over V and V*: where the weights are exactly equivariant under
 * one type that tells them apart. Several types share the hidden features, and rank r means T(r,0)
 * for each of them, as in the paper, unless duals are asked for. */
static bool has_split_hidden(const sq_model *model, bool always) {
    const sq_kind *kind = model->kind;
    bool single = kind->n_pathways == 1 || model->n_types == 1;
    if (always) return tells_duals_apart(model);
    return single && kind->pathways[0].projector == SQ_PATH_FIRST_TYPE &&
           !model->types[0]->orthogonal;
}

static sq_status plan_network(const sq_model_options *options, sq_model *model,
                              sq_network_plan *plan) {
    sq_status status = SQ_OK;
    const sq_group *first = model->types[0];
    sq_allocation allocation;
    bool always;
    SQ_TRY(read_allocation(options->allocation, &allocation));
    SQ_TRY(read_duals(options->duals, &always));
    *plan = (sq_network_plan){
        .layers = options->layers,
        .gated = model->kind->gated,
        .gate_scalar_per_copy = !all_permutations(options),
        .swish_term = model->kind->swish_term,
        .framed = model->kind->framed,
        .orthogonal = always ? !tells_duals_apart(model) : first->orthogonal,
        .seed = options->seed,
    };
    if (plan->framed && !first->orthogonal)
        SQ_TRY(sq_fail(SQ_ERR_CONFIG,
                       "model.kind = frame-averaging turns vectors by elements of O(%d), on which "
                       "V* is V: the first type may not be %s",
                       first->dimension, first->name));
    SQ_TRY(sq_representation_parse(options->input_representation, first->dimension, &plan->input));
    SQ_TRY(
        sq_representation_parse(options->output_representation, first->dimension, &plan->output));
    if (model->kind->gated)
        SQ_TRY(sq_representation_hidden(first->dimension, options->channels, allocation,
                                        has_split_hidden(model, always), &plan->hidden));
    else
        sq_representation_scalars(first->dimension, (size_t)options->channels, &plan->hidden);
    model->input = plan->input;
    model->output = plan->output;
cleanup:
    return status;
}

static sq_status create_projections(sq_model *model, sq_bases *bases) {
    sq_status status = SQ_OK;
    size_t scratch = 0;
    int n_layers = model->network.n_layers;
    if (!model->kind->gated) return SQ_OK;
    SQ_TRY(sq_alloc((size_t)(n_layers * model->n_types), sizeof *model->projections,
                    &model->projections));
    for (int k = 0; k < n_layers; k++) {
        const sq_layer *layer = &model->network.layers[k];
        for (int g = 0; g < model->n_types; g++) {
            sq_projection *projection = &model->projections[k * model->n_types + g];
            SQ_TRY(
                sq_projection_create(model->types[g], &layer->out, &layer->in, bases, projection));
            if (sq_projection_scratch(projection) > scratch)
                scratch = sq_projection_scratch(projection);
        }
    }
    SQ_TRY(sq_alloc(scratch, sizeof *model->scratch, &model->scratch));
cleanup:
    return status;
}

/* Appends an array of the same shape as one of the network's. */
static sq_status add_like(sq_parameter_table *table, const sq_parameter *like, const char *suffix,
                          size_t *offset) {
    char name[64];
    snprintf(name, sizeof name, "%s%s", strchr(like->name, '_') + 1, suffix);
    return sq_parameter_add(table, like->layer, name, (size_t)like->shape[0],
                            like->rank > 1 ? (size_t)like->shape[1] : 0,
                            like->rank > 2 ? (size_t)like->shape[2] : 0, offset);
}

/* The trained parameters: the network's arrays, weight and bias once per pathway. */
static sq_status create_table(sq_model *model) {
    sq_status status = SQ_OK;
    const sq_parameter_table *arrays = &model->network.table;
    for (size_t row = 0; row < arrays->rows; row++) {
        const sq_parameter *array = &arrays->row[row];
        const sq_layer *layer = &model->network.layers[array->layer];
        sq_layer_paths *paths = &model->paths[array->layer];
        bool is_weight = array->offset == layer->weight, is_bias = array->offset == layer->bias;
        size_t unused = 0;
        int copies = is_weight || is_bias ? model->kind->n_pathways : 1;
        for (int path = 0; path < copies; path++) {
            size_t *offset = is_weight ? &paths->weight[path]
                             : is_bias ? &paths->bias[path]
                                       : &unused;
            SQ_TRY(add_like(&model->table, array,
                            model->kind->pathways[copies > 1 ? path : 0].suffix, offset));
        }
    }
cleanup:
    return status;
}

static double decay_of_path(const sq_model_options *options, sq_decay decay, bool is_bias) {
    switch (decay) {
        case SQ_DECAY_WEIGHT: return options->weight_decay / 2;
        case SQ_DECAY_EQUIVARIANT: return is_bias ? 0.0 : options->rpp_equivariant_decay;
        case SQ_DECAY_BASIC: return is_bias ? 0.0 : options->rpp_basic_decay;
        case SQ_DECAY_NONE: break;
    }
    return 0.0;
}

static sq_status create_decay(const sq_model_options *options, sq_model *model) {
    sq_status status = sq_alloc(model->table.rows, sizeof *model->decay, &model->decay);
    for (size_t row = 0; status == SQ_OK && row < model->table.rows; row++) {
        const sq_parameter *array = &model->table.row[row];
        const sq_layer_paths *paths = &model->paths[array->layer];
        if (strstr(array->name, "_gate_weight")) model->decay[row] = options->gate_decay;
        for (int path = 0; path < model->kind->n_pathways; path++) {
            sq_decay decay = model->kind->pathways[path].decay;
            if (array->offset == paths->weight[path])
                model->decay[row] = decay_of_path(options, decay, false);
            if (array->offset == paths->bias[path])
                model->decay[row] = decay_of_path(options, decay, true);
        }
    }
    return status;
}

static sq_status copy_types(const sq_model_options *options, sq_model *model) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_alloc((size_t)options->n_types, sizeof *model->types, &model->types));
    for (int g = 0; g < options->n_types; g++) {
        if (options->types[g]->dimension != options->types[0]->dimension) {
            status = sq_fail(SQ_ERR_CONFIG, "types of different dimension");
            goto cleanup;
        }
        SQ_TRY(sq_group_copy(options->types[g], &model->types[g]));
        model->n_types++;
    }
cleanup:
    return status;
}

static sq_status create_buffers(sq_model *model) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_alloc(model->table.count, sizeof *model->parameters, &model->parameters));
    model->direct =
        model->kind->n_pathways == 1 && model->kind->pathways[0].projector == SQ_PATH_FREE;
    model->weights = model->parameters;
    if (model->direct) goto cleanup;
    model->weights = NULL;
    SQ_TRY(sq_alloc(model->network.table.count, sizeof *model->weights, &model->weights));
cleanup:
    return status;
}

sq_status sq_model_create(const sq_model_options *options, sq_bases *bases, sq_model **out) {
    sq_status status = SQ_OK;
    sq_model *model = NULL;
    sq_network_plan plan;
    SQ_TRY(check_options(options));
    SQ_TRY(sq_alloc(1, sizeof *model, &model));
    SQ_TRY(sq_kind_find(options->kind, &model->kind));
    SQ_TRY(copy_types(options, model));
    model->mixed_type = options->mixed_type;
    SQ_TRY(plan_network(options, model, &plan));
    SQ_TRY(sq_network_create(&plan, &model->network));
    SQ_TRY(create_projections(model, bases));
    SQ_TRY(sq_alloc((size_t)options->layers, sizeof *model->paths, &model->paths));
    SQ_TRY(create_table(model));
    SQ_TRY(create_decay(options, model));
    SQ_TRY(create_buffers(model));
    SQ_TRY(sq_model_initialise(model, options->init, options->seed));
    SQ_TRY(sq_model_parameters_changed(model));
cleanup:
    if (status != SQ_OK) sq_model_destroy(&model);
    *out = model;
    return status;
}

void sq_model_destroy(sq_model **model) {
    sq_model *m = *model;
    if (!m) return;
    for (int k = 0; m->projections && k < m->network.n_layers * m->n_types; k++)
        sq_projection_clear(&m->projections[k]);
    sq_free(m->projections);
    for (int g = 0; g < m->n_types; g++) sq_group_destroy(&m->types[g]);
    sq_free(m->types);
    if (m->weights != m->parameters) sq_free(m->weights);
    sq_free(m->parameters);
    sq_free(m->decay);
    sq_free(m->paths);
    sq_free(m->scratch);
    sq_workspace_destroy(&m->predictor);
    sq_network_clear(&m->network);
    sq_parameter_table_clear(&m->table);
    sq_free(m);
    *model = NULL;
}

/* ---- what is asked of it --------------------------------------------------------------------- */

int sq_model_n_input(const sq_model *model) { return (int)model->input.size; }
int sq_model_n_output(const sq_model *model) { return (int)model->output.size; }
int sq_model_n_layers(const sq_model *model) { return model->network.n_layers; }
int sq_model_n_types(const sq_model *model) { return model->n_types; }
const char *sq_model_kind(const sq_model *model) { return model->kind->name; }
const char *sq_model_layer_name(const sq_model *model, int layer) {
    return model->network.layers[layer].name;
}
const sq_group *sq_model_type(const sq_model *model, int type) { return model->types[type]; }
size_t sq_model_parameter_count(const sq_model *model) { return model->table.count; }
sq_real *sq_model_parameters(sq_model *model) { return model->parameters; }

const sq_parameter *sq_model_parameter_table(const sq_model *model, size_t *rows) {
    *rows = model->table.rows;
    return model->table.row;
}

/* "1:0,3,5;2:1,0": block and its chosen copies. */
sq_status sq_model_selection_format(const sq_model *model, int layer, char *text, size_t capacity) {
    size_t used = 0;
    const sq_layer *of = &model->network.layers[layer];
    text[0] = '\0';
    for (int block = 0; of->bilinear && block < of->out.n_blocks; block++) {
        int count = 0;
        const int *copies = sq_bilinear_selection(of->bilinear, block, &count);
        for (int k = 0; k < count && used < capacity; k++) {
            char lead[16];
            if (k == 0)
                snprintf(lead, sizeof lead, "%s%d:", used ? ";" : "", block);
            else
                strcpy(lead, ",");
            used += (size_t)snprintf(text + used, capacity - used, "%s%d", lead, copies[k]);
        }
    }
    if (used < capacity) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT, "the selection does not fit into %zu bytes", capacity);
}

/* Reads "block:copy,copy"; true and *text behind it if it is well formed. */
static bool read_selection(const char **text, int *block, int *copies, int most, int *count) {
    char *end = NULL;
    *block = (int)strtol(*text, &end, 10);
    *count = 0;
    if (end == *text || *end != ':') return false;
    do {
        const char *number = end + 1;
        if (*count == most) return false;
        copies[(*count)++] = (int)strtol(number, &end, 10);
        if (end == number) return false;
    } while (*end == ',');
    *text = *end == ';' ? end + 1 : end;
    return *end == ';' || *end == '\0';
}

sq_status sq_model_selection_set(sq_model *model, int layer, const char *text) {
    sq_status status = SQ_OK;
    sq_layer *of = &model->network.layers[layer];
    int most = (int)of->out.size, block = 0, count = 0;
    int *copies = NULL;
    SQ_TRY(sq_alloc((size_t)most, sizeof *copies, &copies));
    while (*text) {
        if (!read_selection(&text, &block, copies, most, &count) || !of->bilinear || block < 0 ||
            block >= of->out.n_blocks) {
            status = sq_fail(SQ_ERR_DATA, "%s: the selection of copies does not fit the model",
                             of->name);
            goto cleanup;
        }
        SQ_TRY(sq_bilinear_set_selection(of->bilinear, block, copies, count));
    }
cleanup:
    sq_free(copies);
    return status;
}

/* ---- prediction ------------------------------------------------------------------------------ */

sq_status sq_model_predict(sq_model *model, const sq_real *input, size_t samples, sq_real *output) {
    sq_status status = SQ_OK;
    size_t n_in = model->input.size, n_out = model->output.size;
    if (!model->predictor)
        SQ_TRY(sq_workspace_create(&model->network, SQ_PREDICT_CHUNK, &model->predictor));
    for (size_t first = 0; first < samples; first += SQ_PREDICT_CHUNK) {
        size_t count = samples - first < SQ_PREDICT_CHUNK ? samples - first : SQ_PREDICT_CHUNK;
        size_t ld = sq_padded(count);
        sq_to_lanes(count, n_in, input + first * n_in, ld, sq_workspace_input(model->predictor));
        sq_network_forward(&model->network, model->weights, ld, model->predictor);
        sq_from_lanes(count, n_out, sq_workspace_output(model->predictor), ld,
                      output + first * n_out);
    }
cleanup:
    return status;
}
