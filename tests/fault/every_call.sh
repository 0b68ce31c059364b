#!/usr/bin/env bash
# Every call of a save to the C library fails, is the last thing that happens, or is only half done:
# the run ends with the same bits as one that was never touched.
#   every_call.sh PROGRAM FAULTS.so [KILL-STRIDE FAIL-STRIDE MEMORY-STRIDE]
# A stride of 1 tries every call.
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
# LD_PRELOAD is split at blanks, which the folder of the build may have.
cp "$2" "$work/faults.so"
faults=$work/faults.so
kill_stride=${3:-1} fail_stride=${4:-5} memory_stride=${5:-400}

# The first save is in the middle of the training, the second one at its end.
write_config 6 '[checkpoint]' 'every_epochs = 3' 'every_seconds = 0'
"$softeq" train tiny.ini --run untouched >untouched.txt
remember_untouched

# faulty RUN SAVE WHERE KIND CALL: a run with a fault.
faulty() {
    FAULT_SAVE=$2 FAULT_WHERE=$3 FAULT_KIND=$4 FAULT_CALL=$5 FAULT_COUNT=$work/$1.count \
        LD_PRELOAD=$faults "$softeq" train tiny.ini --run "$1" >"$1.txt" 2>&1
}

# count SAVE WHERE: calls of that save.
count() {
    faulty counted "$1" "$2" none 0 || fail "a run that is only counted fails: $(cat counted.txt)"
    cat counted.count
    rm -rf counted counted.count
}

# try_kill SAVE KIND CALL: the program ends there, and is resumed.
try_kill() {
    local run=kill-$1-$2-$3 left
    { faulty "$run" "$1" files "$2" "$3" || true; } 2>/dev/null # where the shell says "Killed"
    left=$(find "$run" -type f |
        grep -Ev '/(config\.ini|log\.nc|best\.nc|checkpoint-[0-9]+\.nc|.*\.[0-9]+\.tmp)$' || true)
    [[ -z $left ]] || fail "$run: a file that is neither whole nor temporary: $left"
    resume "$run"
    ! grep -q skipped "$run.txt" || fail "$run: a checkpoint was half there: $(cat "$run.txt")"
    same "$run"
    rm -rf "$run" "$run".*
}

# try_fail SAVE WHERE KIND CALL: the program goes on to its end by itself.
try_fail() {
    local run=fail-$1-$2-$3-$4
    faulty "$run" "$1" "$2" "$3" "$4" || fail "$run: $(cat "$run.txt")"
    same "$run"
    rm -rf "$run" "$run".*
}

# each STRIDE COUNT FUNCTION ARGUMENT...: FUNCTION ARGUMENT... CALL for the calls, in parallel.
each() {
    local stride=$1 calls=$2
    shift 2
    seq 1 "$stride" "$calls" | xargs -P "$(nproc)" -I CALL bash -euo pipefail -c '"$@"' _ "$@" CALL ||
        fail "$*"
    echo "ok: $*: $(((calls + stride - 1) / stride)) of $calls calls, $SECONDS s"
}
export -f fail faulty resume same hash_of log_of try_kill try_fail
export softeq faults work

for save in 1 2; do
    files=$(count "$save" files) memory=$(count "$save" memory)
    each "$kill_stride" "$files" try_kill "$save" kill
    each "$fail_stride" "$files" try_kill "$save" torn
    each "$fail_stride" "$files" try_fail "$save" files fail
    each "$fail_stride" "$files" try_fail "$save" files full
    each "$memory_stride" "$memory" try_fail "$save" memory fail
done
