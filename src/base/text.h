/* Small text helpers. */
#ifndef SQ_BASE_TEXT_H
#define SQ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Number of edits (insert, delete, replace, swap of neighbours) between two words. */
int sq_edit_distance(const char *a, const char *b);

/* The word of words (count) nearest to `word`, or NULL if none is near. */
const char *sq_nearest_word(const char *word, const char *const *words, size_t count);

/* The next of the words that stand between white space and commas, both outside of brackets, so
 * that "O(1,3) SO(2)@xy" is two. *cursor moves past it; false: there is none. The word is not
 * terminated. */
bool sq_next_word(const char **cursor, const char **word, size_t *length);
/* How many of them there are. */
int sq_count_words(const char *text);

/* Does the text end so, with something before it? */
bool sq_ends_with(const char *text, const char *end);

/* Are they the same when white space is taken out of both? */
bool sq_equal_but_for_spaces(const char *a, const char *b);

/* Copies with truncation and NUL. */
void sq_copy_bounded(char *to, size_t capacity, const char *from);

/* Every stretch of white space becomes one blank; none is left at the ends. */
void sq_single_blanks(char *text);

/* The word that goes with a number: "file" for 1, else "files". */
const char *sq_number_word(int64_t number, const char *one, const char *many);

/* The fewest digits, at least 15, that read back to the same double; "inf", "nan". text: (capacity,
 * 25 are enough) */
void sq_format_number(double value, char *text, size_t capacity);

#endif
