# Many runs at once; sourced by the scripts that train tables and planted tasks.
# shellcheck shell=bash

# run_many JOBS N COMMAND...: calls COMMAND with each N lines of standard input, JOBS calls at once, and
# returns 0 if all of them did, otherwise 1. TERM, INT and USR1 reach all that was started as TERM, upon
# which trainings save a checkpoint; then the script ends.
run_many() {
    local jobs=$1 count=$2 group status=0 stopped=''
    shift 2
    set -m # a process group of their own
    xargs -r -d '\n' -P "$jobs" -n "$count" "$@" <&0 &
    group=$!
    set +m
    trap 'stopped=1; kill -TERM -- "-$group" 2>/dev/null || true' TERM INT USR1
    while :; do # a signal ends the waiting, not what is waited for
        status=0
        wait "$group" || status=$?
        kill -0 "$group" 2>/dev/null || break
    done
    trap - TERM INT USR1
    [[ $stopped ]] || return $((status != 0)) # that of xargs is its own: 123 and others
    while kill -0 -- "-$group" 2>/dev/null; do sleep 0.1; done
    exit 143
}

# lock_run FILE FOLDER: takes the run of this folder until the caller ends. 1: somebody else has it, which
# is said, but not in an array, whose tasks meet all the time. 2: whether it is free cannot be told,
# which is said. The calling script sets `script` to its name.
lock_run() {
    local status=0
    { exec 9>>"$1"; } 2>/dev/null || {
        echo "${script:?}: $1: it cannot be written" >&2
        return 2
    }
    flock -n 9 || status=$?
    case "$status" in
        0) return 0 ;;
        1)
            [[ ${SLURM_ARRAY_JOB_ID-} ]] || echo "${script:?}: $2: somebody else is training it" >&2
            return 1
            ;;
        127)
            echo "${script:?}: flock is not installed, by which runs are shared out" >&2
            return 2
            ;;
    esac
    echo "${script:?}: $2: its file system has no locks, by which runs are shared out" >&2
    return 2
}
