/* Models small enough for plain loops. Include after cmocka.h and scratch.h. */
#ifndef SQ_TESTS_SMALL_MODEL_H
#define SQ_TESTS_SMALL_MODEL_H

#include "base/memory.h"
#include "nn/model_internal.h"
#include "scratch.h"

typedef struct {
    const char *kind, *types, *input, *output;
    int channels, layers;
    const char *init;  /* NULL: orthogonal */
    const char *duals; /* NULL: exact */
} small_plan;

typedef struct {
    sq_group **types;
    int n_types;
    sq_bases *bases;
    sq_model *model;
} small_model;

static inline small_model small_model_create(const small_plan *plan) {
    small_model small = {0};
    assert_ok(sq_group_list_create(plan->types, 0, &small.types, &small.n_types));
    assert_ok(sq_bases_create(NULL, &small.bases));
    sq_model_options options = {
        .kind = plan->kind,
        .input_representation = plan->input,
        .output_representation = plan->output,
        .channels = plan->channels,
        .duals = plan->duals,
        .layers = plan->layers,
        .init = plan->init ? plan->init : "orthogonal",
        .types = (const sq_group *const *)small.types,
        .n_types = small.n_types,
        .mixed_type = small.n_types > 1 ? 1 : 0,
        .rpp_basic_decay = 0.7,
        .rpp_equivariant_decay = 0.03,
        .weight_decay = 0.05,
        .gate_decay = 0.9,
        .seed = 5,
    };
    assert_ok(sq_model_create(&options, small.bases, &small.model));
    return small;
}

static inline void small_model_destroy(small_model *small) {
    sq_model_destroy(&small->model);
    sq_bases_destroy(&small->bases);
    sq_group_list_destroy(&small->types, small->n_types);
}

/* Parameters away from their special initial values. */
static inline void small_model_shake(small_model *small, sq_rng *rng) {
    size_t count = sq_model_parameter_count(small->model);
    sq_real *parameters = sq_model_parameters(small->model);
    for (size_t e = 0; e < count; e++) parameters[e] += (sq_real)(0.1 * sq_rng_normal(rng));
    assert_ok(sq_model_parameters_changed(small->model));
}

static inline void *allocate(size_t count, size_t size) {
    void *values = NULL;
    assert_ok(sq_alloc(count, size, &values));
    return values;
}

#endif
