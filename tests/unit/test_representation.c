/* Representations: their text, their sizes and how a group acts on them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "scratch.h"
#include "symmetry/group_sample.h"
#include "symmetry/representation.h"

static sq_representation parse(const char *text, int d) {
    sq_representation rep;
    assert_ok(sq_representation_parse(text, d, &rep));
    return rep;
}

static void text_is_read_and_written(void **state) {
    static const char *const rows[][2] = {
        {"5*T(0) + 5*T(1)", "5*T(0) + 5*T(1)"},
        {"T(2)", "1*T(2)"},
        {" 2 * T( 1 , 2 )+T(0)", "2*T(1,2) + 1*T(0)"},
        {"T(1) + 2*T(1) + T(0) + T(1)", "3*T(1) + 1*T(0) + 1*T(1)"},
        {"T(1,0)+T(0,1)", "1*T(1) + 1*T(0,1)"},
        {"0*T(3) + T(1)", "1*T(1)"},
    };
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        char text[256];
        sq_representation rep = parse(rows[k][0], 3);
        sq_representation_format(&rep, text, sizeof text);
        assert_string_equal(text, rows[k][1]);
    }
}

static void blocks_follow_each_other(void **state) {
    sq_representation rep = parse("2*T(0) + 3*T(1) + T(0,2) + T(1,2)", 2);
    const size_t offsets[] = {0, 2, 8, 12}, sizes[] = {1, 2, 4, 8};
    (void)state;
    assert_int_equal(rep.n_blocks, 4);
    assert_int_equal(rep.size, 20);
    for (int k = 0; k < 4; k++) {
        assert_int_equal(rep.blocks[k].offset, offsets[k]);
        assert_int_equal(rep.blocks[k].size, sizes[k]);
    }
    assert_int_equal(sq_representation_largest_copy(&rep), 8);
}

static void wrong_text_is_explained(void **state) {
    static const char *const rows[] = {
        "",       "T",         "T(",           "T(1",   "T(x)",          "5",       "5*",
        "5T(1)",  "T(1) T(1)", "T(1) +",       "T(17)", "T(9,9)",        "-T(1)",   "1.5*T(1)",
        "0*T(1)", "T(-1)",     "2000000*T(0)", "V",     "T(1) + 3*V(1)", "T(1,2,3)"};
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        sq_representation rep;
        print_message("'%s'\n", rows[k]);
        assert_failure(sq_representation_parse(rows[k], 3, &rep), SQ_ERR_CONFIG,
                       "is not a representation");
    }
}

static void too_many_features_are_refused(void **state) {
    sq_representation rep;
    (void)state;
    assert_failure(sq_representation_parse("1000000*T(3)", 3, &rep), SQ_ERR_CONFIG, "too many");
    assert_failure(sq_representation_parse("T(16)", 256, &rep), SQ_ERR_CONFIG, "too many");
}

static void hidden_features_are_those_of_the_paper(void **state) {
    static const struct {
        int d, channels;
        size_t copies[5], size, gated;
        sq_allocation allocation;
    } rows[] = {
        {3, 128, {54, 18, 6, 2}, 216, 242, SQ_ALLOCATION_REPEATED},
        {3, 384, {108, 36, 12, 4}, 432, 484, SQ_ALLOCATION_REPEATED},
        {3, 40, {18, 6, 2}, 54, 62, SQ_ALLOCATION_REPEATED},
        {3, 1, {1}, 1, 1, SQ_ALLOCATION_REPEATED},
        {2, 8, {4, 2}, 8, 10, SQ_ALLOCATION_REPEATED},
        {4, 128, {48, 12, 3}, 144, 159, SQ_ALLOCATION_REPEATED},
        {3, 384, {102, 34, 11, 3}, 384, 432, SQ_ALLOCATION_FILLED},
        {4, 384, {112, 28, 6, 1}, 384, 419, SQ_ALLOCATION_FILLED},
        {3, 40, {16, 5, 1}, 40, 46, SQ_ALLOCATION_FILLED},
        {2, 1, {1}, 1, 1, SQ_ALLOCATION_FILLED},
    };
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        sq_representation rep;
        assert_ok(
            sq_representation_hidden(rows[k].d, rows[k].channels, rows[k].allocation, false, &rep));
        for (int r = 0; r < rep.n_blocks; r++) {
            assert_int_equal(rep.blocks[r].p, r);
            assert_int_equal(rep.blocks[r].q, 0);
            assert_int_equal(rep.blocks[r].count, rows[k].copies[r]);
        }
        assert_int_equal(rep.size, rows[k].size);
        assert_ok(sq_representation_add_gates(&rep));
        assert_int_equal(rep.size, rows[k].gated);
        assert_int_equal(rep.ungated, rows[k].size);
    }
}

static void duals_share_the_copies_of_a_rank(void **state) {
    (void)state;
    for (int channels = 1; channels < 500; channels += 7) {
        sq_representation whole, split;
        assert_ok(sq_representation_hidden(3, channels, SQ_ALLOCATION_REPEATED, false, &whole));
        assert_ok(sq_representation_hidden(3, channels, SQ_ALLOCATION_REPEATED, true, &split));
        assert_int_equal(split.size, whole.size);
        for (int r = 0; r < whole.n_blocks; r++) {
            size_t copies = 0;
            for (int k = 0; k < split.n_blocks; k++) {
                const sq_block *block = &split.blocks[k];
                if (block->p + block->q != r) continue;
                copies += block->count;
                double ways = tgamma(r + 1) / (tgamma(block->p + 1) * tgamma(block->q + 1));
                double share = (double)whole.blocks[r].count * ways / pow(2, r);
                assert_true(fabs((double)block->count - share) <= 1.0);
            }
            assert_int_equal(copies, whole.blocks[r].count);
        }
    }
}

static void pairs_have_the_factors_of_a_linear_map(void **state) {
    sq_representation rep = parse("T(2,1) + T(1,2)", 2);
    const sq_block *out = &rep.blocks[0], *in = &rep.blocks[1];
    (void)state;
    assert_int_equal(sq_pair_rank(out, NULL), 3);
    assert_int_equal(sq_pair_duals(out, NULL), 0x4); /* V V V* */
    assert_int_equal(sq_pair_rank(out, in), 6);
    /* (V V V*) (V V* V*)*: the mask of V* counts the q of in as V and its p as V* */
    assert_int_equal(sq_pair_duals(out, in), 0x4 | 0x8);
}

/* y[i,j] = sum g[i,k] g^-T[j,l] x[k,l] for T(1,1), written out. */
static void the_action_on_a_matrix_is_conjugation(void **state) {
    sq_group *group = NULL;
    double g[9], dual[9], x[10], y[10], work[9];
    sq_rng rng = test_rng(21);
    sq_representation rep = parse("T(0) + T(1,1)", 3);
    (void)state;
    assert_ok(sq_group_create("SL(3)", 0, &group));
    assert_ok(sq_group_sample(group, 0.5, 1, SQ_RNG_TEST, 0, 0, g, dual));
    fill_normal_double(&rng, x, 10);
    sq_representation_act(&rep, g, dual, x, y, work);
    assert_near(y[0], x[0], 0);
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            double sum = 0.0;
            for (int k = 0; k < 3; k++)
                for (int l = 0; l < 3; l++)
                    sum += g[i * 3 + k] * dual[j * 3 + l] * x[1 + k * 3 + l];
            assert_near(y[1 + i * 3 + j], sum, 1e-12);
        }
    }
    sq_representation_act(&rep, g, dual, x, x, work); /* in place */
    assert_memory_equal(x, y, sizeof x);
    sq_group_destroy(&group);
}

static void multiply(const double *a, const double *b, double *c) {
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            c[i * 3 + j] = 0.0;
            for (int k = 0; k < 3; k++) c[i * 3 + j] += a[i * 3 + k] * b[k * 3 + j];
        }
    }
}

static void the_action_of_a_product_is_the_product_of_actions(void **state) {
    enum { MOST = 200 };
    sq_group *group = NULL;
    double g[9], g_dual[9], h[9], h_dual[9], gh[9], gh_dual[9];
    double x[MOST], once[MOST], twice[MOST], work[MOST];
    sq_rng rng = test_rng(22);
    sq_representation rep = parse("2*T(0) + 2*T(1) + T(0,1) + T(2,1) + T(1,2) + T(3)", 3);
    (void)state;
    assert_ok(sq_group_create("GL(3)", 0, &group));
    assert_ok(sq_group_sample(group, 0.3, 1, SQ_RNG_TEST, 0, 1, g, g_dual));
    assert_ok(sq_group_sample(group, 0.3, 1, SQ_RNG_TEST, 0, 2, h, h_dual));
    multiply(g, h, gh);
    multiply(g_dual, h_dual, gh_dual);
    fill_normal_double(&rng, x, rep.size);
    sq_representation_act(&rep, gh, gh_dual, x, once, work);
    sq_representation_act(&rep, h, h_dual, x, twice, work);
    sq_representation_act(&rep, g, g_dual, twice, twice, work);
    for (size_t e = 0; e < rep.size; e++) assert_near(twice[e], once[e], 1e-10);
    sq_group_destroy(&group);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_read_and_written),
        cmocka_unit_test(blocks_follow_each_other),
        cmocka_unit_test(wrong_text_is_explained),
        cmocka_unit_test(too_many_features_are_refused),
        cmocka_unit_test(hidden_features_are_those_of_the_paper),
        cmocka_unit_test(duals_share_the_copies_of_a_rank),
        cmocka_unit_test(pairs_have_the_factors_of_a_linear_map),
        cmocka_unit_test(the_action_on_a_matrix_is_conjugation),
        cmocka_unit_test(the_action_of_a_product_is_the_product_of_actions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
