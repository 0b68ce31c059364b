/* What softeq doctor looks at: a list of checks, each with what was found and what to do. They are
 * in doctor_NAME.c, one function each; verb_doctor.c calls them in order. */
#ifndef SQ_CLI_DOCTOR_H
#define SQ_CLI_DOCTOR_H

#include <stdbool.h>
#include <stdio.h>

#include "softeq/comm.h"

enum { SQ_MOST_CHECKS = 32, SQ_CHECK_TEXT = 512 };

/* WELL; works, but something could be better; does not work. */
typedef enum { SQ_WELL, SQ_CARE, SQ_ILL } sq_health;

typedef struct {
    const char *name;
    sq_health health;
    char found[SQ_CHECK_TEXT];
    char advice[SQ_CHECK_TEXT]; /* "": there is nothing to do */
} sq_check;

typedef struct {
    sq_check checks[SQ_MOST_CHECKS]; /* (count) */
    int count;
} sq_checks;

/* Adds a check; what was found is a format. The advice may be NULL. */
void sq_check_add(sq_checks *list, const char *name, sq_health health, const char *advice,
                  const char *found, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 5, 6)))
#endif
    ;

int sq_checks_ill(const sq_checks *list);
void sq_checks_print(const sq_checks *list, FILE *stream);
void sq_checks_print_json(const sq_checks *list, FILE *stream);

/* ---- checks ---------------------------------------------------------------------------------- */

/* Processor, BLAS and its kernel, variables of threads, memory, gnuplot. */
void sq_doctor_machine(sq_checks *list);
/* mpirun: is it there, of the library's release, and do two ranks find each other? */
void sq_doctor_launcher(sq_checks *list);
/* A folder: NetCDF files, room, kind of file system, time to bring data to disk. */
void sq_doctor_storage(sq_checks *list, const char *folder, const char *cache);
/* The ranks of this job: the sum over them, and what they are bound to. Collective; rank 0's list
 * is the one that counts. */
sq_status sq_doctor_ranks(sq_checks *list, sq_comm *comm);

#endif
