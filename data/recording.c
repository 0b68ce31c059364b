#include "data/recording.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/order.h"
#include "data/file_kind.h"

enum { FIELDS = 4 };

/* ---- rows ---- */

static sq_status fail_at(const char *path, int64_t line, const char *problem) {
    return sq_fail(SQ_ERR_DATA, "%s: line %lld: %s; a row is: frame pedestrian x y", path,
                   (long long)line, problem);
}

static bool is_blank(const char *text) {
    while (isspace((unsigned char)*text)) text++;
    return *text == '\0';
}

/* Whole numbers come as "780" or "780.0". 2^53 bounds what a double holds exactly. */
static bool to_whole(double value, int64_t *whole) {
    if (value != floor(value) || fabs(value) > 0x1p53) return false;
    *whole = (int64_t)value;
    return true;
}

static sq_status parse_row(const char *path, int64_t line, const char *text, sq_annotation *row) {
    double fields[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
        char *end;
        fields[i] = strtod(text, &end);
        if (end == text || (*end && !isspace((unsigned char)*end)))
            return fail_at(path, line, "is not four numbers");
        if (!isfinite(fields[i])) return fail_at(path, line, "holds NaN or infinity");
        text = end;
    }
    if (!is_blank(text)) return fail_at(path, line, "has more than four fields");
    if (!to_whole(fields[0], &row->frame)) return fail_at(path, line, "frame is no whole number");
    if (!to_whole(fields[1], &row->agent))
        return fail_at(path, line, "pedestrian is no whole number");
    row->x = fields[2];
    row->y = fields[3];
    row->line = line;
    return SQ_OK;
}

static sq_status append(sq_recording *recording, int64_t *capacity, const sq_annotation *row) {
    if (recording->count == *capacity) {
        int64_t grown = *capacity ? 2 * *capacity : 1024;
        sq_status status =
            sq_grow((size_t)*capacity, (size_t)grown, sizeof *row, &recording->annotations);
        if (status != SQ_OK) return status;
        *capacity = grown;
    }
    recording->annotations[recording->count++] = *row;
    return SQ_OK;
}

/* Text that is wrong is told by its row; what is no text, by what it is. */
static sq_status check_text(const char *path, int64_t line, const char *bytes, size_t length) {
    const char *kind = line == 1 ? sq_binary_kind((const unsigned char *)bytes, length) : NULL;
    if (kind) return sq_fail(SQ_ERR_DATA, "%s: is no recording as text, but %s", path, kind);
    if (memchr(bytes, '\0', length)) return fail_at(path, line, "holds a NUL, so this is no text");
    return SQ_OK;
}

static sq_status read_rows(FILE *stream, sq_recording *recording) {
    char *text = NULL; /* getline's own */
    size_t size = 0;
    int64_t capacity = 0;
    sq_annotation row;
    sq_status status = SQ_OK;
    ssize_t length;
    for (int64_t line = 1; (length = getline(&text, &size, stream)) >= 0; line++) {
        SQ_TRY(check_text(recording->path, line, text, (size_t)length));
        if (is_blank(text)) continue;
        SQ_TRY(parse_row(recording->path, line, text, &row));
        SQ_TRY(append(recording, &capacity, &row));
    }
    if (ferror(stream))
        SQ_TRY(sq_fail(SQ_ERR_IO, "%s: cannot be read: %s", recording->path, strerror(errno)));
    if (recording->count == 0) SQ_TRY(sq_fail(SQ_ERR_DATA, "%s: has no rows", recording->path));
cleanup:
    free(text);
    return status;
}

/* ---- order ---- */

static int compare_annotations(const void *left, const void *right) {
    const sq_annotation *a = left;
    const sq_annotation *b = right;
    if (a->agent != b->agent) return sq_order(a->agent, b->agent);
    if (a->frame != b->frame) return sq_order(a->frame, b->frame);
    return sq_order(a->line, b->line);
}

static sq_status check_unique(const sq_recording *recording) {
    const sq_annotation *all = recording->annotations;
    for (int64_t i = 1; i < recording->count; i++)
        if (all[i].agent == all[i - 1].agent && all[i].frame == all[i - 1].frame)
            return fail_at(recording->path, all[i].line,
                           "tells of a pedestrian and frame that stood there before");
    return SQ_OK;
}

/* The commonest of sorted steps, the smallest on a tie. */
static int64_t commonest(const int64_t *steps, int64_t count) {
    int64_t best = steps[0];
    int64_t best_length = 0;
    for (int64_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && steps[end] == steps[first]) end++;
        if (end - first > best_length) {
            best = steps[first];
            best_length = end - first;
        }
    }
    return best;
}

/* Recordings count frames of videos of several rates, some only annotations; what they share is
 * that most annotations of a pedestrian are one step apart. */
static sq_status find_frame_step(sq_recording *recording) {
    const sq_annotation *all = recording->annotations;
    int64_t *steps = NULL;
    int64_t count = 0;
    sq_status status = sq_alloc((size_t)recording->count, sizeof *steps, &steps);
    if (status != SQ_OK) return status;
    for (int64_t i = 1; i < recording->count; i++)
        if (all[i].agent == all[i - 1].agent) steps[count++] = all[i].frame - all[i - 1].frame;
    recording->frame_step = 1;
    if (count > 0) {
        qsort(steps, (size_t)count, sizeof *steps, sq_compare_int64);
        recording->frame_step = commonest(steps, count);
    }
    sq_free(steps);
    return SQ_OK;
}

sq_status sq_recording_read(const char *path, sq_recording *recording) {
    sq_status status;
    *recording = (sq_recording){.path = path};
    FILE *stream = fopen(path, "r");
    if (!stream) return sq_fail(SQ_ERR_IO, "%s: cannot be opened: %s", path, strerror(errno));
    SQ_TRY(read_rows(stream, recording));
    qsort(recording->annotations, (size_t)recording->count, sizeof *recording->annotations,
          compare_annotations);
    SQ_TRY(check_unique(recording));
    SQ_TRY(find_frame_step(recording));
cleanup:
    fclose(stream);
    return status;
}

void sq_recording_free(sq_recording *recording) {
    sq_free(recording->annotations);
    recording->annotations = NULL;
}
