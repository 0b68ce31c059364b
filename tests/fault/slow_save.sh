#!/usr/bin/env bash
# A save that takes longer than train.stall_seconds does not end the job: the ranks wait while the
# last one is tried again, and a writer that hangs is broken off, told and tried again.
#   slow_save.sh PROGRAM MPIRUN [OPTION...]
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
mpirun=("${@:2}")
write_config 1500 'stall_seconds = 1' '[checkpoint]' 'every_seconds = 0.1'
"$softeq" train tiny.ini --run untouched >untouched.txt
remember_untouched

# ends_well WORDS: the job ends by itself, says that, and nothing else came of it.
ends_well() {
    wait "$job" || fail "status $?: $(cat run.txt)"
    grep -q "$1" run.txt || fail "'$1' is not said: $(cat run.txt)"
    same run
    rm -rf run
    echo "ok: $1, $SECONDS s"
}

"${mpirun[@]}" -n 2 "$softeq" train tiny.ini --run run >run.txt 2>&1 &
job=$!
until compgen -G 'run/checkpoint-*.nc' >/dev/null; do sleep 0.05; done
mv run elsewhere
until grep -q "not saved, next try in 4 s" run.txt; do # after 1 + 2 s
    kill -0 "$job" || fail "it has not waited: $(cat run.txt)"
    sleep 0.1
done
sleep 3
mv elsewhere run
ends_well "not saved, next try in 4 s"

"$softeq" train tiny.ini --run run >run.txt 2>&1 &
job=$!
until writer=$(pgrep -P "$job"); do :; done
kill -STOP "$writer"
ends_well "a save is broken off after 1 s"
