/* The reader of TFRecord files, plain and gzip. */
#include "data/tfrecord.h"
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    memory_file from = memory_file_create(bytes, count);
    sq_tfrecord *file = NULL;
    if (sq_tfrecord_open(from.path, &file) == SQ_OK) {
        sq_tfrecord_event event = SQ_TFRECORD_DATA;
        const void *data;
        size_t length;
        while (event != SQ_TFRECORD_END)
            if (sq_tfrecord_next(file, &event, &data, &length) != SQ_OK) break;
    }
    sq_tfrecord_close(&file);
    close(from.descriptor);
    return 0;
}
