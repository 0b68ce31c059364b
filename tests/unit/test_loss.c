/* Errors of a microbatch and their gradients, by hand and by finite differences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "near.h"
#include "nn/lanes.h"
#include "nn/loss.h"
#include "small_model.h"

enum { SIZE = 2, OUTPUTS = 6, SAMPLES = 5 };

/* Three positions in the plane for each sample, in lanes. */
typedef struct {
    size_t ld;
    sq_real *y, *target, *mask, *dy;
} lanes;

static lanes create_lanes(void) {
    lanes l = {.ld = sq_padded(SAMPLES)};
    sq_rng rng = test_rng(191);
    sq_real **arrays[] = {&l.y, &l.target, &l.mask, &l.dy};
    for (int k = 0; k < 4; k++) *arrays[k] = allocate(OUTPUTS * l.ld, sizeof(sq_real));
    fill_normal(&rng, l.y, OUTPUTS * l.ld);
    fill_normal(&rng, l.target, OUTPUTS * l.ld);
    for (size_t e = 0; e < OUTPUTS * l.ld; e++) l.mask[e] = sq_rng_below(&rng, 4) > 0;
    return l;
}

static void destroy_lanes(lanes *l) {
    sq_free(l->y), sq_free(l->target), sq_free(l->mask), sq_free(l->dy);
}

static double distances(const lanes *l, const sq_real *mask, double scale) {
    return sq_distance_error(SIZE, OUTPUTS, SAMPLES, l->ld, l->y, l->target, mask, scale, l->dy);
}

static void distances_are_those_of_positions(void **state) {
    lanes l = create_lanes();
    double sum = 0.0;
    (void)state;
    for (size_t c = 0; c < OUTPUTS; c += SIZE)
        for (size_t s = 0; s < SAMPLES; s++) {
            double x = (double)l.y[c * l.ld + s] - (double)l.target[c * l.ld + s];
            double z = (double)l.y[(c + 1) * l.ld + s] - (double)l.target[(c + 1) * l.ld + s];
            sum += sqrt(x * x + z * z);
        }
    assert_near(distances(&l, NULL, 1.0), sum, 10 * NEAR_REAL);
    destroy_lanes(&l);
}

static void gradients_of_distances_are_differences(void **state) {
    const double step = 1e-3, scale = 0.7;
    lanes l = create_lanes();
    (void)state;
    for (size_t c = 0; c < OUTPUTS; c++)
        for (size_t s = 0; s < SAMPLES; s++) {
            size_t at = c * l.ld + s;
            sq_real here = l.y[at];
            l.y[at] = (sq_real)((double)here + step);
            double above = distances(&l, l.mask, scale);
            l.y[at] = (sq_real)((double)here - step);
            double below = distances(&l, l.mask, scale);
            l.y[at] = here;
            distances(&l, l.mask, scale);
            assert_near((double)l.dy[at], scale * (above - below) / (2 * step), 2e-3);
        }
    for (size_t c = 0; c < OUTPUTS; c++)
        for (size_t s = SAMPLES; s < l.ld; s++) assert_near((double)l.dy[c * l.ld + s], 0, 0);
    destroy_lanes(&l);
}

static void where_nothing_is_left_there_is_no_gradient(void **state) {
    lanes l = create_lanes();
    (void)state;
    memcpy(l.y, l.target, OUTPUTS * l.ld * sizeof *l.y);
    assert_near(distances(&l, NULL, 1.0), 0, 0);
    for (size_t e = 0; e < OUTPUTS * l.ld; e++) assert_near((double)l.dy[e], 0, 0);
    destroy_lanes(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_positions),
        cmocka_unit_test(gradients_of_distances_are_differences),
        cmocka_unit_test(where_nothing_is_left_there_is_no_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
