/* Writes windows to a shard, in blocks, with what tells whose window each is. */
#ifndef SQ_DATA_WINDOW_WRITER_H
#define SQ_DATA_WINDOW_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "data/import_summary.h"
#include "data/window_rules.h"
#include "io/netcdf_file.h"

/* Global attributes besides those of every shard. */
#define SQ_WINDOW_SOURCE_FILES "source_files"
#define SQ_WINDOW_SOURCE_BYTES "source_bytes"
#define SQ_WINDOW_RULES "window_rules"
#define SQ_WINDOW_COUNT_PREFIX "import_" /* before the names of sq_import_count_name */

typedef struct sq_window_writer sq_window_writer;

/* What a shard is made from. Open struct; all texts are the caller's. */
typedef struct {
    const char *source;        /* "ETH/UCY pedestrians": for the title */
    const char *frame_meaning; /* of the variable frame */
    const char *frame_units;
    const char *const *paths; /* (count): files that are read */
    size_t count;
    const char *history; /* the command, or NULL */
} sq_window_source;

/* Bytes of the files together. */
int64_t sq_window_source_bytes(const sq_window_source *from);

/* Where one window goes. Arrays: (steps, dimensions); mask may stay untouched unless the rules mask
 * missing steps. */
typedef struct {
    sq_real *input, *target, *mask;
    double *origin;  /* (dimensions): add it to input and target (after turning back) */
    double *heading; /* radians: turn positions by it to come back to the world */
    int64_t *agent, *frame, *kind;
} sq_window_row;

sq_status sq_window_writer_create(const char *path, const sq_window_rules *rules,
                                  const sq_window_source *from, sq_window_writer **writer);

/* The windows to come belong to the scene of that name. It is numbered by a hash over `file` (the
 * recording's own name, or "" for names that are unique in the world) and name. */
void sq_window_writer_set_scene(sq_window_writer *writer, const char *file, const char *name);

/* Room for the next window; it counts as written. */
sq_status sq_window_writer_next(sq_window_writer *writer, sq_window_row *row);

/* Brings the shard to its place, with the numbers of the summary as attributes; destroys the writer
 * in any case. SQ_ERR_DATA without windows. */
sq_status sq_window_writer_finish(sq_window_writer **writer, const sq_import_summary *summary);
/* Leaves nothing behind. Accepts and leaves NULL. */
void sq_window_writer_abandon(sq_window_writer **writer);

#endif
