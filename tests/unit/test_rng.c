/* The counter-based generator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/rng.h"

enum { SEED = 20240607 };

/* Random123's known answers for philox4x32, 10 rounds (kat_vectors). */
static void philox_gives_the_known_answers(void **state) {
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], expected[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        sq_rng rng = {.used = 4};
        for (int k = 0; k < 4; k++) rng.counter[k] = known[i].counter[k];
        for (int k = 0; k < 2; k++) rng.key[k] = known[i].key[k];
        for (int k = 0; k < 4; k++) assert_int_equal(known[i].expected[k], sq_rng_bits(&rng));
    }
}

static void equal_arguments_give_equal_numbers(void **state) {
    (void)state;
    sq_rng a = sq_rng_create(SEED, SQ_RNG_TEST, 3, 5);
    sq_rng b = sq_rng_create(SEED, SQ_RNG_TEST, 3, 5);
    for (int i = 0; i < 100; i++) assert_int_equal(sq_rng_bits(&a), sq_rng_bits(&b));
}

/* Do two streams share a number in the same place? (In 64 draws of 32 bits: never by chance.) */
static bool meet(sq_rng a, sq_rng b) {
    for (int i = 0; i < 64; i++)
        if (sq_rng_bits(&a) == sq_rng_bits(&b)) return true;
    return false;
}

static void streams_differ_by_every_argument(void **state) {
    (void)state;
    sq_rng base = sq_rng_create(SEED, SQ_RNG_TEST, 3, 5);
    assert_false(meet(base, sq_rng_create(SEED + 1, SQ_RNG_TEST, 3, 5)));
    assert_false(meet(base, sq_rng_create(SEED + ((uint64_t)1 << 40), SQ_RNG_TEST, 3, 5)));
    assert_false(meet(base, sq_rng_create(SEED, SQ_RNG_DATA, 3, 5)));
    assert_false(meet(base, sq_rng_create(SEED, SQ_RNG_TEST, 4, 5)));
    assert_false(meet(base, sq_rng_create(SEED, SQ_RNG_TEST, 3, 6)));
    assert_false(meet(base, sq_rng_create(SEED, SQ_RNG_TEST, 3, 5 + ((uint64_t)1 << 32))));
}

static void uniform_lies_inside_the_unit_interval(void **state) {
    (void)state;
    enum { DRAWS = 100000 };
    sq_rng rng = sq_rng_create(SEED, SQ_RNG_TEST, 0, 0);
    double sum = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        double value = sq_rng_uniform(&rng);
        assert_true(value > 0.0 && value < 1.0);
        sum += value;
    }
    assert_true(fabs(sum / DRAWS - 0.5) < 5.0 * sqrt(1.0 / 12.0 / DRAWS));
}

static void uniform_stays_inside_at_the_largest_and_smallest_bits(void **state) {
    (void)state;
    sq_rng largest = {.block = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};
    sq_rng smallest = {.used = 0};
    assert_true(sq_rng_uniform(&largest) < 1.0);
    assert_true(sq_rng_uniform(&smallest) > 0.0);
}

static void normal_has_mean_zero_and_variance_one(void **state) {
    (void)state;
    enum { DRAWS = 100000 };
    sq_rng rng = sq_rng_create(SEED, SQ_RNG_TEST, 0, 1);
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        double value = sq_rng_normal(&rng);
        assert_true(isfinite(value));
        sum += value;
        squares += value * value;
    }
    assert_true(fabs(sum / DRAWS) < 5.0 / sqrt(DRAWS));
    assert_true(fabs(squares / DRAWS - 1.0) < 5.0 * sqrt(2.0 / DRAWS));
}

static void below_reaches_every_value_and_no_other(void **state) {
    (void)state;
    enum { BOUND = 7, DRAWS = 7000 };
    int seen[BOUND] = {0};
    sq_rng rng = sq_rng_create(SEED, SQ_RNG_TEST, 0, 2);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t value = sq_rng_below(&rng, BOUND);
        assert_true(value < BOUND);
        seen[value]++;
    }
    for (int i = 0; i < BOUND; i++) assert_true(abs(seen[i] - DRAWS / BOUND) < 150);
}

static void permutation_holds_every_number_once(void **state) {
    (void)state;
    for (int64_t count = 0; count < 200; count += 1 + count / 3) {
        int64_t permutation[200], seen[200] = {0};
        sq_rng rng = sq_rng_create(SEED, SQ_RNG_TEST, 0, (uint64_t)count);
        sq_rng_permutation(&rng, permutation, count);
        for (int64_t i = 0; i < count; i++) {
            assert_in_range(permutation[i], 0, count - 1);
            seen[permutation[i]]++;
        }
        for (int64_t i = 0; i < count; i++) assert_int_equal(1, seen[i]);
    }
}

int main(void) {
    print_message("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(equal_arguments_give_equal_numbers),
        cmocka_unit_test(streams_differ_by_every_argument),
        cmocka_unit_test(uniform_lies_inside_the_unit_interval),
        cmocka_unit_test(uniform_stays_inside_at_the_largest_and_smallest_bits),
        cmocka_unit_test(normal_has_mean_zero_and_variance_one),
        cmocka_unit_test(below_reaches_every_value_and_no_other),
        cmocka_unit_test(permutation_holds_every_number_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
