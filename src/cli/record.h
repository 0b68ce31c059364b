/* The record of an experiment: a finding for each finished run, kept in a text file of columns
 * parted by tabs, one line a run, so that tables can be written again, and runs done elsewhere or
 * earlier be counted, without the folders of the runs. Other programs read it as well:
 * pandas.read_csv(FILE, sep="\t"). What is by type is a list parted by blanks, in the order of the
 * column `types`. */
#ifndef SQ_CLI_RECORD_H
#define SQ_CLI_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/finding.h"
#include "io/folder_lock.h"

typedef struct {
    sq_finding *findings; /* (count) */
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

/* A file that is not there is an empty record. SQ_ERR_DATA names file, line and column, also of two
 * lines with the same run and settings but other results. The caller clears, also on failure. */
sq_status sq_record_read(const char *path, sq_record *record);
void sq_record_clear(sq_record *record);
/* All records beside `tables`, former ones among them, as one. SQ_ERR_DATA also of two with the
 * same settings but other results. The caller clears, also on failure. */
sq_status sq_record_read_all(const char *tables, sq_record *record);
/* Atomically; removes the file if there are none. Its folder is there: sq_record_lock. */
sq_status sq_record_write(const sq_record *record, const char *path);

/* SQ_ERR_DATA if a number is below 0, or not finite though it may not be missing. */
sq_status sq_record_add(sq_record *record, const sq_finding *finding);

/* The same, but SQ_ERR_DATA also if one with the same settings has other results: as in a file,
 * both cannot stand. path: where the finding was found, for the message */
sq_status sq_record_add_found(sq_record *record, const sq_finding *finding, const char *path);
/* Adds those of another record whose settings are not there yet. */
sq_status sq_record_add_missing(sq_record *record, const sq_record *from);

/* A run of whatever table with these settings, seeds among them: it is the same run, bit for bit.
 * NULL: there is none. */
const sq_finding *sq_record_find_same(const sq_record *record, const char *settings);

#endif
