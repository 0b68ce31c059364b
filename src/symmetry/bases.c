#include "symmetry/bases.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cores.h"
#include "base/log.h"
#include "base/memory.h"
#include "io/atomic_file.h"
#include "io/content_hash.h"
#include "linalg/linalg.h"
#include "symmetry/action.h"
#include "symmetry/group_table.h"

struct sq_bases {
    char *folder; /* NULL: none */
    bool folder_fails;
    int solved;
    size_t count, capacity;
    sq_bases_entry **entries; /* (capacity), the first count used */
};

sq_status sq_bases_create(const char *cache_folder, sq_bases **bases) {
    sq_status status = SQ_OK;
    SQ_TRY(sq_alloc(1, sizeof **bases, bases));
    if (cache_folder && cache_folder[0]) SQ_TRY(sq_copy_text(cache_folder, &(*bases)->folder));
cleanup:
    if (status != SQ_OK) sq_bases_destroy(bases);
    return status;
}

static void entry_destroy(sq_bases_entry *entry) {
    if (!entry) return;
    sq_basis_destroy(&entry->basis);
    sq_free(entry->vectors);
    sq_free(entry);
}

void sq_bases_destroy(sq_bases **bases) {
    if (!*bases) return;
    for (size_t k = 0; k < (*bases)->count; k++) entry_destroy((*bases)->entries[k]);
    sq_free((*bases)->entries);
    sq_free((*bases)->folder);
    sq_free(*bases);
    *bases = NULL;
}

int sq_bases_solved(const sq_bases *bases) { return bases->solved; }

static uint64_t hash_key(const sq_group *group, int rank, sq_duals duals) {
    /* Bumped whenever the solver would give other vectors of the same space. */
    const int64_t header[] = {2, group->dimension, group->n_lie, group->n_discrete, rank, duals};
    return sq_group_hash_generators(group, sq_hash_bytes(header, sizeof header, 0));
}

/* Others solve to other last digits: another BLAS or kernel of it, another type of CPU. The folder
 * keeps what each has solved apart, so that the bits of a run do not depend on who filled it. */
static uint64_t hash_solver(uint64_t key) {
    char cpu[256];
    const char *blas = sq_linalg_description(), *kernel = sq_linalg_kernel();
    sq_cpu_type(cpu, sizeof cpu);
    key = sq_hash_bytes(blas, strlen(blas), key);
    key = sq_hash_bytes(kernel, strlen(kernel), key);
    return sq_hash_bytes(cpu, strlen(cpu), key);
}

/* Takes over *basis. */
static sq_status add_entry(sq_bases *bases, uint64_t key, sq_basis **basis,
                           const sq_bases_entry **added) {
    sq_status status = SQ_OK;
    sq_bases_entry *entry = NULL;
    if (bases->count == bases->capacity) {
        size_t capacity = 2 * bases->capacity + 16;
        SQ_TRY(sq_grow(bases->capacity, capacity, sizeof *bases->entries, &bases->entries));
        bases->capacity = capacity;
    }
    SQ_TRY(sq_alloc(1, sizeof *entry, &entry));
    entry->key = key;
    size_t size = (*basis)->count * (*basis)->dimension;
    SQ_TRY(sq_alloc(size, sizeof *entry->vectors, &entry->vectors));
    for (size_t e = 0; e < size; e++) entry->vectors[e] = (sq_real)(*basis)->vectors[e];
    entry->basis = *basis;
    *basis = NULL;
    bases->entries[bases->count++] = entry;
    if (added) *added = entry;
    entry = NULL;
cleanup:
    entry_destroy(entry);
    return status;
}

static const sq_bases_entry *find_entry(const sq_bases *bases, uint64_t key) {
    for (size_t k = 0; k < bases->count; k++)
        if (bases->entries[k]->key == key) return bases->entries[k];
    return NULL;
}

/* True if *basis came from the folder. A damaged file is named and solved anew. */
static bool load_from_folder(const sq_bases *bases, const char *path, const sq_group *group,
                             int rank, sq_duals duals, sq_basis **basis) {
    double residual = 0.0;
    if (!bases->folder || access(path, R_OK) != 0) return false;
    if (sq_basis_load(path, basis) != SQ_OK) {
        sq_log(SQ_LOG_WARNING, "solving again what the cache has damaged: %s", sq_error_message());
        return false;
    }
    /* Of another size it could not even be tried. */
    if ((*basis)->dimension == sq_tensor_size(group->dimension, rank) &&
        sq_basis_residual(group, rank, duals, *basis, &residual) == SQ_OK &&
        residual < SQ_BASIS_TOLERANCE) {
        (*basis)->residual = residual;
        return true;
    }
    sq_log(SQ_LOG_WARNING, "solving again: %s does not hold invariants of %s", path, group->name);
    sq_basis_destroy(basis);
    return false;
}

/* A cache that cannot be written costs time, not the run: said once. */
static void save_to_folder(sq_bases *bases, const char *path, const sq_group *group, int rank,
                           sq_duals duals, const sq_basis *basis) {
    if (!bases->folder || bases->folder_fails) return;
    if (sq_make_folder(bases->folder) == SQ_OK &&
        sq_basis_save(path, group, rank, duals, basis) == SQ_OK)
        return;
    bases->folder_fails = true;
    sq_log(SQ_LOG_WARNING, "solved bases cannot be kept for later runs: %s", sq_error_message());
}

sq_status sq_bases_get(sq_bases *bases, const sq_group *group, int rank, sq_duals duals,
                       const sq_bases_entry **entry) {
    sq_status status = SQ_OK;
    sq_basis *basis = NULL;
    char path[4096] = "";
    if (group->orthogonal) duals = 0;
    uint64_t key = hash_key(group, rank, duals);
    *entry = find_entry(bases, key);
    if (*entry) return SQ_OK;
    if (bases->folder)
        snprintf(path, sizeof path, "%s/basis-%016llx.nc", bases->folder,
                 (unsigned long long)hash_solver(key));
    if (!load_from_folder(bases, path, group, rank, duals, &basis)) {
        SQ_TRY(sq_basis_solve_product(group, rank, duals, &basis));
        bases->solved++;
        save_to_folder(bases, path, group, rank, duals, basis);
    }
    SQ_TRY(add_entry(bases, key, &basis, entry));
cleanup:
    sq_basis_destroy(&basis);
    return status;
}

/* Packed: per entry four 64-bit numbers (key, dimension, count, residual) and the vectors. */
enum { PACKED_HEADER = 4 * 8 };

static size_t packed_size(const sq_basis *basis) {
    return PACKED_HEADER + basis->count * basis->dimension * sizeof(double);
}

sq_status sq_bases_pack(const sq_bases *bases, void **bytes, size_t *count) {
    *count = 0;
    for (size_t k = 0; k < bases->count; k++) *count += packed_size(bases->entries[k]->basis);
    sq_status status = sq_alloc(*count, 1, bytes);
    if (status != SQ_OK) return status;
    char *place = *bytes;
    for (size_t k = 0; k < bases->count; k++) {
        const sq_basis *basis = bases->entries[k]->basis;
        uint64_t header[4] = {bases->entries[k]->key, basis->dimension, basis->count, 0};
        memcpy(&header[3], &basis->residual, sizeof basis->residual);
        memcpy(place, header, sizeof header);
        memcpy(place + PACKED_HEADER, basis->vectors, packed_size(basis) - PACKED_HEADER);
        place += packed_size(basis);
    }
    return SQ_OK;
}

/* Reads one entry from the `left` bytes at `place`; *size: how many of them it took. */
static sq_status unpack_entry(const char *place, size_t left, uint64_t *key, sq_basis **basis,
                              size_t *size) {
    sq_status status = SQ_OK;
    uint64_t header[4] = {0};
    if (left >= sizeof header) memcpy(header, place, sizeof header);
    size_t room = left < sizeof header ? 0 : (left - sizeof header) / sizeof(double);
    if (header[1] == 0 || header[2] > room / header[1])
        return sq_fail(SQ_ERR_DATA, "the packed invariants are cut off");
    *key = header[0];
    SQ_TRY(sq_alloc(1, sizeof **basis, basis));
    (*basis)->dimension = header[1];
    (*basis)->count = header[2];
    memcpy(&(*basis)->residual, &header[3], sizeof(*basis)->residual);
    SQ_TRY(sq_alloc(header[1] * header[2], sizeof(double), &(*basis)->vectors));
    *size = packed_size(*basis);
    memcpy((*basis)->vectors, place + PACKED_HEADER, *size - PACKED_HEADER);
cleanup:
    return status;
}

sq_status sq_bases_unpack(sq_bases *bases, const void *bytes, size_t count) {
    sq_status status = SQ_OK;
    sq_basis *basis = NULL;
    uint64_t key = 0;
    size_t size = 0;
    for (size_t at = 0; at < count; at += size) {
        SQ_TRY(unpack_entry((const char *)bytes + at, count - at, &key, &basis, &size));
        if (!find_entry(bases, key)) SQ_TRY(add_entry(bases, key, &basis, NULL));
        sq_basis_destroy(&basis);
    }
cleanup:
    sq_basis_destroy(&basis);
    return status;
}
