/* Waiting for other ranks with an eye on the clock: who waits too long calls the roll, so that the
 * ranks that have not come can be named. A rank that is stopped, or whose host is cut off, gives no
 * other sign: MPI itself waits for ever. */
#ifndef SQ_MPI_VIGIL_H
#define SQ_MPI_VIGIL_H

#include <mpi.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "softeq/error.h"

/* Turns MPI's error code into a status; `what` says what was tried. */
sq_status sq_mpi_check(int code, const char *what);

typedef struct {
    MPI_Comm channel;    /* borrowed */
    double patience;     /* seconds; infinity: waits for ever */
    int64_t place;       /* waits so far: the same on all ranks at the same place of the program */
    int64_t called_from; /* the place that the messages of a roll call carry */
    bool *present;       /* (size): answered the roll */
    atomic_ullong looks; /* of all waits: rises while one goes on */
    int lowest_present;  /* after a roll call in vain; -1: there was none */
} sq_vigil;

sq_status sq_vigil_create(MPI_Comm channel, sq_vigil *vigil);
void sq_vigil_clear(sq_vigil *vigil);

/* Sets *arrived if what is waited for has come. Returns MPI's code. */
typedef int sq_vigil_poll(void *context, int *arrived);

/* Waits for what every rank waits for at this place of the program. Errors: SQ_ERR_COMM if MPI
 * failed, or if the roll was called in vain: then the message names the ranks that have not come.
 */
sq_status sq_vigil_wait(sq_vigil *vigil, sq_vigil_poll *poll, void *context, const char *what);

/* The same for requests; count may be 0, where they have arrived already. */
sq_status sq_vigil_wait_all(sq_vigil *vigil, int count, MPI_Request *requests, const char *what);

#endif
