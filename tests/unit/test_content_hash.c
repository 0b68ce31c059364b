/* Hashes of content: equal for equal content, else different. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "io/content_hash.h"

static const float values[6] = {1, 2, 3, 4, 5, 6};

typedef struct {
    char text[33];
} hex;

static hex hash_of(const char *name, const void *data, size_t element_size, int rank,
                   const size_t *shape) {
    hex result;
    sq_content_hash *hash;
    assert_int_equal(sq_content_hash_create(&hash), SQ_OK);
    sq_content_hash_array(hash, name, data, element_size, rank, shape);
    sq_content_hash_finish(hash, result.text);
    sq_content_hash_destroy(&hash);
    assert_null(hash);
    return result;
}

static void assert_different(hex a, hex b) { assert_string_not_equal(a.text, b.text); }

static void equal_content_has_equal_hashes(void **state) {
    float copy[6];
    const size_t shape[] = {2, 3};
    (void)state;
    memcpy(copy, values, sizeof copy);
    hex hash = hash_of("w", values, 4, 2, shape);
    assert_string_equal(hash.text, hash_of("w", copy, 4, 2, shape).text);
    assert_int_equal(strlen(hash.text), 32);
    assert_int_equal(strspn(hash.text, "0123456789abcdef"), 32);
}

static void name_shape_size_and_values_matter(void **state) {
    const size_t shape[] = {2, 3};
    const size_t turned[] = {3, 2};
    const size_t flat[] = {6};
    float changed[6] = {1, 2, 3, 4, 5, 6.0000005f};
    (void)state;
    hex hash = hash_of("w", values, 4, 2, shape);
    assert_different(hash, hash_of("v", values, 4, 2, shape));
    assert_different(hash, hash_of("w", values, 4, 2, turned));
    assert_different(hash, hash_of("w", values, 4, 1, flat));
    assert_different(hash, hash_of("w", values, 2, 2, shape));
    assert_different(hash, hash_of("w", changed, 4, 2, shape));
}

static void texts_do_not_run_into_each_other(void **state) {
    hex first, second;
    sq_content_hash *a, *b;
    (void)state;
    assert_int_equal(sq_content_hash_create(&a), SQ_OK);
    assert_int_equal(sq_content_hash_create(&b), SQ_OK);
    sq_content_hash_text(a, "ab", "c");
    sq_content_hash_text(b, "a", "bc");
    sq_content_hash_finish(a, first.text);
    sq_content_hash_finish(b, second.text);
    assert_different(first, second);
    sq_content_hash_destroy(&a);
    sq_content_hash_destroy(&b);
}

static void a_hash_can_go_on_after_it_was_read(void **state) {
    hex before, again, after;
    sq_content_hash *hash;
    (void)state;
    assert_int_equal(sq_content_hash_create(&hash), SQ_OK);
    sq_content_hash_finish(hash, before.text);
    sq_content_hash_finish(hash, again.text);
    sq_content_hash_array(hash, "empty", NULL, 4, 1, (size_t[]){0});
    sq_content_hash_finish(hash, after.text);
    assert_string_equal(before.text, again.text);
    assert_different(before, after);
    sq_content_hash_destroy(&hash);
}

/* Files on disk hold hashes: the function may not change from version to version. */
static void the_function_is_xxh3(void **state) {
    (void)state;
    assert_true(sq_hash_bytes("", 0, 0) == 0x2d06800538d394c2u);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_content_has_equal_hashes),
        cmocka_unit_test(name_shape_size_and_values_matter),
        cmocka_unit_test(texts_do_not_run_into_each_other),
        cmocka_unit_test(a_hash_can_go_on_after_it_was_read),
        cmocka_unit_test(the_function_is_xxh3),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
