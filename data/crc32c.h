/* CRC-32C (Castagnoli): the checksum of TFRecord, iSCSI and ext4. */
#ifndef SQ_DATA_CRC32C_H
#define SQ_DATA_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Tables for eight bytes at a time. Open struct, filled by sq_crc32c_init. */
typedef struct {
    uint32_t row[8][256];
} sq_crc32c_table;

void sq_crc32c_init(sq_crc32c_table *table);

uint32_t sq_crc32c(const sq_crc32c_table *table, const void *bytes, size_t count);

#endif
