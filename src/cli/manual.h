/* The manual: pages and a completion, written from the same tables that parse command lines and
 * configurations. */
#ifndef SQ_CLI_MANUAL_H
#define SQ_CLI_MANUAL_H

#include <stdio.h>

/* softeq(1) and softeq-config(5), for man. */
void sq_manual_write_program(FILE *stream);
void sq_manual_write_config(FILE *stream);

/* For bash: words to complete verbs, options, configuration keys and their choices. */
void sq_manual_write_completion(FILE *stream);

#endif
