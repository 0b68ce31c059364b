#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_WORD = 64 };

static int least(int a, int b) { return a < b ? a : b; }

int sq_edit_distance(const char *a, const char *b) {
    int rows[3][LONGEST_WORD + 1]; /* of the table of distances between prefixes */
    int length_a = least((int)strlen(a), LONGEST_WORD);
    int length_b = least((int)strlen(b), LONGEST_WORD);
    for (int j = 0; j <= length_b; j++) rows[0][j] = j;
    for (int i = 1; i <= length_a; i++) {
        int *row = rows[i % 3];
        const int *above = rows[(i + 2) % 3];
        const int *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= length_b; j++) {
            int replace = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(replace, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[length_a % 3][length_b];
}

const char *sq_nearest_word(const char *word, const char *const *words, size_t count) {
    const char *nearest = NULL;
    int best = 1 + (int)strlen(word) / 2; /* farther than this is no help */
    for (size_t i = 0; i < count; i++) {
        int distance = sq_edit_distance(word, words[i]);
        if (distance < best) {
            best = distance;
            nearest = words[i];
        }
    }
    return nearest;
}

static bool separates(char c) { return c == ',' || isspace((unsigned char)c); }

bool sq_next_word(const char **cursor, const char **word, size_t *length) {
    const char *at = *cursor;
    while (separates(*at)) at++;
    *word = at;
    for (int depth = 0; *at && (depth > 0 || !separates(*at)); at++) {
        if (*at == '(' || *at == '[') depth++;
        if ((*at == ')' || *at == ']') && depth > 0) depth--;
    }
    *cursor = at;
    *length = (size_t)(at - *word);
    return *length > 0;
}

int sq_count_words(const char *text) {
    const char *word;
    size_t length;
    int count = 0;
    while (sq_next_word(&text, &word, &length)) count++;
    return count;
}

bool sq_ends_with(const char *text, const char *end) {
    size_t length = strlen(text), of_end = strlen(end);
    return length > of_end && strcmp(text + length - of_end, end) == 0;
}

bool sq_equal_but_for_spaces(const char *a, const char *b) {
    for (;; a++, b++) {
        while (isspace((unsigned char)*a)) a++;
        while (isspace((unsigned char)*b)) b++;
        if (*a != *b) return false;
        if (*a == '\0') return true;
    }
}

void sq_copy_bounded(char *to, size_t capacity, const char *from) {
    size_t length = strnlen(from, capacity - 1);
    memmove(to, from, length);
    to[length] = '\0';
}

void sq_single_blanks(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        bool blank = isspace((unsigned char)*from);
        if (!blank)
            *to++ = *from;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to > text && to[-1] == ' ') to--;
    *to = '\0';
}

const char *sq_number_word(int64_t number, const char *one, const char *many) {
    return number == 1 ? one : many;
}

void sq_format_number(double value, char *text, size_t capacity) {
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, capacity, "%.*g", digits, value);
        if (strtod(text, NULL) == value) return;
    }
}
