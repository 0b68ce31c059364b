/* Counter-based random numbers (Philox4x32-10, Random123): a number is a function of
 * (seed, purpose, epoch, index, draw) and of nothing else, so that ranks need no shared state. */
#ifndef SQ_BASE_RNG_H
#define SQ_BASE_RNG_H

#include <stdint.h>

/* What numbers are used for: streams that never meet. Append only: files depend on the values. */
typedef enum {
    SQ_RNG_DATA = 1,          /* made tasks; index: global sample */
    SQ_RNG_SHUFFLE = 2,       /* epoch; index: window */
    SQ_RNG_INIT = 3,          /* index: parameter array */
    SQ_RNG_SELECT = 4,        /* bilinear layer: which copies; index: layer */
    SQ_RNG_AUGMENT = 5,       /* epoch; index: global sample */
    SQ_RNG_ELEMENT = 6,       /* group elements of the equivariance error; index: element */
    SQ_RNG_PLANTED = 7,       /* planted tasks */
    SQ_RNG_AUGMENT_GROUP = 8, /* which group moves a sample; epoch; index: global sample */
    SQ_RNG_TEST = 10
} sq_rng_purpose;

/* A stream of numbers. Open struct; copy it to fork. */
typedef struct {
    uint32_t key[2];
    uint32_t counter[4]; /* draw block, epoch, index low, index high */
    uint32_t block[4];
    int used; /* of block */
} sq_rng;

sq_rng sq_rng_create(uint64_t seed, sq_rng_purpose purpose, uint32_t epoch, uint64_t index);

uint32_t sq_rng_bits(sq_rng *rng);
/* In (0,1), neither end included; 52 bits. */
double sq_rng_uniform(sq_rng *rng);
/* Standard normal (Box-Muller). */
double sq_rng_normal(sq_rng *rng);
/* In 0 .. bound-1, without bias. bound > 0. */
uint64_t sq_rng_below(sq_rng *rng, uint64_t bound);
/* A random permutation of 0 .. count-1. permutation: (count). */
void sq_rng_permutation(sq_rng *rng, int64_t *permutation, int64_t count);

#endif
