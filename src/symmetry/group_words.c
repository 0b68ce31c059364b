#include "symmetry/group_words.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "base/rng.h"

/* Whether a product of generators is the identity, or the same as another one, is asked of what it
 * makes of one vector that lies nowhere special: only the identity leaves that alone. */
enum { MOST_ORDER = 1000, MOST_IMAGES = 256 };

static void fill_vector(int d, double *vector) {
    sq_rng rng = sq_rng_create(1, SQ_RNG_ELEMENT, 0, 0); /* any will do */
    for (int i = 0; i < d; i++) vector[i] = sq_rng_normal(&rng);
}

static void apply(int d, const double *h, const double *from, double *to) {
    for (int i = 0; i < d; i++) {
        to[i] = 0.0;
        for (int j = 0; j < d; j++) to[i] += h[i * d + j] * from[j];
    }
}

static bool is_same(int d, const double *a, const double *b) {
    for (int i = 0; i < d; i++)
        if (!(fabs(a[i] - b[i]) < 1e-9)) return false;
    return true;
}

/* work: (2, d) */
static int order_of(int d, const double *h, const double *vector, double *work) {
    double *image = work, *next = work + d;
    memcpy(image, vector, (size_t)d * sizeof *image);
    for (int power = 1; power <= MOST_ORDER; power++) {
        apply(d, h, image, next);
        if (is_same(d, next, vector)) return power;
        memcpy(image, next, (size_t)d * sizeof *image);
    }
    return 0;
}

/* How many products of powers there are; 0: more than are worth being looked at. */
static int count_products(const sq_group *group) {
    int count = 1;
    for (int k = 0; k < group->n_discrete; k++) {
        if (group->order[k] == 0 || group->order[k] > MOST_IMAGES / count) return 0;
        count *= group->order[k];
    }
    return count;
}

/* images: (count, d), of the vector under every product; returns how many they are. */
static int fill_images(const sq_group *group, const double *vector, double *images) {
    int d = group->dimension, count = 1;
    size_t size = (size_t)(d * d);
    memcpy(images, vector, (size_t)d * sizeof *images);
    for (int k = group->n_discrete - 1; k >= 0; k--) {
        int before = count;
        for (int power = 1; power < group->order[k]; power++)
            for (int i = 0; i < before; i++, count++)
                apply(d, group->discrete + (size_t)k * size, images + (count - before) * d,
                      images + count * d);
    }
    return count;
}

static bool is_among(int d, const double *image, const double *images, int count) {
    for (int i = 0; i < count; i++)
        if (is_same(d, image, images + i * d)) return true;
    return false;
}

/* Do the products of powers make a group, and so all of it? images: (count, d); image: (d) */
static bool are_closed(const sq_group *group, const double *images, int count, double *image) {
    int d = group->dimension;
    for (int k = 0; k < group->n_discrete; k++)
        for (int i = 0; i < count; i++) {
            apply(d, group->discrete + (size_t)(k * d * d), images + i * d, image);
            if (!is_among(d, image, images, count)) return false;
        }
    return true;
}

/* One product of powers is a word. Where that is not all, several words are multiplied: the more
 * there are the more alike elements are. Of a generator without an order that would lead far out.
 */
static sq_status set_words(sq_group *group, const double *vector, double *image) {
    enum { LEAST_WORDS = 4 };
    sq_status status = SQ_OK;
    double *images = NULL;
    int count = count_products(group), d = group->dimension;
    bool finite = true, closed = group->n_discrete < 2;
    group->words = 1;
    for (int k = 0; k < group->n_discrete; k++) finite = finite && group->order[k] > 0;
    if (!finite || closed) return SQ_OK;
    if (count > 0) {
        SQ_TRY(sq_alloc((size_t)(count * d), sizeof *images, &images));
        closed = are_closed(group, images, fill_images(group, vector, images), image);
    }
    if (!closed) group->words = d > LEAST_WORDS ? d : LEAST_WORDS;
cleanup:
    sq_free(images);
    return status;
}

sq_status sq_group_find_words(sq_group *group) {
    sq_status status = SQ_OK;
    double *vector = NULL, *work = NULL;
    size_t d = (size_t)group->dimension;
    SQ_TRY(sq_alloc(d, sizeof *vector, &vector));
    SQ_TRY(sq_alloc(2 * d, sizeof *work, &work));
    SQ_TRY(sq_alloc((size_t)group->n_discrete, sizeof *group->order, &group->order));
    fill_vector(group->dimension, vector);
    for (int k = 0; k < group->n_discrete; k++)
        group->order[k] =
            order_of(group->dimension, group->discrete + (size_t)k * d * d, vector, work);
    SQ_TRY(set_words(group, vector, work));
cleanup:
    sq_free(vector);
    sq_free(work);
    return status;
}
