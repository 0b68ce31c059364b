/* Groups by name and from files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/netcdf_file.h"
#include "near.h"
#include "scratch.h"
#include "symmetry/group_sample.h"

static sq_group *create(const char *expression) {
    sq_group *group = NULL;
    assert_ok(sq_group_create(expression, 0, &group));
    return group;
}

static void names_give_the_generators_of_the_group(void **state) {
    static const struct {
        const char *name;
        int dimension, lie, discrete;
        bool orthogonal, permutation;
    } rows[] = {
        {"SO(3)", 3, 3, 0, true, false},       {"O(3)", 3, 3, 1, true, false},
        {"O(2)", 2, 1, 1, true, false},        {"SO(1)", 1, 0, 0, true, false},
        {"SO+(1,3)", 4, 6, 0, false, false},   {"SO(1,3)", 4, 6, 1, false, false},
        {"O(1,3)", 4, 6, 2, false, false},     {"SL(3)", 3, 8, 0, false, false},
        {"GL(3)", 3, 9, 0, false, false},      {"Sp(4)", 4, 10, 0, false, false},
        {"Scaling(3)", 3, 1, 0, false, false}, {"Reflection(3)", 3, 0, 3, true, false},
        {"S(4)", 4, 0, 2, true, true},         {"S(1)", 1, 0, 1, true, true},
        {"Z(5)", 5, 0, 1, true, true},         {"C(4)", 2, 0, 1, true, false},
        {"D(4)", 2, 0, 2, true, false},        {"SE(3)", 4, 6, 0, false, false},
        {"Rotation(3)", 4, 3, 0, true, false}, {"Translation(3)", 4, 3, 0, false, false},
        {"Trivial(3)", 3, 0, 0, true, false},  {"SO(3)*Scaling(3)", 3, 4, 0, false, false},
        {"O(2)@xy", 3, 1, 1, true, false},     {"SO(2)@0-3", 4, 1, 0, true, false},
        {"O(2)@xw", 4, 1, 1, true, false},
    };
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        sq_group *group = create(rows[k].name);
        print_message("%s\n", rows[k].name);
        assert_string_equal(group->name, rows[k].name);
        assert_int_equal(group->dimension, rows[k].dimension);
        assert_int_equal(group->n_lie, rows[k].lie);
        assert_int_equal(group->n_discrete, rows[k].discrete);
        assert_int_equal(group->orthogonal, rows[k].orthogonal);
        assert_int_equal(group->permutation, rows[k].permutation);
        sq_group_destroy(&group);
        assert_null(group);
    }
}

/* Every element of the group keeps the bilinear form: g^T f g = f. */
static void check_form(const char *name, const double *form) {
    sq_group *group = create(name);
    int d = group->dimension;
    double g[16], dual[16];
    for (unsigned long long index = 0; index < 20; index++) {
        assert_ok(sq_group_sample(group, 0.5, 1, SQ_RNG_TEST, 0, index, g, dual));
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                double sum = 0.0;
                for (int k = 0; k < d; k++)
                    for (int l = 0; l < d; l++)
                        sum += g[k * d + i] * form[k * d + l] * g[l * d + j];
                assert_near(sum, form[i * d + j], 1e-11);
            }
        }
    }
    sq_group_destroy(&group);
}

static void elements_keep_the_form_of_their_group(void **state) {
    (void)state;
    check_form("O(3)", (double[]){1, 0, 0, 0, 1, 0, 0, 0, 1});
    check_form("O(1,3)", (double[]){1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1});
    check_form("SO(1,2)", (double[]){1, 0, 0, 0, -1, 0, 0, 0, -1});
    check_form("Sp(4)", (double[]){0, 0, 1, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, -1, 0, 0});
    check_form("S(4)", (double[]){1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1});
}

static double determinant3(const double *a) {
    return a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) +
           a[2] * (a[3] * a[7] - a[4] * a[6]);
}

static void elements_of_sl_have_determinant_one(void **state) {
    double g[9], dual[9];
    sq_group *group = create("SL(3)");
    (void)state;
    for (unsigned long long index = 0; index < 20; index++) {
        assert_ok(sq_group_sample(group, 1.0, 1, SQ_RNG_TEST, 0, index, g, dual));
        assert_near(determinant3(g), 1, 1e-9);
    }
    sq_group_destroy(&group);
}

static void an_element_comes_with_its_inverse_transpose(void **state) {
    double g[16], dual[16], again[16];
    sq_group *group = create("SE(3)");
    (void)state;
    assert_ok(sq_group_sample(group, 1.0, 3, SQ_RNG_TEST, 2, 7, g, dual));
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            double sum = 0.0;
            for (int k = 0; k < 4; k++) sum += g[i * 4 + k] * dual[j * 4 + k];
            assert_near(sum, i == j, 1e-13);
        }
    }
    assert_ok(sq_group_sample(group, 1.0, 3, SQ_RNG_TEST, 2, 7, again, dual));
    assert_memory_equal(g, again, sizeof g);
    assert_ok(sq_group_sample(group, 1.0, 3, SQ_RNG_TEST, 3, 7, again, dual));
    assert_memory_not_equal(g, again, sizeof g);
    sq_group_destroy(&group);
}

/* Such elements are no fault of the generators: the message says how far is too far. */
static void elements_out_of_reach_are_refused(void **state) {
    static const double scales[] = {100, 1e4, 1e300};
    const double boost[] = {0, 1e10, 1e10, 0};
    double element[4], dual[4];
    sq_group *group = NULL;
    (void)state;
    assert_ok(sq_group_create_from("a boost", 2, 1, boost, 0, NULL, &group));
    for (int k = 0; k < 3; k++)
        assert_failure(sq_group_sample(group, scales[k], 1, SQ_RNG_TEST, 0, 1, element, dual),
                       SQ_ERR_NUMERIC, "a boost: an element is too far from the identity");
    sq_group_destroy(&group);
}

/* Half of the elements of a reflection are the identity, and would halve the error of a type. */
static void a_moving_element_is_not_the_identity(void **state) {
    double g[9], dual[9];
    sq_group *group = create("Reflection(1)");
    (void)state;
    for (unsigned long long index = 0; index < 50; index++) {
        assert_ok(sq_group_sample_moving(group, 1.0, 1, SQ_RNG_TEST, index, g, dual));
        assert_near(g[0], -1, 0);
    }
    sq_group_destroy(&group);
}

/* The place of a permutation matrix among all, as a number of base d. */
static int code_of(int d, const double *g) {
    int code = 0;
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            if (g[i * d + j] == 1.0) code = code * d + j;
    return code;
}

static void every_permutation_is_drawn_about_as_often(void **state) {
    enum { D = 4, CODES = 256, ELEMENTS = 24, DRAWS = 200 * ELEMENTS };
    sq_group *group;
    int count[CODES] = {0}, found = 0;
    double g[D * D], dual[D * D];
    (void)state;
    assert_ok(sq_group_create("S(4)", 0, &group));
    for (uint64_t index = 0; index < DRAWS; index++) {
        assert_ok(sq_group_sample(group, 1.0, 1, SQ_RNG_TEST, 0, index, g, dual));
        count[code_of(D, g)]++;
    }
    for (int code = 0; code < CODES; code++) {
        if (count[code] == 0) continue;
        found++;
        assert_in_range(count[code], 100, 300);
    }
    assert_int_equal(found, ELEMENTS);
    sq_group_destroy(&group);
}

/* By index or by matrix: the same words of the same draws. */
static void permutations_are_what_their_matrices_multiply_to(void **state) {
    enum { D = 5, DRAWS = 50 };
    sq_group *group;
    double g[D * D], dual[D * D], again[D * D];
    (void)state;
    assert_ok(sq_group_create("S(5)", 0, &group));
    assert_true(group->permutation);
    for (uint64_t index = 0; index < DRAWS; index++) {
        assert_ok(sq_group_sample(group, 1.0, 1, SQ_RNG_TEST, 0, index, g, dual));
        group->permutation = false;
        assert_ok(sq_group_sample(group, 1.0, 1, SQ_RNG_TEST, 0, index, again, dual));
        group->permutation = true;
        assert_memory_equal(g, again, sizeof g);
    }
    sq_group_destroy(&group);
}

static void a_group_of_many_turns_is_drawn_all_the_way_round(void **state) {
    enum { TURNS = 12 };
    sq_group *group;
    int count[TURNS] = {0};
    double g[4], dual[4];
    (void)state;
    assert_ok(sq_group_create("C(12)", 0, &group));
    for (uint64_t index = 0; index < 100 * TURNS; index++) {
        assert_ok(sq_group_sample(group, 1.0, 1, SQ_RNG_TEST, 0, index, g, dual));
        count[(lround(atan2(g[2], g[0]) / M_PI * 6) + TURNS) % TURNS]++;
    }
    for (int k = 0; k < TURNS; k++) assert_in_range(count[k], 50, 150);
    sq_group_destroy(&group);
}

static void groups_whose_words_are_all_are_drawn_by_one(void **state) {
    static const char *const names[] = {"D(4)", "D(8)", "S(3)", "Z(5)", "O(3)"};
    sq_group *group;
    (void)state;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        assert_ok(sq_group_create(names[k], 0, &group));
        assert_int_equal(group->words, 1);
        sq_group_destroy(&group);
    }
}

static void powers_without_end_stay_near_the_identity_if_asked(void **state) {
    static const double squeeze[4] = {2, 0, 0, 0.5};
    sq_group *group;
    double g[4], dual[4];
    (void)state;
    assert_ok(sq_group_create_from("squeeze", 2, 0, NULL, 1, squeeze, &group));
    assert_int_equal(group->order[0], 0);
    for (uint64_t index = 0; index < 50; index++) {
        assert_ok(sq_group_sample_moving(group, 0.3, 1, SQ_RNG_TEST, index, g, dual));
        assert_near(g[0], 2, 0);
    }
    sq_group_destroy(&group);
}

static void an_embedded_group_leaves_the_other_axes_alone(void **state) {
    double g[9], dual[9];
    sq_group *group = create("O(2)@xz");
    (void)state;
    for (unsigned long long index = 0; index < 10; index++) {
        assert_ok(sq_group_sample(group, 1.0, 1, SQ_RNG_TEST, 0, index, g, dual));
        for (int k = 0; k < 3; k++) {
            assert_near(g[3 + k], k == 1, 0);
            assert_near(g[3 * k + 1], k == 1, 0);
        }
    }
    sq_group_destroy(&group);
}

static void quarter_turns_have_no_rounding(void **state) {
    sq_group *group = create("C(4)");
    const double turn[] = {0, -1, 1, 0};
    (void)state;
    assert_memory_equal(group->discrete, turn, sizeof turn);
    sq_group_destroy(&group);
}

static void wrong_names_are_explained(void **state) {
    static const char *const rows[][2] = {
        {"Scalign(3)", "did you mean Scaling"},
        {"O3", "no group named 'O3'"},
        {"O(3", "bracket"},
        {"O(0)", "out of bounds"},
        {"O(x)", "whole number"},
        {"O(1,2,3)", "too many numbers"},
        {"O", "takes"},
        {"S(2,2)", "takes 1 number"},
        {"Sp(3)", "even"},
        {"O(2)@xyz", "O acts on R^2, but 3 axes"},
        {"O(3)@xy", "O acts on R^3, but 2 axes"},
        {"O(2)@xx", "twice"},
        {"O(2)@", "axes are letters"},
        {"O(2)*", "missing after '*'"},
        {"", "missing"},
        {"*O(3)", "missing"},
        {"O(3)O(2)", "joined by '*'"},
        {"O(3)*O(2)", "R^3"},
        {"file:", "name is missing"},
        {"O(256)", "too many"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        sq_group *group = NULL;
        print_message("%s\n", rows[k][0]);
        assert_failure(sq_group_create(rows[k][0], 0, &group), SQ_ERR_CONFIG, rows[k][1]);
        assert_null(group);
    }
}

static void an_axis_outside_of_the_space_is_refused(void **state) {
    sq_group *group = NULL;
    (void)state;
    assert_failure(sq_group_create("O(2)@xw", 3, &group), SQ_ERR_CONFIG, "axis 3 does not exist");
    assert_failure(sq_group_create("O(3)", 2, &group), SQ_ERR_CONFIG, "not on R^2");
}

static void a_list_shares_one_space(void **state) {
    sq_group **groups = NULL;
    int count = 0;
    (void)state;
    assert_ok(sq_group_list_create(" O(2)@xy, SO(1,3)\tSO(2)@0-2 ", 0, &groups, &count));
    assert_int_equal(count, 3);
    for (int k = 0; k < count; k++) assert_int_equal(groups[k]->dimension, 4);
    sq_group_list_destroy(&groups, count);
    assert_failure(sq_group_list_create("O(3) O(2)", 0, &groups, &count), SQ_ERR_CONFIG,
                   "embed the smaller one");
    assert_failure(sq_group_list_create("  ", 0, &groups, &count), SQ_ERR_CONFIG, "no symmetry");
    assert_null(groups);
}

static void a_list_has_bounds(void **state) {
    char many[33 * 5 + 1] = "", path[1100];
    sq_group **groups = NULL;
    int count = 0;
    (void)state;
    for (int k = 0; k < 33; k++) strcat(many, "O(3) ");
    assert_failure(sq_group_list_create(many, 0, &groups, &count), SQ_ERR_CONFIG,
                   "more than 32 symmetry types: leave some out");
    assert_null(groups);
    memset(path, 'x', sizeof path);
    memcpy(path, "file:", 5);
    path[sizeof path - 1] = '\0';
    assert_failure(sq_group_list_create(path, 0, &groups, &count), SQ_ERR_CONFIG,
                   "at most 1022 characters");
    assert_null(groups);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Writes generators (count,rows,columns) as the only variable of a file; its expression. */
static const char *write_generators(void **state, const char *variable, size_t count, size_t rows,
                                    size_t columns, const double *values) {
    static const char *const dimensions[] = {"generator", "row", "column"};
    static char expression[128];
    const char *path = scratch_path(state, "group.nc");
    sq_nc *file = NULL;
    assert_ok(sq_nc_create(path, &file));
    assert_ok(sq_nc_define_dimension(file, "generator", count));
    assert_ok(sq_nc_define_dimension(file, "row", rows));
    assert_ok(sq_nc_define_dimension(file, "column", columns));
    assert_ok(sq_nc_define_variable(file, variable, SQ_NC_DOUBLE, 3, dimensions));
    assert_ok(sq_nc_write_double(file, variable, NULL, NULL, values));
    assert_ok(sq_nc_close(&file));
    snprintf(expression, sizeof expression, "file:%s", path);
    return expression;
}

static void a_file_gives_a_group(void **state) {
    const double values[] = {0, -1, 1, 0, 0, 1, -1, 0};
    sq_group *group = create(write_generators(state, "lie_algebra", 2, 2, 2, values));
    assert_int_equal(group->dimension, 2);
    assert_int_equal(group->n_lie, 2);
    assert_true(group->orthogonal);
    assert_memory_equal(group->lie, values, sizeof values);
    sq_group_destroy(&group);
}

static void bad_files_are_explained(void **state) {
    const double nan_entry[] = {1, 0, 0, NAN}, infinite[] = {1, 0, 0, INFINITY};
    const double singular[] = {0, 1, 1, 0, 1, 1, 1, 1}, oblong[] = {1, 2, 3, 4, 5, 6};
    sq_group *group = NULL;
    assert_failure(
        sq_group_create(write_generators(state, "lie_algebra", 1, 2, 2, nan_entry), 0, &group),
        SQ_ERR_DATA, "generator 0 has an entry that is not finite");
    assert_failure(
        sq_group_create(write_generators(state, "discrete", 1, 2, 2, infinite), 0, &group),
        SQ_ERR_DATA, "not finite");
    assert_failure(
        sq_group_create(write_generators(state, "discrete", 2, 2, 2, singular), 0, &group),
        SQ_ERR_DATA, "generator 1 is singular");
    assert_failure(
        sq_group_create(write_generators(state, "lie_algebra", 1, 2, 3, oblong), 0, &group),
        SQ_ERR_DATA, "shape (generators, d, d)");
    assert_failure(sq_group_create(write_generators(state, "lie", 1, 2, 2, nan_entry), 0, &group),
                   SQ_ERR_DATA, "a group file holds");
    assert_failure(sq_group_create("file:/nowhere/group.nc", 0, &group), SQ_ERR_IO,
                   "/nowhere/group.nc");
    assert_null(group);
}

/* Of which an index of int does not reach the end. Nothing is written: the file stays small. */
static void too_many_generators_are_refused(void **state) {
    static const char *const dimensions[] = {"generator", "row", "column"};
    static const size_t counts[] = {40000, (size_t)1 << 32};
    for (int k = 0; k < 2; k++) {
        const char *path = scratch_path(state, k ? "other.nc" : "group.nc");
        char expression[128];
        sq_nc *file = NULL;
        sq_group *group = NULL;
        assert_ok(sq_nc_create(path, &file));
        assert_ok(sq_nc_define_dimension(file, "generator", counts[k]));
        assert_ok(sq_nc_define_dimension(file, "row", 256));
        assert_ok(sq_nc_define_dimension(file, "column", 256));
        assert_ok(sq_nc_define_variable(file, "lie_algebra", SQ_NC_DOUBLE, 3, dimensions));
        assert_ok(sq_nc_close(&file));
        snprintf(expression, sizeof expression, "file:%s", path);
        assert_failure(sq_group_create(expression, 0, &group), SQ_ERR_DATA, "are too many");
    }
}

static void generators_from_arrays_are_the_same_group(void **state) {
    const double turn[] = {0, -1, 1, 0}, mirror[] = {-1, 0, 0, 1};
    sq_group *named = create("O(2)"), *own = NULL;
    (void)state;
    assert_ok(sq_group_create_from("mine", 2, 1, turn, 1, mirror, &own));
    assert_string_equal(own->name, "mine");
    assert_true(own->orthogonal && !own->permutation);
    assert_int_equal(own->n_lie, named->n_lie);
    assert_memory_equal(own->discrete, mirror, sizeof mirror);
    sq_group_destroy(&own);
    sq_group_destroy(&named);
}

static void generators_that_make_no_group_are_refused(void **state) {
    const double singular[] = {1, 1, 1, 1}, infinite[] = {0, INFINITY, 0, 0};
    sq_group *group = NULL;
    (void)state;
    assert_failure(sq_group_create_from("mine", 2, 0, NULL, 0, NULL, &group), SQ_ERR_ARGUMENT,
                   "at least one");
    assert_failure(sq_group_create_from("mine", 2, 0, NULL, 1, singular, &group), SQ_ERR_DATA,
                   "mine: discrete: generator 0 is singular");
    assert_failure(sq_group_create_from("mine", 2, 1, infinite, 0, NULL, &group), SQ_ERR_DATA,
                   "mine: lie_algebra: generator 0 has an entry that is not finite");
    assert_null(group);
}

static void an_element_is_the_same_without_its_inverse(void **state) {
    sq_group *group = NULL;
    double element[9], dual[9], alone[9];
    (void)state;
    assert_ok(sq_group_create("O(3)", 3, &group));
    for (uint64_t index = 0; index < 20; index++) {
        assert_ok(sq_group_sample(group, 1.0, 3, SQ_RNG_TEST, 0, index, element, dual));
        assert_ok(sq_group_sample(group, 1.0, 3, SQ_RNG_TEST, 0, index, alone, NULL));
        assert_memory_equal(alone, element, sizeof element);
    }
    sq_group_destroy(&group);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_give_the_generators_of_the_group),
        cmocka_unit_test(elements_keep_the_form_of_their_group),
        cmocka_unit_test(elements_of_sl_have_determinant_one),
        cmocka_unit_test(an_element_comes_with_its_inverse_transpose),
        cmocka_unit_test(elements_out_of_reach_are_refused),
        cmocka_unit_test(a_moving_element_is_not_the_identity),
        cmocka_unit_test(every_permutation_is_drawn_about_as_often),
        cmocka_unit_test(permutations_are_what_their_matrices_multiply_to),
        cmocka_unit_test(a_group_of_many_turns_is_drawn_all_the_way_round),
        cmocka_unit_test(groups_whose_words_are_all_are_drawn_by_one),
        cmocka_unit_test(powers_without_end_stay_near_the_identity_if_asked),
        cmocka_unit_test(an_embedded_group_leaves_the_other_axes_alone),
        cmocka_unit_test(quarter_turns_have_no_rounding),
        cmocka_unit_test(wrong_names_are_explained),
        cmocka_unit_test(an_axis_outside_of_the_space_is_refused),
        cmocka_unit_test(a_list_shares_one_space),
        cmocka_unit_test(a_list_has_bounds),
        in_scratch(a_file_gives_a_group),
        in_scratch(bad_files_are_explained),
        in_scratch(too_many_generators_are_refused),
        cmocka_unit_test(generators_from_arrays_are_the_same_group),
        cmocka_unit_test(generators_that_make_no_group_are_refused),
        cmocka_unit_test(an_element_is_the_same_without_its_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
