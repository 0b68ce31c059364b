/* What an importer did: for the person who ran it. */
#ifndef SQ_DATA_IMPORT_SUMMARY_H
#define SQ_DATA_IMPORT_SUMMARY_H

#include <stdint.h>

typedef enum {
    SQ_COUNT_FILES,     /* read */
    SQ_COUNT_RECORDS,   /* rows of text, or records of a container, in them */
    SQ_COUNT_DAMAGED,   /* records that were left out */
    SQ_COUNT_SCENES,    /* recordings, or parts of them that have nothing to do with each other */
    SQ_COUNT_AGENTS,    /* pedestrians, vehicles, ... seen */
    SQ_COUNT_WINDOWS,   /* samples written */
    SQ_COUNT_CLASS,     /* agents left out: of another class */
    SQ_COUNT_UNASKED,   /* agents left out: not to be predicted */
    SQ_COUNT_TOO_SHORT, /* tracks left out: not seen for a whole window */
    SQ_COUNT_LEVEL,     /* windows left out: too little up or down */
    SQ_COUNT_FAR,       /* windows left out: moves too far */
    SQ_COUNT_KINDS
} sq_import_count;

/* Open struct of integers, so that it can be summed over ranks. */
typedef struct {
    int64_t counts[SQ_COUNT_KINDS];
} sq_import_summary;

/* A word for attributes ("too_short"), and what is printed behind the number. */
const char *sq_import_count_name(sq_import_count kind);
const char *sq_import_count_help(sq_import_count kind, int64_t number);

void sq_import_summary_add(sq_import_summary *sum, const sq_import_summary *summary);

#endif
