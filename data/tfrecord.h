/* TFRecord files: a row of records, each with its length (8 bytes, little endian), the masked
 * CRC-32C of the length, the data, and the masked CRC-32C of the data. The whole may be compressed
 * by gzip. Format: https://www.tensorflow.org/tutorials/load_data/tfrecord */
#ifndef SQ_DATA_TFRECORD_H
#define SQ_DATA_TFRECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "softeq/error.h"

typedef struct sq_tfrecord sq_tfrecord;

/* A longer record is taken for damage: one scene of Waymo has a few MB. */
enum { SQ_TFRECORD_LONGEST = 256 << 20 };

/* What the next place in the file holds. */
typedef enum {
    SQ_TFRECORD_DATA,    /* a record */
    SQ_TFRECORD_DAMAGED, /* one or more that cannot be read: sq_error_message tells */
    SQ_TFRECORD_END
} sq_tfrecord_event;

/* Opens a file. The caller closes. Errors: SQ_ERR_IO; SQ_ERR_DATA for a file that does not begin as
 * a TFRecord does (what it looks like instead is named). */
sq_status sq_tfrecord_open(const char *path, sq_tfrecord **file);
/* Accepts and leaves NULL. */
void sq_tfrecord_close(sq_tfrecord **file);

/* Goes to the next record. Data: valid until the next call. After damage the reader goes on with
 * the next record whose length can be trusted. Errors: SQ_ERR_IO, SQ_ERR_MEMORY. */
sq_status sq_tfrecord_next(sq_tfrecord *file, sq_tfrecord_event *event, const void **data,
                           size_t *length);

/* Of the record last read, from 0; damaged ones count. */
int64_t sq_tfrecord_index(const sq_tfrecord *file);

/* Bytes of the file, as it is on disk, that were read so far. */
int64_t sq_tfrecord_bytes(const sq_tfrecord *file);

#endif
