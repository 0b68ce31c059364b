#include "cli/options.h"

#include <getopt.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/text_stream.h"
#include "cli/quote.h"

static const sq_option_row table[SQ_OPTION_COUNT] = {
    [SQ_OPTION_SET] = {"set", '\0', "section.key=value", "set a configuration key (repeatable)"},
    [SQ_OPTION_RUN] = {"run", '\0', "DIR", "folder of the run: made if absent"},
    [SQ_OPTION_RESUME] = {"resume", '\0', NULL, "go on from the newest checkpoint in the folder"},
    [SQ_OPTION_TRACE] = {"trace", '\0', "FILE.json",
                         "write what each rank did when (Chrome's format)"},
    [SQ_OPTION_OUTPUT] = {"output", 'o', "FILE", "file (or prefix of files) to write"},
    [SQ_OPTION_DATA] = {"data", '\0', "FILE.nc", "data file or pattern (repeatable)"},
    [SQ_OPTION_STRICT] = {"strict", '\0', NULL, "a damaged record is an error, not left out"},
    [SQ_OPTION_CHECKPOINT] = {"checkpoint", '\0', "FILE", "model or checkpoint, not best.nc"},
    [SQ_OPTION_RANK] = {"rank", '\0', "P[,Q]", "tensor rank T(P,Q); otherwise T(0) to T(4)"},
    [SQ_OPTION_DIMENSION] = {"dimension", '\0', "D", "dimension of the space, if not the usual"},
    [SQ_OPTION_SEEDS] = {"seeds", '\0', "FIRST-LAST", "these seeds only; by default all there are"},
    [SQ_OPTION_JSON] = {"json", '\0', NULL, "print JSON instead of text"},
    [SQ_OPTION_TEXT] = {"text", '\0', NULL, "plain text for a terminal instead of a page"},
    [SQ_OPTION_ONCE] = {"once", '\0', NULL, "say it once and end"},
    [SQ_OPTION_QUIET] = {"quiet", 'q', NULL, "say nothing but warnings and errors"},
    [SQ_OPTION_VERBOSE] = {"verbose", 'v', NULL, "say every epoch, type by type"},
    [SQ_OPTION_HELP_CONFIG] = {"help-config", '\0', NULL, "print every configuration key"},
    [SQ_OPTION_HELP] = {"help", 'h', NULL, "print this text"},
};

enum {
    LETTERS_CAPACITY = 2 + 2 * SQ_OPTION_COUNT,
    LONG_OPTION = 256 /* added to the ids that getopt returns, to tell them from letters */
};

/* The table in getopt's form. known: (SQ_OPTION_COUNT + 1); letters: (LETTERS_CAPACITY) */
static void translate(unsigned accepts, struct option *known, char *letters) {
    *letters++ = ':'; /* getopt tells a missing value from an unknown option */
    for (int id = 0; id < SQ_OPTION_COUNT; id++) {
        if (!(accepts & SQ_ACCEPT(id))) continue;
        *known++ = (struct option){
            .name = table[id].name,
            .has_arg = table[id].argument ? required_argument : no_argument,
            .val = LONG_OPTION + id,
        };
        if (!table[id].letter) continue;
        *letters++ = table[id].letter;
        if (table[id].argument) *letters++ = ':';
    }
    *known = (struct option){0};
    *letters = '\0';
}

static sq_option_id id_of(int found) {
    for (int id = 0; id < SQ_OPTION_COUNT; id++)
        if (found == LONG_OPTION + id || (found && found == table[id].letter))
            return (sq_option_id)id;
    return SQ_OPTION_HELP; /* not reached: getopt returns what `translate` gave it */
}

/* `argument` is what was given, with its dashes. */
static sq_status fail_unknown_long(const char *argument, const struct option *known) {
    const char *names[SQ_OPTION_COUNT];
    char word[64];
    size_t count = 0;
    for (; known[count].name; count++) names[count] = known[count].name;
    sq_copy_bounded(word, sizeof word, argument + strspn(argument, "-"));
    word[strcspn(word, "=")] = '\0';
    const char *nearest = sq_nearest_word(word, names, count);
    if (nearest)
        return sq_fail(SQ_ERR_ARGUMENT, "unknown option --%s; did you mean --%s?", word, nearest);
    return sq_fail(SQ_ERR_ARGUMENT, "unknown option --%s", word);
}

/* A shell makes an empty value of a variable that is not set; no option has a use for it. */
static sq_status check_value(sq_option_id id, const char *value) {
    const sq_option_row *row = &table[id];
    const char letter[] = {'-', row->letter, '\0'};
    if (!row->argument || *value) return SQ_OK;
    return sq_fail(SQ_ERR_ARGUMENT,
                   "option %s%s needs %s, not an empty value (is a shell variable "
                   "unset?)",
                   row->letter ? letter : "--", row->letter ? "" : row->name, row->argument);
}

/* Puts what getopt stumbled over into words. */
static sq_status fail_option(int found, const char *argument, const struct option *known) {
    if (found == ':') return sq_fail(SQ_ERR_ARGUMENT, "option %s needs a value", argument);
    if (optopt == 0) return fail_unknown_long(argument, known);
    if (optopt >= LONG_OPTION)
        return sq_fail(SQ_ERR_ARGUMENT, "option --%s takes no value", table[id_of(optopt)].name);
    return sq_fail(SQ_ERR_ARGUMENT, "unknown option -%c", optopt);
}

sq_status sq_options_parse(int argc, char **argv, unsigned accepts, sq_options *options) {
    sq_status status;
    struct option known[SQ_OPTION_COUNT + 1];
    char letters[LETTERS_CAPACITY];
    int found;
    memset(options, 0, sizeof *options);
    translate(accepts, known, letters);
    SQ_TRY(sq_alloc((size_t)argc, sizeof *options->given, &options->given));
    opterr = 0;
    while ((found = getopt_long(argc, argv, letters, known, NULL)) != -1) {
        if (found == ':' || found == '?') SQ_TRY(fail_option(found, argv[optind - 1], known));
        sq_given_option *given = &options->given[options->n_given++];
        given->id = id_of(found);
        given->value = optarg ? optarg : "";
        SQ_TRY(check_value(given->id, given->value));
    }
    options->operands = (const char *const *)argv + optind;
    options->n_operands = argc - optind;
    return SQ_OK;
cleanup:
    sq_options_destroy(options);
    return status;
}

void sq_options_destroy(sq_options *options) {
    sq_free(options->given);
    memset(options, 0, sizeof *options);
}

bool sq_option_is_given(const sq_options *options, sq_option_id id) {
    return sq_option_value(options, id) != NULL;
}

const char *sq_option_value(const sq_options *options, sq_option_id id) {
    for (size_t i = options->n_given; i > 0; i--)
        if (options->given[i - 1].id == id) return options->given[i - 1].value;
    return NULL;
}

sq_status sq_option_require(const sq_options *options, sq_option_id id, const char **value) {
    *value = sq_option_value(options, id);
    if (*value) return SQ_OK;
    if (table[id].letter)
        return sq_fail(SQ_ERR_ARGUMENT, "-%c %s is missing", table[id].letter, table[id].argument);
    return sq_fail(SQ_ERR_ARGUMENT, "--%s %s is missing", table[id].name, table[id].argument);
}

sq_status sq_options_apply_sets(const sq_options *options, sq_config *config) {
    for (size_t i = 0; i < options->n_given; i++) {
        if (options->given[i].id != SQ_OPTION_SET) continue;
        sq_status status = sq_config_set_assignment(config, options->given[i].value, "--set");
        if (status != SQ_OK) return status;
    }
    return SQ_OK;
}

sq_status sq_options_join_data(const sq_options *options, char **patterns) {
    sq_text_stream list;
    const char *lead = "";
    *patterns = NULL;
    if (!sq_option_is_given(options, SQ_OPTION_DATA)) return SQ_OK;
    sq_status status = sq_text_stream_open(&list, "the list of data files");
    if (status != SQ_OK) return status;
    for (size_t i = 0; i < options->n_given; i++) {
        if (options->given[i].id != SQ_OPTION_DATA) continue;
        fputs(lead, list.stream);
        sq_write_quoted(options->given[i].value, list.stream);
        lead = " ";
    }
    return sq_text_stream_take(&list, patterns);
}

const sq_option_row *sq_option_table(void) { return table; }

void sq_options_write_help(unsigned accepts, FILE *stream) {
    char left[48];
    for (int id = 0; id < SQ_OPTION_COUNT; id++) {
        if (!(accepts & SQ_ACCEPT(id))) continue;
        const sq_option_row *row = &table[id];
        snprintf(left, sizeof left, "%c%c%s--%s%s%s", row->letter ? '-' : ' ',
                 row->letter ? row->letter : ' ', row->letter ? ", " : "  ", row->name,
                 row->argument ? " " : "", row->argument ? row->argument : "");
        fprintf(stream, "  %-28s %s\n", left, row->help);
    }
}
