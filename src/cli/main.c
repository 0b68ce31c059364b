/* The program: finds the verb, parses its options, runs it on the ranks it is for. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/environment.h"
#include "cli/kernel_choice.h"
#include "cli/launch.h"
#include "cli/quote.h"
#include "cli/signals.h"
#include "cli/verb.h"
#include "linalg/linalg.h"

enum { MAX_PATH = 4096, MOST_VERBS = 64 };

/* --- help ------------------------------------------------------------------------------------- */

/* Is `word` the first of the name's two words? */
static bool is_in_group(const sq_verb *verb, const char *word) {
    size_t length = strlen(word);
    return !strncmp(verb->name, word, length) && verb->name[length] == ' ';
}

static void print_line(const char *name, const char *help) {
    printf("  softeq %-13s %s\n", name, help);
}

static void print_help(void) {
    puts(
        "softeq: networks that find out how symmetric the data is, trained on any number of "
        "ranks\n");
    for (int i = 0; i < sq_n_verbs; i++) print_line(sq_verbs[i]->name, sq_verbs[i]->help);
    print_line("--version", "version, precision, libraries, CPU kernel");
    puts(
        "\n`softeq VERB --help` tells more. `mpirun -n R softeq train ...` trains on R ranks.\n"
        "Exit status: 0 done, 1 failed, 2 wrong use, 75 stopped by a signal after a "
        "checkpoint.");
}

/* The verbs whose first word it is. */
static void print_group_help(const char *word) {
    printf("softeq %s VERB [options]\n\n", word);
    for (int i = 0; i < sq_n_verbs; i++)
        if (is_in_group(sq_verbs[i], word)) print_line(sq_verbs[i]->name, sq_verbs[i]->help);
    printf("\n`softeq %s VERB --help` tells more.\n", word);
}

static void print_verb_help(const sq_verb *verb) {
    printf("softeq %s %s%s[options]\n%s\n\n", verb->name, verb->operands,
           *verb->operands ? " " : "", verb->help);
    sq_options_write_help(verb->accepts | SQ_ACCEPT(SQ_OPTION_HELP), stdout);
}

/* --- finding the verb ------------------------------------------------------------------------- */

/* Number of leading arguments that spell the verb's name; 0: they do not. */
static int match(const sq_verb *verb, int argc, char **argv) {
    const char *space = strchr(verb->name, ' ');
    if (!space) return argc > 1 && !strcmp(argv[1], verb->name) ? 1 : 0;
    size_t first = (size_t)(space - verb->name);
    if (argc < 3 || strlen(argv[1]) != first || strncmp(argv[1], verb->name, first)) return 0;
    return strcmp(argv[2], space + 1) ? 0 : 2;
}

static bool is_group(const char *word) {
    for (int i = 0; i < sq_n_verbs; i++)
        if (is_in_group(sq_verbs[i], word)) return true;
    return false;
}

static sq_status fail_unknown_verb(int argc, char **argv) {
    const char *names[MOST_VERBS];
    char given[128];
    if (argc < 2) return sq_fail(SQ_ERR_ARGUMENT, "what to do? `softeq --help` lists the verbs");
    bool two_words = is_group(argv[1]);
    if (two_words && argc == 2)
        return sq_fail(SQ_ERR_ARGUMENT, "'%s' what? `softeq %s --help` lists the verbs", argv[1],
                       argv[1]);
    snprintf(given, sizeof given, "%s%s%s", argv[1], two_words ? " " : "",
             two_words ? argv[2] : "");
    for (int i = 0; i < sq_n_verbs && i < MOST_VERBS; i++) names[i] = sq_verbs[i]->name;
    const char *nearest = sq_nearest_word(given, names, (size_t)sq_n_verbs);
    if (nearest)
        return sq_fail(SQ_ERR_ARGUMENT, "unknown verb '%s'; did you mean '%s'?", given, nearest);
    return sq_fail(SQ_ERR_ARGUMENT, "unknown verb '%s'; `softeq --help` lists the verbs", given);
}

static sq_status find_verb(int argc, char **argv, const sq_verb **verb, int *n_words) {
    for (int i = 0; i < sq_n_verbs; i++) {
        *n_words = match(sq_verbs[i], argc, argv);
        if (*n_words == 0) continue;
        *verb = sq_verbs[i];
        return SQ_OK;
    }
    return fail_unknown_verb(argc, argv);
}

/* Whether the verb saves what it has when it is asked to stop. */
static bool is_stoppable(int argc, char **argv) {
    for (int i = 0; i < sq_n_verbs; i++)
        if (sq_verbs[i]->stoppable && match(sq_verbs[i], argc, argv) > 0) return true;
    return false;
}

/* --- running it ------------------------------------------------------------------------------- */

static sq_status check_operands(const sq_verb *verb, const sq_options *options) {
    if (options->n_operands < verb->least_operands)
        return sq_fail(SQ_ERR_ARGUMENT, "%s is missing", verb->operands);
    if (options->n_operands > verb->most_operands)
        return sq_fail(SQ_ERR_ARGUMENT, "'%s' is one argument too many",
                       options->operands[verb->most_operands]);
    for (int k = 0; k < options->n_operands; k++)
        if (!*options->operands[k])
            return sq_fail(SQ_ERR_ARGUMENT, "argument %d is empty: give %s", k + 1, verb->operands);
    return SQ_OK;
}

static sq_status run_parsed(const sq_verb *verb, const sq_options *options, const char *history,
                            sq_comm *comm) {
    char cache[MAX_PATH];
    sq_environment_cache_folder(cache, sizeof cache);
    sq_call call = {.options = options, .history = history, .cache = cache, .comm = comm};
    bool alone = !verb->parallel && sq_comm_rank(comm) > 0;
    sq_launch_log(comm, sq_option_is_given(options, SQ_OPTION_JSON),
                  sq_option_is_given(options, SQ_OPTION_QUIET));
    if (sq_option_is_given(options, SQ_OPTION_HELP)) {
        if (sq_comm_rank(comm) == 0) print_verb_help(verb);
        return SQ_OK;
    }
    if (sq_option_is_given(options, SQ_OPTION_HELP_CONFIG)) {
        if (sq_comm_rank(comm) == 0) sq_config_write_help(stdout);
        return SQ_OK;
    }
    sq_status status = check_operands(verb, options);
    return status == SQ_OK && !alone ? verb->run(&call) : status;
}

/* What was printed may have met a full disk. */
static sq_status flush_output(void) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return SQ_OK;
    return sq_fail(SQ_ERR_IO, "standard output cannot be written: %s", strerror(errno));
}

/* The verb and its options are the same on every rank, and so is the failure to make sense of
 * them. */
static sq_status run(int argc, char **argv, sq_comm *comm) {
    sq_status status;
    const sq_verb *verb = NULL;
    sq_options options = {0};
    char *history = NULL;
    int n_words;
    SQ_TRY(sq_history_line(argc, argv, &history));
    SQ_TRY(find_verb(argc, argv, &verb, &n_words));
    SQ_TRY(sq_options_parse(argc - n_words, argv + n_words,
                            verb->accepts | SQ_ACCEPT(SQ_OPTION_HELP), &options));
    SQ_TRY(run_parsed(verb, &options, history, comm));
    SQ_TRY(flush_output());
cleanup:
    if (status == SQ_ERR_ARGUMENT && verb)
        sq_fail(status, "%s (see softeq %s --help)", sq_error_message(), verb->name);
    sq_options_destroy(&options);
    sq_free(history);
    return status;
}

static bool asks_for_help(const char *word) {
    return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

/* softeq help VERB tells of that verb; softeq help data and softeq data help of those of data. */
static void print_help_about(int argc, char **argv) {
    for (int i = 0; i < sq_n_verbs; i++) {
        if (match(sq_verbs[i], argc - 1, argv + 1) == 0) continue;
        print_verb_help(sq_verbs[i]);
        return;
    }
    const char *about = asks_for_help(argv[1]) ? argv[2] : argv[1]; /* NULL: of nothing */
    if (about && is_group(about))
        print_group_help(about);
    else
        print_help();
}

/* --help and --version in place of a verb or of its second word: true if that was all. */
static bool answer_question(int argc, char **argv) {
    if (argc < 2) return false;
    bool help = asks_for_help(argv[1]) || (argc > 2 && is_group(argv[1]) && asks_for_help(argv[2]));
    bool version = !strcmp(argv[1], "--version");
    if (sq_environment_rank() == 0) {
        if (help) print_help_about(argc, argv);
        if (version) sq_print_version();
    }
    return help || version;
}

int main(int argc, char **argv) {
    sq_choose_kernel(argv);    /* before any library has started a thread or a communicator */
    sq_linalg_single_thread(); /* with more, the bits depend on the number of cores */
    if (answer_question(argc, argv)) return SQ_EXIT_DONE;
    if (is_stoppable(argc, argv)) sq_signals_catch(); /* starting MPI takes a while already */
    sq_comm *comm = NULL;
    sq_status status = sq_launch(&comm);
    if (status == SQ_OK) status = run(argc, argv, comm);
    return sq_land(&comm, status);
}
