/* What is known of the runs of experiments: from the folders in which they were trained, from the
 * experiment's own record, and from those of other experiments that ask for the same run. */
#ifndef SQ_CLI_KNOWN_RUNS_H
#define SQ_CLI_KNOWN_RUNS_H

#include "cli/experiment.h"
#include "cli/failures.h"
#include "cli/options.h"
#include "cli/record.h"

typedef struct {
    sq_record record, former; /* former: of runs that the experiment asks for no longer */
    sq_failures failures;
} sq_known_runs;

enum { SQ_KNOWN_PATH = 8192 };

/* An experiment, what was recorded and is known of its runs, and where that is recorded. */
typedef struct {
    sq_experiment e;
    sq_known_runs recorded, runs; /* runs: in the order of rows, models and seeds */
    char record_path[SQ_KNOWN_PATH], former_path[SQ_KNOWN_PATH], failures_path[SQ_KNOWN_PATH];
} sq_known_experiment;

/* Of the experiments that are the operands, with the folders under --run and the records beside
 * --output. Warns of recorded runs that an experiment asks for no longer. Errors: SQ_ERR_CONFIG of
 * experiments and of runs trained with other settings, SQ_ERR_DATA of records. known: (operands),
 * zero; the caller clears, also on failure. */
sq_status sq_known_experiments_read(const sq_options *options, sq_known_experiment *known);
/* Replaces the records of an experiment by what is known of its runs. Broken off anywhere, no line
 * is lost. */
sq_status sq_known_experiment_write(const sq_known_experiment *known);
/* Among these, the table whose rows this one has, with other settings; NULL: none. known: (count)
 */
const sq_known_experiment *sq_known_experiment_original(const sq_known_experiment *known, int count,
                                                        const sq_known_experiment *variant);
/* Frees the array as well. known: (count), or NULL */
void sq_known_experiments_clear(sq_known_experiment *known, int count);

#endif
