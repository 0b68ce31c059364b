/* The table of solved bases that models share, and its folder on disk. See softeq/model.h for
 * creation, packing and destruction. */
#ifndef SQ_SYMMETRY_BASES_H
#define SQ_SYMMETRY_BASES_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/model.h"
#include "symmetry/basis.h"

/* A basis in the precision that networks use. */
typedef struct {
    uint64_t key; /* hash of generators, rank and duals */
    sq_basis *basis;
    sq_real *vectors; /* (count, dimension) */
} sq_bases_entry;

/* Finds in memory, else on disk, else solves (and saves, if there is a folder).
 * The entry belongs to the table and stays where it is. */
sq_status sq_bases_get(sq_bases *bases, const sq_group *group, int rank, sq_duals duals,
                       const sq_bases_entry **entry);

/* One basis as a file of the cache. Reading checks the content hash. */
sq_status sq_basis_save(const char *path, const sq_group *group, int rank, sq_duals duals,
                        const sq_basis *basis);
sq_status sq_basis_load(const char *path, sq_basis **basis);

#endif
