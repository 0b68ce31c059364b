/* The record of an experiment: a finding for each finished run, kept in a text file, one line a run
 * (cli/finding_line.h), so that tables can be written again, and runs done elsewhere or earlier be
 * counted, without the folders of the runs. Runs with the same settings, seeds among them, are the
 * same run, bit for bit, whatever table, row and model they are of. */
#ifndef SQ_CLI_RECORD_H
#define SQ_CLI_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/finding.h"
#include "io/folder_lock.h"

typedef struct {
    sq_finding *findings; /* (count) */
    char **places;        /* (count) where they were found, "FILE:LINE" or a folder */
    size_t count, capacity;
} sq_record;

/* Where the record of a table lies: results.md and inertia give results/inertia.tsv.
 * path: (capacity) */
void sq_record_path(const char *tables, const char *experiment, char *path, size_t capacity);

/* Files beside the record of a table: its runs that failed (cli/failures.h), and records of runs
 * that it asks for no longer, or with other settings. A table may not have a name that ends so. */
extern const char sq_record_failed[], sq_record_former[];
/* results/inertia.tsv and sq_record_failed give results/inertia.failed.tsv. path: (capacity) */
void sq_record_beside(const char *record, const char *kind, char *path, size_t capacity);

/* Keeps other programs from reading and writing these records meanwhile; waits for one that is at
 * it. Makes their folder. Released, or left to the end of the process, by the caller. */
sq_status sq_record_lock(const char *tables, sq_folder_lock *lock);

/* Adds the lines of a file; none if it is not there. SQ_ERR_DATA names file, line and column, and
 * as for sq_record_add. */
sq_status sq_record_read(const char *path, sq_record *record);
/* The same of all records beside `tables`, former ones among them. */
sq_status sq_record_read_all(const char *tables, sq_record *record);
void sq_record_clear(sq_record *record);
/* Atomically; removes the file if there are none. Its folder is there: sq_record_lock. */
sq_status sq_record_write(const sq_record *record, const char *path);

/* place: where it was found, copied. SQ_ERR_DATA names it, if a number is none (sq_finding_check),
 * or if what is recorded of the same run has other results: both cannot stand. */
sq_status sq_record_add(sq_record *record, const sq_finding *finding, const char *place);
/* Adds the runs of another record that are not there yet. */
sq_status sq_record_add_missing(sq_record *record, const sq_record *from);

/* The run with these settings; NULL: there is none. */
const sq_finding *sq_record_find_same(const sq_record *record, const char *settings);

#endif
