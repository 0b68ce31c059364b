/* Records of Waymo Open Motion: the bytes are one record, which gets its checksums here, since no
 * fuzzer finds those. */
#include "data/crc32c.h"
#include "fuzz_import.h"

static size_t put(uint8_t *to, uint64_t number, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) to[i] = (uint8_t)(number >> 8 * i);
    return bytes;
}

static uint32_t masked_crc(const void *bytes, size_t count) {
    sq_crc32c_table table;
    sq_crc32c_init(&table);
    uint32_t crc = sq_crc32c(&table, bytes, count);
    return (crc >> 15 | crc << 17) + 0xa282ead8;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static const char *const settings[] = {
        "data.observed=2",   "data.predicted=2",   "data.windows=every", "data.interval=0.1",
        "data.missing=mask", "data.align=heading", "data.rise_above=0",  "data.move_below=0"};
    uint8_t *file = malloc(count + 16);
    if (!file) return 0;
    size_t length = put(file, count, 8);
    length += put(file + length, masked_crc(file, 8), 4);
    memcpy(file + length, bytes, count);
    length += count;
    length += put(file + length, masked_crc(bytes, count), 4);
    fuzz_import("waymo", settings, sizeof settings / sizeof settings[0], file, length);
    free(file);
    return 0;
}
