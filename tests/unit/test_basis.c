/* Bases of invariants have the dimensions that are known, and are exact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "near.h"
#include "scratch.h"
#include "symmetry/basis.h"

/* Dimension of the invariants of T(p,q), after a check of what the solver says of itself. */
static size_t dimension_of(const char *expression, int p, int q) {
    sq_group *group = NULL;
    sq_basis *basis = NULL;
    double residual = 1.0;
    print_message("%s T(%d,%d)\n", expression, p, q);
    assert_ok(sq_group_create(expression, 0, &group));
    assert_ok(sq_basis_solve(group, p, q, &basis));
    assert_ok(sq_basis_residual(group, p + q, ((1u << q) - 1u) << p, basis, &residual));
    assert_true(residual < SQ_BASIS_TOLERANCE);
    assert_true(basis->residual < SQ_BASIS_TOLERANCE);
    size_t count = basis->count;
    sq_basis_destroy(&basis);
    sq_group_destroy(&group);
    return count;
}

static void check_row(const char *expression, const size_t *expected, int count) {
    for (int rank = 0; rank < count; rank++)
        assert_int_equal(dimension_of(expression, rank, 0), expected[rank]);
}
#define CHECK_ROW(expression, ...)                 \
    check_row(expression, (size_t[]){__VA_ARGS__}, \
              (int)(sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t)))

static void rotations_have_as_many_as_tables_say(void **state) {
    (void)state;
    CHECK_ROW("SO(3)", 1, 0, 1, 1, 3, 6, 15, 36); /* Riordan numbers */
    CHECK_ROW("O(3)", 1, 0, 1, 0, 3, 0, 15);
    CHECK_ROW("SO(2)", 1, 0, 2, 0, 6, 0, 20); /* central binomial coefficients */
    CHECK_ROW("O(2)", 1, 0, 1, 0, 3, 0, 10);
    CHECK_ROW("O(4)", 1, 0, 1, 0, 3, 0, 15);
    CHECK_ROW("SO(4)", 1, 0, 1, 0, 4);
    CHECK_ROW("SO(1)", 1, 1, 1);
}

static void rank_eight_over_space_is_quick(void **state) {
    (void)state;
    double began = sq_clock_seconds();
    assert_int_equal(dimension_of("O(3)", 8, 0), 91);
    assert_true(sq_clock_seconds() - began < 60.0);
}

static void embedded_groups_have_as_many_as_tables_say(void **state) {
    (void)state;
    CHECK_ROW("O(2)@xy", 1, 1, 2, 4, 10, 26, 71);
    assert_int_equal(dimension_of("O(2)@yz", 6, 0), 71);
    assert_int_equal(dimension_of("O(2)@xz", 6, 0), 71);
    assert_int_equal(dimension_of("SO(2)@xy", 3, 0), 7);
}

/* Set partitions of `elements` into exactly `blocks`. */
static size_t stirling(int elements, int blocks) {
    if (elements == 0 || blocks == 0) return elements == blocks;
    return (size_t)blocks * stirling(elements - 1, blocks) + stirling(elements - 1, blocks - 1);
}

/* Two planes turn into all of space; the plane in space, twice, is one. */
static void groups_that_are_joined_have_what_both_leave(void **state) {
    const struct {
        const char *first, *second, *same_as;
    } cases[] = {{"O(2)@xy", "O(2)@yz", "O(3)"},
                 {"O(3)", "SO(3)", "O(3)"},
                 {"O(2)@xy", "O(2)@xy", "O(2)@xy"},
                 {"SO(3)", "Scaling(3)", "SO(3)*Scaling(3)"}};
    (void)state;
    for (int k = 0; k < 4; k++) {
        sq_group *both[2] = {NULL}, *joint = NULL;
        assert_ok(sq_group_create(cases[k].first, 3, &both[0]));
        assert_ok(sq_group_create(cases[k].second, 3, &both[1]));
        assert_ok(sq_group_join((const sq_group *const *)both, 2, &joint));
        for (int rank = 0; rank < 5; rank++) {
            sq_basis *basis = NULL;
            assert_ok(sq_basis_solve(joint, rank, 0, &basis));
            assert_int_equal(basis->count, dimension_of(cases[k].same_as, rank, 0));
            sq_basis_destroy(&basis);
        }
        sq_group_destroy(&joint);
        for (int g = 0; g < 2; g++) sq_group_destroy(&both[g]);
    }
}

static void permutations_have_set_partitions(void **state) {
    (void)state;
    for (int n = 1; n <= 5; n++) {
        for (int rank = 0; rank <= 5 && pow(n, rank) < 1000; rank++) {
            char name[8];
            size_t expected = 0;
            for (int blocks = 0; blocks <= n; blocks++) expected += stirling(rank, blocks);
            snprintf(name, sizeof name, "S(%d)", n);
            assert_int_equal(dimension_of(name, rank, 0), expected);
        }
    }
}

static void cyclic_shifts_have_n_to_the_rank_less_one(void **state) {
    (void)state;
    CHECK_ROW("Z(2)", 1, 1, 2, 4, 8, 16);
    CHECK_ROW("Z(3)", 1, 1, 3, 9, 27);
    CHECK_ROW("Z(5)", 1, 1, 5, 25);
}

/* Mean of the character over a finite group of the plane: 2 cos of each turn, 0 for reflections. */
static size_t plane_characters(int n, bool reflections, int rank) {
    double sum = reflections && rank == 0 ? n : 0.0;
    for (int k = 0; k < n; k++) sum += pow(2.0 * cos(2.0 * M_PI * k / n), rank);
    return (size_t)lround(sum / (reflections ? 2 * n : n));
}

static void finite_groups_of_the_plane_have_mean_characters(void **state) {
    (void)state;
    for (int n = 1; n <= 6; n++) {
        for (int rank = 0; rank <= 6; rank++) {
            char name[8];
            snprintf(name, sizeof name, "C(%d)", n);
            assert_int_equal(dimension_of(name, rank, 0), plane_characters(n, false, rank));
            snprintf(name, sizeof name, "D(%d)", n);
            assert_int_equal(dimension_of(name, rank, 0), plane_characters(n, true, rank));
        }
    }
    CHECK_ROW("Reflection(3)", 1, 0, 3, 0, 21); /* words with even counts of each letter */
}

static void groups_of_a_form_have_as_many_as_tables_say(void **state) {
    (void)state;
    CHECK_ROW("O(1,3)", 1, 0, 1, 0, 3);
    CHECK_ROW("SO+(1,3)", 1, 0, 1, 0, 4);
    CHECK_ROW("SO(1,3)", 1, 0, 1, 0, 4);
    CHECK_ROW("O(1,2)", 1, 0, 1, 0, 3);
    CHECK_ROW("Sp(4)", 1, 0, 1, 0, 3);
    CHECK_ROW("Sp(2)", 1, 0, 1, 0, 2);
    assert_int_equal(dimension_of("O(1,3)", 1, 1), 1);
    assert_int_equal(dimension_of("O(1,3)", 0, 4), 3);
    assert_int_equal(dimension_of("Sp(4)", 2, 2), 3);
}

static void linear_groups_have_contractions_and_determinants(void **state) {
    (void)state;
    CHECK_ROW("SL(3)", 1, 0, 0, 1, 0, 0, 5);
    assert_int_equal(dimension_of("SL(3)", 0, 3), 1);
    assert_int_equal(dimension_of("SL(3)", 1, 1), 1);
    assert_int_equal(dimension_of("SL(3)", 2, 2), 2);
    assert_int_equal(dimension_of("SL(3)", 3, 3), 6);
    assert_int_equal(dimension_of("GL(3)", 2, 0), 0);
    assert_int_equal(dimension_of("GL(3)", 2, 1), 0);
    assert_int_equal(dimension_of("GL(3)", 2, 2), 2);
    assert_int_equal(dimension_of("GL(3)", 3, 3), 6);
    assert_int_equal(dimension_of("GL(2)", 3, 3), 5); /* 6 permutations, dependent for d = 2 */
    assert_int_equal(dimension_of("Scaling(3)", 1, 1), 9);
    assert_int_equal(dimension_of("Scaling(3)", 1, 0), 0);
    assert_int_equal(dimension_of("SO(3)*Scaling(3)", 2, 2), 3);
}

static void homogeneous_coordinates_have_as_many_as_by_hand(void **state) {
    (void)state;
    assert_int_equal(dimension_of("Translation(3)", 1, 0), 3); /* directions */
    assert_int_equal(dimension_of("Translation(3)", 0, 1), 1); /* the last coordinate */
    assert_int_equal(dimension_of("Rotation(3)", 1, 0), 1);    /* the origin */
    assert_int_equal(dimension_of("Rotation(3)", 2, 0), 2);
    assert_int_equal(dimension_of("SE(3)", 1, 0), 0);
    assert_int_equal(dimension_of("SE(3)", 0, 1), 1);
    assert_int_equal(dimension_of("SE(3)", 2, 0), 1); /* the metric of directions */
    assert_int_equal(dimension_of("SE(3)", 1, 1), 1);
    assert_int_equal(dimension_of("SE(3)", 0, 2), 1);
}

static void without_generators_everything_is_invariant(void **state) {
    (void)state;
    CHECK_ROW("Trivial(2)", 1, 2, 4, 8);
}

static void what_is_too_large_is_refused_at_once(void **state) {
    static const struct {
        const char *name;
        int rank;
    } rows[] = {{"O(3)", 10}, {"O(3)", 16}, {"O(16)", 6}, {"S(10)", 6}, {"S(64)", 4}};
    (void)state;
    double began = sq_clock_seconds();
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        sq_group *group = NULL;
        sq_basis *basis = NULL;
        assert_ok(sq_group_create(rows[k].name, 0, &group));
        assert_failure(sq_basis_solve(group, rows[k].rank, 0, &basis), SQ_ERR_CONFIG,
                       "fewer channels");
        assert_null(basis);
        sq_group_destroy(&group);
    }
    assert_true(sq_clock_seconds() - began < 30.0);
}

static void ranks_are_bounded(void **state) {
    sq_group *group = NULL;
    sq_basis *basis = NULL;
    (void)state;
    assert_ok(sq_group_create("GL(1)", 0, &group));
    assert_failure(sq_basis_solve(group, 17, 0, &basis), SQ_ERR_CONFIG, "0 to 16");
    assert_failure(sq_basis_solve(group, 9, 8, &basis), SQ_ERR_CONFIG, "0 to 16");
    assert_failure(sq_basis_solve(group, -1, 0, &basis), SQ_ERR_CONFIG, "0 to 16");
    sq_group_destroy(&group);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rotations_have_as_many_as_tables_say),
        cmocka_unit_test(rank_eight_over_space_is_quick),
        cmocka_unit_test(embedded_groups_have_as_many_as_tables_say),
        cmocka_unit_test(groups_that_are_joined_have_what_both_leave),
        cmocka_unit_test(permutations_have_set_partitions),
        cmocka_unit_test(cyclic_shifts_have_n_to_the_rank_less_one),
        cmocka_unit_test(finite_groups_of_the_plane_have_mean_characters),
        cmocka_unit_test(groups_of_a_form_have_as_many_as_tables_say),
        cmocka_unit_test(linear_groups_have_contractions_and_determinants),
        cmocka_unit_test(homogeneous_coordinates_have_as_many_as_by_hand),
        cmocka_unit_test(without_generators_everything_is_invariant),
        cmocka_unit_test(what_is_too_large_is_refused_at_once),
        cmocka_unit_test(ranks_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
