/* softeq bench */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "cli/json.h"
#include "cli/shared_config.h"
#include "cli/verb.h"
#include "linalg/linalg.h"
#include "train/bench.h"

/* What is said of the process beside what was measured. */
typedef struct {
    double load;     /* processes that ran on this machine, mean of a minute, as it began */
    double peak_mib; /* memory of this rank */
} surroundings;

static double machine_load(void) {
    double load = NAN;
    return getloadavg(&load, 1) == 1 ? load : NAN;
}

static double peak_mib(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss / 1024.0 : NAN;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void print_setting(const sq_config *config, const sq_bench *b, const surroundings *around) {
    printf("%s, channels %" PRId64 ", %" PRId64 " layers, %zu parameters; types %s\n",
           config->model.kind, config->model.channels, config->model.layers, b->parameters,
           config->symmetry.types);
    printf("batch %" PRId64 ", microbatch %" PRId64 ", %d rank%s, %s, BLAS kernel %s\n", b->batch,
           config->train.microbatch, b->ranks, b->ranks == 1 ? "" : "s", SQ_REAL_NAME,
           sq_linalg_kernel());
    printf("machine load %.2f as it began, memory %.0f MiB a rank\n\n", around->load,
           around->peak_mib);
}

static void print_gemms(const sq_bench *b) {
    printf("matrix product                 m      n      k  times   GFLOP/s\n");
    for (size_t k = 0; k < b->n_gemms; k++) {
        const sq_gemm_shape *s = &b->gemms[k].shape;
        printf("%-25s %6zu %6zu %6zu %6d %9.1f\n", s->use, s->m, s->n, s->k, s->times,
               b->gemms[k].gflops);
    }
    printf("%-25s %6zu %6zu %6zu %6s %9.1f\n\n", "peak: one core", b->peak_order, b->peak_order,
           b->peak_order, "", b->peak_gflops);
}

static void print_time(const char *name, double seconds, double of) {
    printf("%-25s %10.1f us %7.1f %%\n", name, seconds * 1e6, 100.0 * seconds / of);
}

static void print_parts(const sq_bench *b) {
    printf("part of a step                   median of step\n");
    for (int k = 0; k < SQ_BENCH_PARTS; k++)
        print_time(sq_bench_part_name((sq_bench_part)k), b->part[k], b->step);
    print_time("whole step", b->step, b->step);
    printf("%-25s %10.1f us (of %d)\n", "fastest step", b->step_fastest * 1e6, b->steps_timed);
}

static void print_rates(const sq_bench *b) {
    printf("\nnetwork          %.4g GFLOP a step: %.1f GFLOP/s, %.1f %% of %d x %.1f\n",
           b->step_gflop, b->step_gflops, b->percent_of_peak, b->ranks, b->peak_gflops);
    printf("regularizers     %.4g GFLOP a step, %.1f %% of its time\n", b->regularizer_gflop,
           b->regularizer_percent);
    printf("samples          %.0f a second in training\n", b->samples_per_second);
    printf("validation       %.3f ms for %" PRId64 " samples\n", b->validation * 1e3,
           b->validation_samples);
    printf("epoch            %.3f ms: %" PRId64 " steps and validation\n", b->epoch * 1e3,
           b->batches);
    printf("set-up of model  %.1f ms solving all bases", b->setup_solving * 1e3);
    if (!isnan(b->setup_cached)) printf(", %.1f ms reading them", b->setup_cached * 1e3);
    printf("\n");
}

static void print_text(const sq_config *config, const sq_bench *b, const surroundings *around) {
    print_setting(config, b, around);
    print_gemms(b);
    print_parts(b);
    print_rates(b);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void json_key(const char *name) {
    sq_json_text(stdout, name);
    printf(": ");
}

static void json_text(const char *name, const char *text) {
    json_key(name);
    sq_json_text(stdout, text);
    printf(", ");
}

static void json_number(const char *name, double value) {
    json_key(name);
    sq_json_number(stdout, value);
    printf(", ");
}

static void json_setting(const sq_config *config, const sq_bench *b, const surroundings *around) {
    json_text("version", SOFTEQ_VERSION);
    json_text("precision", SQ_REAL_NAME);
    json_text("kernel", sq_linalg_kernel());
    json_text("kind", config->model.kind);
    json_text("types", config->symmetry.types);
    json_number("channels", (double)config->model.channels);
    json_number("layers", (double)config->model.layers);
    json_number("parameters", (double)b->parameters);
    json_number("ranks", b->ranks);
    json_number("batch", (double)b->batch);
    json_number("microbatch", (double)config->train.microbatch);
    json_number("training_samples", (double)b->training_samples);
    json_number("validation_samples", (double)b->validation_samples);
    json_number("machine_load", around->load);
    json_number("memory_mib", around->peak_mib);
}

static void json_rates(const sq_bench *b) {
    json_number("gemm_peak_gflops", b->peak_gflops);
    json_number("step_seconds", b->step);
    json_number("step_fastest_seconds", b->step_fastest);
    json_number("steps_timed", b->steps_timed);
    json_number("steps_per_epoch", (double)b->batches);
    json_number("validation_seconds", b->validation);
    json_number("epoch_seconds", b->epoch);
    json_number("setup_solving_seconds", b->setup_solving);
    json_number("setup_cached_seconds", b->setup_cached);
    json_number("step_gflop", b->step_gflop);
    json_number("regularizer_gflop", b->regularizer_gflop);
    json_number("step_gflops", b->step_gflops);
    json_number("percent_of_peak", b->percent_of_peak);
    json_number("regularizer_percent", b->regularizer_percent);
    json_number("samples_per_second", b->samples_per_second);
}

static void json_parts(const sq_bench *b) {
    json_key("part_seconds");
    for (int k = 0; k < SQ_BENCH_PARTS; k++) {
        printf(k == 0 ? "{" : ", ");
        json_key(sq_bench_part_name((sq_bench_part)k));
        sq_json_number(stdout, b->part[k]);
    }
    printf("}, ");
}

static void json_gemms(const sq_bench *b) {
    json_key("gemm");
    printf("[");
    for (size_t k = 0; k < b->n_gemms; k++) {
        const sq_gemm_shape *s = &b->gemms[k].shape;
        printf(k == 0 ? "{" : ", {");
        json_text("use", s->use);
        printf("\"m\": %zu, \"n\": %zu, \"k\": %zu, \"times\": %d, ", s->m, s->n, s->k, s->times);
        json_key("gflops");
        sq_json_number(stdout, b->gemms[k].gflops);
        printf("}");
    }
    printf("]");
}

static void print_json(const sq_config *config, const sq_bench *b, const surroundings *around) {
    printf("{");
    json_setting(config, b, around);
    json_rates(b);
    json_parts(b);
    json_gemms(b);
    printf("}\n");
}

/* ---- the verb -------------------------------------------------------------------------------- */

static sq_status run_bench(const sq_call *call) {
    sq_status status;
    sq_config config;
    sq_bench bench = {0};
    surroundings around = {.load = machine_load()};
    const char *file = call->options->n_operands > 0 ? call->options->operands[0] : NULL;
    SQ_TRY(sq_share_config(call, file, "data.task=inertia", &config));
    SQ_TRY(sq_bench_run(&config, call->cache, call->comm, &bench));
    around.peak_mib = peak_mib();
    if (sq_comm_rank(call->comm) > 0) goto cleanup;
    if (sq_option_is_given(call->options, SQ_OPTION_JSON))
        print_json(&config, &bench, &around);
    else
        print_text(&config, &bench, &around);
cleanup:
    sq_bench_clear(&bench);
    return status;
}

const sq_verb sq_verb_bench = {
    .name = "bench",
    .operands = "[CONFIG.ini]",
    .help = "measure how fast a configuration trains here; without one, the inertia experiment's",
    .least_operands = 0,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_SET) | SQ_ACCEPT(SQ_OPTION_JSON),
    .parallel = true,
    .run = run_bench,
};
