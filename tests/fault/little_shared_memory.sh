#!/usr/bin/env bash
# Where /dev/shm has no room for the sums of ranks on one node, they go by messages: the same bits,
# and nobody waits for ever.
#   little_shared_memory.sh PROGRAM MPIRUN [OPTION...]
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
mpirun=("${@:2}")
if ! unshare --mount mount -t tmpfs -o size=64k softeq-test /dev/shm 2>/dev/null; then
    echo "skipped: a small /dev/shm cannot be mounted (needs root)"
    exit 77
fi
write_config 4
wide=(train tiny.ini --set model.channels=256 --set train.epochs=1)
"$softeq" "${wide[@]}" --run untouched >untouched.txt
remember_untouched

# Open MPI's own buffers go elsewhere.
# shellcheck disable=SC2016 # expanded by the inner shell
timeout 60 unshare --mount bash -c 'mount -t tmpfs -o size=64k softeq-test /dev/shm && exec "$@"' _ \
    "${mpirun[@]}" --mca btl_vader_backing_directory /tmp -n 2 "$softeq" "${wide[@]}" --run run \
    >run.txt 2>&1 || fail "status $?: $(cat run.txt)"
same run
echo "ok: little shared memory"
