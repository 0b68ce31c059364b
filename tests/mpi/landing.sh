#!/usr/bin/env bash
# However ranks fail, the program ends soon, says why once and has the right exit status.
# Arguments: tests/mpi/landing.c's program, mpirun with its options.
set -eu
program=$1
mpirun=("${@:2}")
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# check STATUS MESSAGE MODE: on three ranks. No message: silence.
check() {
    local status=0
    timeout 60 "${mpirun[@]}" -n 3 "$program" "$3" >"$output" 2>&1 || status=$?
    if [ "$status" -ne "$1" ] || [ "$(grep '^softeq: ' "$output" || true)" != "$2" ]; then
        cat "$output" >&2
        echo "FAILED: $3: status $status, expected $1 and '$2'" >&2
        exit 1
    fi
    echo "ok: $3"
}

check 0 "" success
check 1 "softeq: a.nc: no such file" everywhere
check 1 "softeq: rank 2: a.nc: row 3 is not finite" in-agreement
check 1 "softeq: rank 2: a.nc: row 3 is not finite" before-agreement
check 1 "softeq: rank 2: the loss is not finite" alone
check 75 "softeq: stopped by a signal" stopped
check 1 "softeq: 4 s without progress in an attempt to wait for all ranks: rank 2 did not come \
(stopped, cut off, or busy for longer than that)" away
check 0 "" late
check 134 "softeq: rank 2: no progress for 2 s (train.stall_seconds) after step 7, while reading: \
ending the job" hanging
