/* The order of an epoch: all rows once, the same however it is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>

#include "near.h"
#include "small_model.h"
#include "train/sampler.h"

/* The whole order of an epoch, asked for in chunks of at most `most`; freed by the caller. */
static int64_t *order_of(int64_t samples, int64_t window, uint64_t seed, int64_t epoch,
                         int64_t most, sq_rng *rng) {
    sq_sampler *sampler = NULL;
    int64_t *rows = allocate((size_t)samples, sizeof *rows);
    assert_ok(sq_sampler_create(samples, window, seed, &sampler));
    for (int64_t at = 0, count; at < samples; at += count) {
        count = rng ? 1 + (int64_t)sq_rng_below(rng, (uint64_t)most) : most;
        if (count > samples - at) count = samples - at;
        assert_ok(sq_sampler_rows(sampler, epoch, at, count, rows + at));
    }
    sq_sampler_destroy(&sampler);
    return rows;
}

static void assert_permutation(const int64_t *rows, int64_t samples) {
    bool *seen = allocate((size_t)samples, sizeof *seen);
    for (int64_t k = 0; k < samples; k++) {
        assert_in_range(rows[k], 0, samples - 1);
        assert_false(seen[rows[k]]);
        seen[rows[k]] = true;
    }
    sq_free(seen);
}

static const int64_t shapes[][2] = {{1, 1},       {7, 1 << 20}, {1000, 10},    {1024, 1024},
                                    {5000, 2048}, {5000, 1},    {10000, 3000}, {4096, 1 << 20}};
enum { N_SHAPES = sizeof shapes / sizeof *shapes };

static void every_row_comes_once(void **state) {
    (void)state;
    for (int k = 0; k < N_SHAPES; k++) {
        for (int64_t epoch = 0; epoch < 3; epoch++) {
            int64_t *rows = order_of(shapes[k][0], shapes[k][1], 1, epoch, shapes[k][0], NULL);
            assert_permutation(rows, shapes[k][0]);
            sq_free(rows);
        }
    }
}

static void the_order_does_not_depend_on_the_calls(void **state) {
    sq_rng rng = test_rng(111);
    (void)state;
    for (int k = 0; k < N_SHAPES; k++) {
        int64_t *whole = order_of(shapes[k][0], shapes[k][1], 1, 4, shapes[k][0], NULL);
        int64_t *cut = order_of(shapes[k][0], shapes[k][1], 1, 4, 700, &rng);
        assert_memory_equal(cut, whole, (size_t)shapes[k][0] * sizeof *whole);
        sq_free(whole);
        sq_free(cut);
    }
}

static void going_back_gives_the_same_rows(void **state) {
    enum { SAMPLES = 5000 };
    sq_sampler *sampler = NULL;
    int64_t row = 0;
    sq_rng rng = test_rng(112);
    (void)state;
    int64_t *whole[2] = {order_of(SAMPLES, 2048, 9, 0, SAMPLES, NULL),
                         order_of(SAMPLES, 2048, 9, 1, SAMPLES, NULL)};
    assert_ok(sq_sampler_create(SAMPLES, 2048, 9, &sampler));
    for (int k = 0; k < 200; k++) {
        int64_t epoch = (int64_t)sq_rng_below(&rng, 2), at = (int64_t)sq_rng_below(&rng, SAMPLES);
        assert_ok(sq_sampler_rows(sampler, epoch, at, 1, &row));
        assert_int_equal(row, whole[epoch][at]);
    }
    sq_sampler_destroy(&sampler);
    sq_free(whole[0]), sq_free(whole[1]);
}

static void epochs_and_seeds_differ(void **state) {
    enum { SAMPLES = 300 };
    (void)state;
    int64_t *first = order_of(SAMPLES, 1024, 1, 0, SAMPLES, NULL);
    int64_t *epoch = order_of(SAMPLES, 1024, 1, 1, SAMPLES, NULL);
    int64_t *seed = order_of(SAMPLES, 1024, 2, 0, SAMPLES, NULL);
    assert_memory_not_equal(first, epoch, SAMPLES * sizeof *first);
    assert_memory_not_equal(first, seed, SAMPLES * sizeof *first);
    sq_free(first), sq_free(epoch), sq_free(seed);
}

static void a_window_needs_its_own_blocks_only(void **state) {
    enum { SAMPLES = 16384, WINDOW = 4096 };
    (void)state;
    int64_t *rows = order_of(SAMPLES, WINDOW, 1, 0, SAMPLES, NULL);
    for (int64_t first = 0; first < SAMPLES; first += WINDOW) {
        bool used[SAMPLES / SQ_SAMPLER_BLOCK] = {false};
        int blocks = 0;
        for (int64_t k = first; k < first + WINDOW; k++) used[rows[k] / SQ_SAMPLER_BLOCK] = true;
        for (int k = 0; k < SAMPLES / SQ_SAMPLER_BLOCK; k++) blocks += used[k];
        assert_int_equal(blocks, WINDOW / SQ_SAMPLER_BLOCK);
    }
    sq_free(rows);
}

static void positions_outside_of_the_epoch_are_refused(void **state) {
    sq_sampler *sampler = NULL;
    int64_t rows[4];
    (void)state;
    assert_ok(sq_sampler_create(10, 1024, 1, &sampler));
    assert_failure(sq_sampler_rows(sampler, 0, 8, 3, rows), SQ_ERR_ARGUMENT, "of 10 samples");
    assert_failure(sq_sampler_rows(sampler, 0, -1, 2, rows), SQ_ERR_ARGUMENT, "of 10 samples");
    sq_sampler_destroy(&sampler);
    assert_null(sampler);
}

/* Goes through two epochs in batches; what was told last must hold every row, and what comes
 * `ahead` windows later. */
static void assert_told(int64_t samples, int64_t window, int64_t batch, int64_t ahead) {
    enum { EPOCHS = 2 };
    sq_sampler *sampler = NULL, *scout = NULL;
    bool *told = allocate((size_t)samples / SQ_SAMPLER_BLOCK + 1, sizeof *told);
    int64_t *rows = allocate((size_t)batch, sizeof *rows);
    int64_t row;
    assert_ok(sq_sampler_create(samples, window, 3, &sampler));
    assert_ok(sq_sampler_create(samples, window, 3, &scout));
    for (int64_t epoch = 0; epoch < EPOCHS; epoch++) {
        for (int64_t first = 0, count; first < samples; first += count) {
            const int64_t *blocks;
            size_t n_blocks;
            count = batch < samples - first ? batch : samples - first;
            assert_ok(sq_sampler_blocks(sampler, epoch, first, count, ahead, epoch + 1 == EPOCHS,
                                        &blocks, &n_blocks));
            if (blocks) memset(told, 0, ((size_t)samples / SQ_SAMPLER_BLOCK + 1) * sizeof *told);
            for (size_t k = 0; blocks && k < n_blocks; k++)
                told[blocks[k] / SQ_SAMPLER_BLOCK] = true;
            assert_ok(sq_sampler_rows(sampler, epoch, first, count, rows));
            for (int64_t k = 0; k < count; k++) assert_true(told[rows[k] / SQ_SAMPLER_BLOCK]);
            /* All of a window, but for the short block that may be in one between. */
            int64_t later = first + count - 1 + ahead * (window - SQ_SAMPLER_BLOCK);
            bool next = later >= samples;
            if (ahead == 0 || window < 2 * SQ_SAMPLER_BLOCK || later >= 2 * samples) continue;
            if (next && epoch + 1 == EPOCHS) continue;
            assert_ok(sq_sampler_rows(scout, epoch + next, later % samples, 1, &row));
            assert_true(told[row / SQ_SAMPLER_BLOCK]);
        }
    }
    sq_sampler_destroy(&sampler);
    sq_sampler_destroy(&scout);
    sq_free(told), sq_free(rows);
}

static void rows_are_told_of_before_they_come(void **state) {
    (void)state;
    for (int64_t ahead = 0; ahead < 3; ahead++) {
        assert_told(5000, 2048, 300, ahead);
        assert_told(5000, 1024, 3000, ahead);
        assert_told(20000, 4096, 1024, ahead);
        assert_told(700, 1 << 20, 64, ahead);
    }
}

static void what_was_told_is_not_told_again(void **state) {
    enum { SAMPLES = 8192, WINDOW = 2048, BATCH = 256 };
    sq_sampler *sampler = NULL;
    int told = 0;
    (void)state;
    assert_ok(sq_sampler_create(SAMPLES, WINDOW, 1, &sampler));
    for (int64_t first = 0; first < SAMPLES; first += BATCH) {
        const int64_t *blocks;
        size_t n_blocks;
        assert_ok(sq_sampler_blocks(sampler, 0, first, BATCH, 1, false, &blocks, &n_blocks));
        told += blocks != NULL;
    }
    assert_int_equal(told, SAMPLES / WINDOW);
    sq_sampler_destroy(&sampler);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_comes_once),
        cmocka_unit_test(the_order_does_not_depend_on_the_calls),
        cmocka_unit_test(going_back_gives_the_same_rows),
        cmocka_unit_test(epochs_and_seeds_differ),
        cmocka_unit_test(a_window_needs_its_own_blocks_only),
        cmocka_unit_test(rows_are_told_of_before_they_come),
        cmocka_unit_test(what_was_told_is_not_told_again),
        cmocka_unit_test(positions_outside_of_the_epoch_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
