/* Checkpoints and model files: named global arrays and named scalars in one NetCDF file, with a
 * content hash. Knows nothing of ranks, networks or the meaning of what it keeps. */
#ifndef SOFTEQ_CHECKPOINT_H
#define SOFTEQ_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef enum { SQ_STATE_FLOAT, SQ_STATE_DOUBLE, SQ_STATE_INT64 } sq_state_type;

/* One array of a state: borrowed memory of the caller. Open struct. */
typedef struct {
    const char *name; /* a NetCDF variable name */
    const char *long_name, *units;
    sq_state_type type;
    int rank; /* 0 (a scalar) to 3 */
    size_t shape[3];
    void *values; /* row-major */
} sq_state_array;

/* One text of a state (configuration, representations). */
typedef struct {
    const char *name; /* a global attribute's name */
    const char *text;
} sq_state_text;

enum { SQ_STATE_HASH_SIZE = 33 }; /* 32 hex digits and a NUL */

/* The content hash of a state. hash: (SQ_STATE_HASH_SIZE) */
sq_status sq_state_hash(const sq_state_array *arrays, size_t n_arrays, const sq_state_text *texts,
                        size_t n_texts, char *hash);

/* Writes the state to `path` through a temporary file, fsync and rename, as a NetCDF-4 file:
 *  - one variable an array, in its own type, unpacked and uncompressed, with the attributes
 *    long_name and units and dimensions of its own: NAME_row, NAME_column, NAME_depth;
 *  - one global attribute a text;
 *  - the global attributes Conventions, title, source, history, content_hash and
 *    content_hash_texts (names of the texts, parted by blanks).
 * The hash is over the arrays (name, element size, shape, values) in the order given, then over the
 * texts in the order given; hence a text may not say where, when or on how many ranks.
 * content_hash: (SQ_STATE_HASH_SIZE), or NULL. Not collective: rank 0 calls it. */
sq_status sq_checkpoint_write(const char *path, const char *title, const sq_state_array *arrays,
                              size_t n_arrays, const sq_state_text *texts, size_t n_texts,
                              char *content_hash);

/* An opened state file whose content hash has been verified. */
typedef struct sq_checkpoint sq_checkpoint;

/* Opens a file, reads it all and verifies its hash. Errors: SQ_ERR_IO, SQ_ERR_DATA with what does
 * not fit; never a crash, whatever the bytes. The caller closes. */
sq_status sq_checkpoint_open(const char *path, sq_checkpoint **checkpoint);
void sq_checkpoint_close(sq_checkpoint **checkpoint);

/* Whether the file has an array of that name. */
bool sq_checkpoint_has(const sq_checkpoint *checkpoint, const char *name);
/* Reads an array: name, type and shape must be those of `array`; values are written there. */
sq_status sq_checkpoint_read(const sq_checkpoint *checkpoint, const sq_state_array *array);
/* The units of an array, owned by the checkpoint; "" if there is none, or no such array. */
const char *sq_checkpoint_units(const sq_checkpoint *checkpoint, const char *name);
/* The text is owned by the checkpoint; SQ_ERR_DATA if absent. */
sq_status sq_checkpoint_text(const sq_checkpoint *checkpoint, const char *name, const char **text);
const char *sq_checkpoint_hash(const sq_checkpoint *checkpoint);
const char *sq_checkpoint_path(const sq_checkpoint *checkpoint);

#endif
