#include "train/bench.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/statistics.h"
#include "base/trace.h"
#include "train/augmentation.h"
#include "train/bench_gemms.h"
#include "train/trainer.h"

/* How long each thing is measured, and how often at least and at most. */
static const double budget_seconds = 1.0;
enum { LEAST_REPETITIONS = 5, MOST_REPETITIONS = 1000 };

static const char *const part_names[SQ_BENCH_PARTS] = {
    [SQ_BENCH_FEED] = "feed",
    [SQ_BENCH_FORWARD] = "forward",
    [SQ_BENCH_BACKWARD] = "backward",
    [SQ_BENCH_CONVERSION] = "conversion",
    [SQ_BENCH_REGULARIZER] = "regularizer",
    [SQ_BENCH_SUM] = "sum",
    [SQ_BENCH_UPDATE] = "update",
};

const char *sq_bench_part_name(sq_bench_part part) { return part_names[part]; }

void sq_bench_clear(sq_bench *bench) {
    sq_free(bench->gemms);
    memset(bench, 0, sizeof *bench);
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static sq_status time_setup(const sq_config *config, const sq_dataset_info *info, const char *cache,
                            sq_comm *comm, double *seconds) {
    sq_status status = SQ_OK;
    sq_problem problem = {0};
    SQ_TRY(sq_comm_barrier(comm));
    double began = sq_clock_seconds();
    SQ_TRY(sq_problem_create_for(config, info, cache, comm, &problem));
    SQ_TRY(sq_comm_barrier(comm));
    *seconds = sq_clock_seconds() - began;
cleanup:
    sq_problem_clear(&problem);
    return status;
}

/* The folder is filled by whoever has made a model with it before: here, `problem`. */
static sq_status measure_setup(const sq_problem *problem, const char *cache, sq_bench *bench) {
    sq_status status = SQ_OK;
    sq_config config = problem->config;
    const char *folder = config.symmetry.cache[0] ? problem->config.symmetry.cache : cache;
    config.symmetry.cache[0] = '\0';
    bench->setup_cached = NAN;
    SQ_TRY(time_setup(&config, &problem->info, NULL, problem->comm, &bench->setup_solving));
    if (folder && folder[0])
        SQ_TRY(time_setup(&config, &problem->info, folder, problem->comm, &bench->setup_cached));
cleanup:
    return status;
}

/* ---- steps and epochs ------------------------------------------------------------------------ */

/* Rank 0's clock decides for all. */
static sq_status agree_repetitions(sq_comm *comm, double seconds_each, int *repetitions) {
    double count = budget_seconds / (seconds_each > 0.0 ? seconds_each : 1.0);
    *repetitions = (int)fmin(fmax(count, LEAST_REPETITIONS), MOST_REPETITIONS);
    return sq_comm_broadcast(comm, repetitions, sizeof *repetitions);
}

/* Times of the steps and validations of some epochs. */
typedef struct {
    sq_problem *problem;
    sq_trainer *trainer;
    double *by, *level; /* (n_layers, n_types) */
    double total_level[SQ_MAX_TYPES];
    double *steps;       /* (n_steps): whole batches only */
    double *validations; /* (n_epochs) */
    double *epochs;      /* (n_epochs) */
    size_t n_steps, n_epochs;
} timed_epochs;

static sq_status create_times(timed_epochs *t, int epochs) {
    sq_status status = SQ_OK;
    size_t steps = (size_t)epochs * (size_t)sq_trainer_batches(t->trainer);
    SQ_TRY(sq_alloc(steps, sizeof *t->steps, &t->steps));
    SQ_TRY(sq_alloc((size_t)epochs, sizeof *t->validations, &t->validations));
    SQ_TRY(sq_alloc((size_t)epochs, sizeof *t->epochs, &t->epochs));
cleanup:
    return status;
}

static void clear_times(timed_epochs *t) {
    sq_free(t->steps);
    sq_free(t->validations);
    sq_free(t->epochs);
    t->steps = t->validations = t->epochs = NULL;
    t->n_steps = t->n_epochs = 0;
}

/* As if all types had been found: what moving samples costs at most. */
static void share_out(timed_epochs *t) {
    double share[SQ_MAX_TYPES];
    if (!sq_augmentation_is_found(&t->problem->config)) return;
    for (int g = 0; g < t->problem->n_types; g++)
        share[g] = SQ_TUNING_MOST_MOVED / t->problem->n_types;
    sq_trainer_share_out(t->trainer, share);
}

static sq_status create_trainer(timed_epochs *t) {
    sq_status status = SQ_OK;
    size_t n_by = (size_t)(t->problem->model->network.n_layers * t->problem->n_types);
    SQ_TRY(sq_trainer_create(t->problem, &t->trainer));
    SQ_TRY(sq_alloc(n_by, sizeof *t->by, &t->by));
    SQ_TRY(sq_alloc(n_by, sizeof *t->level, &t->level));
    share_out(t);
cleanup:
    return status;
}

static sq_status time_epoch(timed_epochs *t, int64_t epoch) {
    sq_status status = SQ_OK;
    sq_metrics metrics;
    sq_step_result result = {0};
    const sq_config *config = &t->problem->config;
    int64_t samples = sq_dataset_describe(t->problem->train)->samples;
    double began = sq_clock_seconds(), since = began;
    for (int64_t b = 0; b < sq_trainer_batches(t->trainer); b++) {
        SQ_TRY(
            sq_trainer_step(t->trainer, epoch, b, t->problem->lambda, config->train.lr, &result));
        double now = sq_clock_seconds();
        bool whole = b == 0 || (b + 1) * config->train.batch <= samples;
        if (whole) t->steps[t->n_steps++] = now - since;
        since = now;
    }
    SQ_TRY(sq_trainer_validate(t->trainer, &metrics, t->by, t->level, t->total_level));
    double now = sq_clock_seconds();
    t->validations[t->n_epochs] = now - since;
    t->epochs[t->n_epochs++] = now - began;
cleanup:
    return status;
}

static void summarize_epochs(timed_epochs *t, sq_bench *bench) {
    bench->steps_timed = (int)t->n_steps;
    bench->step = sq_median(t->steps, t->n_steps); /* sorts */
    bench->step_fastest = t->steps[0];
    bench->validation = sq_median(t->validations, t->n_epochs);
    bench->epoch = sq_median(t->epochs, t->n_epochs);
}

/* ---- parts of a step ------------------------------------------------------------------------- */

/* What the trace counted of one step. converting: seconds of its backward pass */
static void read_parts(const sq_trace *trace, double converting, double *part) {
    part[SQ_BENCH_FEED] = trace->seconds[SQ_TRACE_FEED];
    part[SQ_BENCH_FORWARD] = trace->seconds[SQ_TRACE_FORWARD];
    part[SQ_BENCH_BACKWARD] = trace->seconds[SQ_TRACE_BACKWARD] - converting;
    part[SQ_BENCH_CONVERSION] = converting;
    part[SQ_BENCH_REGULARIZER] = trace->seconds[SQ_TRACE_REGULARIZER];
    part[SQ_BENCH_SUM] = trace->seconds[SQ_TRACE_SUM];
    part[SQ_BENCH_UPDATE] = trace->seconds[SQ_TRACE_UPDATE];
}

/* Whole batches, in the order of a training but without its validations: after one the
 * regularizers' gradient is known already. times: (SQ_BENCH_PARTS, repetitions) */
static sq_status time_steps(timed_epochs *t, int repetitions, double *times) {
    sq_status status = SQ_OK;
    sq_step_result result = {0};
    double converting, part[SQ_BENCH_PARTS];
    sq_trace *trace = t->problem->trace;
    const sq_config *config = &t->problem->config;
    int64_t whole = sq_dataset_describe(t->problem->train)->samples / config->train.batch;
    if (whole == 0) whole = 1;
    sq_trainer_take_apart(t->trainer, &converting);
    for (int r = 0; r < repetitions; r++) {
        converting = 0.0;
        memset(trace->seconds, 0, sizeof trace->seconds);
        SQ_TRY(sq_trainer_step(t->trainer, r / whole, r % whole, t->problem->lambda,
                               config->train.lr, &result));
        read_parts(trace, converting, part);
        for (int k = 0; k < SQ_BENCH_PARTS; k++) times[k * repetitions + r] = part[k];
    }
cleanup:
    sq_trainer_take_apart(t->trainer, NULL);
    return status;
}

/* Of all ranks, in whole nanoseconds on the way. */
static sq_status largest(sq_comm *comm, double *seconds, size_t count) {
    sq_status status = SQ_OK;
    int64_t nanoseconds[SQ_BENCH_PARTS];
    for (size_t k = 0; k < count; k++) nanoseconds[k] = (int64_t)(seconds[k] * 1e9);
    SQ_TRY(sq_comm_max(comm, nanoseconds, count));
    for (size_t k = 0; k < count; k++) seconds[k] = (double)nanoseconds[k] * 1e-9;
cleanup:
    return status;
}

static sq_status smallest(sq_comm *comm, double *seconds) {
    double negative = -*seconds;
    sq_status status = largest(comm, &negative, 1);
    *seconds = -negative;
    return status;
}

static sq_status measure_parts(timed_epochs *t, int repetitions, double *part) {
    sq_status status = SQ_OK;
    sq_comm *comm = t->problem->comm;
    double *times = NULL;
    status = sq_alloc(SQ_BENCH_PARTS * (size_t)repetitions, sizeof *times, &times);
    if (status == SQ_OK) status = sq_trace_create(0, &t->problem->trace);
    SQ_TRY(sq_comm_agree(comm, status));
    SQ_TRY(time_steps(t, repetitions, times));
    for (int k = 0; k < SQ_BENCH_PARTS; k++)
        part[k] = sq_median(times + k * repetitions, (size_t)repetitions);
    double sum = part[SQ_BENCH_SUM];
    SQ_TRY(smallest(comm, &sum));
    SQ_TRY(largest(comm, part, SQ_BENCH_PARTS));
    part[SQ_BENCH_SUM] = sum;
cleanup:
    sq_trace_destroy(&t->problem->trace);
    sq_free(times);
    return status;
}

/* ---- steps, epochs and parts ----------------------------------------------------------------- */

/* The first epoch touches all memory and says how many more there is time for. */
static sq_status measure_epochs(sq_problem *problem, sq_bench *bench) {
    sq_status status = SQ_OK;
    sq_comm *comm = problem->comm;
    timed_epochs times = {.problem = problem};
    int epochs = 0;
    SQ_TRY(sq_comm_agree(comm, create_trainer(&times)));
    SQ_TRY(sq_comm_agree(comm, create_times(&times, 1)));
    SQ_TRY(time_epoch(&times, 0));
    SQ_TRY(agree_repetitions(comm, times.epochs[0], &epochs));
    clear_times(&times);
    SQ_TRY(sq_comm_agree(comm, create_times(&times, epochs)));
    for (int k = 0; k < epochs; k++) SQ_TRY(time_epoch(&times, k + 1));
    summarize_epochs(&times, bench);
    SQ_TRY(agree_repetitions(comm, bench->step, &epochs));
    SQ_TRY(measure_parts(&times, epochs, bench->part));
    bench->batches = sq_trainer_batches(times.trainer);
cleanup:
    clear_times(&times);
    sq_trainer_destroy(&times.trainer);
    sq_free(times.by);
    sq_free(times.level);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Two products with the basis each; what need not be projected costs nothing. */
static double projection_cost(const sq_projection_block *blocks, size_t count) {
    double cost = 0.0;
    for (size_t k = 0; k < count; k++) {
        if (sq_projection_block_is_identity(&blocks[k])) continue;
        cost += 2.0 * (double)sq_projection_block_size(&blocks[k]) * (double)blocks[k].n_invariants;
    }
    return cost;
}

/* Multiply-adds of the regularizers of all types with lambda > 0. */
static double regularizer_cost(const sq_problem *problem) {
    double cost = 0.0;
    for (int layer = 0; layer < problem->model->network.n_layers; layer++) {
        for (int type = 0; type < problem->n_types; type++) {
            const sq_projection *at = sq_model_projection(problem->model, layer, type);
            if (!at || problem->lambda[type] == 0.0) continue;
            cost += projection_cost(at->weight, at->n_weight);
            cost += projection_cost(at->bias, at->n_bias);
        }
    }
    return cost;
}

static void describe(const sq_problem *problem, sq_bench *bench) {
    bench->ranks = sq_comm_size(problem->comm);
    bench->training_samples = sq_dataset_describe(problem->train)->samples;
    bench->validation_samples = sq_dataset_describe(problem->valid)->samples;
    bench->batch = problem->config.train.batch;
    if (bench->batch > bench->training_samples) bench->batch = bench->training_samples;
    bench->parameters = sq_model_parameter_count(problem->model);
    bench->step_gflop =
        2e-9 * 3.0 * sq_network_cost(&problem->model->network) * (double)bench->batch;
    bench->regularizer_gflop = 2e-9 * regularizer_cost(problem);
}

static void derive_rates(sq_bench *bench) {
    bench->step_gflops = bench->step_gflop / bench->step;
    bench->percent_of_peak = 100.0 * bench->step_gflops / (bench->peak_gflops * bench->ranks);
    bench->regularizer_percent = 100.0 * bench->part[SQ_BENCH_REGULARIZER] / bench->step;
    bench->samples_per_second = (double)bench->batch / bench->step;
}

sq_status sq_bench_run(const sq_config *config, const char *cache, sq_comm *comm, sq_bench *bench) {
    sq_status status = SQ_OK;
    sq_problem problem = {0};
    memset(bench, 0, sizeof *bench);
    SQ_TRY(sq_problem_create(config, NULL, NULL, cache, NULL, comm, &problem));
    describe(&problem, bench);
    SQ_TRY(measure_setup(&problem, cache, bench));
    SQ_TRY(sq_comm_agree(comm, sq_bench_measure_gemms(&problem, bench)));
    SQ_TRY(measure_epochs(&problem, bench));
    derive_rates(bench);
cleanup:
    sq_problem_clear(&problem);
    if (status != SQ_OK) sq_bench_clear(bench);
    return status;
}
