#include "rng.h"

#include <Random123/philox.h>
#include <math.h>

sq_rng sq_rng_create(uint64_t seed, sq_rng_purpose purpose, uint32_t epoch, uint64_t index) {
    /* The purpose goes into the upper half of the key beside the seed's high bits: Philox keys
     * that differ in any bit give independent streams. */
    sq_rng rng = {
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32) ^ ((uint32_t)purpose << 24)},
        .counter = {0, epoch, (uint32_t)index, (uint32_t)(index >> 32)},
        .used = 4,
    };
    return rng;
}

uint32_t sq_rng_bits(sq_rng *rng) {
    if (rng->used == 4) {
        philox4x32_ctr_t counter = {
            {rng->counter[0], rng->counter[1], rng->counter[2], rng->counter[3]}};
        philox4x32_key_t key = {{rng->key[0], rng->key[1]}};
        philox4x32_ctr_t block = philox4x32(counter, key);
        for (int i = 0; i < 4; i++) rng->block[i] = block.v[i];
        rng->counter[0]++;
        rng->used = 0;
    }
    return rng->block[rng->used++];
}

double sq_rng_uniform(sq_rng *rng) {
    uint64_t high = sq_rng_bits(rng);
    uint64_t low = sq_rng_bits(rng);
    /* 52 bits, so that the half is exact: with 53 the largest would round to 1. */
    uint64_t bits = ((high << 32) | low) >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}

double sq_rng_normal(sq_rng *rng) {
    double radius = sqrt(-2.0 * log(sq_rng_uniform(rng)));
    return radius * cos(6.283185307179586476925 * sq_rng_uniform(rng));
}

uint64_t sq_rng_below(sq_rng *rng, uint64_t bound) {
    uint64_t reject_from = UINT64_MAX - UINT64_MAX % bound;
    uint64_t value;
    do {
        uint64_t high = sq_rng_bits(rng);
        value = (high << 32) | sq_rng_bits(rng);
    } while (value >= reject_from);
    return value % bound;
}

void sq_rng_permutation(sq_rng *rng, int64_t *permutation, int64_t count) {
    for (int64_t i = 0; i < count; i++) permutation[i] = i;
    for (int64_t i = count - 1; i > 0; i--) {
        int64_t j = (int64_t)sq_rng_below(rng, (uint64_t)i + 1);
        int64_t swap = permutation[i];
        permutation[i] = permutation[j];
        permutation[j] = swap;
    }
}
