#include "data/import_summary.h"

typedef struct {
    const char *name, *help;
} row;

static const row rows[SQ_COUNT_KINDS] = {
    [SQ_COUNT_FILES] = {"files", "files"},
    [SQ_COUNT_RECORDS] = {"records", "records"},
    [SQ_COUNT_DAMAGED] = {"damaged", "damaged records left out"},
    [SQ_COUNT_SCENES] = {"scenes", "scenes"},
    [SQ_COUNT_AGENTS] = {"agents", "agents"},
    [SQ_COUNT_WINDOWS] = {"windows", "windows"},
    [SQ_COUNT_CLASS] = {"other_class", "agents left out: of a class that is not kept"},
    [SQ_COUNT_UNASKED] = {"not_to_predict", "agents left out: not among those to predict"},
    [SQ_COUNT_TOO_SHORT] = {"too_short", "tracks left out: not seen for a whole window"},
    [SQ_COUNT_LEVEL] = {"too_level", "windows left out: do not rise or fall enough"},
    [SQ_COUNT_FAR] = {"too_far", "windows left out: move too far while observed"},
};

const char *sq_import_count_name(sq_import_count kind) { return rows[kind].name; }

const char *sq_import_count_help(sq_import_count kind) { return rows[kind].help; }

void sq_import_summary_add(sq_import_summary *sum, const sq_import_summary *summary) {
    for (int kind = 0; kind < SQ_COUNT_KINDS; kind++) sum->counts[kind] += summary->counts[kind];
}
