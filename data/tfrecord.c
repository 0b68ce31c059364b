#include "data/tfrecord.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "data/crc32c.h"
#include "data/file_kind.h"

enum { LENGTH_BYTES = 8, CRC_BYTES = 4, HEADER_BYTES = LENGTH_BYTES + CRC_BYTES };
enum { BUFFER_BYTES = 1 << 20 };

struct sq_tfrecord {
    char *path;
    gzFile stream; /* reads plain files as they are */
    sq_crc32c_table crc;
    unsigned char header[HEADER_BYTES]; /* of the record to come */
    bool has_header;
    bool lost_beginning; /* not told yet: what stands before the first header */
    bool told_of_stream; /* that it is damaged */
    int64_t index;
    unsigned char *data; /* (capacity), with the checksum behind it */
    size_t capacity;
};

/* ---- bytes ---- */

static sq_status fail_to_read(const sq_tfrecord *file) {
    int code;
    const char *reason = gzerror(file->stream, &code);
    return sq_fail(SQ_ERR_IO, "%s: cannot be read: %s", file->path,
                   code == Z_ERRNO ? strerror(errno) : reason);
}

/* Reads as many of `count` bytes as there are. A gzip file that is cut off or damaged ends there,
 * as a plain file does: its last record is then the damaged one. */
static sq_status read_bytes(sq_tfrecord *file, void *bytes, size_t count, size_t *found) {
    int code;
    int result = gzread(file->stream, bytes, (unsigned)count);
    *found = result > 0 ? (size_t)result : 0;
    gzerror(file->stream, &code);
    if (code == Z_ERRNO || code == Z_MEM_ERROR) return fail_to_read(file);
    return SQ_OK;
}

static uint64_t little_endian(const unsigned char *bytes, int count) {
    uint64_t number = 0;
    for (int i = count - 1; i >= 0; i--) number = number << 8 | bytes[i];
    return number;
}

/* Checksums are stored turned and shifted, so that data that holds checksums is not its own. */
static uint32_t masked_crc(const sq_tfrecord *file, const void *bytes, size_t count) {
    uint32_t crc = sq_crc32c(&file->crc, bytes, count);
    return (crc >> 15 | crc << 17) + 0xa282ead8;
}

static bool fits_crc(const sq_tfrecord *file, const unsigned char *bytes, size_t count) {
    return masked_crc(file, bytes, count) == little_endian(bytes + count, CRC_BYTES);
}

/* ---- headers ---- */

static uint64_t data_length(const sq_tfrecord *file) {
    return little_endian(file->header, LENGTH_BYTES);
}

static bool is_header(const sq_tfrecord *file) {
    return fits_crc(file, file->header, LENGTH_BYTES) && data_length(file) <= SQ_TFRECORD_LONGEST;
}

/* has_header: false at the end of the file, or of what can be read of it. */
static sq_status read_header(sq_tfrecord *file, size_t *found) {
    sq_status status = read_bytes(file, file->header, HEADER_BYTES, found);
    file->has_header = status == SQ_OK && *found == HEADER_BYTES && is_header(file);
    return status;
}

/* Moves on byte by byte until something is a header again. */
static void find_header(sq_tfrecord *file) {
    int next = 0;
    while (!file->has_header && (next = gzgetc(file->stream)) >= 0) {
        memmove(file->header, file->header + 1, HEADER_BYTES - 1);
        file->header[HEADER_BYTES - 1] = (unsigned char)next;
        file->has_header = is_header(file);
    }
}

/* ---- damage ---- */

static sq_status tell_damage(sq_tfrecord *file, sq_tfrecord_event *event, const char *problem) {
    *event = SQ_TFRECORD_DAMAGED;
    sq_fail(SQ_ERR_DATA, "%s: record %lld (the first is 0): %s", file->path, (long long)file->index,
            problem);
    return SQ_OK;
}

/* The end of what can be read, which is not that of the file if decompression failed. */
static sq_status tell_end(sq_tfrecord *file, sq_tfrecord_event *event) {
    int code;
    gzerror(file->stream, &code);
    *event = SQ_TFRECORD_END;
    if (code == Z_OK || code == Z_STREAM_END || file->told_of_stream) return SQ_OK;
    file->told_of_stream = true;
    file->index++;
    return tell_damage(file, event, "the compressed data is cut off or damaged here");
}

/* Something that is no header stands where one should; `found` bytes of it. */
static sq_status recover(sq_tfrecord *file, sq_tfrecord_event *event, size_t found) {
    file->index++;
    if (found < HEADER_BYTES) {
        file->told_of_stream = true;
        return tell_damage(file, event, "the file is cut off within it");
    }
    find_header(file);
    return tell_damage(file, event,
                       file->has_header
                           ? "its length is damaged; went on with the next that is not"
                           : "its length is damaged, and no record was found behind it");
}

/* ---- records ---- */

/* A damaged length must not take memory that the file cannot fill: the room grows as it is read. */
static sq_status read_data(sq_tfrecord *file, size_t wanted, size_t *found) {
    sq_status status = SQ_OK;
    for (*found = 0; *found < wanted;) {
        size_t part = wanted - *found < BUFFER_BYTES ? wanted - *found : BUFFER_BYTES;
        size_t got;
        if (*found + part > file->capacity) {
            size_t grown = 2 * (*found + part);
            SQ_TRY(sq_grow(file->capacity, grown, 1, &file->data));
            file->capacity = grown;
        }
        SQ_TRY(read_bytes(file, file->data + *found, part, &got));
        *found += got;
        if (got < part) break;
    }
cleanup:
    return status;
}

static sq_status read_record(sq_tfrecord *file, sq_tfrecord_event *event, size_t length) {
    size_t found;
    sq_status status = read_data(file, length + CRC_BYTES, &found);
    if (status != SQ_OK) return status;
    *event = SQ_TFRECORD_DATA;
    if (found < length + CRC_BYTES) {
        file->told_of_stream = true;
        return tell_damage(file, event, "the file is cut off within it");
    }
    if (!fits_crc(file, file->data, length))
        return tell_damage(file, event, "its checksum does not fit its data");
    return SQ_OK;
}

sq_status sq_tfrecord_next(sq_tfrecord *file, sq_tfrecord_event *event, const void **data,
                           size_t *length) {
    size_t found = HEADER_BYTES;
    if (file->lost_beginning) {
        file->lost_beginning = false;
        file->index++;
        return tell_damage(file, event, "its length is damaged; went on with the next that is not");
    }
    if (!file->has_header) {
        sq_status status = read_header(file, &found);
        if (status != SQ_OK) return status;
    }
    if (found == 0) return tell_end(file, event);
    if (!file->has_header) return recover(file, event, found);
    file->has_header = false;
    file->index++;
    *length = (size_t)data_length(file);
    sq_status status = read_record(file, event, *length);
    *data = file->data;
    return status;
}

/* ---- files ---- */

/* Either something else, or a TFRecord file whose first length is damaged. */
static sq_status check_beginning(sq_tfrecord *file) {
    unsigned char beginning[HEADER_BYTES];
    size_t found;
    sq_status status = read_header(file, &found);
    if (status != SQ_OK || file->has_header) return status;
    memcpy(beginning, file->header, found);
    const char *kind = sq_file_kind(beginning, found);
    if (!kind && found == HEADER_BYTES) find_header(file);
    file->lost_beginning = file->has_header;
    if (file->has_header) return SQ_OK;
    return sq_fail(SQ_ERR_DATA, "%s: is no TFRecord file%s%s", file->path,
                   kind ? ", but " : ": it has no record whose length fits its checksum",
                   kind ? kind : "");
}

sq_status sq_tfrecord_open(const char *path, sq_tfrecord **file) {
    sq_status status;
    SQ_TRY(sq_alloc(1, sizeof **file, file));
    (*file)->index = -1;
    sq_crc32c_init(&(*file)->crc);
    SQ_TRY(sq_copy_text(path, &(*file)->path));
    (*file)->stream = gzopen(path, "rb");
    if (!(*file)->stream)
        SQ_TRY(sq_fail(SQ_ERR_IO, "%s: cannot be opened: %s", path, strerror(errno)));
    gzbuffer((*file)->stream, BUFFER_BYTES);
    SQ_TRY(check_beginning(*file));
cleanup:
    if (status != SQ_OK) sq_tfrecord_close(file);
    return status;
}

void sq_tfrecord_close(sq_tfrecord **file) {
    sq_tfrecord *gone = *file;
    if (!gone) return;
    if (gone->stream) gzclose_r(gone->stream);
    sq_free(gone->path);
    sq_free(gone->data);
    sq_free(gone);
    *file = NULL;
}

int64_t sq_tfrecord_index(const sq_tfrecord *file) { return file->index; }

int64_t sq_tfrecord_bytes(const sq_tfrecord *file) { return (int64_t)gzoffset(file->stream); }
