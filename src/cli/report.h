/* What softeq report shows: one run, or several beside each other, as a page or as text. Each part
 * of the page is a file report_NAME.c. Nobody but the report includes this. */
#ifndef SQ_CLI_REPORT_H
#define SQ_CLI_REPORT_H

#include <stdio.h>

#include "cli/verb.h"
#include "cli/verdict.h"
#include "cli/words.h"
#include "softeq/run.h"
#include "train/run_record.h"
#include "train/tracks.h"

/* One run with all that is known of it. */
typedef struct {
    sq_run_record record;
    bool evaluated; /* its best model was, on the data it can be judged by */
    sq_evaluation evaluation;
    char problem[512]; /* why it was not evaluated */
    /* What the verdict is about, of the best model if it was evaluated. (record.n_types) */
    double lambda[SQ_MAX_TYPES], level[SQ_MAX_TYPES], error[SQ_MAX_TYPES];
    sq_verdict verdict[SQ_MAX_TYPES];
    char held[SQ_MAX_TYPES][SQ_WORDS_HELD]; /* sq_format_held or sq_format_let_go */
    bool on_validation;                     /* errors are the log's, on the validation split */
    sq_tracks tracks;
} sq_report_run;

/* Reads a run's folder and evaluates its best model on the run's test split or on `data` (may be
 * NULL), with tracks if `tracks`. A model that cannot be evaluated is no error. Collective. The
 * caller clears. */
sq_status sq_report_collect(const sq_call *call, const char *folder, const char *data, bool tracks,
                            sq_report_run *run);
void sq_report_clear(sq_report_run *run);

/* ---- what a page and a text share ---- */

/* "O(2)@xy holds (0.9990); O(3) and SO(3) are broken (0.93, 0.91)", or that nothing can be said.
 * `name` and `level` write one of each. */
typedef struct {
    void (*name)(FILE *stream, const char *name);
    void (*levels)(FILE *stream, const double *levels, int count);
} sq_sentence_style;
void sq_report_write_verdict(FILE *stream, const sq_report_run *run,
                             const sq_sentence_style *style);

/* The type that the tuning of lambda favoured; NULL: nothing was tuned yet, or nothing stands out.
 */
const char *sq_report_favoured(const sq_report_run *run);

/* What a forecast of motion is compared with first: constant velocity; NULL: no motion. */
const sq_displacements *sq_report_yardstick(const sq_report_run *run);

/* Time spent on part `part` (of record.n_parts) over all epochs; NaN: not measured. */
double sq_report_part_seconds(const sq_run_record *record, int part);
/* What the part is, in words. */
const char *sq_report_part_words(const char *part_name);
/* Training samples a second over all epochs. */
double sq_report_speed(const sq_run_record *record);
double sq_report_seconds(const sq_run_record *record);
/* Ranks of the last epoch; 0: unknown. */
int sq_report_ranks(const sq_run_record *record);

/* ---- parts of the page of one run ---- */

void sq_report_write_summary(FILE *html, const sq_report_run *run);
void sq_report_write_symmetry(FILE *html, const sq_report_run *run);
void sq_report_write_errors(FILE *html, const sq_report_run *run);
void sq_report_write_motion(FILE *html, const sq_report_run *run);
void sq_report_write_time(FILE *html, const sq_report_run *run);
void sq_report_write_config(FILE *html, const sq_report_run *run);

/* ---- whole reports ---- */

void sq_report_write_page(FILE *html, const sq_report_run *run, const char *history);
void sq_report_write_text(FILE *text, const sq_report_run *run);
sq_status sq_report_write_comparison(FILE *html, const sq_report_run *runs, int count,
                                     const char *history);
sq_status sq_report_write_comparison_text(FILE *text, const sq_report_run *runs, int count);

#endif
