/* What a run is begun with all the same. */
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "linalg/linalg.h"
#include "symmetry/group_sample.h"
#include "train/run_internal.h"
#include "train/target_moments.h"
#include "train/unlike_copies.h"

/* The bits of a run are those of one type of CPU and one kernel. Collective. */
static sq_status warn_of_unlike_ranks(const sq_run *run) {
    sq_status status;
    char mine[256] = "", first[256];
    snprintf(mine, sizeof mine, "%.100s kernel on %s", sq_linalg_kernel(), run->cpu);
    memcpy(first, mine, sizeof first);
    SQ_TRY(sq_comm_broadcast(run->comm, first, sizeof first));
    int64_t other = strcmp(mine, first) != 0 ? sq_comm_rank(run->comm) : 0;
    SQ_TRY(sq_comm_max(run->comm, &other, 1));
    if (run->root && other > 0)
        sq_log(SQ_LOG_WARNING,
               "rank %lld has another type of CPU or kernel of the BLAS than rank 0 (%s): the bits "
               "depend on which rank runs where",
               (long long)other, first);
cleanup:
    return status;
}

/* Says on rank 0 what makes verdicts worth less, and keeps it in the log for whoever reads them. */
static sq_status warn_and_keep(const sq_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static sq_status warn_and_keep(const sq_run *run, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    sq_log(SQ_LOG_WARNING, "%s", text);
    return sq_run_log_warn(run->log, text);
}

/* Of all scalar outputs together: what one that does not vary is compared with. */
static double deviation_of_all(const sq_moments *moments, int n_output) {
    double squares = 0.0, counted = 0.0;
    for (int c = 0; c < n_output; c++) {
        squares += moments[c].squares;
        counted += moments[c].counted;
    }
    return counted > 0.0 ? sqrt(squares / counted) : 0.0;
}

/* The scalar output that is the furthest from 0 for how much it varies; -1: none varies. ratio: how
 * far in standard deviations; *deviation: of this one */
static int find_worst_offset(const sq_moments *moments, int n_output, double *ratio,
                             double *deviation) {
    double all = deviation_of_all(moments, n_output);
    int found = -1;
    *ratio = 0.0;
    for (int c = 0; all > 0.0 && c < n_output; c++) {
        if (moments[c].counted == 0.0) continue;
        double own = sqrt(moments[c].squares / moments[c].counted);
        double here = fabs(moments[c].mean) / (own > 0.0 ? own : all);
        if (found >= 0 && here <= *ratio) continue;
        *ratio = here;
        *deviation = own;
        found = c;
    }
    return found;
}

/* Beside an offset, errors relative to the outputs' size are small whatever the network does.
 * moments: zero of tensors */
static sq_status warn_of_offset(const sq_run *run, const sq_moments *moments) {
    static const double most = 5.0; /* standard deviations */
    double ratio, deviation = 0.0;
    const int n_output = (int)run->problem.model->output.size;
    int worst = find_worst_offset(moments, n_output, &ratio, &deviation);
    if (worst < 0 || !(ratio > most)) return SQ_OK;
    return warn_and_keep(
        run,
        "output %d of the targets (the first is 0) is %.4g +- %.2g: equivariance errors are "
        "relative to its size, and it is learned slowly; set data.scale = standardize",
        worst, moments[worst].mean, deviation);
}

/* Trajectories have one unit. */
static bool may_be_unlike(const sq_problem *problem) {
    const sq_representation *output = &problem->model->output;
    size_t copies = 0;
    for (int k = 0; k < output->n_blocks; k++) copies += output->blocks[k].count;
    return copies > 1 && !problem->info.trajectory;
}

/* What hardly counts beside others may break types that seem to hold. */
static sq_status warn_of_unlike_copies(const sq_run *run, const sq_moments *moments) {
    static const double most = 10.0;
    const sq_problem *problem = &run->problem;
    const char *scale = problem->config.data.scale;
    bool fitted = strcmp(scale, "fit") == 0 || strcmp(scale, "standardize") == 0;
    char smaller[128], larger[128];
    sq_unlike_copies found;
    sq_unlike_copies_find(&problem->model->output, moments, problem->scaling.output, fitted,
                          &found);
    if (found.ratio <= most) return SQ_OK;
    sq_copy_format(&problem->model->output, &found.smaller, smaller, sizeof smaller);
    sq_copy_format(&problem->model->output, &found.larger, larger, sizeof larger);
    return warn_and_keep(
        run,
        "size of the targets' %s: %.2g of that of %s (the first is 0), whose scale they share: "
        "they hardly count, so that types that they break may seem to hold; %s",
        smaller, 1.0 / found.ratio, larger,
        found.smaller.block != found.larger.block
            ? "set data.scale = fit, by which each representation has its own"
            : "give both in units in which they are about as large, or train on each in a run of "
              "its own");
}

static void forget_tensors(const sq_representation *output, sq_moments *moments) {
    for (int k = 0; k < output->n_blocks; k++) {
        const sq_block *block = &output->blocks[k];
        if (sq_block_is_scalar(block)) continue;
        memset(moments + block->offset, 0, block->count * block->size * sizeof *moments);
    }
}

/* Collective. */
static sq_status warn_of_targets(const sq_run *run) {
    enum { MOST_CHUNKS = 4 }; /* enough to see it, where the data is larger than memory */
    sq_status status = SQ_OK;
    const sq_problem *problem = &run->problem;
    const sq_representation *output = &problem->model->output;
    const bool unlike = may_be_unlike(problem);
    const bool offset = strcmp(problem->config.data.scale, "standardize") != 0;
    sq_moments *moments = NULL;
    if (!unlike && !offset) return SQ_OK;
    SQ_TRY(sq_comm_agree(run->comm, sq_alloc(output->size, sizeof *moments, &moments)));
    SQ_TRY(sq_target_moments_measure(output, unlike, &problem->residual, &problem->alive,
                                     problem->train, MOST_CHUNKS, run->comm, moments));
    if (run->root && unlike) status = warn_of_unlike_copies(run, moments);
    forget_tensors(output, moments);
    if (run->root && offset && status == SQ_OK) status = warn_of_offset(run, moments);
    SQ_TRY(sq_comm_agree(run->comm, status));
cleanup:
    sq_free(moments);
    return status;
}

/* How far an element moves the inputs, beside their size. moved: (n_in), scratch: (largest copy) */
static double distance_moved(const sq_representation *rep, size_t rows, const sq_real *input,
                             const double *element, const double *inverse, double *moved,
                             double *scratch) {
    double distance = 0.0, size = 0.0;
    for (size_t row = 0; row < rows; row++) {
        const sq_real *x = input + row * rep->size;
        for (size_t c = 0; c < rep->size; c++) moved[c] = (double)x[c];
        sq_representation_act(rep, element, inverse, moved, moved, scratch);
        for (size_t c = 0; c < rep->size; c++) {
            distance += (moved[c] - (double)x[c]) * (moved[c] - (double)x[c]);
            size += (double)x[c] * (double)x[c];
        }
    }
    return size > 0.0 ? sqrt(distance / size) : NAN;
}

/* The most that a few elements of a type move these inputs. *most: 0 for orthogonal groups, which
 * are not asked: theirs have no size of their own. work: (2 d^2 + rep->size + largest copy) */
static sq_status measure_moves(const sq_problem *problem, int type, size_t rows,
                               const sq_real *input, double *work, double *most) {
    enum { ELEMENTS = 20 };
    sq_status status = SQ_OK;
    const sq_representation *rep = &problem->model->input;
    size_t size = (size_t)(rep->d * rep->d);
    double *element = work, *inverse = work + size, *moved = work + 2 * size;
    *most = 0.0;
    for (uint64_t k = 0; k < ELEMENTS && !problem->types[type]->orthogonal; k++) {
        SQ_TRY(sq_group_sample_moving(problem->types[type], 1.0,
                                      (uint64_t)problem->config.train.seed, SQ_RNG_ELEMENT, k,
                                      element, inverse));
        *most = fmax(*most,
                     distance_moved(rep, rows, input, element, inverse, moved, moved + rep->size));
    }
cleanup:
    return status;
}

/* A translation by 1 is nothing beside positions in the hundreds, and any function all but keeps
 * still under it. */
static sq_status warn_of_small_elements(const sq_run *run) {
    enum { ROWS = 64 };
    static const double least = 0.05;
    sq_status status = SQ_OK;
    const sq_problem *problem = &run->problem;
    const sq_representation *rep = &problem->model->input;
    size_t rows = (size_t)sq_dataset_describe(problem->train)->samples;
    int64_t number[ROWS];
    sq_real *input = NULL;
    double *work = NULL, most = 0.0;
    if (rows > ROWS) rows = ROWS;
    for (size_t k = 0; k < rows; k++) number[k] = (int64_t)k;
    SQ_TRY(sq_alloc(rows * rep->size, sizeof *input, &input));
    SQ_TRY(sq_alloc((size_t)(2 * rep->d * rep->d) + rep->size + sq_representation_largest_copy(rep),
                    sizeof *work, &work));
    SQ_TRY(sq_dataset_read(problem->train, number, rows, input, NULL, NULL));
    for (int g = 0; g < problem->n_types; g++) {
        SQ_TRY(measure_moves(problem, g, rows, input, work, &most));
        if (most == 0.0 || most >= least) continue;
        SQ_TRY(warn_and_keep(
            run,
            "%s: its elements move inputs by %.2g of their size at most, so that whether it "
            "holds is hard to tell; give the inputs in units in which they are about 1",
            problem->type_names[g], most));
    }
cleanup:
    sq_free(input);
    sq_free(work);
    return status;
}

sq_status sq_run_warn(const sq_run *run) {
    sq_status status;
    SQ_TRY(warn_of_unlike_ranks(run));
    SQ_TRY(warn_of_targets(run));
    SQ_TRY(sq_comm_agree(run->comm, run->root ? warn_of_small_elements(run) : SQ_OK));
cleanup:
    return status;
}
