/* What an importer did: for the person who ran it. */
#ifndef SQ_DATA_IMPORT_SUMMARY_H
#define SQ_DATA_IMPORT_SUMMARY_H

#include <stdint.h>

typedef struct {
    int64_t files;   /* read */
    int64_t records; /* rows of text, or records of a container, in them */
    int64_t agents;  /* pedestrians, vehicles, ... seen */
    int64_t windows; /* samples written */
} sq_import_summary;

#endif
