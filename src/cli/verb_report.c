/* softeq report: what a run found, as a page or as text. */
#include <stdio.h>

#include "base/memory.h"
#include "base/text_stream.h"
#include "cli/output.h"
#include "cli/report.h"
#include "io/atomic_file.h"

static sq_status write_report(FILE *stream, const sq_call *call, const sq_report_run *runs,
                              int count, bool text) {
    if (count > 1 && text) return sq_report_write_comparison_text(stream, runs, count);
    if (count > 1) return sq_report_write_comparison(stream, runs, count, call->history);
    if (text)
        sq_report_write_text(stream, runs);
    else
        sq_report_write_page(stream, runs, call->history);
    return SQ_OK;
}

/* Rank 0: to the file, as a whole or not at all. */
static sq_status write_file(const sq_call *call, const sq_report_run *runs, int count,
                            const char *path) {
    sq_status status;
    sq_text_stream report;
    bool text = sq_option_is_given(call->options, SQ_OPTION_TEXT);
    SQ_TRY(sq_text_stream_open(&report, "the report"));
    SQ_TRY(write_report(report.stream, call, runs, count, text));
    SQ_TRY(sq_text_stream_close(&report));
    SQ_TRY(sq_write_text_file(path, report.text));
    printf("%s: %zu kB\n", path, (report.size + 999) / 1000);
cleanup:
    sq_text_stream_clear(&report);
    return status;
}

static sq_status write_result(const sq_call *call, const sq_report_run *runs, int count) {
    char beside[4096];
    const char *path = sq_option_value(call->options, SQ_OPTION_OUTPUT);
    if (!path && sq_option_is_given(call->options, SQ_OPTION_TEXT))
        return write_report(stdout, call, runs, count, true);
    if (!path && count > 1) path = "report.html";
    snprintf(beside, sizeof beside, "%s/report.html", call->options->operands[0]);
    return write_file(call, runs, count, path ? path : beside);
}

static sq_status run_report(const sq_call *call) {
    sq_status status;
    int count = call->options->n_operands, read = 0;
    char *data = NULL;
    sq_report_run *runs = NULL;
    const char *out = sq_option_value(call->options, SQ_OPTION_OUTPUT);
    for (int k = 0; k < count; k++)
        SQ_TRY(
            sq_comm_agree(call->comm, sq_output_check_run(call, call->options->operands[k], out)));
    SQ_TRY(sq_options_join_data(call->options, &data));
    SQ_TRY(sq_alloc((size_t)count, sizeof *runs, &runs));
    for (; read < count; read++)
        SQ_TRY(
            sq_report_collect(call, call->options->operands[read], data, count == 1, &runs[read]));
    status = sq_comm_rank(call->comm) == 0 ? write_result(call, runs, count) : SQ_OK;
    status = sq_comm_agree(call->comm, status);
cleanup:
    for (int k = 0; k < read; k++) sq_report_clear(&runs[k]);
    sq_free(runs);
    sq_free(data);
    return status;
}

const sq_verb sq_verb_report = {
    .name = "report",
    .operands = "DIR...",
    .help =
        "write a page about what a run found (DIR/report.html), or several compared (report.html)",
    .least_operands = 1,
    .most_operands = SQ_ANY_NUMBER,
    .accepts = SQ_ACCEPT(SQ_OPTION_OUTPUT) | SQ_ACCEPT(SQ_OPTION_TEXT) | SQ_ACCEPT(SQ_OPTION_DATA),
    .parallel = true,
    .run = run_report,
};
