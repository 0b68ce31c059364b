/* Tasks whose symmetries are known because they were planted: random functions that are exactly
 * equivariant under a random group, and terms of random strength that break it.
 *
 * The function is a random equivariant polynomial,
 *     y = sum over terms of C (x_a (x) x_b (x) ...),
 * where x_a are vectors of the input and C is a random invariant of T(out) (x) T(degree)*. Up to
 * the degree every equivariant polynomial is of this form. */
#ifndef SQ_CLI_PLANTED_H
#define SQ_CLI_PLANTED_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/config.h"
#include "softeq/error.h"

enum { SQ_PLANTED_TYPES = 8, SQ_PLANTED_PATH = 4096 /* longest name of a file */ };

/* What is planted in task `seed`. */
typedef struct {
    int n_types;
    char type_names[SQ_PLANTED_TYPES][256];
    double error[SQ_PLANTED_TYPES]; /* of the function under the action of the type; 0: it holds */
    char group[256];                /* that the function keeps */
    char breaking[256];             /* that the breaking term keeps; "": there is none */
    double strength, noise;         /* of the breaking term and of the noise, relative */
} sq_planted;

/* Reads a seed; false: the text is none. */
bool sq_planted_parse_seed(const char *text, uint64_t *seed);

/* Draws task `seed` and writes into `folder`: train.nc, valid.nc, test.nc, truth.nc and run.ini, a
 * configuration to train it with. history: may be NULL. SQ_ERR_CONFIG if the folder has a name that
 * no configuration can hold. */
sq_status sq_planted_make(uint64_t seed, const char *folder, const char *history,
                          sq_planted *planted);

/* Reads back what truth.nc says. */
sq_status sq_planted_read(const char *folder, sq_planted *planted);

/* A type holds if its error is below this: rounding leaves less, breaking terms more. */
#define SQ_PLANTED_HOLDS 1e-6

#endif
