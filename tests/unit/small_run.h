/* A run of a second, for tests of what runs return and leave. Include after cmocka.h. */
#ifndef SQ_TESTS_SMALL_RUN_H
#define SQ_TESTS_SMALL_RUN_H

#include <string.h>

#include "scratch.h"
#include "softeq/run.h"

/* 30 training samples, 30 others; O(3) and O(2)@xy; 6 epochs of 2 steps. */
static inline sq_config small_run_config(void) {
    sq_config config;
    sq_config_init(&config);
    strcpy(config.data.task, "inertia");
    config.data.samples = 90;
    config.model.channels = 10;
    config.model.layers = 2;
    strcpy(config.symmetry.types, "O(3) O(2)@xy");
    strcpy(config.symmetry.lambda, "0 1");
    config.symmetry.tune_at = 1;
    config.train.epochs = 6;
    config.train.batch = 20;
    config.train.microbatch = 7;
    config.log.equivariance_elements = 2;
    return config;
}

/* Trains on one rank. */
static inline sq_status small_run_train(const sq_config *config, const sq_run_options *options,
                                        sq_run_summary *summary) {
    sq_comm *comm = NULL;
    assert_ok(sq_comm_create_serial(&comm));
    sq_status status = sq_train(config, options, comm, summary);
    sq_comm_destroy(&comm);
    return status;
}

#endif
