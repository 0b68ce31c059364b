/* The one place that reads the environment. */
#ifndef SQ_CLI_ENVIRONMENT_H
#define SQ_CLI_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

/* Was this process started by mpirun or srun as a rank of an MPI job? */
bool sq_environment_is_mpi(void);

/* Its number among the processes that were started together, as far as the launcher tells. */
int sq_environment_rank(void);

/* Processes that srun started together without a way to find each other; 1 otherwise. */
int sq_environment_strangers(void);

/* A variable, for whoever has to tell about it; NULL: not set. */
const char *sq_environment_value(const char *name);

/* Does the terminal say of itself that it cannot write over a line? */
bool sq_environment_has_dumb_terminal(void);

/* "$XDG_CACHE_HOME/softeq" or "$HOME/.cache/softeq"; "" if neither is set. path: (capacity) */
void sq_environment_cache_folder(char *path, size_t capacity);

#endif
