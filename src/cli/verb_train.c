/* softeq train */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "cli/progress.h"
#include "cli/shared_config.h"
#include "cli/signals.h"
#include "cli/types_table.h"
#include "cli/verb.h"
#include "cli/watchdog.h"
#include "softeq/run.h"
#include "train/settings.h"

/* selected_by: the error that summary->best_valid is */
static void print_summary(const sq_run_summary *summary, const char *selected_by,
                          const char *folder) {
    printf("%s: %" PRId64 " %s in %.1f s%s\n", folder, summary->epochs,
           sq_number_word(summary->epochs, "epoch", "epochs"), summary->seconds,
           summary->stopped_early ? ", stopped early" : "");
    if (summary->best_epoch >= 0)
        printf("best.nc: epoch %" PRId64 ", valid %s %.6g, content_hash %s\n",
               summary->best_epoch + 1, selected_by, summary->best_valid, summary->content_hash);
    else
        printf("best.nc: the last model, since none was selected\n");
    sq_print_types(&(sq_types_table){
        .count = summary->n_types,
        .names = summary->type_names,
        .lambda = summary->lambda,
        .share = summary->augment_share,
        .symmetry_level = summary->symmetry_level,
        .equivariance_error = summary->equivariance_error,
        .epoch = summary->best_epoch >= 0 ? summary->best_epoch : summary->epochs - 1,
        .held_from = summary->held_from});
}

/* What is done as often as something begins. */
typedef struct {
    sq_watchdog *watchdog;
    const sq_progress_line *line; /* NULL on ranks that do not speak */
} pulse;

static void beat(const char *operation, int64_t step, void *context) {
    const pulse *p = context;
    sq_watchdog_beat(operation, step, p->watchdog);
    if (sq_signals_asked_for_state() && p->line) sq_progress_line_tell(p->line, operation, step);
}

static sq_status find_verbosity(const sq_options *options, sq_verbosity *verbosity) {
    bool quiet = sq_option_is_given(options, SQ_OPTION_QUIET);
    bool verbose = sq_option_is_given(options, SQ_OPTION_VERBOSE);
    *verbosity = quiet ? SQ_QUIET : verbose ? SQ_VERBOSE : SQ_NORMAL;
    if (quiet && verbose)
        return sq_fail(SQ_ERR_ARGUMENT, "--quiet and --verbose exclude each other");
    return SQ_OK;
}

static sq_status run_train(const sq_call *call) {
    sq_status status;
    sq_config config;
    sq_run_summary summary;
    sq_verbosity verbosity;
    pulse heart = {0};
    sq_progress_line line;
    sq_run_options run = {
        .resume = sq_option_is_given(call->options, SQ_OPTION_RESUME),
        .history = call->history,
        .cache = call->cache,
        .trace = sq_option_value(call->options, SQ_OPTION_TRACE),
        .observer = sq_progress_line_show,
        .observer_context = &line,
        .stop = sq_signals_received(),
    };
    SQ_TRY(find_verbosity(call->options, &verbosity));
    line = sq_progress_line_create(verbosity);
    if (sq_comm_rank(call->comm) == 0) heart.line = &line;
    SQ_TRY(sq_option_require(call->options, SQ_OPTION_RUN, &run.folder));
    SQ_TRY(sq_share_config(call, call->options->operands[0], NULL, &config));
    SQ_TRY(sq_comm_agree(
        call->comm, sq_watchdog_create(call->comm, config.train.stall_seconds, &heart.watchdog)));
    run.heartbeat = beat;
    run.heartbeat_context = &heart;
    SQ_TRY(sq_train(&config, &run, call->comm, &summary));
    const char *selected_by = sq_settings_have_distances(&config) ? "ade" : "mse";
    if (heart.line && verbosity != SQ_QUIET) print_summary(&summary, selected_by, run.folder);
cleanup:
    sq_watchdog_destroy(&heart.watchdog);
    return status;
}

const sq_verb sq_verb_train = {
    .name = "train",
    .operands = "CONFIG.ini",
    .help = "train on all ranks of mpirun; leaves log.nc, best.nc and checkpoints in DIR",
    .least_operands = 1,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_RUN) | SQ_ACCEPT(SQ_OPTION_SET) | SQ_ACCEPT(SQ_OPTION_RESUME) |
               SQ_ACCEPT(SQ_OPTION_TRACE) | SQ_ACCEPT(SQ_OPTION_QUIET) |
               SQ_ACCEPT(SQ_OPTION_VERBOSE) | SQ_ACCEPT(SQ_OPTION_HELP_CONFIG),
    .parallel = true,
    .stoppable = true,
    .run = run_train,
};
