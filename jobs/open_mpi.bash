# Settings of Open MPI for long runs; sourced by the scripts that start one. What is set already stays.
# shellcheck shell=bash disable=SC2034 # used by who sources it

# A host that is cut off is noticed within seconds; by default it takes eight minutes.
export OMPI_MCA_oob_tcp_keepalive_time=${OMPI_MCA_oob_tcp_keepalive_time-5}
export OMPI_MCA_oob_tcp_keepalive_intvl=${OMPI_MCA_oob_tcp_keepalive_intvl-2}
export OMPI_MCA_oob_tcp_keepalive_probes=${OMPI_MCA_oob_tcp_keepalive_probes-3}
# Ranks that wait give way, where there are more of them than cores.
export OMPI_MCA_mpi_yield_when_idle=${OMPI_MCA_mpi_yield_when_idle-1}
# Open MPI asks root twice.
if [[ $EUID -eq 0 ]]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

job=        # the process that a stop is passed on to
stopped_by= # the signal by which somebody wants to stop

pass_on_stop() {
    stopped_by=$1
    [[ -z $job ]] || kill -USR1 "$job" 2>/dev/null || true
}

# watch_launcher FOLDER: ends mpirun where it outlives its ranks. Open MPI 4.1 may hang in its own end
# after all of them are gone. A run keeps a lock on its folder: once it was seen and is free for
# SOFTEQ_LAUNCHER_GRACE seconds, nobody trains there any more. Where locks do not reach this host
# none is ever seen, and nothing is ended.
watch_launcher() {
    local folder=$1 grace=${SOFTEQ_LAUNCHER_GRACE:-60} seen='' free=0
    while sleep 1 && kill -0 "$job" 2>/dev/null; do
        [[ -d $folder ]] || continue
        if ! flock --nonblock --shared "$folder" true; then
            seen=1 free=0
        elif [[ -n $seen ]] && ((++free >= grace)); then
            echo "mpirun goes on though its ranks have been gone for $grace s: ending it" >&2
            kill -KILL "$job"
        fi
    done
}

# run_job FOLDER COMMAND...: runs mpirun in the background, since a shell runs no trap while it waits
# for a program in the foreground. TERM, INT and USR1 reach the ranks as USR1, which mpirun passes on
# at once: they save a checkpoint and end with status 75. Returns the status.
run_job() {
    local status=0 folder=$1 watcher
    shift
    trap 'pass_on_stop TERM' TERM
    trap 'pass_on_stop INT' INT
    trap 'pass_on_stop USR1' USR1
    "$@" &
    job=$!
    watch_launcher "$folder" &
    watcher=$!
    while kill -0 "$job" 2>/dev/null; do
        status=0
        wait "$job" || status=$?
    done
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    trap - TERM INT USR1
    job=
    return "$status"
}
