#include "train/state.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "train/augmentation.h"
#include "train/settings.h"

#ifdef SOFTEQ_DOUBLE
#define STATE_REAL SQ_STATE_DOUBLE
#else
#define STATE_REAL SQ_STATE_FLOAT
#endif

enum { SELECTION_TEXT = 4096 }; /* of the copies that a layer has chosen */
enum { NAME_AT = 17 };          /* in a line of SQ_STATE_GROUP_FILES, behind the hash */

static const char train_weighted[] = "epoch_train_weighted_mse";
static const char passed_over[] = "epoch_passed_over";
static const char tuning_scale[] = "tuning_scale";
static const char held_since[] = "tuning_held_since";
static const char data_hash[] = "data_hash";
static const char augment_files[] = "augment_group_files";

void sq_state_list_clear(sq_state_list *list) {
    for (size_t k = 0; k < list->n_owned; k++) sq_free(list->owned[k]);
    sq_free(list->owned);
    sq_free(list->arrays);
    sq_free(list->texts);
    memset(list, 0, sizeof *list);
}

static sq_status make_room(size_t count, size_t *capacity, size_t size, void *array) {
    if (count < *capacity) return SQ_OK;
    sq_status status = sq_grow(*capacity, 2 * *capacity + 32, size, array);
    if (status == SQ_OK) *capacity = 2 * *capacity + 32;
    return status;
}

/* A copy of a text that lives as long as the list. */
static sq_status own_text(sq_state_list *list, const char *text, const char **owned) {
    sq_status status = SQ_OK;
    SQ_TRY(make_room(list->n_owned, &list->owned_capacity, sizeof *list->owned, &list->owned));
    SQ_TRY(sq_copy_text(text, &list->owned[list->n_owned]));
    *owned = list->owned[list->n_owned++];
cleanup:
    return status;
}

/* name and long_name must live as long as the list. shape: (rank). */
static sq_status add_array(sq_state_list *list, const char *name, const char *long_name,
                           sq_state_type type, int rank, const size_t *shape, void *values) {
    sq_status status =
        make_room(list->n_arrays, &list->capacity, sizeof *list->arrays, &list->arrays);
    if (status != SQ_OK) return status;
    sq_state_array *array = &list->arrays[list->n_arrays++];
    *array = (sq_state_array){.name = name,
                              .long_name = long_name,
                              .units = "1",
                              .type = type,
                              .rank = rank,
                              .values = values};
    for (int k = 0; k < rank; k++) array->shape[k] = shape[k];
    return SQ_OK;
}

static sq_status add_text(sq_state_list *list, const char *name, const char *text) {
    sq_status status = SQ_OK;
    const char *owned_name = NULL, *owned = NULL;
    SQ_TRY(make_room(list->n_texts, &list->texts_capacity, sizeof *list->texts, &list->texts));
    SQ_TRY(own_text(list, name, &owned_name));
    SQ_TRY(own_text(list, text, &owned));
    list->texts[list->n_texts++] = (sq_state_text){.name = owned_name, .text = owned};
cleanup:
    return status;
}

/* What an array of a layer is, by what its name has behind "layerK_". */
static const char *describe_parameter(const char *name) {
    static const struct {
        const char *begins, *is;
    } roles[] = {
        {"weight_basic", "W of the residual pathway, by output and input"},
        {"weight", "W of z = W x + b (where it is projected: before), by output and input"},
        {"bias_basic", "b of the residual pathway"},
        {"bias", "b of z = W x + b"},
        {"gate_weight", "w of y = u (sigmoid(u_gate) + w sigmoid(u))"},
        {"bilinear_from_scalars", "p of the bilinear layer: products of scalars and chosen copies"},
        {"bilinear_to", "p of the bilinear layer: products of tensors and chosen copies"},
    };
    const char *role = strchr(name, '_') + 1;
    for (size_t k = 0; k < sizeof roles / sizeof *roles; k++)
        if (strncmp(role, roles[k].begins, strlen(roles[k].begins)) == 0) return roles[k].is;
    return role;
}

sq_status sq_state_add_parameters(sq_state_list *list, const sq_problem *problem,
                                  const char *prefix, const char *what, sq_real *values) {
    sq_status status = SQ_OK;
    size_t rows = 0;
    const sq_parameter *table = sq_model_parameter_table(problem->model, &rows);
    for (size_t row = 0; row < rows; row++) {
        char text[192];
        const char *name = NULL, *long_name = NULL;
        size_t shape[3];
        for (int k = 0; k < 3; k++) shape[k] = (size_t)table[row].shape[k];
        snprintf(text, sizeof text, "%s%s", prefix, table[row].name);
        SQ_TRY(own_text(list, text, &name));
        snprintf(text, sizeof text, "%slayer%d: %s", what, table[row].layer,
                 describe_parameter(table[row].name));
        SQ_TRY(own_text(list, text, &long_name));
        SQ_TRY(add_array(list, name, long_name, STATE_REAL, table[row].rank, shape,
                         values + table[row].offset));
    }
cleanup:
    return status;
}

/* Layers that choose copies. */
static int count_choosing(const sq_model *model) {
    return model->kind->gated ? model->network.n_layers - 1 : 0;
}

static sq_status add_selections(sq_state_list *list, const sq_model *model) {
    sq_status status = SQ_OK;
    char name[64], text[SELECTION_TEXT];
    for (int k = 0; k < count_choosing(model); k++) {
        snprintf(name, sizeof name, "%s_chosen_copies", sq_model_layer_name(model, k));
        SQ_TRY(sq_model_selection_format(model, k, text, sizeof text));
        SQ_TRY(add_text(list, name, text));
    }
cleanup:
    return status;
}

/* What outputs are added to, and how many of the input's first positions it is made of. */
static sq_status add_residual(sq_state_list *list, const sq_extrapolation *residual) {
    sq_status status = SQ_OK;
    char positions[32];
    snprintf(positions, sizeof positions, "%zu", residual->observed);
    SQ_TRY(add_text(list, SQ_STATE_RESIDUAL, residual->kind ? residual->kind->name : "none"));
    SQ_TRY(add_text(list, SQ_STATE_RESIDUAL_POSITIONS, positions));
cleanup:
    return status;
}

/* One number per output, in the unit of the targets. */
static sq_status add_of_outputs(sq_state_list *list, const sq_problem *problem, const char *name,
                                const char *long_name, double *values) {
    const size_t n_output = (size_t)problem->scaling.n_output;
    const char *units = problem->info.units;
    sq_status status = add_array(list, name, long_name, SQ_STATE_DOUBLE, 1, &n_output, values);
    if (status == SQ_OK && units[0]) list->arrays[list->n_arrays - 1].units = units;
    return status;
}

sq_status sq_state_add_shift(sq_state_list *list, const sq_problem *problem) {
    return add_of_outputs(list, problem, SQ_STATE_SHIFT, "this is added to outputs",
                          problem->scaling.shift);
}

/* A file may change while its name stays. Returns the length. */
static size_t format_group_file(const sq_group *group, char *text, size_t capacity) {
    return (size_t)snprintf(text, capacity, "%016llx %s", (unsigned long long)sq_group_hash(group),
                            group->name);
}

static sq_status add_group_files(sq_state_list *list, const sq_problem *problem) {
    enum { A_TYPE = sizeof problem->types[0]->name + 32 };
    sq_status status = SQ_OK;
    char *text = NULL;
    size_t used = 0, capacity = (size_t)problem->n_types * A_TYPE + 1;
    SQ_TRY(sq_alloc(capacity, 1, &text));
    for (int g = 0; g < problem->n_types; g++) {
        const sq_group *group = problem->types[g];
        if (!sq_group_is_of_file(group)) continue;
        if (used > 0) text[used++] = '\n';
        used += format_group_file(group, text + used, capacity - used);
    }
    if (used > 0) SQ_TRY(add_text(list, SQ_STATE_GROUP_FILES, text));
cleanup:
    sq_free(text);
    return status;
}

sq_status sq_state_add_augmentation(sq_state_list *list, const sq_group *group) {
    sq_status status = SQ_OK;
    char *text = NULL;
    size_t capacity = sizeof group->name + 32;
    if (!group || !sq_group_is_of_file(group)) return SQ_OK;
    SQ_TRY(sq_alloc(capacity, 1, &text));
    format_group_file(group, text, capacity);
    SQ_TRY(add_text(list, augment_files, text));
cleanup:
    sq_free(text);
    return status;
}

sq_status sq_state_add_model(sq_state_list *list, const sq_problem *problem, sq_real *parameters,
                             double *lambda) {
    sq_status status = SQ_OK;
    const size_t n_input = (size_t)problem->scaling.n_input;
    const size_t n_types = (size_t)problem->n_types;
    SQ_TRY(sq_state_add_parameters(list, problem, "", "", parameters));
    SQ_TRY(add_array(list, "input_scale", "inputs are divided by this", SQ_STATE_DOUBLE, 1,
                     &n_input, problem->scaling.input));
    SQ_TRY(add_of_outputs(list, problem, SQ_STATE_OUTPUT_SCALE, "outputs are multiplied by this",
                          problem->scaling.output));
    if (sq_scaling_shifts(&problem->scaling)) SQ_TRY(sq_state_add_shift(list, problem));
    SQ_TRY(add_array(list, "lambda", "weight of each type's regularizer", SQ_STATE_DOUBLE, 1,
                     &n_types, lambda));
    SQ_TRY(add_text(list, "kind", sq_model_kind(problem->model)));
    SQ_TRY(add_text(list, "input_representation", problem->info.input_representation));
    SQ_TRY(add_text(list, "output_representation", problem->info.output_representation));
    SQ_TRY(add_text(list, "symmetry_types", problem->config.symmetry.types));
    SQ_TRY(add_group_files(list, problem));
    SQ_TRY(add_residual(list, &problem->residual));
    SQ_TRY(add_selections(list, problem->model));
cleanup:
    return status;
}

static sq_status add_scalar(sq_state_list *list, const char *name, const char *long_name,
                            int64_t *value) {
    return add_array(list, name, long_name, SQ_STATE_INT64, 0, NULL, value);
}

static sq_status add_tuning(sq_state_list *list, const sq_problem *problem, sq_position *position) {
    sq_status status = SQ_OK;
    const size_t n_types = (size_t)problem->n_types;
    sq_tuned_running *running = &position->tuning.running;
    SQ_TRY(add_array(list, "tuning_least", "regularizers of the epoch kept for the tuning",
                     SQ_STATE_DOUBLE, 1, &n_types, position->tuning.once.least));
    SQ_TRY(add_array(list, "best_valid", "validation value of the selected model; infinite: none",
                     SQ_STATE_DOUBLE, 0, NULL, &position->selection.best));
    if (running->period > 0) {
        SQ_TRY(add_array(
            list, tuning_scale,
            "lambda over the first, if the type holds and nothing fades; 0: it was let go",
            SQ_STATE_DOUBLE, 1, &n_types, running->scale));
        SQ_TRY(
            add_array(list, held_since,
                      "epoch, counted from 0, after which the type is held exactly; -1: it is not",
                      SQ_STATE_INT64, 1, &n_types, running->held_since));
    }
    if (sq_augmentation_is_found(&problem->config))
        SQ_TRY(add_array(list, "augment_share", "part of the samples that the type moves",
                         SQ_STATE_DOUBLE, 1, &n_types, running->share));
    SQ_TRY(add_scalar(list, "best_epoch", "epoch of the selected model, counted from 0; -1: none",
                      &position->selection.best_epoch));
cleanup:
    return status;
}

static void format_hashes(uint64_t train, uint64_t valid, char *text, size_t capacity) {
    snprintf(text, capacity, "%016llx %016llx", (unsigned long long)train,
             (unsigned long long)valid);
}

sq_status sq_state_add_position(sq_state_list *list, const sq_problem *problem,
                                sq_position *position) {
    sq_status status = SQ_OK;
    char *configuration = NULL;
    char hash[sizeof list->former_data_hashes[0]];
    const sq_dataset_info *train = sq_dataset_describe(problem->train);
    const sq_dataset_info *valid = sq_dataset_describe(problem->valid);
    SQ_TRY(add_scalar(list, "epoch", "epoch to go on with, counted from 0", &position->epoch));
    SQ_TRY(add_scalar(list, "batch", "batches of that epoch that are done", &position->batch));
    SQ_TRY(add_scalar(list, "steps", "Adam steps done", &position->steps));
    SQ_TRY(add_scalar(list, "log_length", "epochs in the log", &position->log_length));
    SQ_TRY(add_scalar(list, "finished", "1: training is over", &position->finished));
    SQ_TRY(add_array(list, "epoch_train_loss", "training loss of the epoch's batches that are done",
                     SQ_STATE_DOUBLE, 0, NULL, &position->train_loss));
    SQ_TRY(add_array(list, "epoch_train_mse", "squared error of the epoch's batches that are done",
                     SQ_STATE_DOUBLE, 0, NULL, &position->train_mse));
    if (sq_scaling_is_uneven(&problem->scaling, &problem->model->output))
        SQ_TRY(add_array(list, train_weighted,
                         "the same as outputs of unlike units count beside each other",
                         SQ_STATE_DOUBLE, 0, NULL, &position->train_weighted));
    if (train->masked)
        SQ_TRY(add_scalar(list, passed_over,
                          "samples of the epoch's batches that are done without a step",
                          &position->passed_over));
    SQ_TRY(add_tuning(list, problem, position));
    SQ_TRY(sq_alloc(SQ_SETTINGS_TEXT, 1, &configuration));
    sq_settings_format(&problem->config, configuration);
    SQ_TRY(add_text(list, "configuration", configuration));
    format_hashes(train->hash, valid->hash, hash, sizeof hash);
    for (int k = 0; k < SQ_FORMER_HASHES; k++)
        format_hashes(train->former_hashes[k], valid->former_hashes[k], list->former_data_hashes[k],
                      sizeof list->former_data_hashes[k]);
    SQ_TRY(add_text(list, data_hash, hash));
cleanup:
    sq_free(configuration);
    return status;
}

/* Older versions passed nothing over and held nothing exactly, and did not say so: then the array
 * is left alone. Nor did they add up weighted errors: those of an epoch that was begun by one are
 * of its other batches only. */
static bool may_lack(const sq_checkpoint *checkpoint, const char *name) {
    bool is_newer = strcmp(name, passed_over) == 0 || strcmp(name, held_since) == 0 ||
                    strcmp(name, train_weighted) == 0;
    return is_newer && !sq_checkpoint_has(checkpoint, name);
}

/* Older versions had one scale for all types. */
static sq_status read_scale(const sq_checkpoint *checkpoint, const sq_state_array *array) {
    double *scale = array->values;
    sq_state_array one = *array;
    one.rank = 0;
    if (sq_checkpoint_read(checkpoint, array) == SQ_OK) return SQ_OK;
    if (sq_checkpoint_read(checkpoint, &one) != SQ_OK) return sq_checkpoint_read(checkpoint, array);
    for (size_t g = 1; g < array->shape[0]; g++) scale[g] = scale[0];
    return SQ_OK;
}

static sq_status read_array(const sq_checkpoint *checkpoint, const sq_state_array *array) {
    if (may_lack(checkpoint, array->name)) return SQ_OK;
    if (strcmp(array->name, tuning_scale) == 0) return read_scale(checkpoint, array);
    return sq_checkpoint_read(checkpoint, array);
}

sq_status sq_state_read(const sq_state_list *list, const sq_checkpoint *checkpoint) {
    sq_status status = SQ_OK;
    for (size_t k = 0; k < list->n_arrays; k++) SQ_TRY(read_array(checkpoint, &list->arrays[k]));
cleanup:
    return status;
}

sq_status sq_state_text_of(const sq_checkpoint *checkpoint, const char *name, const char **text) {
    static const sq_state_text absent[] = {
        {SQ_STATE_RESIDUAL, "none"},
        {SQ_STATE_RESIDUAL_POSITIONS, "0"},
        {SQ_STATE_GROUP_FILES, ""}, /* nothing is known of them */
        {augment_files, ""},
    };
    sq_status status = sq_checkpoint_text(checkpoint, name, text);
    for (size_t k = 0; status != SQ_OK && k < sizeof absent / sizeof *absent; k++) {
        if (strcmp(absent[k].name, name) != 0) continue;
        *text = absent[k].text;
        return SQ_OK;
    }
    return status;
}

/* Names the first type whose generators differ; those of older files are not known. */
static sq_status compare_group_files(const char *theirs, const char *ours) {
    while (*theirs && *ours) {
        size_t length = strcspn(ours, "\n"), their_length = strcspn(theirs, "\n");
        if (length != their_length || memcmp(ours, theirs, length) != 0)
            return sq_fail(SQ_ERR_DATA,
                           "'%.*s' has other generators now than it was trained with: restore the "
                           "file that it names",
                           (int)(length - NAME_AT), ours + NAME_AT);
        ours += length + (ours[length] != '\0');
        theirs += their_length + (theirs[their_length] != '\0');
    }
    return SQ_OK;
}

/* Of data that has another hash than the checkpoint. */
static sq_status check_former_data(const sq_state_list *list, const char *theirs) {
    for (int k = 0; k < SQ_FORMER_HASHES; k++)
        if (strcmp(theirs, list->former_data_hashes[k]) == 0) return SQ_OK;
    return sq_fail(SQ_ERR_DATA,
                   "the training or validation data is not what the checkpoint was made with");
}

static sq_status check_text(const sq_state_list *list, const sq_state_text *ours,
                            const sq_checkpoint *checkpoint) {
    const char *theirs = NULL;
    if (sq_state_text_of(checkpoint, ours->name, &theirs) != SQ_OK)
        return sq_fail(SQ_ERR_DATA, "has no attribute %s: it is no file of such a run", ours->name);
    if (strcmp(theirs, ours->text) == 0 || strstr(ours->name, "_chosen_copies")) return SQ_OK;
    if (strcmp(ours->name, "configuration") == 0) return sq_settings_compare(theirs, ours->text);
    if (strcmp(ours->name, SQ_STATE_GROUP_FILES) == 0)
        return compare_group_files(theirs, ours->text);
    if (strcmp(ours->name, augment_files) == 0)
        return sq_fail_within(compare_group_files(theirs, ours->text), "data.augment");
    if (strcmp(ours->name, data_hash) == 0) return check_former_data(list, theirs);
    return sq_fail(SQ_ERR_DATA, "the file is of another model: %s is '%s', not '%s'", ours->name,
                   theirs, ours->text);
}

sq_status sq_state_check(const sq_state_list *list, const sq_checkpoint *checkpoint) {
    sq_status status = SQ_OK;
    for (size_t k = 0; k < list->n_texts; k++)
        SQ_TRY(sq_fail_within(check_text(list, &list->texts[k], checkpoint), "%s",
                              sq_checkpoint_path(checkpoint)));
cleanup:
    return status;
}

sq_status sq_state_read_selection(const sq_checkpoint *checkpoint, sq_model *model) {
    sq_status status = SQ_OK;
    char name[64];
    for (int k = 0; k < count_choosing(model); k++) {
        const char *text = NULL;
        snprintf(name, sizeof name, "%s_chosen_copies", sq_model_layer_name(model, k));
        SQ_TRY(sq_checkpoint_text(checkpoint, name, &text));
        SQ_TRY(sq_model_selection_set(model, k, text));
    }
cleanup:
    return status;
}

static sq_status share_selection(sq_comm *comm, sq_model *model) {
    sq_status status = SQ_OK;
    char text[SELECTION_TEXT];
    for (int k = 0; k < count_choosing(model); k++) {
        SQ_TRY(sq_comm_agree(comm, sq_model_selection_format(model, k, text, sizeof text)));
        SQ_TRY(sq_comm_broadcast(comm, text, sizeof text));
        SQ_TRY(sq_comm_agree(comm, sq_model_selection_set(model, k, text)));
    }
cleanup:
    return status;
}

sq_status sq_state_share_model(sq_problem *problem) {
    sq_status status = SQ_OK;
    sq_model *model = problem->model;
    sq_scaling *scaling = &problem->scaling;
    SQ_TRY(sq_comm_broadcast(problem->comm, sq_model_parameters(model),
                             sq_model_parameter_count(model) * sizeof(sq_real)));
    SQ_TRY(sq_comm_broadcast(problem->comm, scaling->input,
                             (size_t)scaling->n_input * sizeof *scaling->input));
    SQ_TRY(sq_comm_broadcast(problem->comm, scaling->output,
                             (size_t)scaling->n_output * sizeof *scaling->output));
    SQ_TRY(sq_comm_broadcast(problem->comm, scaling->shift,
                             (size_t)scaling->n_output * sizeof *scaling->shift));
    SQ_TRY(share_selection(problem->comm, model));
    SQ_TRY(sq_model_parameters_changed(model));
cleanup:
    return status;
}
