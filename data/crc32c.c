#include "data/crc32c.h"

static const uint32_t polynomial = 0x82f63b78; /* bits reversed */

/* row[0] is the checksum of one byte; row[k] that of the byte and k zeros behind it. */
void sq_crc32c_init(sq_crc32c_table *table) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
        table->row[0][byte] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (int byte = 0; byte < 256; byte++) {
            uint32_t before = table->row[k - 1][byte];
            table->row[k][byte] = before >> 8 ^ table->row[0][before & 0xff];
        }
}

static uint64_t load_little_endian(const unsigned char *bytes) {
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--) word = word << 8 | bytes[i];
    return word;
}

uint32_t sq_crc32c(const sq_crc32c_table *table, const void *bytes, size_t count) {
    const uint32_t(*row)[256] = table->row;
    const unsigned char *at = bytes;
    uint32_t crc = 0xffffffff;
    for (; count >= 8; count -= 8, at += 8) {
        uint64_t word = load_little_endian(at) ^ crc;
        crc = row[7][word & 0xff] ^ row[6][word >> 8 & 0xff] ^ row[5][word >> 16 & 0xff] ^
              row[4][word >> 24 & 0xff] ^ row[3][word >> 32 & 0xff] ^ row[2][word >> 40 & 0xff] ^
              row[1][word >> 48 & 0xff] ^ row[0][word >> 56];
    }
    for (; count > 0; count--, at++) crc = crc >> 8 ^ row[0][(crc ^ *at) & 0xff];
    return ~crc;
}
