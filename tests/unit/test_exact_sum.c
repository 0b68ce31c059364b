/* Sums that do not depend on the order of their parts, and what does not fit into them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "small_model.h"
#include "train/exact_sum.h"

enum { PARTS = 40, ROWS = 6, COLUMNS = 11, TAIL = 5, COUNT = ROWS * COLUMNS + TAIL };

/* A sum over two arrays: layer0_weight (6,11) and layer1_bias (5). */
typedef struct {
    sq_comm *comm;
    sq_parameter_table table;
    sq_exact_sum *sum;
} sum_case;

static sum_case *create_case(size_t n_numbers) {
    sum_case *c = allocate(1, sizeof *c);
    size_t offset = 0;
    assert_ok(sq_comm_create_serial(&c->comm));
    assert_ok(sq_parameter_add(&c->table, 0, "weight", ROWS, COLUMNS, 0, &offset));
    assert_ok(sq_parameter_add(&c->table, 1, "bias", TAIL, 0, 0, &offset));
    assert_ok(sq_exact_sum_create(c->comm, &c->table, n_numbers, PARTS, &c->sum));
    return c;
}

static void destroy_case(sum_case *c) {
    sq_exact_sum_destroy(&c->sum);
    sq_parameter_table_clear(&c->table);
    sq_comm_destroy(&c->comm);
    sq_free(c);
}

static void fill_parts(sq_rng *rng, sq_real parts[PARTS][COUNT]) {
    for (int k = 0; k < PARTS; k++) /* of very different size */
        for (int e = 0; e < COUNT; e++)
            parts[k][e] = (sq_real)(sq_rng_normal(rng) * pow(10.0, k % 9 - 6));
}

static void sum_in_order(sum_case *c, sq_real parts[PARTS][COUNT], const int64_t *order,
                         sq_real *gradient) {
    sq_exact_sum_clear(c->sum);
    for (int k = 0; k < PARTS; k++) {
        const sq_real *part = parts[order[k]];
        sq_exact_sum_add(c->sum, 0, COLUMNS, ROWS, COLUMNS, part, COLUMNS);
        sq_exact_sum_add(c->sum, ROWS * COLUMNS, TAIL, 1, TAIL, part + ROWS * COLUMNS, TAIL);
    }
    assert_ok(sq_exact_sum_reduce(c->sum, SQ_OK));
    assert_null(sq_exact_sum_overflow(c->sum));
    sq_exact_sum_gradient(c->sum, gradient);
}

static void the_order_of_the_parts_does_not_matter(void **state) {
    static sq_real parts[PARTS][COUNT];
    sq_real first[COUNT], again[COUNT];
    int64_t order[PARTS];
    sq_rng rng = test_rng(101);
    (void)state;
    sum_case *c = create_case(0);
    fill_parts(&rng, parts);
    for (int k = 0; k < PARTS; k++) order[k] = k;
    sum_in_order(c, parts, order, first);
    for (int trial = 0; trial < 20; trial++) {
        sq_rng_permutation(&rng, order, PARTS);
        sum_in_order(c, parts, order, again);
        assert_memory_equal(again, first, sizeof first);
    }
    for (int e = 0; e < COUNT; e++) {
        double sum = 0.0;
        for (int k = 0; k < PARTS; k++) sum += (double)parts[k][e];
        assert_near((double)first[e], sum, PARTS * 0x1p-41 + fabs(sum) * NEAR_REAL);
    }
    destroy_case(c);
}

static void a_part_may_be_a_block_of_an_array(void **state) {
    const sq_real block[2 * 4] = {1, 2, 3, -9, 4, 5, 6, -9}; /* 2 x 3, rows 4 apart */
    sq_real gradient[COUNT];
    (void)state;
    sum_case *c = create_case(0);
    sq_exact_sum_add(c->sum, COLUMNS + 2, COLUMNS, 2, 3, block, 4);
    assert_ok(sq_exact_sum_reduce(c->sum, SQ_OK));
    sq_exact_sum_gradient(c->sum, gradient);
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
            bool inside = i >= 1 && i < 3 && j >= 2 && j < 5;
            double expected = inside ? (double)block[(i - 1) * 4 + j - 2] : 0.0;
            assert_near((double)gradient[i * COLUMNS + j], expected, 0);
        }
    }
    destroy_case(c);
}

static const sq_parameter *overflow_of(sum_case *c, size_t at, sq_real value) {
    sq_real part[COUNT] = {0};
    part[at] = value;
    sq_exact_sum_clear(c->sum);
    sq_exact_sum_add(c->sum, 0, COUNT, 1, COUNT, part, COUNT);
    assert_ok(sq_exact_sum_reduce(c->sum, SQ_OK));
    return sq_exact_sum_overflow(c->sum);
}

static void what_does_not_fit_names_its_array(void **state) {
    (void)state;
    sum_case *c = create_case(0);
    sq_real limit = (sq_real)sq_exact_sum_limit(c->sum);
    const sq_real bad[] = {(sq_real)NAN, (sq_real)INFINITY, (sq_real)-INFINITY, limit, -limit};
    for (int k = 0; k < 5; k++) {
        assert_string_equal(overflow_of(c, 3, bad[k])->name, "layer0_weight");
        assert_string_equal(overflow_of(c, COUNT - 1, bad[k])->name, "layer1_bias");
    }
    assert_null(overflow_of(c, 3, limit / 2));
    destroy_case(c);
}

static void as_many_parts_as_were_promised_fit_at_the_limit(void **state) {
    sq_real part[COUNT], gradient[COUNT];
    (void)state;
    sum_case *c = create_case(0);
    double value = 0.999 * sq_exact_sum_limit(c->sum);
    for (int e = 0; e < COUNT; e++) part[e] = (sq_real)(e % 2 ? value : -value);
    for (int k = 0; k < PARTS; k++) sq_exact_sum_add(c->sum, 0, COUNT, 1, COUNT, part, COUNT);
    assert_ok(sq_exact_sum_reduce(c->sum, SQ_OK));
    assert_null(sq_exact_sum_overflow(c->sum));
    sq_exact_sum_gradient(c->sum, gradient);
    for (int e = 0; e < COUNT; e++)
        assert_near((double)gradient[e], PARTS * (double)part[e], PARTS * value * 1e-6);
    destroy_case(c);
}

static void numbers_pass_with_all_their_bits(void **state) {
    const double numbers[] = {0.1, -0.0, 1e300, -1e-300, INFINITY};
    enum { N = sizeof numbers / sizeof *numbers };
    (void)state;
    sum_case *c = create_case(N + 1);
    for (size_t k = 0; k < N; k++) sq_exact_sum_put(c->sum, k, numbers[k]);
    sq_exact_sum_put(c->sum, N, NAN);
    assert_ok(sq_exact_sum_reduce(c->sum, SQ_OK));
    for (size_t k = 0; k < N; k++) {
        double found = sq_exact_sum_get(c->sum, k);
        assert_memory_equal(&found, &numbers[k], sizeof found);
    }
    assert_true(isnan(sq_exact_sum_get(c->sum, N)));
    destroy_case(c);
}

static void a_failure_is_passed_on(void **state) {
    (void)state;
    sum_case *c = create_case(1);
    assert_failure(sq_exact_sum_reduce(c->sum, sq_fail(SQ_ERR_DATA, "row 3 is bad")), SQ_ERR_DATA,
                   "row 3 is bad");
    sq_exact_sum_clear(c->sum);
    assert_ok(sq_exact_sum_reduce(c->sum, SQ_OK));
    destroy_case(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_the_parts_does_not_matter),
        cmocka_unit_test(a_part_may_be_a_block_of_an_array),
        cmocka_unit_test(what_does_not_fit_names_its_array),
        cmocka_unit_test(as_many_parts_as_were_promised_fit_at_the_limit),
        cmocka_unit_test(numbers_pass_with_all_their_bits),
        cmocka_unit_test(a_failure_is_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
