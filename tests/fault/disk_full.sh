#!/usr/bin/env bash
# The disk fills up during the training and has room again later, the folder cannot be written to or
# is gone for a while: training goes on, says why it does not save, and ends with the right model. If
# there is no room at the end either, that is an error, and the run can be resumed.
#   disk_full.sh PROGRAM MPIRUN [OPTION...]
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
mpirun=("${@:2}")
mkdir disk
if ! mount -t tmpfs -o size=8m softeq-test disk 2>/dev/null; then
    echo "skipped: a small disk cannot be mounted (needs root)"
    exit 77
fi
# Seconds of training, so that what happens to the disk happens while it goes on.
trap 'umount "$work/disk"; rm -rf "$work"' EXIT
write_config 16000 '[checkpoint]' 'every_seconds = 0.5' 'keep = 2' 'retry_seconds = 60' \
    '[log]' 'write_seconds = 1'
"$softeq" train tiny.ini --run untouched >untouched.txt
remember_untouched

# launch [COMMAND...]: trains in disk/run in the background, until there is a checkpoint.
launch() {
    rm -rf disk/run
    "$@" "$softeq" train tiny.ini --run disk/run >run.txt 2>&1 &
    job=$!
    until compgen -G 'disk/run/checkpoint-*.nc' >/dev/null; do sleep 0.05; done
}

# ends_well WHAT WARNING
ends_well() {
    wait "$job" || fail "$1: $(cat run.txt)"
    grep -q "not saved, next try.*$2" run.txt || fail "$1: no warning '$2': $(cat run.txt)"
    same disk/run
    echo "ok: $1, $SECONDS s"
}

fill() { cat /dev/zero >disk/filler 2>/dev/null || true; }

launch
fill
sleep 1.5
rm disk/filler
ends_well "the disk is full for a while" "the disk is full"

launch
mv disk/run disk/elsewhere
sleep 1.5
mv disk/elsewhere disk/run
ends_well "the folder is gone for a while" "No such file"

# read_only: the disk, once nothing is being written to it, else the kernel says that it is busy.
read_only() {
    for _ in {1..100}; do
        mount -o remount,ro disk 2>refused.txt && return
        sleep 0.02
    done
    fail "the disk cannot be made read-only: $(cat refused.txt)"
}

launch
read_only
sleep 1.5
mount -o remount,rw disk
ends_well "the disk is read-only for a while" "Read-only file system"

sed -i 's/retry_seconds = .*/retry_seconds = 1/' tiny.ini
launch "${mpirun[@]}" -n 2
fill
status=0
wait "$job" || status=$?
[[ $status -eq 1 ]] || fail "no room at the end: status $status: $(cat run.txt)"
grep -q '^softeq: disk/run' run.txt || fail "no room at the end: no reason: $(cat run.txt)"
rm disk/filler
resume disk/run
same disk/run
echo "ok: no room at the end, then resumed, $SECONDS s"
