#include "cli/terminal.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/environment.h"

enum { USUAL_WIDTH = 80, LEAST_WIDTH = 20 };

static int width_of(int file) {
    struct winsize size = {0};
    if (!isatty(file)) return 0;
    if (ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col < LEAST_WIDTH) return USUAL_WIDTH;
    return size.ws_col;
}

/* A shell between mpirun and this process would have mpirun's terminal, too. */
static bool is_launcher(pid_t process) {
    static const char *const names[] = {"mpirun", "mpiexec", "orterun", "prterun"};
    char path[64], name[32] = "";
    snprintf(path, sizeof path, "/proc/%ld/comm", (long)process);
    FILE *file = fopen(path, "r");
    if (!file) return false;
    bool read = fscanf(file, "%31s", name) == 1;
    fclose(file);
    for (size_t k = 0; read && k < sizeof names / sizeof *names; k++)
        if (strcmp(name, names[k]) == 0) return true;
    return false;
}

/* The width of a launcher's terminal, if it is on this node. */
static int width_of_parent(void) {
    char path[64];
    struct stat kind;
    if (!is_launcher(getppid())) return 0;
    snprintf(path, sizeof path, "/proc/%ld/fd/1", (long)getppid());
    if (stat(path, &kind) != 0 || !S_ISCHR(kind.st_mode)) return 0;
    int file = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return 0;
    int width = width_of(file);
    close(file);
    return width;
}

int sq_terminal_width(void) {
    if (sq_environment_has_dumb_terminal()) return 0;
    return sq_environment_is_mpi() ? width_of_parent() : width_of(STDOUT_FILENO);
}
