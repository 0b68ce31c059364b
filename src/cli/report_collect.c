/* What a report knows of a run, and what page and text derive from it. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "cli/explained_words.h"
#include "cli/report.h"
#include "cli/words.h"
#include "train/tuning.h"

/* ---- collecting ------------------------------------------------------------------------------ */

/* The windows that are shown: the best, middling and the worst ones. */
static const double quantiles[] = {0.05, 0.25, 0.5, 0.75, 0.9, 0.99};
enum { N_QUANTILES = sizeof quantiles / sizeof *quantiles };

/* The last equivariance error that was computed for a type; NaN: there is none. */
static double last_error(const sq_run_record *record, int type) {
    for (int64_t k = record->epochs - 1; k >= 0; k--) {
        double error = record->equivariance_error[k * record->n_types + type];
        if (!isnan(error)) return error;
    }
    return NAN;
}

static void judge_by_log(sq_report_run *run) {
    const sq_run_record *record = &run->record;
    int64_t row = sq_run_record_row(record);
    run->on_validation = true;
    for (int g = 0; g < record->n_types; g++) {
        int64_t at = row * record->n_types + g;
        run->lambda[g] =
            row >= 0 ? record->lambda[(record->epochs - 1) * record->n_types + g] : NAN;
        run->level[g] = row >= 0 ? record->total_symmetry_level[at] : NAN;
        run->error[g] = last_error(record, g);
        run->verdict[g] = sq_verdict_of(run->error[g]);
    }
}

static void judge_by_evaluation(sq_report_run *run) {
    memcpy(run->lambda, run->evaluation.lambda, sizeof run->lambda);
    memcpy(run->level, run->evaluation.symmetry_level, sizeof run->level);
    memcpy(run->error, run->evaluation.equivariance_error, sizeof run->error);
    for (int g = 0; g < run->record.n_types; g++)
        run->verdict[g] = sq_verdict_of_type(&run->evaluation, g);
}

static void evaluate(const sq_call *call, const char *folder, const char *data, bool tracks,
                     sq_report_run *run) {
    sq_status status = sq_evaluate(folder, NULL, data, call->cache, call->comm, &run->evaluation);
    if (status == SQ_OK && tracks)
        status = sq_tracks_collect(folder, data, call->cache, call->comm, quantiles, N_QUANTILES,
                                   &run->tracks);
    run->evaluated = status == SQ_OK && run->evaluation.n_types == run->record.n_types;
    if (status != SQ_OK) sq_copy_bounded(run->problem, sizeof run->problem, sq_error_message());
}

/* Which epoch's model best.nc is, is only known of runs that are over. */
static void tell_held(sq_report_run *run) {
    const sq_run_record *record = &run->record;
    bool over = strcmp(record->state, "finished") == 0;
    int64_t epoch = over ? sq_run_record_row(record) : record->epochs;
    for (int g = 0; g < record->n_types; g++) {
        int64_t held_from = sq_run_record_held_from(record, g);
        if (held_from >= 0)
            sq_format_held(held_from, epoch, run->held[g]);
        else
            sq_format_let_go(sq_run_record_let_go_from(record, g), epoch, run->held[g]);
    }
}

sq_status sq_report_collect(const sq_call *call, const char *folder, const char *data, bool tracks,
                            sq_report_run *run) {
    sq_status status;
    memset(run, 0, sizeof *run);
    SQ_TRY(sq_comm_agree(call->comm, sq_run_record_read(folder, &run->record)));
    if (*run->record.content_hash)
        evaluate(call, folder, data, tracks, run);
    else
        sq_copy_bounded(run->problem, sizeof run->problem,
                        "the run has not saved a best model yet");
    tell_held(run);
    if (run->evaluated)
        judge_by_evaluation(run);
    else
        judge_by_log(run);
cleanup:
    if (status != SQ_OK) sq_report_clear(run);
    return status;
}

void sq_report_clear(sq_report_run *run) {
    sq_run_record_clear(&run->record);
    sq_evaluation_clear(&run->evaluation);
    sq_tracks_clear(&run->tracks);
}

/* ---- in words -------------------------------------------------------------------------------- */

/* The types of this verdict, in order. types: (SQ_MAX_TYPES) */
static int select_types(const sq_report_run *run, sq_verdict verdict, int *types) {
    int count = 0;
    for (int g = 0; g < run->record.n_types; g++)
        if (run->verdict[g] == verdict) types[count++] = g;
    return count;
}

static void write_part(FILE *stream, const sq_report_run *run, sq_verdict verdict, const int *types,
                       int count, const sq_sentence_style *style) {
    double levels[SQ_MAX_TYPES];
    for (int k = 0; k < count; k++) {
        levels[k] = run->level[types[k]];
        style->name(stream, run->record.type_names[types[k]]);
        fputs(sq_list_separator(k, count), stream);
    }
    fprintf(stream, " %s", sq_verdict_verb(verdict, count));
    style->levels(stream, levels, count);
}

static bool is_open(const sq_report_run *run) {
    return run->evaluated && run->record.n_types > 0 && sq_explains_nothing(&run->evaluation);
}

void sq_report_write_verdict(FILE *stream, const sq_report_run *run,
                             const sq_sentence_style *style) {
    const char *separator = "";
    int types[SQ_MAX_TYPES];
    if (is_open(run)) {
        fputs("The model ", stream);
        sq_write_explains_only(stream, &run->evaluation);
        fputs(": which symmetries hold is open", stream);
        return;
    }
    for (int verdict = SQ_HOLDS; verdict < SQ_VERDICTS; verdict++) {
        int count = select_types(run, (sq_verdict)verdict, types);
        if (count == 0) continue;
        fputs(separator, stream);
        write_part(stream, run, (sq_verdict)verdict, types, count, style);
        separator = "; ";
    }
    if (run->record.n_types == 0) fputs("A network that knows of no symmetry", stream);
}

const char *sq_report_favoured(const sq_report_run *run) {
    const sq_run_record *record = &run->record;
    int64_t tuned = sq_tuning_epoch(&record->config);
    int favoured = sq_leading_type(record->n_types, run->lambda, run->level);
    if (favoured < 0 || !(run->lambda[favoured] > 0.0) || tuned == 0 || tuned >= record->epochs)
        return NULL;
    for (int g = 0; g < record->n_types; g++)
        if (g != favoured && !(run->lambda[g] < run->lambda[favoured])) return NULL;
    return record->type_names[favoured];
}

const sq_displacements *sq_report_yardstick(const sq_report_run *run) {
    for (int k = 0; run->evaluated && k < run->evaluation.n_yardsticks; k++)
        if (run->evaluation.yardsticks[k].displacement) return &run->evaluation.yardsticks[k];
    return NULL;
}

/* ---- time ------------------------------------------------------------------------------------ */

double sq_report_part_seconds(const sq_run_record *record, int part) {
    double sum = 0.0;
    bool measured = false;
    for (int64_t k = 0; k < record->epochs; k++) {
        double seconds = record->part_seconds[k * record->n_parts + part];
        if (isnan(seconds)) continue;
        sum += seconds;
        measured = true;
    }
    return measured ? sum : NAN;
}

const char *sq_report_part_words(const char *part_name) {
    static const char *const words[][2] = {
        {"feed", "reading and moving samples"},    {"forward", "forward through the network"},
        {"backward", "backward, with exact sums"}, {"regularizer", "regularizers of the types"},
        {"sum", "waiting for the sum over ranks"}, {"update", "update of the parameters"},
        {"validate", "validation and levels"},     {"read", "reading ahead, beside the others"},
    };
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (strcmp(part_name, words[k][0]) == 0) return words[k][1];
    return part_name;
}

double sq_report_seconds(const sq_run_record *record) {
    double sum = 0.0;
    for (int64_t k = 0; k < record->epochs; k++)
        if (!isnan(record->seconds[k])) sum += record->seconds[k];
    return sum;
}

double sq_report_speed(const sq_run_record *record) {
    double seconds = sq_report_seconds(record);
    if (seconds <= 0.0 || record->training_samples == 0) return NAN;
    int64_t epochs = 0;
    for (int64_t k = 0; k < record->epochs; k++) epochs += !isnan(record->seconds[k]);
    return (double)(record->training_samples * epochs) / seconds;
}

int sq_report_ranks(const sq_run_record *record) {
    if (record->epochs == 0) return 0;
    double ranks = record->ranks[record->epochs - 1];
    return isnan(ranks) ? 0 : (int)ranks;
}
