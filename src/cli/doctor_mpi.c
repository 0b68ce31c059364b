/* MPI: the launcher, and the ranks of a job. */
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cores.h"
#include "base/memory.h"
#include "cli/doctor.h"
#include "cli/environment.h"
#include "cli/process.h"

static const double start_seconds = 60.0;

/* ---- the launcher ---------------------------------------------------------------------------- */

/* The first "4.1.4" in a text. */
static void find_release(const char *text, char release[32]) {
    static const char digits[] = "0123456789.";
    release[0] = '\0';
    for (; *text; text++) {
        size_t length = strspn(text, digits);
        if (length >= 3 && length < 32 && memchr(text, '.', length) && *text != '.') {
            memcpy(release, text, length);
            release[length] = '\0';
            return;
        }
        if (length > 0) text += length - 1;
    }
}

static bool look_at_mpirun(sq_checks *list) {
    static const char *const argv[] = {"mpirun", "--version", NULL};
    char library[256], of_library[32], of_mpirun[32];
    sq_process process;
    sq_comm_mpi_version(library, sizeof library);
    sq_check_add(list, "MPI library", SQ_WELL, NULL, "%s", library);
    if (sq_process_run(argv, NULL, start_seconds, &process) != SQ_OK) {
        sq_check_add(list, "mpirun", SQ_ILL,
                     "install openmpi-bin, load the cluster's module, or start ranks by srun", "%s",
                     sq_error_message());
        return false;
    }
    find_release(library, of_library);
    find_release(process.output, of_mpirun);
    bool same = strcmp(of_library, of_mpirun) == 0;
    sq_check_add(list, "mpirun", same ? SQ_WELL : SQ_CARE,
                 same ? NULL
                      : "use the mpirun of the library that softeq is linked with: ranks of "
                        "another one may each believe to be alone",
                 same ? "release %s, as the library" : "release %s, the library is %s", of_mpirun,
                 of_library);
    sq_process_clear(&process);
    return true;
}

static void look_at_start(sq_checks *list) {
    char self[4096] = "";
    sq_process process;
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return;
    const char *argv[] = {"mpirun", "-n", "2", "--oversubscribe", NULL, NULL, NULL, NULL, NULL};
    int n = 4;
    if (geteuid() == 0) argv[n++] = "--allow-run-as-root";
    argv[n++] = self;
    argv[n++] = "doctor";
    argv[n++] = "--json";
    double begin = sq_clock_seconds();
    if (sq_process_run(argv, NULL, start_seconds, &process) != SQ_OK) return;
    double seconds = sq_clock_seconds() - begin;
    bool two = process.exit_status == 0 && strstr(process.output, "2 ranks on");
    char *problem = process.errors + strspn(process.errors, "\n-");
    problem[strcspn(problem, "\n")] = '\0';
    if (two)
        sq_check_add(list, "two ranks", SQ_WELL, NULL, "started and summed in %.1f s", seconds);
    else
        sq_check_add(list, "two ranks", SQ_ILL,
                     "see what `mpirun -n 2 softeq doctor` says; without mpirun softeq trains on "
                     "one rank",
                     "mpirun -n 2 ended with status %d %s", process.exit_status, problem);
    sq_process_clear(&process);
}

void sq_doctor_launcher(sq_checks *list) {
    if (look_at_mpirun(list)) look_at_start(list);
}

/* ---- the ranks of a job ---------------------------------------------------------------------- */

enum { MASK_WORDS = 16, RANK_NUMBERS = MASK_WORDS + 1 }; /* cores as bits, and how many */

static void describe_binding(int64_t *numbers) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof cores, &cores) != 0) return;
    for (int core = 0; core < 64 * MASK_WORDS && core < CPU_SETSIZE; core++)
        if (CPU_ISSET(core, &cores)) numbers[core / 64] |= (int64_t)(1ULL << (core % 64));
    numbers[MASK_WORDS] = CPU_COUNT(&cores);
}

/* Ranks of one node that are bound to the very core of another one. all: (ranks, RANK_NUMBERS) */
static int count_shared(const int64_t *all, int ranks) {
    int shared = 0;
    for (int a = 1; a < ranks; a++) {
        bool found = false;
        for (int b = 0; b < a && !found; b++)
            found = all[a * RANK_NUMBERS + MASK_WORDS] == 1 &&
                    memcmp(all + a * RANK_NUMBERS, all + b * RANK_NUMBERS,
                           RANK_NUMBERS * sizeof *all) == 0;
        shared += found;
    }
    return shared;
}

static void judge_binding(sq_checks *list, const int64_t *all, int ranks, int nodes) {
    int64_t least = all[MASK_WORDS], most = least;
    for (int k = 1; k < ranks; k++) {
        int64_t cores = all[k * RANK_NUMBERS + MASK_WORDS];
        least = cores < least ? cores : least;
        most = cores > most ? cores : most;
    }
    int shared = nodes == 1 ? count_shared(all, ranks) : 0;
    bool crowded = nodes == 1 && least == most && least > 1 && least < ranks;
    char found[64];
    int length = snprintf(found, sizeof found, "a rank may run on %lld", (long long)least);
    if (most > least)
        snprintf(found + length, sizeof found - (size_t)length, " to %lld", (long long)most);
    if (shared > 0)
        sq_check_add(list, "binding", SQ_CARE,
                     "mpirun --bind-to core --map-by core gives each rank its own core",
                     "%s core%s; %d ranks are bound to a core that another one has", found,
                     most == 1 ? "" : "s", shared);
    else
        sq_check_add(list, "binding", crowded ? SQ_CARE : SQ_WELL,
                     crowded ? "start no more ranks than there are cores" : NULL, "%s core%s",
                     found, most == 1 ? "" : "s");
}

sq_status sq_doctor_ranks(sq_checks *list, sq_comm *comm) {
    sq_status status;
    int ranks = sq_comm_size(comm), nodes = sq_comm_nodes(comm);
    int64_t *all = NULL, sum = sq_comm_rank(comm) + 1;
    double begin = sq_clock_seconds();
    SQ_TRY(sq_comm_agree(comm, sq_alloc((size_t)ranks * RANK_NUMBERS, sizeof *all, &all)));
    describe_binding(all + (size_t)sq_comm_rank(comm) * RANK_NUMBERS);
    SQ_TRY(sq_comm_sum(comm, &sum, 1));
    SQ_TRY(sq_comm_sum(comm, all, (size_t)ranks * RANK_NUMBERS));
    bool right = sum == (int64_t)ranks * (ranks + 1) / 2;
    sq_check_add(list, "ranks", right ? SQ_WELL : SQ_ILL,
                 right ? NULL : "the sum over ranks is wrong: look for mixed MPI libraries",
                 "%d ranks on %d node%s; two sums in %.2g ms", ranks, nodes, nodes == 1 ? "" : "s",
                 1e3 * (sq_clock_seconds() - begin));
    judge_binding(list, all, ranks, nodes);
cleanup:
    sq_free(all);
    return status;
}
