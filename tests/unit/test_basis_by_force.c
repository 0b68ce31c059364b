/* Bases of invariants against brute force: the null space of explicit Kronecker products. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "linalg/linalg.h"
#include "near.h"
#include "scratch.h"
#include "symmetry/basis.h"

enum { MOST = 81, MOST_GENERATORS = 4, TRIALS = 300 };

/* Generators on the stack; what sq_group points to. */
typedef struct {
    sq_group group;
    double lie[MOST_GENERATORS * 16], discrete[MOST_GENERATORS * 16];
} given_group;

static void multiply(int n, const double *a, const double *b, double *c) {
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            c[i * n + j] = 0.0;
            for (int k = 0; k < n; k++) c[i * n + j] += a[i * n + k] * b[k * n + j];
        }
    }
}

static void set_identity(int n, double *a) {
    for (int e = 0; e < n * n; e++) a[e] = e % (n + 1) == 0;
}

/* ---- the null space by force ----------------------------------------------------------------- */

/* c = a (x) b, a: (n,n), b: (m,m). */
static void kronecker(int n, const double *a, int m, const double *b, double *c) {
    for (int i = 0; i < n * m; i++)
        for (int j = 0; j < n * m; j++)
            c[i * n * m + j] = a[i / m * n + j / m] * b[i % m * m + j % m];
}

/* m, or what it is on V*: -m^T in the Lie algebra, m^-T in the group. */
static void on_factor(int d, const double *m, bool lie, bool dual, double *out) {
    double work[16];
    memcpy(work, m, (size_t)(d * d) * sizeof *work);
    if (dual && !lie) assert_ok(sq_invert((size_t)d, work));
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            out[i * d + j] = dual ? (lie ? -work[j * d + i] : work[j * d + i]) : work[i * d + j];
}

/* The product over factors of m (of the identity on all but `only`, if that is not -1). */
static void product_matrix(int d, int rank, sq_duals duals, const double *m, bool lie, int only,
                           double *out) {
    static double before[MOST * MOST];
    int size = 1;
    out[0] = 1.0;
    for (int factor = 0; factor < rank; factor++) {
        double here[16];
        set_identity(d, here);
        if (only < 0 || only == factor) on_factor(d, m, lie, duals >> factor & 1, here);
        memcpy(before, out, (size_t)(size * size) * sizeof *out);
        kronecker(size, before, d, here, out);
        size *= d;
    }
}

/* gram += D^T D */
static void add_gram(int size, const double *constraint, double *gram) {
    for (int i = 0; i < size; i++)
        for (int j = 0; j < size; j++)
            for (int k = 0; k < size; k++)
                gram[i * size + j] += constraint[k * size + i] * constraint[k * size + j];
}

static void constraint_gram(const sq_group *group, int rank, sq_duals duals, int size,
                            double *gram) {
    static double constraint[MOST * MOST], part[MOST * MOST];
    int d = group->dimension;
    memset(gram, 0, (size_t)(size * size) * sizeof *gram);
    for (int g = 0; g < group->n_lie; g++) {
        memset(constraint, 0, sizeof constraint);
        for (int factor = 0; factor < rank; factor++) {
            product_matrix(d, rank, duals, group->lie + g * d * d, true, factor, part);
            for (int e = 0; e < size * size; e++) constraint[e] += part[e];
        }
        add_gram(size, constraint, gram);
    }
    for (int g = 0; g < group->n_discrete; g++) {
        product_matrix(d, rank, duals, group->discrete + g * d * d, false, -1, constraint);
        for (int i = 0; i < size; i++) constraint[i * size + i] -= 1.0;
        add_gram(size, constraint, gram);
    }
}

/* Projector on the null space; its dimension is returned. gram is overwritten. */
static size_t null_projector(int size, double *gram, double *projector) {
    double values[MOST];
    size_t count = 0;
    assert_ok(sq_eigen_symmetric((size_t)size, gram, values));
    memset(projector, 0, (size_t)(size * size) * sizeof *projector);
    double largest = fmax(1.0, values[size - 1]);
    for (int v = 0; v < size && values[v] < 1e-12 * largest; v++, count++)
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                projector[i * size + j] += gram[v * size + i] * gram[v * size + j];
    return count;
}

/* False if it is refused, which is only for generators that are nearly singular. */
static bool agrees_by_force(const sq_group *group, int rank, sq_duals duals) {
    static double gram[MOST * MOST], projector[MOST * MOST];
    sq_basis *basis = NULL;
    int size = (int)lround(pow(group->dimension, rank));
    sq_status status = sq_basis_solve_product(group, rank, duals, &basis);
    if (status == SQ_ERR_NUMERIC) return false;
    assert_ok(status);
    constraint_gram(group, rank, group->orthogonal ? 0 : duals, size, gram);
    assert_int_equal(basis->count, null_projector(size, gram, projector));
    for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
            double sum = 0.0;
            for (size_t v = 0; v < basis->count; v++) {
                const double *row = basis->vectors + v * basis->dimension;
                sum += row[i] * row[j];
            }
            assert_near(sum, projector[i * size + j], 1e-8);
        }
    }
    sq_basis_destroy(&basis);
    return true;
}

/* ---- random groups --------------------------------------------------------------------------- */

static void start_group(int d, given_group *given) {
    memset(given, 0, sizeof *given);
    given->group.dimension = d;
    given->group.lie = given->lie;
    given->group.discrete = given->discrete;
    strcpy(given->group.name, "random");
}

static double *add(given_group *given, bool lie) {
    sq_group *group = &given->group;
    int at = lie ? group->n_lie++ : group->n_discrete++;
    assert_true(at < MOST_GENERATORS);
    return (lie ? group->lie : group->discrete) + at * group->dimension * group->dimension;
}

/* Generators of a named group seen from another basis: t m t^-1. */
static void conjugate(const char *name, const double *t, given_group *given) {
    sq_group *named = NULL;
    double inverse[16], half[16];
    assert_ok(sq_group_create(name, 0, &named));
    int d = named->dimension;
    start_group(d, given);
    memcpy(inverse, t, (size_t)(d * d) * sizeof *t);
    assert_ok(sq_invert((size_t)d, inverse));
    for (int g = 0; g < named->n_lie + named->n_discrete; g++) {
        bool lie = g < named->n_lie;
        const double *m =
            lie ? named->lie + g * d * d : named->discrete + (g - named->n_lie) * d * d;
        multiply(d, t, m, half);
        multiply(d, half, inverse, add(given, lie));
    }
    sq_group_destroy(&named);
}

static const char *const conjugated[] = {"O(2)@xy",  "SO(3)",          "S(3)",       "C(4)",
                                         "D(3)",     "SO(2)",          "O(1,2)",     "Z(3)",
                                         "SO+(1,2)", "Translation(2)", "Scaling(2)", "Rotation(2)"};
enum { N_CONJUGATED = sizeof conjugated / sizeof *conjugated };

static int dimension_of(const char *name) {
    sq_group *group = NULL;
    assert_ok(sq_group_create(name, 0, &group));
    int dimension = group->dimension;
    sq_group_destroy(&group);
    return dimension;
}

/* One of the named groups in a random basis, orthonormal or not, on a random tensor product. */
static void check_conjugate(sq_rng *rng, const char *name, bool orthonormal) {
    given_group given;
    double t[16];
    int d = dimension_of(name);
    for (int e = 0; e < d * d; e++)
        t[e] = (orthonormal ? 0.0 : e % (d + 1) == 0) + 0.2 * sq_rng_normal(rng);
    if (orthonormal) assert_ok(sq_orthonormalise((size_t)d, (size_t)d, t));
    conjugate(name, t, &given);
    int rank = (int)sq_rng_below(rng, d == 2 ? 6 : 4);
    print_message("%s, rank %d\n", name, rank);
    assert_true(agrees_by_force(&given.group, rank, (sq_duals)sq_rng_below(rng, 1u << rank)));
}

static void orthogonal_conjugates_agree(void **state) {
    sq_rng rng = test_rng(11);
    (void)state;
    for (int trial = 0; trial < TRIALS; trial++)
        check_conjugate(&rng, conjugated[trial % N_CONJUGATED], true);
}

static void other_conjugates_agree(void **state) {
    sq_rng rng = test_rng(12);
    (void)state;
    for (int trial = 0; trial < TRIALS; trial++)
        check_conjugate(&rng, conjugated[trial % N_CONJUGATED], false);
}

/* Away from zero: generators that almost vanish are refused, not solved. */
static double random_entry(sq_rng *rng) {
    double value = 0.5 + sq_rng_uniform(rng);
    return sq_rng_below(rng, 2) ? value : -value;
}

static void fill_random_generator(sq_rng *rng, int d, int form, double *m) {
    for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
            double value = random_entry(rng);
            if (form == 0) m[i * d + j] = value;                /* anything */
            if (form == 1) m[i * d + j] = j > i ? value : 0.0;  /* nilpotent */
            if (form == 2) m[i * d + j] = i == j ? value : 0.0; /* diagonal */
            if (form == 3 && j <= i) m[i * d + j] = i == j ? 0.0 : value;
        }
    }
    for (int i = 0; form == 3 && i < d; i++) /* antisymmetric */
        for (int j = i; j < d; j++) m[i * d + j] = -m[j * d + i];
}

static void random_lie_algebras_agree(void **state) {
    sq_rng rng = test_rng(13);
    int refused = 0;
    (void)state;
    for (int trial = 0; trial < TRIALS; trial++) {
        given_group given;
        int d = 2 + trial % 2, rank = 1 + (int)sq_rng_below(&rng, d == 2 ? 5 : 3);
        start_group(d, &given);
        for (int g = 0; g < 1 + trial % 3; g++)
            fill_random_generator(&rng, d, (trial + g) % 4, add(&given, true));
        sq_duals duals = (sq_duals)sq_rng_below(&rng, 1u << rank);
        refused += !agrees_by_force(&given.group, rank, duals);
    }
    assert_true(refused <= TRIALS / 100);
}

/* Householder reflections along oblique directions: x - 2 a (b.x)/(b.a). */
static void oblique_reflections_agree(void **state) {
    sq_rng rng = test_rng(14);
    (void)state;
    for (int trial = 0; trial < TRIALS; trial++) {
        given_group given;
        int d = 2 + trial % 2, rank = 1 + (int)sq_rng_below(&rng, d == 2 ? 5 : 3);
        start_group(d, &given);
        for (int g = 0; g < 1 + trial % 2; g++) {
            double a[3], b[3], product = 0.0, *h = add(&given, false);
            for (int i = 0; i < d; i++) a[i] = 1.0 + 0.2 * sq_rng_normal(&rng);
            for (int i = 0; i < d; i++) b[i] = 1.0 + 0.2 * sq_rng_normal(&rng);
            for (int i = 0; i < d; i++) product += a[i] * b[i];
            for (int e = 0; e < d * d; e++)
                h[e] = (e % (d + 1) == 0) - 2.0 * a[e / d] * b[e % d] / product;
        }
        assert_true(agrees_by_force(&given.group, rank, (sq_duals)sq_rng_below(&rng, 1u << rank)));
    }
}

/* In four dimensions: a rotation with two speeds, alone and with what commutes with it. */
static void two_planes_agree(void **state) {
    const double speeds[][2] = {{1, 1}, {1, 2}, {1, -1}, {2, 3}, {1, 0}};
    (void)state;
    for (size_t k = 0; k < sizeof speeds / sizeof *speeds; k++) {
        given_group given;
        start_group(4, &given);
        double *a = add(&given, true);
        a[1] = speeds[k][0], a[4] = -speeds[k][0], a[11] = speeds[k][1], a[14] = -speeds[k][1];
        for (int rank = 1; rank <= 3; rank++) assert_true(agrees_by_force(&given.group, rank, 0));
        double *swap = add(&given, false);
        swap[2] = swap[7] = swap[8] = swap[13] = 1.0;
        given.group.orthogonal = true;
        for (int rank = 1; rank <= 3; rank++) assert_true(agrees_by_force(&given.group, rank, 1));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orthogonal_conjugates_agree),
        cmocka_unit_test(other_conjugates_agree),
        cmocka_unit_test(random_lie_algebras_agree),
        cmocka_unit_test(oblique_reflections_agree),
        cmocka_unit_test(two_planes_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
