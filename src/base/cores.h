/* The processor of this machine. */
#ifndef SQ_BASE_CORES_H
#define SQ_BASE_CORES_H

#include <stddef.h>

/* How many cores this process may run on: 1 if it is bound to one. */
int sq_cores_allowed(void);

/* Its type, such as "AMD EPYC, family 26, model 2"; empty where the system does not say. Cut off at
 * the capacity. */
void sq_cpu_type(char *text, size_t capacity);

#endif
