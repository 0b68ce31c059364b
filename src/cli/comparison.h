/* The models of an experiment beside each other and beside what others published, as tables in
 * Markdown. Data differ from seed to seed more than models do: two models are compared over the
 * seeds of which both have a run. */
#ifndef SQ_CLI_COMPARISON_H
#define SQ_CLI_COMPARISON_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/experiment.h"
#include "cli/record.h"

/* Each model that is no baseline against the best of those that are: among those that are not told
 * the symmetry of the data, among those that are, and among all out of distribution. Nothing if no
 * seed is shared. record: in the order of the experiment */
void sq_comparison_print(const sq_experiment *experiment, const sq_record *record, FILE *stream);

/* The medians of the rows of which others published some, with theirs. Nothing if there are none.
 */
void sq_comparison_print_published(const sq_experiment *experiment, const sq_record *record,
                                   FILE *stream);

/* The lines of one experiment in an overview of several: each of its methods against the best
 * baselines, as above. *any: whether there are lines before these; the first has a head above it.
 */
void sq_comparison_print_overview(const sq_experiment *experiment, const sq_record *record,
                                  bool *any, FILE *stream);

#endif
