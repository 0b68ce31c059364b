/* Cores of this machine. */
#ifndef SQ_BASE_CORES_H
#define SQ_BASE_CORES_H

/* How many cores this process may run on: 1 if it is bound to one. */
int sq_cores_allowed(void);

#endif
