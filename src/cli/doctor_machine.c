/* The machine: processor, BLAS, memory, and gnuplot. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cores.h"
#include "cli/doctor.h"
#include "cli/environment.h"
#include "cli/gnuplot.h"
#include "cli/kernel_choice.h"
#include "linalg/linalg.h"
#include "softeq/real.h"

static const double little_memory = 1e9; /* bytes */

/* ---- processor ------------------------------------------------------------------------------- */

/* Cores' worth of time that the control group may use; 0: there is no limit. */
static double quota_cores(void) {
    long long quota = 0, period = 0;
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "r");
    if (!file) return 0;
    int read = fscanf(file, "%lld %lld", &quota, &period); /* "max 100000" without a limit */
    fclose(file);
    return read == 2 && period > 0 ? (double)quota / (double)period : 0;
}

static void look_at_cores(sq_checks *list) {
    int allowed = sq_cores_allowed();
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    double quota = quota_cores();
    if (quota > 0 && quota < allowed)
        sq_check_add(list, "cores", SQ_CARE,
                     "start no more ranks than that many; the container's limit can be raised",
                     "%d of %ld may be used, but for the time of %.3g only", allowed, online,
                     quota);
    else if (allowed < online && !sq_environment_is_mpi())
        sq_check_add(list, "cores", SQ_CARE,
                     "the others are kept from this process by taskset, a container or the batch "
                     "system",
                     "%d of %ld may be used", allowed, online);
    else
        sq_check_add(list, "cores", SQ_WELL, NULL, "%d of %ld may be used", allowed, online);
}

/* ---- BLAS ------------------------------------------------------------------------------------ */

static void look_at_blas(sq_checks *list) {
    const char *faster = sq_faster_kernel();
    char advice[128];
    snprintf(advice, sizeof advice, "unset OPENBLAS_CORETYPE, or set it to %s",
             faster ? faster : "");
    sq_check_add(list, "BLAS", faster ? SQ_CARE : SQ_WELL, faster ? advice : NULL,
                 "%s; kernel %s%s", sq_linalg_description(), sq_linalg_kernel(),
                 faster ? ", which is not the fastest on this CPU" : "");
}

static void look_at_threads(sq_checks *list) {
    static const char *const names[] = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const char *value = sq_environment_value(names[k]);
        if (!value || atoi(value) <= 1) continue;
        sq_check_add(list, "BLAS threads", SQ_CARE,
                     "unset it, or set it to 1: the threads are started and never used",
                     "%s is %s, but softeq computes with one thread a rank", names[k], value);
        return;
    }
    sq_check_add(list, "BLAS threads", SQ_WELL, NULL, "one a rank");
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Bytes; 0: unknown. */
static double available_memory(void) {
    char line[256];
    double kib = 0;
    FILE *file = fopen("/proc/meminfo", "r");
    if (!file) return 0;
    while (kib == 0 && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %lf", &kib) != 1) kib = 0;
    fclose(file);
    return kib * 1024;
}

static double group_limit(void) {
    double bytes = 0;
    FILE *file = fopen("/sys/fs/cgroup/memory.max", "r");
    if (!file) return 0;
    if (fscanf(file, "%lf", &bytes) != 1) bytes = 0; /* "max" */
    fclose(file);
    return bytes;
}

static void look_at_memory(sq_checks *list) {
    double bytes = available_memory(), limit = group_limit();
    if (limit > 0 && limit < bytes) bytes = limit;
    bool little = bytes > 0 && bytes < little_memory;
    sq_check_add(list, "memory", little ? SQ_CARE : SQ_WELL,
                 little ? "lower data.cache_mb and the number of ranks" : NULL,
                 "%.1f GB available%s", bytes / 1e9, limit > 0 ? " within this group's limit" : "");
}

static void look_at_gnuplot(sq_checks *list) {
    bool there = sq_gnuplot_is_there();
    sq_check_add(list, "gnuplot", there ? SQ_WELL : SQ_CARE,
                 there ? NULL : "install gnuplot-nox: softeq report draws its curves with it",
                 there ? "draws the curves of reports" : "is not there");
}

void sq_doctor_machine(sq_checks *list) {
    sq_check_add(list, "softeq", SQ_WELL, NULL, "%s, %s", SOFTEQ_VERSION, SQ_REAL_NAME);
    look_at_cores(list);
    look_at_blas(list);
    look_at_threads(list);
    look_at_memory(list);
    look_at_gnuplot(list);
}
