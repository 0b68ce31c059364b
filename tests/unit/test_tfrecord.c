/* TFRecord files: checksums, damage, files that are cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/crc32c.h"
#include "data/tfrecord.h"
#include "scratch.h"

/* ---- a file ---- */

typedef struct {
    unsigned char bytes[4096];
    size_t length;
} image;

static void put_number(image *file, uint64_t number, int bytes) {
    for (int i = 0; i < bytes; i++) file->bytes[file->length++] = (unsigned char)(number >> 8 * i);
}

static void put_crc(image *file, size_t first) {
    sq_crc32c_table table;
    sq_crc32c_init(&table);
    uint32_t crc = sq_crc32c(&table, file->bytes + first, file->length - first);
    put_number(file, (uint32_t)((crc >> 15 | crc << 17) + 0xa282ead8), 4);
}

/* Appends a record; returns where it begins. */
static size_t put_record(image *file, const char *text) {
    size_t start = file->length;
    put_number(file, strlen(text), 8);
    put_crc(file, start);
    size_t data = file->length;
    memcpy(file->bytes + data, text, strlen(text));
    file->length += strlen(text);
    put_crc(file, data);
    return start;
}

static sq_tfrecord *open_image(void **state, const image *file) {
    const char *path = scratch_path(state, "file");
    sq_tfrecord *opened;
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(file->bytes, 1, file->length, stream), file->length);
    assert_int_equal(fclose(stream), 0);
    assert_ok(sq_tfrecord_open(path, &opened));
    return opened;
}

static void assert_next(sq_tfrecord *file, const char *text) {
    sq_tfrecord_event event;
    const void *data;
    size_t length;
    assert_ok(sq_tfrecord_next(file, &event, &data, &length));
    assert_int_equal(event, SQ_TFRECORD_DATA);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(data, text, length);
}

static void assert_event(sq_tfrecord *file, sq_tfrecord_event expected, const char *words) {
    sq_tfrecord_event event;
    const void *data;
    size_t length;
    assert_ok(sq_tfrecord_next(file, &event, &data, &length));
    assert_int_equal(event, expected);
    if (words && !strstr(sq_error_message(), words))
        fail_msg("'%s' is not in '%s'", words, sq_error_message());
}

/* ---- tests ---- */

static void the_checksum_is_that_of_the_standard(void **state) {
    unsigned char zeros[32] = {0};
    sq_crc32c_table table;
    (void)state;
    sq_crc32c_init(&table);
    assert_int_equal(sq_crc32c(&table, "123456789", 9), 0xe3069283);
    assert_int_equal(sq_crc32c(&table, zeros, sizeof zeros), 0x8a9136aa); /* RFC 3720 */
    assert_int_equal(sq_crc32c(&table, "", 0), 0);
}

static void records_come_in_order(void **state) {
    image file = {.length = 0};
    put_record(&file, "one");
    put_record(&file, "");
    put_record(&file, "three");
    sq_tfrecord *opened = open_image(state, &file);
    assert_next(opened, "one");
    assert_next(opened, "");
    assert_next(opened, "three");
    assert_int_equal(sq_tfrecord_index(opened), 2);
    assert_event(opened, SQ_TFRECORD_END, NULL);
    assert_event(opened, SQ_TFRECORD_END, NULL);
    sq_tfrecord_close(&opened);
}

/* Every byte of the middle record, one after another. */
static void damage_costs_one_record(void **state) {
    image file = {.length = 0};
    put_record(&file, "one");
    size_t middle = put_record(&file, "two");
    size_t end = put_record(&file, "three");
    for (size_t at = middle; at < end; at++) {
        file.bytes[at] ^= 0x10;
        sq_tfrecord *opened = open_image(state, &file);
        assert_next(opened, "one");
        assert_event(opened, SQ_TFRECORD_DAMAGED, "record 1 (the first is 0): its ");
        assert_next(opened, "three");
        assert_event(opened, SQ_TFRECORD_END, NULL);
        sq_tfrecord_close(&opened);
        file.bytes[at] ^= 0x10;
    }
}

static void a_damaged_beginning_is_no_other_file(void **state) {
    image file = {.length = 0};
    put_record(&file, "one");
    put_record(&file, "two");
    file.bytes[2] ^= 0xff;
    sq_tfrecord *opened = open_image(state, &file);
    assert_event(opened, SQ_TFRECORD_DAMAGED, "record 0");
    assert_next(opened, "two");
    assert_event(opened, SQ_TFRECORD_END, NULL);
    sq_tfrecord_close(&opened);
}

static void a_file_cut_off_anywhere_tells(void **state) {
    image file = {.length = 0};
    put_record(&file, "one");
    size_t second = put_record(&file, "two");
    size_t whole = file.length;
    for (file.length = second + 1; file.length < whole; file.length++) {
        sq_tfrecord *opened = open_image(state, &file);
        assert_next(opened, "one");
        assert_event(opened, SQ_TFRECORD_DAMAGED, "record 1 (the first is 0): the file is cut off");
        assert_event(opened, SQ_TFRECORD_END, NULL);
        sq_tfrecord_close(&opened);
    }
}

static void other_files_are_named(void **state) {
    sq_tfrecord *opened;
    assert_failure(sq_tfrecord_open(scratch_write(state, "text", "frame,track,x,y\n"), &opened),
                   SQ_ERR_DATA, "is no TFRecord file, but a text file");
    assert_failure(sq_tfrecord_open(scratch_write(state, "nothing", ""), &opened), SQ_ERR_DATA,
                   "an empty file");
    assert_failure(sq_tfrecord_open(scratch_path(state, "absent"), &opened), SQ_ERR_IO,
                   "cannot be opened");
    assert_failure(sq_tfrecord_open("/tmp", &opened), SQ_ERR_IO, "/tmp: cannot be read");
    assert_null(opened);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checksum_is_that_of_the_standard),
        in_scratch(records_come_in_order),
        in_scratch(damage_costs_one_record),
        in_scratch(a_damaged_beginning_is_no_other_file),
        in_scratch(a_file_cut_off_anywhere_tells),
        in_scratch(other_files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
