#include "data/import_summary.h"

#include "base/text.h"

typedef struct {
    const char *name, *one, *many;
} row;

static const row rows[SQ_COUNT_KINDS] = {
    [SQ_COUNT_FILES] = {"files", "file", "files"},
    [SQ_COUNT_RECORDS] = {"records", "record", "records"},
    [SQ_COUNT_DAMAGED] = {"damaged", "damaged record left out", "damaged records left out"},
    [SQ_COUNT_SCENES] = {"scenes", "scene", "scenes"},
    [SQ_COUNT_AGENTS] = {"agents", "agent", "agents"},
    [SQ_COUNT_WINDOWS] = {"windows", "window", "windows"},
    [SQ_COUNT_CLASS] = {"other_class", "agent left out: of a class that is not kept",
                        "agents left out: of a class that is not kept"},
    [SQ_COUNT_UNASKED] = {"not_to_predict", "agent left out: not among those to predict",
                          "agents left out: not among those to predict"},
    [SQ_COUNT_TOO_SHORT] = {"too_short", "track left out: not seen for a whole window",
                            "tracks left out: not seen for a whole window"},
    [SQ_COUNT_LEVEL] = {"too_level", "window left out: does not rise or fall enough",
                        "windows left out: do not rise or fall enough"},
    [SQ_COUNT_FAR] = {"too_far", "window left out: moves too far while observed",
                      "windows left out: move too far while observed"},
};

const char *sq_import_count_name(sq_import_count kind) { return rows[kind].name; }

const char *sq_import_count_help(sq_import_count kind, int64_t number) {
    return sq_number_word(number, rows[kind].one, rows[kind].many);
}

void sq_import_summary_add(sq_import_summary *sum, const sq_import_summary *summary) {
    for (int kind = 0; kind < SQ_COUNT_KINDS; kind++) sum->counts[kind] += summary->counts[kind];
}
