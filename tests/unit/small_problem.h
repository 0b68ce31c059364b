/* A training problem over a few rows of the test's own. Include after small_model.h. */
#ifndef SQ_TESTS_SMALL_PROBLEM_H
#define SQ_TESTS_SMALL_PROBLEM_H

#include "small_model.h"
#include "train/problem.h"

typedef struct {
    sq_comm *comm;
    sq_dataset *dataset;
    sq_problem problem;
} small_problem;

/* input, target, mask (may be NULL): rows that outlive the problem. */
static inline small_problem *small_problem_create(const char *kind, const char *types, int layers,
                                                  int64_t microbatch, const sq_dataset_info *info,
                                                  const sq_real *input, const sq_real *target,
                                                  const sq_real *mask) {
    small_problem *p = allocate(1, sizeof *p);
    sq_config config;
    sq_config_init(&config);
    snprintf(config.model.kind, sizeof config.model.kind, "%s", kind);
    snprintf(config.symmetry.types, sizeof config.symmetry.types, "%s", types);
    snprintf(config.symmetry.lambda, sizeof config.symmetry.lambda, "1");
    config.model.layers = layers;
    config.model.channels = 20;
    config.train.microbatch = microbatch;
    assert_ok(sq_comm_create_serial(&p->comm));
    assert_ok(sq_dataset_wrap(info, input, target, mask, &p->dataset));
    assert_ok(sq_problem_create_for(&config, sq_dataset_describe(p->dataset), NULL, p->comm,
                                    &p->problem));
    return p;
}

static inline void small_problem_destroy(small_problem *p) {
    sq_problem_clear(&p->problem);
    sq_dataset_destroy(&p->dataset);
    sq_comm_destroy(&p->comm);
    sq_free(p);
}

#endif
