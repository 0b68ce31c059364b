/* The models of an experiment beside each other and beside what others published, as tables in
 * Markdown. Data differ from seed to seed more than models do: two models are compared over the
 * seeds of which both have a run. */
#ifndef SQ_CLI_COMPARISON_H
#define SQ_CLI_COMPARISON_H

#include <stdio.h>

#include "cli/cell.h"
#include "cli/experiment.h"
#include "cli/record.h"

/* One row of a table. record: in the order of the experiment */
typedef struct {
    const sq_experiment *e;
    const sq_record *record;
    int row;
} sq_row_place;

/* A model beside another one, over the seeds of which both have a run. */
typedef struct {
    int with;            /* the other's index; -1: there is none, or it is not of this table */
    double ratio;        /* of a value to the other's, geometric mean over the seeds, in which one
                            outlier counts as one; NaN if none is shared in which both are
                            above 0 */
    int shared, smaller; /* seeds; those of them in which the value is smaller than the other's */
} sq_comparison;

sq_comparison sq_comparison_of_cells(const sq_cell *ours, const sq_cell *theirs,
                                     sq_cell_value *value);
/* Two models of one row. */
sq_comparison sq_comparison_of(const sq_row_place *at, int method, int other, sq_cell_value *value);

/* Those that are told the symmetry that the data has in the row, or not; of these, those that have
 * at most a tenth more parameters than the method. */
typedef enum {
    SQ_BASELINES_ALL,
    SQ_BASELINES_NOT_TOLD,
    SQ_BASELINES_OF_ITS_SIZE,
    SQ_BASELINES_TOLD
} sq_baselines;

/* Those that stand beside each other in a table, and the head of their column. */
enum { SQ_COMPARED = 3 };
typedef struct {
    sq_baselines which;
    const char *head;
} sq_compared_baselines;
extern const sq_compared_baselines sq_compared[SQ_COMPARED];

/* With the baseline to which it compares worst. */
sq_comparison sq_comparison_with_best(const sq_row_place *at, int method, sq_baselines which,
                                      sq_cell_value *value);

/* With those that stand beside each other, as cells: " rpp | 0.5 | 4 of 5 |" for each. */
void sq_comparison_print_compared(const sq_row_place *at, int method, FILE *stream);
/* " best told | ratio | seeds won |" for each. */
void sq_comparison_print_heads(FILE *stream);

/* Each model that is no baseline against the best of those that are: among those that are not told
 * the symmetry of the data, among those that are, and among all out of distribution. Nothing if no
 * seed is shared. record: in the order of the experiment */
void sq_comparison_print(const sq_experiment *experiment, const sq_record *record, FILE *stream);

/* The medians of the rows of which others published some, with theirs. Nothing if there are none.
 */
void sq_comparison_print_published(const sq_experiment *experiment, const sq_record *record,
                                   FILE *stream);

#endif
