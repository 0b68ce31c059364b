#include "cli/manual.h"

#include <stdbool.h>
#include <string.h>

#include "cli/roff.h"
#include "cli/verb.h"

static const char page_head[] = ".TH \"%s\" \"%c\" \"\" \"softeq " SOFTEQ_VERSION "\" \"%s\"\n";

/* ---- softeq(1) ------------------------------------------------------------------------------- */

static void write_option(FILE *stream, const sq_option_row *row) {
    const char letter[] = {'-', row->letter, '\0'};
    char name[64];
    snprintf(name, sizeof name, "--%s", row->name);
    fputs(".TP\n", stream);
    if (row->letter) {
        sq_roff_bold(stream, letter);
        fputs(", ", stream);
    }
    sq_roff_bold(stream, name);
    if (row->argument) {
        fputc(' ', stream);
        sq_roff_italic(stream, row->argument);
    }
    fputc('\n', stream);
    sq_roff_line(stream, row->help);
}

static void write_verb(FILE *stream, const sq_verb *verb) {
    fputs(".SS \"", stream);
    sq_roff_code(stream, verb->name);
    fputs("\"\n", stream);
    sq_roff_bold(stream, "softeq ");
    sq_roff_bold(stream, verb->name);
    fputc(' ', stream);
    if (*verb->operands) sq_roff_italic(stream, verb->operands);
    fputs(*verb->operands ? " [options]\n.PP\n" : "[options]\n.PP\n", stream);
    sq_roff_line(stream, verb->help);
    if (verb->parallel) fputs(".PP\nUnder mpirun, all ranks work on it.\n", stream);
    for (int id = 0; id < SQ_OPTION_COUNT; id++)
        if (verb->accepts & SQ_ACCEPT(id)) write_option(stream, &sq_option_table()[id]);
}

static void write_item(FILE *stream, const char *word, const char *text) {
    fputs(".TP\n", stream);
    sq_roff_bold(stream, word);
    fputc('\n', stream);
    sq_roff_line(stream, text);
}

void sq_manual_write_program(FILE *stream) {
    fprintf(stream, page_head, "SOFTEQ", '1', "User Commands");
    fputs(".SH NAME\nsofteq \\- networks that find out how symmetric the data is\n", stream);
    fputs(
        ".SH SYNOPSIS\n\\fBsofteq\\fR \\fIverb\\fR [options]\n.br\n"
        "\\fBmpirun \\-n\\fR \\fIranks\\fR \\fBsofteq train\\fR \\fICONFIG.ini\\fR "
        "\\fB\\-\\-run\\fR \\fIDIR\\fR\n.br\n"
        "\\fBsofteq \\-\\-version\\fR | \\fB\\-\\-help\\fR\n",
        stream);
    fputs(".SH DESCRIPTION\n", stream);
    sq_roff_line(stream,
                 "Trains neural networks on data whose symmetries are only roughly known. Each "
                 "candidate symmetry becomes a regularizer that pulls the weights towards exact "
                 "equivariance; during training the weights of the regularizers are tuned by the "
                 "data. Training runs on any number of MPI ranks with the same result, to the last "
                 "bit. What a configuration can say is in softeq-config(5).");
    fputs(".SH VERBS\n", stream);
    for (int i = 0; i < sq_n_verbs; i++) write_verb(stream, sq_verbs[i]);
    fputs(".SH \"EXIT STATUS\"\n", stream);
    write_item(stream, "0", "Done.");
    write_item(stream, "1", "Failed; the message names the file, the key or the row.");
    write_item(stream, "2", "Wrong use.");
    write_item(stream, "75", "Stopped by a signal, after a checkpoint: go on with --resume.");
    fputs(".SH FILES\n", stream);
    write_item(stream, "DIR/config.ini", "The resolved configuration of a run.");
    write_item(stream, "DIR/log.nc", "What happened in each epoch.");
    write_item(stream, "DIR/best.nc", "The selected model.");
    write_item(stream, "DIR/checkpoint-STEP.nc", "All that is needed to go on.");
    write_item(stream, "$XDG_CACHE_HOME/softeq, ~/.cache/softeq", "Solved bases of invariants.");
    fputs(".SH \"SEE ALSO\"\n\\fBsofteq\\-config\\fR(5), \\fBmpirun\\fR(1), \\fBncdump\\fR(1)\n",
          stream);
}

/* ---- softeq-config(5) ------------------------------------------------------------------------ */

static void write_key(FILE *stream, const sq_config_key *key) {
    fputs(".TP\n", stream);
    sq_roff_bold(stream, key->name);
    fputs(" = ", stream);
    sq_roff_code(stream, key->initial);
    fputc('\n', stream);
    sq_roff_line(stream, key->help);
    if (key->type != SQ_CONFIG_STRING)
        fprintf(stream, "%s from %.16g to %.16g.\n",
                key->type == SQ_CONFIG_INT ? "Integer" : "Number", key->least, key->most);
    if (!key->choices) return;
    fputs("One of ", stream);
    for (const char *c = key->choices; *c; c++) {
        const char letter[] = {*c, '\0'};
        if (*c == '|')
            fputs(", ", stream);
        else
            sq_roff_code(stream, letter);
    }
    fputs(".\n", stream);
}

void sq_manual_write_config(FILE *stream) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    fprintf(stream, page_head, "SOFTEQ-CONFIG", '5', "File Formats");
    fputs(".SH NAME\nsofteq-config \\- configuration of softeq\n.SH DESCRIPTION\n", stream);
    sq_roff_line(stream,
                 "A configuration is an INI file: sections in brackets, key = value, comments "
                 "behind a semicolon. Every key may be left out and has the default that is shown "
                 "here. On the command line, --set section.key=value comes after the file.");
    fputs(".SH KEYS\n", stream);
    for (size_t k = 0; k < count; k++) {
        if (k == 0 || strcmp(table[k].section, table[k - 1].section))
            fprintf(stream, ".SS \"[%s]\"\n", table[k].section);
        write_key(stream, &table[k]);
    }
    fputs(".SH \"SEE ALSO\"\n\\fBsofteq\\fR(1)\n", stream);
}

/* ---- completion ------------------------------------------------------------------------------ */

/* Length of the first word of a verb's name. */
static size_t first_word(int verb) { return strcspn(sq_verbs[verb]->name, " "); }

/* Verbs of one first word stand together: is this the first of them? */
static bool opens_family(int verb) {
    return verb == 0 || first_word(verb - 1) != first_word(verb) ||
           strncmp(sq_verbs[verb - 1]->name, sq_verbs[verb]->name, first_word(verb)) != 0;
}

/* Names of two words are completed one word at a time. */
static void write_verb_words(FILE *stream) {
    fputs("    case $COMP_CWORD:$first in\n        1:*) words=\"--help --version", stream);
    for (int i = 0; i < sq_n_verbs; i++)
        if (opens_family(i)) fprintf(stream, " %.*s", (int)first_word(i), sq_verbs[i]->name);
    for (int i = 0; i < sq_n_verbs; i++) {
        const char *second = sq_verbs[i]->name + first_word(i);
        if (!*second) continue;
        if (opens_family(i))
            fprintf(stream, "\" ;;\n        2:%.*s) words=\"--help", (int)first_word(i),
                    sq_verbs[i]->name);
        fputs(second, stream);
    }
    fputs("\" ;;\n    esac\n", stream);
}

static void write_verb_options(FILE *stream) {
    fputs("    case \"$first $second\" in\n", stream);
    for (int i = 0; i < sq_n_verbs; i++) {
        const sq_verb *verb = sq_verbs[i];
        fprintf(stream, "        \"%s\"%s) options=\"--help", verb->name,
                strchr(verb->name, ' ') ? "" : "*");
        for (int id = 0; id < SQ_OPTION_COUNT; id++)
            if (verb->accepts & SQ_ACCEPT(id)) fprintf(stream, " --%s", sq_option_table()[id].name);
        fputs("\" ;;\n", stream);
    }
    fputs("    esac\n", stream);
}

static void write_keys(FILE *stream) {
    size_t count;
    const sq_config_key *table = sq_config_table(&count);
    fputs("_softeq_keys=\"", stream);
    for (size_t k = 0; k < count; k++)
        fprintf(stream, "%s%s.%s=", k ? "\n" : "", table[k].section, table[k].name);
    fputs("\"\n\n_softeq_choices() {\n    case $1 in\n", stream);
    for (size_t k = 0; k < count; k++) {
        if (!table[k].choices) continue;
        fprintf(stream, "        %s.%s) echo \"", table[k].section, table[k].name);
        for (const char *c = table[k].choices; *c; c++) fputc(*c == '|' ? ' ' : *c, stream);
        fputs("\" ;;\n", stream);
    }
    fputs("    esac\n}\n\n", stream);
}

/* Where nothing is offered, readline completes names of files. */
static const char completion_head[] =
    "# Completion of softeq for bash. Written by `softeq manual bash-completion`.\n"
    "# shellcheck shell=bash disable=SC2207\n\n";
static const char completion_begin[] =
    "_softeq() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} key=\"\"\n"
    "    local first=${COMP_WORDS[1]} second=${COMP_WORDS[2]-} words=\"\" options=\"\"\n"
    "    COMPREPLY=()\n"
    "    # readline takes = for a word of its own: --set data.task = inertia\n"
    "    if [ \"$current\" = \"=\" ]; then\n"
    "        key=$previous current=\"\"\n"
    "    elif [ \"$previous\" = \"=\" ]; then\n"
    "        key=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    if [ -n \"$key\" ]; then\n"
    "        COMPREPLY=($(compgen -W \"$(_softeq_choices \"$key\")\" -- \"$current\"))\n"
    "        return\n"
    "    fi\n"
    "    if [ \"$previous\" = \"--set\" ]; then\n"
    "        COMPREPLY=($(compgen -W \"$_softeq_keys\" -- \"$current\"))\n"
    "        compopt -o nospace 2>/dev/null\n"
    "        return\n"
    "    fi\n";
static const char completion_end[] =
    "    if [ -n \"$words\" ]; then\n"
    "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
    "    elif [ \"${current#-}\" != \"$current\" ]; then\n"
    "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
    "    fi\n"
    "}\n"
    "complete -o default -F _softeq softeq\n";

void sq_manual_write_completion(FILE *stream) {
    fputs(completion_head, stream);
    write_keys(stream);
    fputs(completion_begin, stream);
    write_verb_words(stream);
    write_verb_options(stream);
    fputs(completion_end, stream);
}
