#include "cli/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A process's number as launchers tell it: Open MPI's mpirun, PMIx, PMI-1 and PMI-2. */
static const char *const rank_variables[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};
enum { N_RANK_VARIABLES = sizeof rank_variables / sizeof rank_variables[0] };

bool sq_environment_is_mpi(void) {
    for (int i = 0; i < N_RANK_VARIABLES; i++)
        if (getenv(rank_variables[i])) return true;
    return false;
}

int sq_environment_rank(void) {
    for (int i = 0; i < N_RANK_VARIABLES; i++)
        if (getenv(rank_variables[i])) return atoi(getenv(rank_variables[i]));
    const char *slurm = getenv("SLURM_PROCID");
    return slurm ? atoi(slurm) : 0;
}

int sq_environment_strangers(void) {
    /* SLURM_PROCID alone says nothing: a batch script's own processes have it, too. */
    const char *tasks = getenv("SLURM_STEP_NUM_TASKS");
    if (!tasks || sq_environment_is_mpi()) return 1;
    return atoi(tasks) > 1 ? atoi(tasks) : 1;
}

const char *sq_environment_value(const char *name) { return getenv(name); }

bool sq_environment_has_dumb_terminal(void) {
    const char *terminal = getenv("TERM");
    return terminal && strcmp(terminal, "dumb") == 0;
}

void sq_environment_cache_folder(char *path, size_t capacity) {
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    int length = 0;
    if (cache && *cache)
        length = snprintf(path, capacity, "%s/softeq", cache);
    else if (home && *home)
        length = snprintf(path, capacity, "%s/.cache/softeq", home);
    if (length <= 0 || (size_t)length >= capacity) path[0] = '\0';
}
