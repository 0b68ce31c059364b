/* The options of all verbs: one table, parsed by getopt_long. */
#ifndef SQ_CLI_OPTIONS_H
#define SQ_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "softeq/config.h"
#include "softeq/error.h"

typedef enum {
    SQ_OPTION_SET,
    SQ_OPTION_RUN,
    SQ_OPTION_RESUME,
    SQ_OPTION_TRACE,
    SQ_OPTION_OUTPUT,
    SQ_OPTION_DATA,
    SQ_OPTION_STRICT,
    SQ_OPTION_CHECKPOINT,
    SQ_OPTION_RANK,
    SQ_OPTION_DIMENSION,
    SQ_OPTION_SEEDS,
    SQ_OPTION_JSON,
    SQ_OPTION_TEXT,
    SQ_OPTION_ONCE,
    SQ_OPTION_QUIET,
    SQ_OPTION_VERBOSE,
    SQ_OPTION_HELP_CONFIG,
    SQ_OPTION_HELP,
    SQ_OPTION_COUNT
} sq_option_id;

#define SQ_ACCEPT(id) (1u << (id))

typedef struct {
    const char *name;
    char letter;          /* '\0': none */
    const char *argument; /* its name in the help; NULL: takes none */
    const char *help;
} sq_option_row;

/* All of them, by id: (SQ_OPTION_COUNT). */
const sq_option_row *sq_option_table(void);

/* One option as it was given. */
typedef struct {
    sq_option_id id;
    const char *value; /* "" for an option without one */
} sq_given_option;

/* A parsed command line. The texts are argv's. */
typedef struct {
    sq_given_option *given; /* (n_given), in order */
    size_t n_given;
    const char *const *operands; /* (n_operands) */
    int n_operands;
} sq_options;

/* Parses argv[1..argc-1], of which only the options in `accepts` are known. Reorders argv.
 * Errors: SQ_ERR_ARGUMENT with the nearest known option. The caller destroys. */
sq_status sq_options_parse(int argc, char **argv, unsigned accepts, sq_options *options);
void sq_options_destroy(sq_options *options);

bool sq_option_is_given(const sq_options *options, sq_option_id id);
/* The value given last, or NULL. */
const char *sq_option_value(const sq_options *options, sq_option_id id);
/* The same; SQ_ERR_ARGUMENT if it was not given. */
sq_status sq_option_require(const sq_options *options, sq_option_id id, const char **value);

/* Applies every --set, in order. */
sq_status sq_options_apply_sets(const sq_options *options, sq_config *config);

/* The values of every --data, quoted and joined as one list of patterns; NULL if there are none.
 * Freed with sq_free. */
sq_status sq_options_join_data(const sq_options *options, char **patterns);

/* One line per accepted option. */
void sq_options_write_help(unsigned accepts, FILE *stream);

#endif
