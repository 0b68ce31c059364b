#include "mpi/shared_sums.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/partition.h"

/* CACHE_LINE: what two cores pass between them. BLOCK: values that are added up at once, small
 * enough for the first cache. PATIENT_POLLS: then the core is offered to whoever shares it. */
enum { CACHE_LINE = 64, LINE_VALUES = CACHE_LINE / sizeof(int64_t), BLOCK = 512 };
enum { PATIENT_POLLS = 1000 };

/* Stands before each rank's values. */
typedef struct {
    _Alignas(CACHE_LINE) _Atomic uint64_t met; /* how often this rank has come to a meeting */
} segment_head;

typedef struct {
    MPI_Win window;
    size_t count; /* values of a rank */
    bool lent;
    uint64_t meetings;       /* so far */
    segment_head **segments; /* (ranks): as this rank sees them */
} region;

/* How far a rank has come with a window. All go on from what the least of them has. */
typedef enum { NO_WINDOW, NO_SEGMENTS, OPEN } stage;

struct sq_shared_sums {
    MPI_Comm node;
    sq_vigil *vigil;
    int rank, size;
    int n_regions;
    region *regions; /* (n_regions) */
    bool closed;     /* on all ranks: no more windows are asked for */
    /* Of an agreement that may have been given up waiting for, hence not on the stack. */
    MPI_Request agreement;
    int mine, least;
};

static int64_t *values_of(const region *r, int rank) { return (int64_t *)(r->segments[rank] + 1); }

sq_status sq_shared_sums_create(MPI_Comm node, sq_vigil *vigil, sq_shared_sums **sums) {
    sq_status status = sq_alloc(1, sizeof **sums, sums);
    if (status != SQ_OK) return status;
    (*sums)->node = node;
    (*sums)->vigil = vigil;
    MPI_Comm_rank(node, &(*sums)->rank);
    MPI_Comm_size(node, &(*sums)->size);
    return SQ_OK;
}

static void free_region(region *r) {
    if (r->window != MPI_WIN_NULL) MPI_Win_free(&r->window);
    sq_free(r->segments);
}

void sq_shared_sums_destroy(sq_shared_sums **sums) {
    if (!*sums) return;
    for (int k = 0; k < (*sums)->n_regions; k++) free_region(&(*sums)->regions[k]);
    sq_free((*sums)->regions);
    sq_free(*sums);
    *sums = NULL;
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Each rank's segment begins on a page of its own, so that it is near the rank that fills it. */
static int allocate_window(MPI_Comm node, size_t bytes, MPI_Win *window) {
    MPI_Info info;
    void *mine = NULL;
    int code = MPI_Info_create(&info);
    if (code != MPI_SUCCESS) return code;
    MPI_Info_set(info, "alloc_shared_noncontig", "true");
    code = MPI_Win_allocate_shared((MPI_Aint)bytes, 1, info, node, &mine, window);
    MPI_Info_free(&info);
    return code;
}

/* MPI aligns segments to less than a cache line. They stand at the same place of a page on all
 * ranks, so that all of them round to the same place. */
static segment_head *align(void *first) {
    uintptr_t address = (uintptr_t)first;
    return (segment_head *)((address + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
}

static int find_segments(int size, region *r) {
    int code = MPI_SUCCESS;
    for (int rank = 0; rank < size && code == MPI_SUCCESS; rank++) {
        MPI_Aint bytes;
        int unit;
        void *first = NULL;
        code = MPI_Win_shared_query(r->window, rank, &bytes, &unit, &first);
        r->segments[rank] = align(first);
    }
    return code;
}

/* The least of all ranks' numbers, 0 if it fails. What MPI does with windows waits for ever; this
 * does not: who has come through it may be waited for. */
static sq_status find_least(sq_shared_sums *sums, int mine, int *least) {
    sums->mine = mine;
    int code = MPI_Iallreduce(&sums->mine, &sums->least, 1, MPI_INT, MPI_MIN, sums->node,
                              &sums->agreement);
    sq_status status = sq_mpi_check(code, "agree on shared memory");
    if (status == SQ_OK)
        status = sq_vigil_wait_all(sums->vigil, 1, &sums->agreement, "agree on shared memory");
    *least = status == SQ_OK ? sums->least : 0;
    return status;
}

/* Whether all ranks are well so far. */
static sq_status all_well(sq_shared_sums *sums, bool mine, bool *all) {
    int least = 0;
    sq_status status = find_least(sums, mine, &least);
    *all = least != 0;
    return status;
}

/* Bytes of a rank in a window. */
static size_t segment_bytes(size_t count) {
    return sizeof(segment_head) + count * sizeof(int64_t) + CACHE_LINE;
}

/* Whether there is room for the segments of all ranks, with a quarter to spare. To be known before
 * MPI is asked: where a container has little of it (64 MiB is usual), Open MPI 4.1 fails on one
 * rank and keeps the others waiting for ever. */
static bool has_room(const sq_shared_sums *sums, size_t count) {
    struct statvfs found;
    double bytes = (double)sums->size * (double)segment_bytes(count);
    if (statvfs("/dev/shm", &found) != 0) return true; /* MPI has another place */
    return (double)found.f_bavail * (double)found.f_frsize >= 1.25 * bytes;
}

static stage make_region(const sq_shared_sums *sums, size_t count, region *r) {
    MPI_Win window = MPI_WIN_NULL;
    r->count = count;
    if (allocate_window(sums->node, segment_bytes(count), &window) != MPI_SUCCESS) return NO_WINDOW;
    r->window = window;
    if (find_segments(sums->size, r) != MPI_SUCCESS) return NO_SEGMENTS;
    memset(r->segments[sums->rank], 0, segment_bytes(count) - CACHE_LINE);
    return OPEN;
}

/* To free a window is to meet all ranks. One that some of them do not have stays to the end of the
 * process, and is the last that was asked for. */
static void give_up_window(sq_shared_sums *sums, region *r) {
    r->window = MPI_WIN_NULL;
    sums->closed = true;
    sq_log(SQ_LOG_WARNING,
           "MPI gave not all of the %d ranks of this node shared memory for sums (%zu KiB): from "
           "now on these go by messages, to the same bits",
           sums->size, segment_bytes(r->count) / 1024 + 1);
}

/* A node that has nothing to share is no error: *opened is false there, on all ranks. */
static sq_status open_region(sq_shared_sums *sums, size_t count, region *r, bool *opened) {
    int least = NO_WINDOW;
    /* After this, which is a barrier, too: nobody looks at a segment that is not zero yet. */
    sq_status status = find_least(sums, (int)make_region(sums, count, r), &least);
    if (status == SQ_OK && least == NO_WINDOW) give_up_window(sums, r);
    *opened = least == OPEN;
    return status;
}

/* The smallest that is large enough, so that larger ones remain for what needs them. */
static region *find_free(const sq_shared_sums *sums, size_t count) {
    region *found = NULL;
    for (int k = 0; k < sums->n_regions; k++) {
        region *r = &sums->regions[k];
        if (!r->lent && r->count >= count && (!found || r->count < found->count)) found = r;
    }
    return found;
}

/* Collective. Else memory would grow with every trainer that is larger than those before it. */
static void free_what_is_not_lent(sq_shared_sums *sums) {
    int kept = 0;
    for (int k = 0; k < sums->n_regions; k++) {
        if (sums->regions[k].lent)
            sums->regions[kept++] = sums->regions[k];
        else
            free_region(&sums->regions[k]);
    }
    sums->n_regions = kept;
}

static sq_status add_region(sq_shared_sums *sums, size_t count, region **added) {
    sq_status status = SQ_OK, local;
    bool well = false, opened = false;
    region r = {.window = MPI_WIN_NULL};
    *added = NULL;
    local = sq_alloc((size_t)sums->size, sizeof(segment_head *), &r.segments);
    if (local == SQ_OK)
        local = sq_grow((size_t)sums->n_regions, (size_t)sums->n_regions + 1, sizeof *sums->regions,
                        &sums->regions);
    SQ_TRY(all_well(sums, local == SQ_OK, &well));
    if (!well) goto cleanup;
    free_what_is_not_lent(sums);
    SQ_TRY(all_well(sums, has_room(sums, count), &well));
    if (well) SQ_TRY(open_region(sums, count, &r, &opened));
    if (!opened) goto cleanup;
    *added = &sums->regions[sums->n_regions++];
    **added = r;
cleanup:
    if (status != SQ_OK) r.window = MPI_WIN_NULL; /* the others will not come to free it */
    if (!opened) free_region(&r);
    return status;
}

sq_status sq_shared_sums_lend(sq_shared_sums *sums, size_t count, int64_t **values) {
    sq_status status = SQ_OK;
    region *r = find_free(sums, count);
    *values = NULL;
    if (!r && !sums->closed) SQ_TRY(add_region(sums, count, &r));
    if (!r) goto cleanup;
    r->lent = true;
    *values = values_of(r, sums->rank);
    memset(*values, 0, count * sizeof **values);
cleanup:
    return status;
}

static region *region_of(const sq_shared_sums *sums, const int64_t *values) {
    for (int k = 0; k < sums->n_regions; k++) {
        const int64_t *first = values_of(&sums->regions[k], sums->rank);
        if (values >= first && values < first + sums->regions[k].count) return &sums->regions[k];
    }
    return NULL;
}

void sq_shared_sums_take_back(sq_shared_sums *sums, const int64_t *values) {
    region_of(sums, values)->lent = false;
}

bool sq_shared_sums_has(const sq_shared_sums *sums, const int64_t *values) {
    return region_of(sums, values) != NULL;
}

/* ---- sums ------------------------------------------------------------------------------------ */

typedef struct {
    const region *r;
    int size, next; /* ranks before `next` have come */
    unsigned polls;
} meeting;

static int poll_meeting(void *context, int *arrived) {
    meeting *m = context;
    while (m->next < m->size && atomic_load_explicit(&m->r->segments[m->next]->met,
                                                     memory_order_acquire) >= m->r->meetings)
        m->next++;
    *arrived = m->next == m->size;
    if (!*arrived && ++m->polls > PATIENT_POLLS) sched_yield();
    return MPI_SUCCESS;
}

/* Returns when all ranks have come: what they wrote before can be read. */
static sq_status meet(const sq_shared_sums *sums, region *r) {
    meeting m = {.r = r, .size = sums->size};
    r->meetings++;
    atomic_store_explicit(&r->segments[sums->rank]->met, r->meetings, memory_order_release);
    return sq_vigil_wait(sums->vigil, poll_meeting, &m, "sum over ranks");
}

/* Values first .. end-1, counted from `at`, on all ranks. */
static void add_slice(const sq_shared_sums *sums, const region *r, size_t at, sq_range slice) {
    int64_t total[BLOCK];
    for (int64_t first = slice.first; first < slice.end; first += BLOCK) {
        size_t count = (size_t)(slice.end - first < BLOCK ? slice.end - first : BLOCK);
        size_t from = at + (size_t)first;
        memcpy(total, values_of(r, 0) + from, count * sizeof *total);
        for (int rank = 1; rank < sums->size; rank++) {
            const int64_t *part = values_of(r, rank) + from;
            for (size_t e = 0; e < count; e++) total[e] += part[e];
        }
        for (int rank = 0; rank < sums->size; rank++)
            memcpy(values_of(r, rank) + from, total, count * sizeof *total);
    }
}

/* This rank's slice of `count` values: whole cache lines, but for the last one. */
static sq_range slice_of(const sq_shared_sums *sums, size_t count) {
    int64_t lines = (int64_t)((count + LINE_VALUES - 1) / LINE_VALUES);
    sq_range slice = sq_partition(lines, sums->size, sums->rank);
    slice.first *= LINE_VALUES;
    slice.end *= LINE_VALUES;
    if (slice.end > (int64_t)count) slice.end = (int64_t)count;
    return slice;
}

sq_status sq_shared_sums_add(sq_shared_sums *sums, int64_t *values, size_t count) {
    region *r = region_of(sums, values);
    sq_status status = meet(sums, r);
    if (status != SQ_OK) return status;
    add_slice(sums, r, (size_t)(values - values_of(r, sums->rank)), slice_of(sums, count));
    return meet(sums, r);
}
