/* Importers: from the files of a format to shards of windows.
 *
 * Either all files go into one shard (a name that ends with .nc, written by rank 0), or each file
 * into a shard of its own (PREFIX-00000.nc ...), shared out over the ranks. In the second form
 * shards that are there already, of the same file and rules, are left as they are: an import that
 * was interrupted goes on. */
#ifndef SQ_DATA_IMPORT_H
#define SQ_DATA_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/import_summary.h"
#include "data/window_cut.h"
#include "softeq/comm.h"
#include "softeq/config.h"

typedef struct sq_import sq_import;

/* A foreign format. */
typedef struct {
    const char *name;
    const char *help;
    const char *source;        /* for titles: "ETH/UCY pedestrians" */
    const char *frame_meaning; /* what a track counts time by */
    const char *frame_units;
    bool cuts_parts;     /* of each recording: data.part */
    bool tells_requests; /* which step is current, and which agents to predict */
    bool tells_classes;
    bool tells_height;
    const char *const
        *defaults; /* "section.key=value" where other than the table's; ends by NULL */
    /* Reads one file and cuts its tracks. Damaged records are told to sq_import_damage. */
    sq_status (*read)(sq_import *import, const char *path);
} sq_import_format;

/* The format of that name. SQ_ERR_ARGUMENT if there is none (the nearest is named). */
sq_status sq_import_find_format(const char *name, const sq_import_format **format);
/* All of them, ended by NULL. */
extern const sq_import_format *const sq_import_formats[];

/* Every key at its default for this format. */
void sq_import_configure(const sq_import_format *format, sq_config *config);

/* How far an import is. */
typedef struct {
    int64_t files, done; /* files, and those that are done, over all ranks */
    int64_t bytes;       /* of files, as on disk, that this rank has read */
    int64_t windows;     /* of this rank */
} sq_import_progress;

/* What is to be done. Open struct; everything borrowed. */
typedef struct {
    const sq_import_format *format;
    const char *const *paths; /* (count) */
    size_t count;
    const sq_config *config;
    const char *out;     /* FILE.nc or a prefix */
    const char *history; /* the command, or NULL */
    bool strict;         /* a damaged record is an error */
    void (*observer)(const sq_import_progress *progress, void *context); /* or NULL */
    void *context;
} sq_import_job;

/* Does it. Collective. summary: over all ranks and files. *skipped: files whose shards were there.
 * Errors: SQ_ERR_IO; SQ_ERR_DATA for a file that is no such recording or holds no window, and for a
 * shard that was made otherwise; SQ_ERR_CONFIG. No unfinished shard is left behind; those of a
 * program that was killed are removed. */
sq_status sq_import_run(const sq_import_job *job, sq_comm *comm, sq_import_summary *summary,
                        int64_t *skipped);

/* ---- for the formats ---- */

enum { SQ_IMPORT_MOST_WORDS = 8, SQ_IMPORT_WORD = 32 };

struct sq_import {
    const sq_import_job *job;
    const sq_window_rules *rules;
    sq_window_cut cut;
    sq_import_summary summary;
    sq_import_progress progress;
    char words[SQ_IMPORT_MOST_WORDS][SQ_IMPORT_WORD]; /* (n_words) classes that were told of */
    int n_words;
};

/* Sets the stride of cut for a recording with a step every `recorded` seconds. */
sq_status sq_import_set_interval(sq_import *import, const char *path, double recorded);

/* A record that cannot be read; the message tells why. Counts and warns, or fails if strict. */
sq_status sq_import_damage(sq_import *import);

/* A class that is not known here: warns once of each word, of the first ones. */
void sq_import_note_class(sq_import *import, const char *path, int64_t line, const char *word);

/* Shows how far it is: `bytes` of the file under way are read. */
void sq_import_show(sq_import *import, int64_t bytes);

#endif
