/* Projections of linear layers against explicit projectors and against the group itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "nn/projection.h"
#include "small_model.h"
#include "symmetry/group_sample.h"

/* A projector and something to project. */
typedef struct {
    sq_group *group;
    sq_representation out, in;
    sq_bases *bases;
    sq_projection projection;
    size_t count; /* of W */
    sq_real *weight, *bias, *projected_weight, *projected_bias, *scratch;
} layer_case;

static const char *const cases[][3] = {
    {"O(3)", "2*T(0) + T(1) + 2*T(2) + 3*T(0)", "3*T(0) + 2*T(1) + T(2)"},
    {"SO(3)", "2*T(1) + T(2)", "T(0) + 2*T(1)"},
    {"O(2)@xy", "T(0) + 2*T(1)", "2*T(1) + T(2)"},
    {"O(2)", "T(0) + T(1) + T(3)", "2*T(2) + T(0)"},
    {"S(3)", "2*T(1) + T(2)", "T(0) + 2*T(1)"},
    {"O(1,3)", "T(0) + T(1) + T(0,1)", "T(1) + T(0,1) + T(1,1)"},
    {"SL(3)", "T(1) + 2*T(0,1) + T(1,1)", "T(0) + T(1) + T(0,2)"},
    {"Scaling(2)", "2*T(1) + T(0,1)", "T(1) + T(0,1) + T(0)"},
    {"Trivial(2)", "T(1)", "T(0) + T(1)"},
};
enum { N_CASES = sizeof cases / sizeof *cases };

static layer_case create_case(const char *const texts[3], sq_rng *rng) {
    layer_case c = {0};
    print_message("%s: %s -> %s\n", texts[0], texts[2], texts[1]);
    assert_ok(sq_group_create(texts[0], 0, &c.group));
    assert_ok(sq_representation_parse(texts[1], c.group->dimension, &c.out));
    assert_ok(sq_representation_parse(texts[2], c.group->dimension, &c.in));
    assert_ok(sq_bases_create(NULL, &c.bases));
    assert_ok(sq_projection_create(c.group, &c.out, &c.in, c.bases, &c.projection));
    c.count = c.out.size * c.in.size;
    c.weight = allocate(c.count, sizeof(sq_real));
    c.bias = allocate(c.out.size, sizeof(sq_real));
    c.projected_weight = allocate(c.count, sizeof(sq_real));
    c.projected_bias = allocate(c.out.size, sizeof(sq_real));
    c.scratch = allocate(sq_projection_scratch(&c.projection), sizeof(sq_real));
    fill_normal(rng, c.weight, c.count);
    fill_normal(rng, c.bias, c.out.size);
    sq_projection_weight(&c.projection, c.weight, 0, c.projected_weight, c.scratch);
    sq_projection_bias(&c.projection, c.bias, 0, c.projected_bias, c.scratch);
    return c;
}

static void destroy_case(layer_case *c) {
    sq_projection_clear(&c->projection);
    sq_bases_destroy(&c->bases);
    sq_group_destroy(&c->group);
    sq_free(c->weight);
    sq_free(c->bias);
    sq_free(c->projected_weight);
    sq_free(c->projected_bias);
    sq_free(c->scratch);
}

/* P[e,f] of a solved basis. */
static double projector(const sq_basis *basis, size_t e, size_t f) {
    double sum = 0.0;
    for (size_t v = 0; v < basis->count; v++)
        sum += basis->vectors[v * basis->dimension + e] * basis->vectors[v * basis->dimension + f];
    return sum;
}

/* One pair of copies: every entry of the projected block is a row of P times the block. */
static void check_pair(const layer_case *c, const sq_basis *basis, const sq_block *out,
                       const sq_block *in, size_t row, size_t column) {
    for (size_t e = 0; e < out->size * in->size; e++) {
        double sum = 0.0;
        for (size_t f = 0; f < out->size * in->size; f++)
            sum += projector(basis, e, f) *
                   c->weight[(row + f / in->size) * c->in.size + column + f % in->size];
        assert_near(
            (double)c->projected_weight[(row + e / in->size) * c->in.size + column + e % in->size],
            sum, 10 * NEAR_REAL);
    }
}

static void check_pairs_of(const layer_case *c, const sq_block *out, const sq_block *in) {
    sq_basis *basis = NULL;
    assert_ok(
        sq_basis_solve_product(c->group, sq_pair_rank(out, in), sq_pair_duals(out, in), &basis));
    for (size_t a = 0; a < out->count; a++)
        for (size_t b = 0; b < in->count; b++)
            check_pair(c, basis, out, in, out->offset + a * out->size, in->offset + b * in->size);
    sq_basis_destroy(&basis);
}

static void check_bias_of(const layer_case *c, const sq_block *out) {
    sq_basis *basis = NULL;
    assert_ok(sq_basis_solve(c->group, out->p, out->q, &basis));
    for (size_t at = 0; at < out->count * out->size; at++) {
        double sum = 0.0;
        size_t first = out->offset + at / out->size * out->size;
        for (size_t f = 0; f < out->size; f++)
            sum += projector(basis, at % out->size, f) * c->bias[first + f];
        assert_near((double)c->projected_bias[out->offset + at], sum, 10 * NEAR_REAL);
    }
    sq_basis_destroy(&basis);
}

static void each_pair_of_copies_is_multiplied_by_the_projector(void **state) {
    sq_rng rng = test_rng(31);
    (void)state;
    for (int k = 0; k < N_CASES; k++) {
        layer_case c = create_case(cases[k], &rng);
        for (int i = 0; i < c.out.n_blocks; i++) {
            for (int j = 0; j < c.in.n_blocks; j++)
                check_pairs_of(&c, &c.out.blocks[i], &c.in.blocks[j]);
            check_bias_of(&c, &c.out.blocks[i]);
        }
        destroy_case(&c);
    }
}

/* rho(g) W x = W rho(g) x and rho(g) b = b for the projected W and b. */
static void check_equivariance(const layer_case *c, sq_rng *rng, unsigned long long index) {
    double g[16], dual[16], x[200], gx[200], y[200], gy[200], work[200];
    assert_ok(sq_group_sample(c->group, 0.5, 1, SQ_RNG_TEST, 0, index, g, dual));
    fill_normal_double(rng, x, c->in.size);
    sq_representation_act(&c->in, g, dual, x, gx, work);
    for (size_t i = 0; i < c->out.size; i++) {
        y[i] = gy[i] = (double)c->projected_bias[i];
        for (size_t j = 0; j < c->in.size; j++) {
            y[i] += c->projected_weight[i * c->in.size + j] * x[j];
            gy[i] += c->projected_weight[i * c->in.size + j] * gx[j];
        }
    }
    sq_representation_act(&c->out, g, dual, y, y, work);
    for (size_t i = 0; i < c->out.size; i++) assert_near(y[i], gy[i], 200 * NEAR_REAL);
}

static void projected_layers_commute_with_the_group(void **state) {
    sq_rng rng = test_rng(32);
    (void)state;
    for (int k = 0; k < N_CASES; k++) {
        layer_case c = create_case(cases[k], &rng);
        for (unsigned long long index = 0; index < 5; index++) check_equivariance(&c, &rng, index);
        destroy_case(&c);
    }
}

static void projecting_twice_changes_nothing(void **state) {
    sq_rng rng = test_rng(33);
    (void)state;
    for (int k = 0; k < N_CASES; k++) {
        layer_case c = create_case(cases[k], &rng);
        sq_projection_weight(&c.projection, c.projected_weight, 0, c.weight, c.scratch);
        for (size_t e = 0; e < c.count; e++)
            assert_near((double)c.weight[e], (double)c.projected_weight[e], 10 * NEAR_REAL);
        destroy_case(&c);
    }
}

static void beta_one_adds(void **state) {
    sq_rng rng = test_rng(34);
    layer_case c = create_case(cases[0], &rng);
    (void)state;
    for (size_t e = 0; e < c.count; e++) c.projected_weight[e] = 1;
    sq_projection_weight(&c.projection, c.weight, 1, c.projected_weight, c.scratch);
    sq_projection_weight(&c.projection, c.weight, 0, c.weight, c.scratch);
    for (size_t e = 0; e < c.count; e++)
        assert_near((double)c.projected_weight[e], 1.0 + (double)c.weight[e], NEAR_REAL);
    destroy_case(&c);
}

static void without_generators_blocks_are_left_alone(void **state) {
    sq_rng rng = test_rng(35);
    layer_case c = create_case(cases[N_CASES - 1], &rng);
    (void)state;
    for (size_t k = 0; k < c.projection.n_weight; k++)
        assert_true(sq_projection_block_is_identity(&c.projection.weight[k]));
    assert_memory_equal(c.weight, c.projected_weight, c.count * sizeof(sq_real));
    destroy_case(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_of_copies_is_multiplied_by_the_projector),
        cmocka_unit_test(projected_layers_commute_with_the_group),
        cmocka_unit_test(projecting_twice_changes_nothing),
        cmocka_unit_test(beta_one_adds),
        cmocka_unit_test(without_generators_blocks_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
