#include "cli/kernel_choice.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "linalg/linalg.h"

/* CPUs on which another kernel was measured to be faster than the one OpenBLAS 0.3.21 takes. */
typedef struct {
    const char *vendor; /* as cpuid gives it */
    unsigned family;
    const char *taken, *faster;
} known_choice;

static const known_choice known[] = {
    /* Zen 5: single precision 2048^3 1.9 times, 500x128x128 1.8 times as fast. */
    {"AuthenticAMD", 26, "Haswell", "SkylakeX"},
    {"AuthenticAMD", 26, "Zen", "SkylakeX"},
};

#if defined(__x86_64__)
static bool has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512cd");
}

static unsigned cpu_family(char vendor[13]) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    vendor[0] = '\0';
    if (!__get_cpuid(0, &a, &b, &c, &d)) return 0;
    memcpy(vendor, &b, 4);
    memcpy(vendor + 4, &d, 4);
    memcpy(vendor + 8, &c, 4);
    vendor[12] = '\0';
    if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
    unsigned family = a >> 8 & 0xf;
    return family == 0xf ? family + (a >> 20 & 0xff) : family;
}
#else
static bool has_avx512(void) { return false; }
static unsigned cpu_family(char vendor[13]) {
    vendor[0] = '\0';
    return 0;
}
#endif

const char *sq_faster_kernel(void) {
    char vendor[13];
    unsigned family = cpu_family(vendor);
    if (!has_avx512()) return NULL;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (family == known[k].family && strcmp(vendor, known[k].vendor) == 0 &&
            strcmp(sq_linalg_kernel(), known[k].taken) == 0)
            return known[k].faster;
    return NULL;
}

void sq_choose_kernel(char **argv) {
    static const char variable[] = "OPENBLAS_CORETYPE";
    if (getenv(variable)) return; /* the user's choice, or ours before the restart */
    const char *faster = sq_faster_kernel();
    if (!faster || setenv(variable, faster, 1) != 0) return;
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
    execv("/proc/self/exe", argv);
    /* The restart failed: the slower kernel gives right results too. */
}
