/* A recording of pedestrians as text: one annotation a row. */
#ifndef SQ_DATA_RECORDING_H
#define SQ_DATA_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct {
    int64_t agent, frame;
    double x, y;  /* metres */
    int64_t line; /* of the file, from 1 */
} sq_annotation;

/* Annotations by agent, then frame. */
typedef struct {
    const char *path; /* borrowed */
    sq_annotation *annotations;
    int64_t count;
    int64_t frame_step; /* frames between two annotations of one agent, at least 1 */
} sq_recording;

/* Reads rows of frame, agent, x, y; empty lines are skipped. The frame step is the commonest one.
 * Errors: SQ_ERR_IO; SQ_ERR_DATA with file and line for a row that is not four finite numbers, the
 * first two whole, or that tells of the same agent and frame twice; SQ_ERR_DATA for a file without
 * rows. The caller frees, also on failure. */
sq_status sq_recording_read(const char *path, sq_recording *recording);
void sq_recording_free(sq_recording *recording);

#endif
