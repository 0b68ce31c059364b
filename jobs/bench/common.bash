# What the measuring scripts share; sourced from the top folder of the sources.
# shellcheck shell=bash
set -euo pipefail

# A core type forced upon OpenBLAS from outside hides the kernels that it, or softeq, would take by
# itself; on CPUs with AVX-512 that can be half the speed.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

if [[ $EUID -eq 0 ]]; then # Open MPI asks root twice
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

softeq=${SOFTEQ:-build/softeq}

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

[[ -x $softeq ]] ||
    fail "$softeq is not there: cmake --preset float && cmake --build build, or set SOFTEQ"

# Processes that ran on this machine, mean over a minute.
load() { cut -d ' ' -f 1 /proc/loadavg; }

# wait_for_quiet: until nothing else has run for two seconds; after SOFTEQ_WAIT seconds (60) the
# measurement is made all the same, and the load recorded beside it tells.
wait_for_quiet() {
    local quiet=0 end=$((SECONDS + ${SOFTEQ_WAIT:-60})) running
    while [[ $quiet -lt 8 && $SECONDS -lt $end ]]; do
        running=$(cut -d ' ' -f 4 /proc/loadavg)
        if [[ ${running%/*} -le 1 ]]; then quiet=$((quiet + 1)); else quiet=0; fi
        sleep 0.25
    done
}

# on_ranks RANKS ARGUMENT...: the program, a core for each rank.
on_ranks() {
    local ranks=$1
    shift
    if [[ $ranks -eq 1 ]]; then
        "$softeq" "$@"
    else
        mpirun --bind-to core -n "$ranks" "$softeq" "$@"
    fi
}
