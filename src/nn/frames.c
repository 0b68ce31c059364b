#include "nn/frames.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "linalg/linalg.h"

enum { MOST_DIMENSIONS = 6, MOST_ELEMENTS = MOST_DIMENSIONS * MOST_DIMENSIONS };

struct sq_frames {
    const sq_representation *input, *output;
    size_t d;
    double *axes; /* (lanes, d, d): eigenvectors of each sample, row by row */
    double *vector, *scratch;
};

size_t sq_frames_count(int d) { return (size_t)1 << d; }

static bool has_vector(const sq_representation *rep) {
    for (int k = 0; k < rep->n_blocks; k++)
        if (rep->blocks[k].p + rep->blocks[k].q == 1) return true;
    return false;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

sq_status sq_frames_create(const sq_representation *input, const sq_representation *output,
                           size_t most_lanes, sq_frames **frames) {
    sq_status status = SQ_OK;
    sq_frames *f = NULL;
    *frames = NULL;
    if (input->d > MOST_DIMENSIONS || !has_vector(input))
        return sq_fail(SQ_ERR_CONFIG,
                       "model.kind = frame-averaging: it needs a vector T(1) in the input and at "
                       "most %d dimensions, since each sample is seen in 2^d frames",
                       MOST_DIMENSIONS);
    SQ_TRY(sq_alloc(1, sizeof *f, &f));
    f->input = input;
    f->output = output;
    f->d = (size_t)input->d;
    SQ_TRY(sq_alloc(most_lanes * f->d * f->d, sizeof *f->axes, &f->axes));
    SQ_TRY(sq_alloc(larger(input->size, output->size), sizeof *f->vector, &f->vector));
    SQ_TRY(sq_alloc(
        larger(sq_representation_largest_copy(input), sq_representation_largest_copy(output)),
        sizeof *f->scratch, &f->scratch));
cleanup:
    if (status != SQ_OK) sq_frames_destroy(&f);
    *frames = f;
    return status;
}

void sq_frames_destroy(sq_frames **frames) {
    if (!*frames) return;
    sq_free((*frames)->axes);
    sq_free((*frames)->vector);
    sq_free((*frames)->scratch);
    sq_free(*frames);
    *frames = NULL;
}

/* Adds x x^T of every vector of a sample to the lower triangle. */
static void add_moments(const sq_frames *f, size_t ld, const sq_real *sample, double *moments) {
    size_t d = f->d;
    for (int k = 0; k < f->input->n_blocks; k++) {
        const sq_block *block = &f->input->blocks[k];
        if (block->p + block->q != 1) continue;
        for (size_t copy = 0; copy < block->count; copy++) {
            const sq_real *x = sample + (block->offset + copy * d) * ld;
            for (size_t i = 0; i < d; i++)
                for (size_t j = 0; j <= i; j++)
                    moments[i * d + j] += (double)x[i * ld] * (double)x[j * ld];
        }
    }
}

static void find_axes(sq_frames *f, size_t ld, const sq_real *input) {
    double values[MOST_DIMENSIONS];
    for (size_t s = 0; s < ld; s++) {
        double *axes = f->axes + s * f->d * f->d;
        memset(axes, 0, f->d * f->d * sizeof *axes);
        add_moments(f, ld, input + s, axes);
        /* Fails for numbers that are not finite only, and then the loss is not finite either. */
        (void)sq_eigen_symmetric(f->d, axes, values);
    }
}

/* U of frame `frame` (its bits are the signs), or its inverse. element: (d,d) */
static void set_element(const sq_frames *f, size_t sample, size_t frame, bool inverse,
                        double *element) {
    size_t d = f->d;
    const double *axes = f->axes + sample * d * d;
    for (size_t j = 0; j < d; j++) {
        double sign = frame >> j & 1 ? -1.0 : 1.0;
        for (size_t i = 0; i < d; i++)
            element[inverse ? j * d + i : i * d + j] = sign * axes[j * d + i];
    }
}

/* to = factor rho(U) from, or += ; one sample in one frame, `from_ld` and `to_ld` apart. U is
 * orthogonal: it acts on V* as on V. */
static void move_sample(const sq_frames *f, const sq_representation *rep, const double *element,
                        const sq_real *from, size_t from_ld, double factor, bool add, sq_real *to,
                        size_t to_ld) {
    for (size_t c = 0; c < rep->size; c++) f->vector[c] = factor * (double)from[c * from_ld];
    sq_representation_act(rep, element, element, f->vector, f->vector, f->scratch);
    for (size_t c = 0; c < rep->size; c++) {
        sq_real value = (sq_real)f->vector[c];
        to[c * to_ld] = add ? to[c * to_ld] + value : value;
    }
}

void sq_frames_expand(sq_frames *frames, size_t ld, const sq_real *input, sq_real *framed) {
    double element[MOST_ELEMENTS];
    size_t count = sq_frames_count((int)frames->d);
    find_axes(frames, ld, input);
    for (size_t frame = 0; frame < count; frame++)
        for (size_t s = 0; s < ld; s++) {
            set_element(frames, s, frame, true, element);
            move_sample(frames, frames->input, element, input + s, ld, 1.0, false,
                        framed + frame * ld + s, count * ld);
        }
}

void sq_frames_average(sq_frames *frames, size_t ld, const sq_real *framed, sq_real *output) {
    double element[MOST_ELEMENTS];
    size_t count = sq_frames_count((int)frames->d);
    for (size_t frame = 0; frame < count; frame++)
        for (size_t s = 0; s < ld; s++) {
            set_element(frames, s, frame, false, element);
            move_sample(frames, frames->output, element, framed + frame * ld + s, count * ld,
                        1.0 / (double)count, frame > 0, output + s, ld);
        }
}

void sq_frames_spread(sq_frames *frames, size_t ld, const sq_real *gradient, sq_real *framed) {
    double element[MOST_ELEMENTS];
    size_t count = sq_frames_count((int)frames->d);
    for (size_t frame = 0; frame < count; frame++)
        for (size_t s = 0; s < ld; s++) {
            set_element(frames, s, frame, true, element); /* rho(U)^T = rho(U^-1) */
            move_sample(frames, frames->output, element, gradient + s, ld, 1.0 / (double)count,
                        false, framed + frame * ld + s, count * ld);
        }
}
