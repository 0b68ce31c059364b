#!/usr/bin/env bash
# Tracks to windows to a trained model in bounded memory, however many they are: every process may
# allocate LIMIT MiB, with what MPI and BLAS take. The bound is that of the kernel (RLIMIT_DATA).
# OpenBLAS reserves 128 MiB, and waits for ever where it cannot: LIMIT is 200 or more.
# Arguments: the program, make_tracks, files, tracks in each, LIMIT, data.cache_mb,
# data.shuffle_window, mpirun with its options.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/../cli/expect.bash"
make_tracks=$2
files=$3
tracks=$4
limit=$5
cache=$6
window=$7
mpirun=("${@:8}")
steps=519 # 500 windows of 8 + 12 steps
export OPENBLAS_NUM_THREADS=1
command -v prlimit >/dev/null || exit 77

# held COMMAND...: within the bound; tells its peak where GNU time is there.
held() {
    local watch=()
    if [ -x /usr/bin/time ]; then watch=(/usr/bin/time -f '%e s, peak %M KB'); fi
    prlimit --data=$((limit << 20)) "${watch[@]}" "$@"
}
export -f held
export limit
# on_ranks TEXT COMMAND...: on two ranks, each held; it ends well and says TEXT.
on_ranks() {
    # shellcheck disable=SC2016
    expect 0 "$1" "${mpirun[@]}" -n 2 bash -c 'held "$@"' held "$softeq" "${@:2}"
    grep -h 'peak\|epochs in' out.txt err.txt || true
}

for ((k = 0; k < files; k++)); do
    "$make_tracks" "$tracks" "$steps" "$k" >"tracks-$k.csv"
done
on_ranks "$((files * tracks * 500)) windows" data import csv tracks-*.csv -o tracks
rm tracks-*.csv

cat >mlp.ini <<INI
[data]
train = $(for ((k = 1; k < files; k++)); do printf 'tracks-%05d.nc ' "$k"; done)
valid = tracks-00000.nc
cache_mb = $cache
shuffle_window = $window
[model]
kind = mlp
channels = 32
layers = 2
[symmetry]
types = O(2)
[train]
epochs = 2
batch = 8192
microbatch = 1024
INI
on_ranks "2 epochs" train mlp.ini --run r --trace trace.json
grep -q '"name": "read".*"tid": 1' trace.json || fail "the trace shows no reading ahead"

# The bound is one: what needs more memory fails.
expect 1 "cannot allocate" held "$softeq" train mlp.ini --run r2 --set train.batch=1000000 \
    --set train.microbatch=1000000
