#include "train/feed.h"

#include <string.h>

#include "base/memory.h"
#include "nn/lanes.h"

static sq_status create_element_buffers(const sq_problem *problem, sq_feed *feed) {
    sq_status status = SQ_OK;
    const sq_representation *in = &problem->model->input, *out = &problem->model->output;
    size_t d = (size_t)feed->augmentation->group[0]->dimension;
    SQ_TRY(sq_alloc(d * d, sizeof(double), &feed->element));
    SQ_TRY(sq_alloc(d * d, sizeof(double), &feed->inverse));
    SQ_TRY(sq_alloc(sq_larger(in->size, out->size), sizeof(double), &feed->vector));
    SQ_TRY(
        sq_alloc(sq_larger(sq_representation_largest_copy(in), sq_representation_largest_copy(out)),
                 sizeof(double), &feed->scratch));
cleanup:
    return status;
}

sq_status sq_feed_create(const sq_problem *problem, sq_dataset *dataset,
                         const sq_augmentation *augmentation, size_t most, sq_feed *feed) {
    sq_status status = SQ_OK;
    size_t n_in = problem->model->input.size, n_out = problem->model->output.size;
    memset(feed, 0, sizeof *feed);
    feed->problem = problem;
    feed->dataset = dataset;
    feed->augmentation = augmentation && augmentation->count > 0 ? augmentation : NULL;
    feed->residual = &problem->residual;
    feed->most = most;
    feed->masked = sq_dataset_describe(dataset)->masked;
    SQ_TRY(sq_alloc(most * n_in, sizeof(sq_real), &feed->input));
    SQ_TRY(sq_alloc(most * n_out, sizeof(sq_real), &feed->target));
    SQ_TRY(sq_alloc(n_out * sq_padded(most), sizeof(sq_real), &feed->target_lanes));
    if (feed->masked) {
        SQ_TRY(sq_alloc(most * n_out, sizeof(sq_real), &feed->mask));
        SQ_TRY(sq_alloc(n_out * sq_padded(most), sizeof(sq_real), &feed->mask_lanes));
    }
    SQ_TRY(sq_alloc(n_out, sizeof *feed->weight, &feed->weight));
    sq_scaling_weights(&problem->scaling, &problem->model->output, feed->weight);
    if (feed->augmentation) SQ_TRY(create_element_buffers(problem, feed));
cleanup:
    if (status != SQ_OK) sq_feed_clear(feed);
    return status;
}

void sq_feed_clear(sq_feed *feed) {
    sq_free(feed->input);
    sq_free(feed->target);
    sq_free(feed->mask);
    sq_free(feed->target_lanes);
    sq_free(feed->mask_lanes);
    sq_free(feed->weight);
    sq_free(feed->element);
    sq_free(feed->inverse);
    sq_free(feed->vector);
    sq_free(feed->scratch);
    memset(feed, 0, sizeof *feed);
}

static void move_row(const sq_feed *feed, const sq_representation *rep, sq_real *row) {
    for (size_t c = 0; c < rep->size; c++) feed->vector[c] = (double)row[c];
    sq_representation_act(rep, feed->element, feed->inverse, feed->vector, feed->vector,
                          feed->scratch);
    for (size_t c = 0; c < rep->size; c++) row[c] = (sq_real)feed->vector[c];
}

/* A group element mixes the components of a tensor: a copy of which one component does not count
 * has none that counts once it is moved. */
static void mask_whole_copies(const sq_feed *feed, size_t count) {
    const sq_representation *rep = &feed->problem->model->output;
    for (size_t k = 0; k < count; k++) {
        for (size_t at = 0; at < rep->size;) {
            size_t size = sq_representation_copy_size(rep, at);
            sq_real *copy = feed->mask + k * rep->size + at;
            sq_real all = 1;
            for (size_t e = 0; e < size; e++) all *= copy[e];
            for (size_t e = 0; e < size; e++) copy[e] = all;
            at += size;
        }
    }
}

static sq_status read_rows(sq_feed *feed, const int64_t *rows, size_t count, sq_real *input,
                           sq_real *target) {
    sq_status status = sq_dataset_read(feed->dataset, rows, count, input, target, feed->mask);
    if (status == SQ_OK && feed->masked && feed->augmentation) mask_whole_copies(feed, count);
    return status;
}

static sq_status augment_rows(sq_feed *feed, const int64_t *rows, size_t count, int64_t epoch) {
    sq_status status = SQ_OK;
    const sq_model *model = feed->problem->model;
    for (size_t k = 0; k < count; k++) {
        bool moved;
        SQ_TRY(sq_augmentation_draw(feed->augmentation, rows[k], epoch, feed->element,
                                    feed->inverse, &moved));
        if (!moved) continue;
        move_row(feed, &model->input, feed->input + k * model->input.size);
        move_row(feed, &model->output, feed->target + k * model->output.size);
    }
cleanup:
    return status;
}

static void subtract_from_columns(size_t count, size_t columns, const double *shift,
                                  sq_real *rows) {
    for (size_t c = 0; c < columns; c++) {
        if (shift[c] == 0.0) continue;
        for (size_t k = 0; k < count; k++) rows[k * columns + c] -= (sq_real)shift[c];
    }
}

static void divide_columns(size_t count, size_t columns, const double *scale, sq_real *rows) {
    for (size_t c = 0; c < columns; c++) {
        sq_real factor = (sq_real)(1.0 / scale[c]);
        if (factor == 1) continue;
        for (size_t k = 0; k < count; k++) rows[k * columns + c] *= factor;
    }
}

sq_status sq_feed_load(sq_feed *feed, const int64_t *rows, size_t count, int64_t epoch,
                       sq_real *input_lanes) {
    sq_status status = SQ_OK;
    const sq_model *model = feed->problem->model;
    size_t n_in = model->input.size, n_out = model->output.size, ld = sq_padded(count);
    SQ_TRY(read_rows(feed, rows, count, feed->input, feed->target));
    if (feed->augmentation) SQ_TRY(augment_rows(feed, rows, count, epoch));
    sq_extrapolation_add(feed->residual, -1.0, count, n_in, feed->input, feed->target);
    divide_columns(count, n_in, feed->problem->scaling.input, feed->input);
    subtract_from_columns(count, n_out, feed->problem->scaling.shift, feed->target);
    divide_columns(count, n_out, feed->problem->scaling.output, feed->target);
    sq_to_lanes(count, n_in, feed->input, ld, input_lanes);
    sq_to_lanes(count, n_out, feed->target, ld, feed->target_lanes);
    if (feed->masked) sq_to_lanes(count, n_out, feed->mask, ld, feed->mask_lanes);
cleanup:
    return status;
}

sq_status sq_feed_count(sq_feed *feed, const int64_t *rows, size_t count, double *counted) {
    size_t n_out = feed->problem->model->output.size;
    *counted = (double)(count * n_out);
    if (!feed->masked) return SQ_OK;
    sq_status status = read_rows(feed, rows, count, NULL, NULL);
    *counted = 0.0;
    for (size_t e = 0; status == SQ_OK && e < count * n_out; e++) *counted += (double)feed->mask[e];
    return status;
}
