/* What softeq doctor looks at: a list of findings, each with what to do about it. The checks are in
 * doctor_NAME.c, one function each; verb_doctor.c calls them in order. */
#ifndef SQ_CLI_DOCTOR_H
#define SQ_CLI_DOCTOR_H

#include <stdbool.h>
#include <stdio.h>

#include "softeq/comm.h"

enum { SQ_MOST_FINDINGS = 32, SQ_FINDING_TEXT = 512 };

/* WELL; works, but something could be better; does not work. */
typedef enum { SQ_WELL, SQ_CARE, SQ_ILL } sq_health;

typedef struct {
    const char *name;
    sq_health health;
    char found[SQ_FINDING_TEXT];
    char advice[SQ_FINDING_TEXT]; /* "": there is nothing to do */
} sq_finding;

typedef struct {
    sq_finding findings[SQ_MOST_FINDINGS]; /* (count) */
    int count;
} sq_findings;

/* Adds a finding; what was found is a format. The advice may be NULL. */
void sq_finding_add(sq_findings *list, const char *name, sq_health health, const char *advice,
                    const char *found, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 5, 6)))
#endif
    ;

int sq_findings_ill(const sq_findings *list);
void sq_findings_print(const sq_findings *list, FILE *stream);
void sq_findings_print_json(const sq_findings *list, FILE *stream);

/* ---- checks ---------------------------------------------------------------------------------- */

/* Processor, BLAS and its kernel, variables of threads, memory, gnuplot. */
void sq_doctor_machine(sq_findings *list);
/* mpirun: is it there, of the library's release, and do two ranks find each other? */
void sq_doctor_launcher(sq_findings *list);
/* A folder: NetCDF files, room, kind of file system, time to bring data to disk. */
void sq_doctor_storage(sq_findings *list, const char *folder, const char *cache);
/* The ranks of this job: the sum over them, and what they are bound to. Collective; rank 0's list
 * is the one that counts. */
sq_status sq_doctor_ranks(sq_findings *list, sq_comm *comm);

#endif
