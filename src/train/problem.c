#include "train/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/units.h"
#include "dataset/read_ahead.h"
#include "dataset/shard_file.h"
#include "dataset/shared_scenes.h"
#include "io/glob_files.h"
#include "linalg/linalg.h"

/* Rows of a shuffle window are read in random order: where they do not fit, a block of rows is read
 * again for nearly every row. What is read ahead needs room beside them. */
static void warn_of_small_cache(const sq_config *config, const sq_dataset *dataset) {
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    int64_t values = info->n_input + info->n_output * (info->masked ? 2 : 1);
    int64_t row = values * (int64_t)sizeof(sq_real);
    int64_t cache = config->data.cache_mb << 20;
    int64_t window = config->data.shuffle_window;
    if (window > info->samples) window = info->samples;
    if (window <= cache / row) return;
    int64_t windows = 1 + config->data.prefetch;
    sq_log(SQ_LOG_WARNING,
           "data.cache_mb = %lld holds fewer rows than data.shuffle_window, so that they are read "
           "from disk again and again; set data.cache_mb to %lld, or data.shuffle_window to %lld",
           (long long)config->data.cache_mb, (long long)((windows * window * row >> 20) + 1),
           (long long)(cache / row / windows));
}

/* A name that the configuration gives, in its folder. */
static sq_status open_named(const sq_config *config, const char *named, sq_dataset **dataset) {
    char *patterns = NULL;
    size_t cache = (size_t)config->data.cache_mb << 20;
    sq_status status = SQ_OK;
    if (!config->data.folder[0]) return sq_dataset_open(named, cache, dataset);
    SQ_TRY(sq_glob_within(config->data.folder, named, &patterns));
    SQ_TRY(sq_dataset_open(patterns, cache, dataset));
cleanup:
    sq_free(patterns);
    return status;
}

sq_status sq_problem_open_split(const sq_config *config, sq_split split, const char *patterns,
                                sq_dataset **dataset) {
    const char *named = split == SQ_SPLIT_TRAIN   ? config->data.train
                        : split == SQ_SPLIT_VALID ? config->data.valid
                                                  : config->data.test;
    *dataset = NULL;
    if (!patterns && config->data.task[0]) return sq_dataset_make(config, split, dataset);
    if (patterns) return sq_dataset_open(patterns, (size_t)config->data.cache_mb << 20, dataset);
    if (!named[0]) return SQ_OK;
    sq_status status = open_named(config, named, dataset);
    if (status == SQ_OK && split == SQ_SPLIT_TRAIN) warn_of_small_cache(config, *dataset);
    return status;
}

/* A split or another file must be what the model is made for, not only as wide. */
static sq_status check_form(const char *what, int n, const char *text,
                            const sq_representation *model) {
    char ours[512], theirs[512];
    sq_representation rep;
    sq_status status = sq_representation_parse(text, model->d, &rep);
    if (status != SQ_OK) return sq_fail_within(status, "the data's %s", what);
    if ((size_t)n != rep.size)
        return sq_fail(SQ_ERR_DATA,
                       "the data's %s has %d columns, but its representation '%s' over R^%d has "
                       "%zu features: set symmetry.types to groups that act on the data's space",
                       what, n, text, rep.d, rep.size);
    sq_representation_format(model, ours, sizeof ours);
    sq_representation_format(&rep, theirs, sizeof theirs);
    if (strcmp(ours, theirs) == 0) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "the data's %s is %s, but the model is made for %s", what, theirs,
                   ours);
}

sq_status sq_problem_check_data(const sq_problem *problem, const sq_dataset *dataset) {
    const sq_dataset_info *info = sq_dataset_describe(dataset);
    sq_status status = SQ_OK;
    SQ_TRY(check_form("input", info->n_input, info->input_representation, &problem->model->input));
    if (info->n_output == 0) goto cleanup; /* nothing is known of the targets */
    SQ_TRY(
        check_form("target", info->n_output, info->output_representation, &problem->model->output));
cleanup:
    return status;
}

enum { NAMED = 256 };

/* "data.train (a.nc b.nc)": a key and its files, if there are any. text: (NAMED) */
static void name_split(const char *key, const char *files, char *text) {
    if (files[0])
        snprintf(text, NAMED, "%s (%.200s)", key, files);
    else
        snprintf(text, NAMED, "%s", key);
}

/* What the first of some files says. */
static sq_status describe_first(const char *folder, const char *named, sq_dataset_info *info) {
    char *patterns = NULL;
    char **paths = NULL;
    size_t n_paths = 0;
    sq_nc *file = NULL;
    sq_status status;
    SQ_TRY(sq_glob_within(folder, named, &patterns));
    SQ_TRY(sq_glob(patterns, &paths, &n_paths));
    if (n_paths == 0) SQ_TRY(sq_fail(SQ_ERR_CONFIG, "no data files are named"));
    SQ_TRY(sq_nc_open(paths[0], &file));
    SQ_TRY(sq_shard_describe(file, info));
cleanup:
    sq_nc_close(&file);
    sq_glob_free(&paths, n_paths);
    sq_free(patterns);
    return status;
}

sq_status sq_problem_check_kind(const sq_config *config, const char *named,
                                const sq_dataset *dataset) {
    char train[NAMED];
    sq_dataset_info info;
    if (config->data.task[0] || !config->data.train[0]) return SQ_OK;
    if (sq_dataset_describe(dataset)->n_output == 0) return SQ_OK; /* nothing to compare */
    if (describe_first(config->data.folder, config->data.train, &info) != SQ_OK) return SQ_OK;
    name_split("data.train", config->data.train, train);
    return sq_shard_check_kind(train, &info, named, sq_dataset_describe(dataset));
}

void sq_problem_find_units(const sq_problem *problem, char *units, size_t capacity) {
    const sq_config *config = &problem->config;
    sq_dataset_info train;
    sq_copy_bounded(units, capacity, problem->info.units);
    if (!sq_units_are_none(units)) return;
    units[0] = '\0';
    if (config->data.task[0] || !config->data.train[0]) return;
    if (describe_first(config->data.folder, config->data.train, &train) == SQ_OK)
        sq_copy_bounded(units, capacity, train.units);
}

/* A type that is listed again gets a name of its own, since results go by name: O(3), O(3)#2. */
static void tell_apart(sq_problem *problem, int g) {
    sq_group *group = problem->types[g];
    char name[sizeof group->name];
    int earlier = 0;
    sq_copy_bounded(name, sizeof name, group->name);
    for (int k = 0; k < g; k++) {
        size_t length = strlen(name);
        const char *rest = problem->types[k]->name + length;
        earlier += strncmp(problem->types[k]->name, name, length) == 0 && (!*rest || *rest == '#');
    }
    if (earlier == 0) return;
    size_t room = sizeof group->name - sizeof "#4294967295";
    size_t length = strlen(name) < room ? strlen(name) : room;
    snprintf(group->name + length, sizeof group->name - length, "#%d", earlier + 1);
}

static sq_status create_types(const sq_config *config, sq_problem *problem) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_group_list_create_within(config->symmetry.folder, config->symmetry.types,
                                       (int)config->symmetry.dimension, &problem->types,
                                       &problem->n_types));
    for (int g = 0; g < problem->n_types; g++) {
        tell_apart(problem, g);
        problem->type_names[g] = problem->types[g]->name;
    }
    int count = 0;
    const sq_kind *kind = NULL;
    SQ_TRY(sq_kind_find(config->model.kind, &kind));
    if (!kind->regularized) goto cleanup;
    SQ_TRY(sq_config_lambda(config, problem->lambda, SQ_MAX_TYPES, &count));
    for (int g = 1; count == 1 && g < problem->n_types; g++)
        problem->lambda[g] = problem->lambda[0];
    if (count != 1 && count != problem->n_types)
        status =
            sq_fail(SQ_ERR_CONFIG, "symmetry.lambda has %d numbers for %d types in symmetry.types",
                    count, problem->n_types);
cleanup:
    return status;
}

/* mixed-rpp: the named type, or the second one. */
static sq_status find_mixed_type(const sq_config *config, const sq_problem *problem, int *type) {
    const char *name = config->symmetry.mixed_type;
    *type = problem->n_types > 1 ? 1 : 0;
    if (!name[0]) return SQ_OK;
    for (*type = 0; *type < problem->n_types; (*type)++)
        if (strcmp(name, problem->types[*type]->name) == 0) return SQ_OK;
    return sq_fail(SQ_ERR_CONFIG, "symmetry.mixed_type: '%s' is not among symmetry.types (%s)",
                   name, config->symmetry.types);
}

static sq_status create_model(const sq_config *config, sq_problem *problem) {
    sq_status status = SQ_OK;
    sq_model_options options = {
        .kind = config->model.kind,
        .input_representation = problem->info.input_representation,
        .output_representation = problem->info.output_representation,
        .channels = (int)config->model.channels,
        .allocation = config->model.allocation,
        .duals = config->model.duals,
        .layers = (int)config->model.layers,
        .init = config->model.init,
        .types = (const sq_group *const *)problem->types,
        .n_types = problem->n_types,
        .rpp_basic_decay = config->model.rpp_basic_decay,
        .rpp_equivariant_decay = config->model.rpp_equivariant_decay,
        .weight_decay = config->train.weight_decay,
        .gate_decay = config->train.gate_decay,
        .seed = (uint64_t)config->train.seed,
    };
    SQ_TRY(find_mixed_type(config, problem, &options.mixed_type));
    SQ_TRY(sq_model_create(&options, problem->bases, &problem->model));
cleanup:
    return status;
}

sq_status sq_problem_share_bases(sq_problem *problem) {
    sq_status status = SQ_OK;
    void *bytes = NULL;
    uint64_t size = 0;
    size_t count = 0;
    bool root = sq_comm_rank(problem->comm) == 0;
    if (sq_comm_size(problem->comm) == 1) return SQ_OK;
    if (root) status = sq_bases_pack(problem->bases, &bytes, &count);
    SQ_TRY(sq_comm_agree(problem->comm, status));
    size = count;
    SQ_TRY(sq_comm_broadcast(problem->comm, &size, sizeof size));
    if (!root) status = sq_alloc(size, 1, &bytes);
    SQ_TRY(sq_comm_agree(problem->comm, status));
    SQ_TRY(sq_comm_broadcast(problem->comm, bytes, size));
    if (!root) status = sq_bases_unpack(problem->bases, bytes, size);
    SQ_TRY(sq_comm_agree(problem->comm, status));
cleanup:
    sq_free(bytes);
    return status;
}

static sq_status create_residual(const sq_config *config, sq_problem *problem) {
    const sq_extrapolation_kind *kind = sq_extrapolation_find(config->data.residual);
    if (!kind) return SQ_OK; /* "none" */
    return sq_extrapolation_create(kind, &problem->info, &problem->model->input,
                                   &problem->model->output, &problem->residual);
}

static sq_status build_model(const sq_config *config, const char *cache, sq_problem *problem) {
    sq_status status = SQ_OK;
    bool root = sq_comm_rank(problem->comm) == 0;
    const char *folder = config->symmetry.cache[0] ? config->symmetry.cache : cache;
    SQ_TRY(sq_comm_agree(problem->comm, sq_bases_create(root ? folder : NULL, &problem->bases)));
    if (root) status = create_model(config, problem);
    SQ_TRY(sq_comm_agree(problem->comm, status));
    SQ_TRY(sq_problem_share_bases(problem));
    if (!root) status = create_model(config, problem);
    SQ_TRY(sq_comm_agree(problem->comm, status));
    SQ_TRY(sq_comm_broadcast(problem->comm, sq_model_parameters(problem->model),
                             sq_model_parameter_count(problem->model) * sizeof(sq_real)));
    SQ_TRY(sq_model_parameters_changed(problem->model));
    SQ_TRY(sq_scaling_create((int)problem->model->input.size, (int)problem->model->output.size,
                             &problem->scaling));
    SQ_TRY(create_residual(config, problem));
cleanup:
    return status;
}

sq_status sq_problem_create_for(const sq_config *config, const sq_dataset_info *info,
                                const char *cache, sq_comm *comm, sq_problem *problem) {
    sq_status status = SQ_OK;
    memset(problem, 0, sizeof *problem);
    sq_linalg_single_thread(); /* a second thread would sum in another order: other bits */
    problem->config = *config;
    problem->comm = comm;
    problem->info = *info;
    SQ_TRY(sq_comm_agree(comm, create_types(config, problem)));
    SQ_TRY(build_model(config, cache, problem));
cleanup:
    if (status != SQ_OK) sq_problem_clear(problem);
    return status;
}

static sq_status open_both(const sq_config *config, sq_dataset **train, sq_dataset **valid) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_problem_open_split(config, SQ_SPLIT_TRAIN, NULL, train));
    SQ_TRY(sq_problem_open_split(config, SQ_SPLIT_VALID, NULL, valid));
    if (!*train) SQ_TRY(sq_fail(SQ_ERR_CONFIG, "data.train names no files, and data.task no task"));
    if (!*valid) SQ_TRY(sq_fail(SQ_ERR_CONFIG, "data.valid names no files"));
cleanup:
    return status;
}

static sq_status check_both(const sq_problem *problem) {
    char train[NAMED], valid[NAMED];
    const sq_config *config = &problem->config;
    bool named = !problem->borrowed_data;
    sq_status status = SQ_OK;
    SQ_TRY(sq_problem_check_data(problem, problem->train));
    SQ_TRY(sq_fail_within(sq_problem_check_data(problem, problem->valid), "data.valid"));
    name_split("data.train", named ? config->data.train : "", train);
    name_split("data.valid", named ? config->data.valid : "", valid);
    SQ_TRY(sq_shard_check_kind(train, sq_dataset_describe(problem->train), valid,
                               sq_dataset_describe(problem->valid)));
cleanup:
    return status;
}

static sq_status find_data(const sq_config *config, bool borrowed, sq_dataset **train,
                           sq_dataset **valid) {
    if (!borrowed) return open_both(config, train, valid);
    if (*train && *valid) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT, "training data and validation data belong together: give both");
}

/* Collective. */
static sq_status find_scales(sq_problem *problem) {
    const char *scale = problem->config.data.scale;
    const sq_model *model = problem->model;
    if (strcmp(scale, "none") == 0) return SQ_OK;
    if (strcmp(scale, "fit") == 0)
        return sq_scaling_fit(&model->input, &model->output, &problem->residual, &problem->alive,
                              problem->train, problem->comm, &problem->scaling);
    if (strcmp(scale, "standardize") == 0)
        return sq_scaling_standardize(&model->input, &model->output, &problem->residual,
                                      &problem->alive, problem->train, problem->comm,
                                      &problem->scaling);
    return sq_comm_agree(problem->comm,
                         sq_scaling_set(&model->input, &model->output, scale, &problem->scaling));
}

sq_status sq_problem_create(const sq_config *config, sq_dataset *train, sq_dataset *valid,
                            const char *cache, const sq_alive *alive, sq_comm *comm,
                            sq_problem *problem) {
    sq_status status = SQ_OK;
    bool borrowed = train || valid;
    memset(problem, 0, sizeof *problem);
    SQ_TRY(sq_comm_agree(comm, find_data(config, borrowed, &train, &valid)));
    SQ_TRY(sq_problem_create_for(config, sq_dataset_describe(train), cache, comm, problem));
    if (alive) problem->alive = *alive;
    problem->borrowed_data = borrowed;
    problem->train = train;
    problem->valid = valid;
    train = valid = NULL;
    SQ_TRY(sq_comm_agree(comm, check_both(problem)));
    SQ_TRY(find_scales(problem));
cleanup:
    if (!borrowed) sq_dataset_destroy(&train);
    if (!borrowed) sq_dataset_destroy(&valid);
    if (status != SQ_OK) sq_problem_clear(problem);
    return status;
}

/* ---- scenes ---------------------------------------------------------------------------------- */

static sq_status check_pair(const sq_config *config, const char *first_key, const char *first,
                            const char *second_key, const char *second) {
    char *patterns[2] = {NULL, NULL};
    char name[1024];
    size_t shared = 0;
    sq_status status = SQ_OK;
    if (!first[0] || !second[0]) return SQ_OK;
    SQ_TRY(sq_glob_within(config->data.folder, first, &patterns[0]));
    SQ_TRY(sq_glob_within(config->data.folder, second, &patterns[1]));
    SQ_TRY(sq_shared_scenes(patterns[0], patterns[1], &shared, name, sizeof name));
    if (shared > 0)
        sq_log(SQ_LOG_WARNING,
               "%s and %s share %zu %s, such as %s: the one does not test on unseen scenes what "
               "was learnt from the other; softeq data split cuts by scene",
               first_key, second_key, shared, sq_number_word((int64_t)shared, "scene", "scenes"),
               name);
cleanup:
    sq_free(patterns[0]);
    sq_free(patterns[1]);
    return status;
}

/* Test data need not be there yet. */
sq_status sq_problem_check_scenes(const sq_config *config) {
    const char *train = config->data.train, *valid = config->data.valid, *test = config->data.test;
    if (config->data.task[0]) return SQ_OK;
    (void)check_pair(config, "data.train", train, "data.test", test);
    (void)check_pair(config, "data.valid", valid, "data.test", test);
    sq_status status = check_pair(config, "data.train", train, "data.valid", valid);
    if (status != SQ_ERR_DATA) return status;
    sq_log(SQ_LOG_WARNING, "scenes that data.train and data.valid share cannot be looked for: %s",
           sq_error_message());
    return SQ_OK;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Its owner may do with it what threads that read ahead forbid. */
static void give_back(sq_dataset *dataset) {
    if (!dataset) return;
    sq_dataset_rest(dataset);
    (void)sq_dataset_expect(dataset, NULL, 0); /* nothing: cannot fail */
    sq_dataset_set_trace(dataset, NULL);
}

sq_penalty sq_problem_penalty(const sq_problem *problem) {
    const char *name = problem->config.symmetry.penalty;
    if (!problem->model->kind->regularized) return SQ_PENALTY_LOSS;
    if (strcmp(name, "decoupled") == 0) return SQ_PENALTY_DECOUPLED;
    return strcmp(name, "preconditioned") == 0 ? SQ_PENALTY_PRECONDITIONED : SQ_PENALTY_LOSS;
}

void sq_problem_rest(const sq_problem *problem) {
    if (problem->train) sq_dataset_rest(problem->train);
    if (problem->valid) sq_dataset_rest(problem->valid);
}

void sq_problem_clear(sq_problem *problem) {
    sq_model_destroy(&problem->model);
    sq_bases_destroy(&problem->bases);
    if (problem->borrowed_data) {
        give_back(problem->train);
        give_back(problem->valid);
    } else {
        sq_dataset_destroy(&problem->train);
        sq_dataset_destroy(&problem->valid);
    }
    sq_group_list_destroy(&problem->types, problem->n_types);
    sq_scaling_clear(&problem->scaling);
    sq_extrapolation_clear(&problem->residual);
}
