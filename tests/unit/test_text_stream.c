/* Texts that are printed into memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/memory.h"
#include "base/text_stream.h"
#include "scratch.h"

static void what_is_printed_is_the_text(void **state) {
    (void)state;
    sq_text_stream text;
    assert_ok(sq_text_stream_open(&text, "a test"));
    fprintf(text.stream, "%d ranks", 3);
    fputc('\n', text.stream);
    assert_ok(sq_text_stream_close(&text));
    assert_null(text.stream);
    assert_string_equal("3 ranks\n", text.text);
    assert_int_equal(8, text.size);
    sq_text_stream_clear(&text);
    assert_null(text.text);
    sq_text_stream_clear(&text);
}

static void nothing_printed_is_an_empty_text(void **state) {
    (void)state;
    sq_text_stream text;
    assert_ok(sq_text_stream_open(&text, "a test"));
    assert_ok(sq_text_stream_close(&text));
    assert_string_equal("", text.text);
    assert_int_equal(0, text.size);
    sq_text_stream_clear(&text);
}

static void a_text_grows_as_it_is_printed(void **state) {
    enum { LINES = 20000 };
    (void)state;
    sq_text_stream text;
    char line[32];
    assert_ok(sq_text_stream_open(&text, "a test"));
    for (int k = 0; k < LINES; k++) fprintf(text.stream, "%06d\n", k);
    assert_ok(sq_text_stream_close(&text));
    assert_int_equal(7 * LINES, text.size);
    assert_int_equal(text.size, strlen(text.text));
    for (int k = 0; k < LINES; k++) {
        snprintf(line, sizeof line, "%06d\n", k);
        assert_memory_equal(line, text.text + 7 * k, 7);
    }
    sq_text_stream_clear(&text);
}

static void any_byte_is_kept(void **state) {
    (void)state;
    sq_text_stream text;
    assert_ok(sq_text_stream_open(&text, "a test"));
    fwrite("a\0b", 1, 3, text.stream);
    assert_ok(sq_text_stream_close(&text));
    assert_int_equal(3, text.size);
    assert_memory_equal("a\0b", text.text, 4);
    sq_text_stream_clear(&text);
}

static void a_text_is_handed_over(void **state) {
    (void)state;
    sq_text_stream text;
    char *taken = NULL;
    assert_ok(sq_text_stream_open(&text, "a test"));
    fputs("taken", text.stream);
    assert_ok(sq_text_stream_take(&text, &taken));
    assert_string_equal("taken", taken);
    assert_null(text.stream);
    assert_null(text.text);
    sq_text_stream_clear(&text);
    sq_free(taken);
}

static void an_open_one_is_cleared(void **state) {
    (void)state;
    sq_text_stream text;
    assert_ok(sq_text_stream_open(&text, "a test"));
    fputs("dropped", text.stream);
    sq_text_stream_clear(&text);
    assert_null(text.stream);
    assert_null(text.text);
    sq_text_stream_clear(&text);
}

/* As if so much had been printed that sq_alloc refuses the next word: no allocator is asked. */
static void open_full(sq_text_stream *text) {
    assert_ok(sq_text_stream_open(text, "a test"));
    text->size = text->capacity = SIZE_MAX - SQ_ALIGNMENT;
    fputs("more", text->stream);
}

static void what_memory_cannot_hold_is_told(void **state) {
    (void)state;
    sq_text_stream text;
    char *taken = NULL;
    open_full(&text);
    assert_failure(sq_text_stream_close(&text), SQ_ERR_MEMORY, "no memory for a test");
    sq_text_stream_clear(&text);
    open_full(&text);
    assert_failure(sq_text_stream_take(&text, &taken), SQ_ERR_MEMORY, "no memory for a test");
    assert_null(taken);
    assert_null(text.text);
}

/* Printed in pieces, of which a later one may fit again. */
static void a_gap_in_the_text_is_told(void **state) {
    (void)state;
    sq_text_stream text;
    open_full(&text);
    fflush(text.stream);
    text.size = 0;
    fputs("rest", text.stream);
    assert_failure(sq_text_stream_close(&text), SQ_ERR_MEMORY, "no memory for a test");
    sq_text_stream_clear(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printed_is_the_text),
        cmocka_unit_test(nothing_printed_is_an_empty_text),
        cmocka_unit_test(a_text_grows_as_it_is_printed),
        cmocka_unit_test(any_byte_is_kept),
        cmocka_unit_test(a_text_is_handed_over),
        cmocka_unit_test(an_open_one_is_cleared),
        cmocka_unit_test(what_memory_cannot_hold_is_told),
        cmocka_unit_test(a_gap_in_the_text_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
