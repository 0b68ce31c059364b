/* Small text helpers. */
#ifndef SQ_BASE_TEXT_H
#define SQ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Number of edits (insert, delete, replace, swap of neighbours) between two words. */
int sq_edit_distance(const char *a, const char *b);

/* The word of words (count) nearest to `word`, or NULL if none is near. */
const char *sq_nearest_word(const char *word, const char *const *words, size_t count);

/* Copies with truncation and NUL. */
void sq_copy_bounded(char *to, size_t capacity, const char *from);

#endif
