#!/usr/bin/env bash
# A rank that is stopped (SIGSTOP, of which MPI learns nothing) is named and the job ended within the
# set time; when a rank is killed, all are gone within ten seconds; a signal saves and ends with 75.
# Each time the run goes on from its checkpoint with the same bits, on another number of ranks.
#   stopped_rank.sh PROGRAM MPIRUN [OPTION...]
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
mpirun=("${@:2}")
write_config 4000 'stall_seconds = 4' '[checkpoint]' 'every_seconds = 0.2'
"$softeq" train tiny.ini --run untouched >untouched.txt
remember_untouched

# launch RANKS: in the background, until there is a checkpoint; sets `job` and `victim`, a rank.
launch() {
    "${mpirun[@]}" -n "$1" "$softeq" train tiny.ini --run run >run.txt 2>&1 &
    job=$!
    until compgen -G 'run/checkpoint-*.nc' >/dev/null; do sleep 0.05; done
    victim=$(pgrep -P "$job" | tail -n 1)
}

# ended SECONDS STATUS WORDS: the job ends in time with that status and says so; it can be resumed.
ended() {
    local status=0 since=$SECONDS
    wait "$job" || status=$?
    [[ $((SECONDS - since)) -le $1 ]] || fail "it took $((SECONDS - since)) s: $(cat run.txt)"
    [[ $status -eq $2 ]] || fail "status $status, not $2: $(cat run.txt)"
    grep -q "$3" run.txt || fail "'$3' is not said: $(cat run.txt)"
    echo "ok: $3: ended after $((SECONDS - since)) s"
    resume run
    same run
    rm -rf run
}

launch 3
kill -STOP "$victim"
ended 12 1 "softeq: epoch .* rank 2 did not come"

launch 3
kill -KILL "$victim"
ended 10 137 "Killed"

# catches NUMBER PID: whether the process has a handler for that signal.
catches() {
    local mask
    mask=$(awk '/^SigCgt/ { print $2 }' "/proc/$2/status" 2>/dev/null) && [[ -n $mask ]] &&
        (((16#$mask >> ($1 - 1)) & 1))
}

# While the ranks are still being set up.
"${mpirun[@]}" -n 2 "$softeq" train tiny.ini --run run >run.txt 2>&1 &
job=$!
until victim=$(pgrep -P "$job" | tail -n 1) && [[ -n $victim ]] && catches 10 "$victim"; do :; done
kill -USR1 "$victim"
ended 10 75 "softeq: stopped on request in epoch 1, after step 1;"

launch 2
kill -USR1 "$job"
ended 10 75 "softeq: stopped on request"

"$softeq" train tiny.ini --run run >run.txt 2>&1 &
job=$!
until compgen -G 'run/checkpoint-*.nc' >/dev/null; do sleep 0.05; done
kill -TERM "$job"
ended 10 75 "softeq: stopped on request"
