/* Findings and numbers in words, for whatever is printed for people. */
#ifndef SQ_CLI_WORDS_H
#define SQ_CLI_WORDS_H

#include <stdint.h>
#include <stdio.h>

enum { SQ_WORDS_NUMBER = 32 };

/* How a list of so many goes on after its item number `k`: ", ", " and " or "". */
const char *sq_list_separator(int k, int count);

/* A level with as many digits as tell it from 1, three at least, "1" where it is. NaN: a dash.
 * text: (SQ_WORDS_NUMBER), as in the next two */
void sq_format_level(double level, char *text);
/* "12.3 s", "4 min 10 s", "2 h 5 min" */
void sq_format_duration(double seconds, char *text);
/* "35.1k", "1.2M": three digits. */
void sq_format_short(double value, char *text);

enum { SQ_WORDS_HELD = 96 };
/* "weights held exactly from epoch 22", counted from 1; of a model of before that it says so. "" if
 * the type was not held. held_from, epoch, which is the model's: counted from 0; -1: none. text:
 * (SQ_WORDS_HELD) */
void sq_format_held(int64_t held_from, int64_t epoch, char *text);
/* "let go after epoch 96": the same of a type that was let go. let_go_from: the first epoch trained
 * without it, counted from 0; -1: none. */
void sq_format_let_go(int64_t let_go_from, int64_t epoch, char *text);

/* A name as it is, for what takes a writer of names. */
void sq_write_name(FILE *stream, const char *name);

#endif
