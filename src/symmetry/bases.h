/* The table of solved bases that models share, and its folder on disk. See softeq/model.h for
 * creation and destruction. */
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

/* How many were solved (not found on disk) since creation. */
int sq_bases_solved(const sq_bases *bases);

/* The whole table as bytes and back, so that rank 0 solves and the others receive.
 * *bytes is allocated; the caller frees it with sq_free. */
sq_status sq_bases_pack(const sq_bases *bases, void **bytes, size_t *count);
sq_status sq_bases_unpack(sq_bases *bases, const void *bytes, size_t count);

/* One basis as a file of the cache. Reading checks the content hash. */
sq_status sq_basis_save(const char *path, const sq_group *group, int rank, sq_duals duals,
                        const sq_basis *basis);
sq_status sq_basis_load(const char *path, sq_basis **basis);

#endif
