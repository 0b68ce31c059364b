/* softeq manual */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/manual.h"
#include "cli/verb.h"

static const struct {
    const char *name;
    void (*write)(FILE *stream);
} pages[] = {
    {"softeq.1", sq_manual_write_program},
    {"softeq-config.5", sq_manual_write_config},
    {"bash-completion", sq_manual_write_completion},
};
enum { N_PAGES = sizeof pages / sizeof pages[0] };

static sq_status run_manual(const sq_call *call) {
    const char *names[N_PAGES], *wanted = call->options->operands[0];
    for (int k = 0; k < N_PAGES; k++) {
        names[k] = pages[k].name;
        if (strcmp(wanted, pages[k].name) != 0) continue;
        pages[k].write(stdout);
        return SQ_OK;
    }
    const char *nearest = sq_nearest_word(wanted, names, N_PAGES);
    return sq_fail(SQ_ERR_ARGUMENT, "there is no page '%s': it is %s", wanted,
                   nearest ? nearest : "softeq.1, softeq-config.5 or bash-completion");
}

const sq_verb sq_verb_manual = {
    .name = "manual",
    .operands = "PAGE",
    .help = "print a page for man (softeq.1, softeq-config.5), or bash-completion",
    .least_operands = 1,
    .most_operands = 1,
    .run = run_manual,
};
