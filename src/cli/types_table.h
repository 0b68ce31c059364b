/* What was found out about each symmetry type, as a table. */
#ifndef SQ_CLI_TYPES_TABLE_H
#define SQ_CLI_TYPES_TABLE_H

#include "softeq/run.h"

/* The verdict is by the equivariance error: below 0.01 a symmetry holds, below 0.1 nearly.
 * names, lambda, symmetry_level, equivariance_error: (count); share, of the training samples that
 * the type moved: (count), NaN or NULL: none; data_error, the error of the function that made the
 * data: (count), or NULL. Prints nothing for no types. */
void sq_print_types(int count, const char (*names)[256], const double *lambda, const double *share,
                    const double *symmetry_level, const double *equivariance_error,
                    const double *data_error);

#endif
