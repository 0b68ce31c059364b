/* softeq watch: follows a run by the log that it keeps. */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/statistics.h"
#include "base/text.h"
#include "cli/progress.h"
#include "cli/terminal.h"
#include "cli/types_table.h"
#include "cli/verb.h"
#include "cli/words.h"
#include "train/run_record.h"

enum { RECENT_EPOCHS = 20 };

static const double look_seconds = 1.0;
static const double silence_seconds = 120.0; /* without a word, that is worth telling */

enum { PATH_CAPACITY = SQ_RECORD_FOLDER + 32 };

/* What was seen of the log last. */
typedef struct {
    struct timespec changed;
    int width;
} sight;

static void rest(void) {
    const struct timespec pause = {.tv_sec = (time_t)look_seconds};
    nanosleep(&pause, NULL);
}

/* The mean time of the last epochs; NaN if that of none is known. */
static double epoch_seconds(const sq_run_record *record) {
    sq_running_sums sums = {0};
    for (int64_t k = record->epochs - 1; k >= 0 && k >= record->epochs - RECENT_EPOCHS; k--)
        sq_running_add(&sums, record->seconds[k]);
    return sq_running_spread(&sums).mean;
}

/* The state as training itself would tell it. names: (SQ_MAX_TYPES) */
static sq_run_progress progress_of(const sq_run_record *record, const char **names) {
    int64_t row = record->epochs - 1;
    double seconds = epoch_seconds(record);
    for (int g = 0; g < record->n_types; g++) names[g] = record->type_names[g];
    return (sq_run_progress){
        .epoch = record->epochs,
        .epochs = record->config.train.epochs,
        .train_loss = record->train_loss[row],
        .train_mse = record->train_mse[row],
        .valid_mse = record->valid_mse[row],
        .metric = record->metric[row],
        .metric_name =
            strncmp(record->metric_name, "valid_", 6) == 0 ? record->metric_name + 6 : NULL,
        .seconds_left = seconds * (double)(record->config.train.epochs - record->epochs),
        .samples_per_second = (double)record->training_samples / seconds,
        .n_types = record->n_types,
        .type_names = names,
        .lambda = record->lambda + row * record->n_types,
        .symmetry_level = record->total_symmetry_level + row * record->n_types,
    };
}

static void print_state(const sq_run_record *record, int width) {
    char text[SQ_PROGRESS_TEXT] = "no epoch is logged yet", age[SQ_WORDS_NUMBER];
    const char *names[SQ_MAX_TYPES];
    if (record->epochs > 0) {
        const sq_run_progress progress = progress_of(record, names);
        sq_progress_format(&progress, width, text);
    }
    printf("%s%s", width > 0 ? "\r\033[K" : "", text);
    if (record->age > silence_seconds && record->state[0] == 'r') {
        sq_format_duration(record->age, age);
        printf("  (no word for %s: is it still alive?)", age);
    }
    if (width == 0) printf("\n");
    fflush(stdout);
}

/* The last row of the log as a table. */
static void print_end(const sq_run_record *record, int width) {
    int64_t first = (record->epochs - 1) * record->n_types, held_from[SQ_MAX_TYPES];
    if (width > 0) printf("\n");
    printf("%s: %s after epoch %lld\n", record->folder, record->state, (long long)record->epochs);
    if (record->epochs == 0) return;
    for (int g = 0; g < record->n_types; g++) held_from[g] = sq_run_record_held_from(record, g);
    sq_print_types(&(sq_types_table){.count = record->n_types,
                                     .names = (const char(*)[256])record->type_names,
                                     .lambda = record->lambda + first,
                                     .share = record->augment_share + first,
                                     .symmetry_level = record->total_symmetry_level + first,
                                     .equivariance_error = record->equivariance_error + first,
                                     .epoch = record->epochs - 1,
                                     .held_from = held_from});
}

/* A folder that is not there yet has to have a place to come to. */
static sq_status check_parent(const char *folder) {
    char copy[SQ_RECORD_FOLDER];
    struct stat at;
    sq_copy_bounded(copy, sizeof copy, folder);
    const char *parent = dirname(copy);
    if (stat(parent, &at) != 0)
        return sq_fail(SQ_ERR_IO, "%s: cannot become a run: %s: %s", folder, parent,
                       strerror(errno));
    if (S_ISDIR(at.st_mode)) return SQ_OK;
    return sq_fail(SQ_ERR_IO, "%s: cannot become a run: %s is no folder", folder, parent);
}

/* That the folder is one, or may become one if nothing of a run was seen in it yet. */
static sq_status check_folder(const char *folder, const sight *seen) {
    struct stat at;
    bool is_there = stat(folder, &at) == 0;
    if (is_there && S_ISDIR(at.st_mode)) return SQ_OK;
    if (is_there) return sq_fail(SQ_ERR_IO, "%s: is a file, not the folder of a run", folder);
    if (errno == ENOENT && seen->changed.tv_sec == 0) return check_parent(folder);
    return sq_fail(SQ_ERR_IO, "%s: %s", folder, strerror(errno));
}

static bool has_file(const char *folder, const char *name, struct stat *at) {
    char path[PATH_CAPACITY];
    snprintf(path, sizeof path, "%.*s/%s", SQ_RECORD_FOLDER, folder, name);
    return stat(path, at) == 0;
}

/* One may watch a run before it begins; but nothing may come of a folder that was misspelt. */
static void say_what_is_awaited(const char *folder) {
    struct stat at;
    if (has_file(folder, "config.ini", &at))
        fprintf(stderr, "softeq: %s: the run has no log yet: waiting for its first epoch\n",
                folder);
    else
        fprintf(stderr,
                "softeq: %s: there is no run yet: waiting for `softeq train CONFIG --run` of this "
                "folder\n",
                folder);
}

/* Has the log been replaced since the last look? A log that is not there yet has not. */
static sq_status look(const char *folder, sight *seen, bool *changed) {
    struct stat at;
    *changed = false;
    sq_status status = check_folder(folder, seen);
    if (status != SQ_OK || !has_file(folder, "log.nc", &at)) return status;
    *changed =
        at.st_mtim.tv_sec != seen->changed.tv_sec || at.st_mtim.tv_nsec != seen->changed.tv_nsec;
    seen->changed = at.st_mtim;
    return SQ_OK;
}

static sq_status follow(const char *folder, sight *seen, bool *over) {
    sq_run_record record;
    bool changed;
    sq_status status = look(folder, seen, &changed);
    bool silent = difftime(time(NULL), seen->changed.tv_sec) > silence_seconds;
    bool tell = changed || (silent && seen->changed.tv_sec != 0 && seen->width > 0);
    if (status != SQ_OK || !tell) return status;
    status = sq_run_record_read(folder, &record);
    if (status != SQ_OK) return status;
    print_state(&record, seen->width);
    *over = record.state[0] != 'r';
    if (*over) print_end(&record, seen->width);
    sq_run_record_clear(&record);
    return SQ_OK;
}

static sq_status say_once(const char *folder) {
    sq_run_record record;
    char age[SQ_WORDS_NUMBER];
    sq_status status = sq_run_record_read(folder, &record);
    if (status != SQ_OK) return status;
    sq_format_duration(record.age, age);
    print_state(&record, 0);
    printf("%s: %s, logged %s ago\n", folder, record.state, age);
    sq_run_record_clear(&record);
    return SQ_OK;
}

static sq_status run_watch(const sq_call *call) {
    const char *folder = call->options->operands[0];
    sight seen = {.width = sq_terminal_width()};
    bool over = false;
    if (sq_option_is_given(call->options, SQ_OPTION_ONCE)) return say_once(folder);
    sq_status status = follow(folder, &seen, &over);
    if (status == SQ_OK && seen.changed.tv_sec == 0) say_what_is_awaited(folder);
    while (status == SQ_OK && !over) {
        rest();
        status = follow(folder, &seen, &over);
    }
    return status;
}

const sq_verb sq_verb_watch = {
    .name = "watch",
    .operands = "DIR",
    .help = "follow a run from another terminal until it ends",
    .least_operands = 1,
    .most_operands = 1,
    .accepts = SQ_ACCEPT(SQ_OPTION_ONCE),
    .run = run_watch,
};
