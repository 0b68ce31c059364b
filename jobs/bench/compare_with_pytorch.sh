#!/usr/bin/env bash
# One epoch of the inertia experiment, softeq on two ranks against PyTorch on two threads, run in
# turn so that both see the same machine. Prints medians and ratios; leaves every run as a file in
# runs/bench/compare.
#
#   jobs/bench/compare_with_pytorch.sh [--compile] [--runs N] [PEER.py]
#
# PEER.py (or $SOFTEQ_PEER) is a script that trains the same model in PyTorch and prints a JSON line
# with epoch_s under --time_steps. --compile adds the compiled peer, which takes minutes to compile.
# PYTHON: a Python with PyTorch (pip install torch==2.13.0).
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=jobs/bench/common.bash
source jobs/bench/common.bash

python=${PYTHON:-python3}
peer=${SOFTEQ_PEER:-../shared/peers/per_pytorch.py}
runs=5
compile=0
while [[ $# -gt 0 ]]; do
    case "$1" in
        --compile) compile=1 ;;
        --runs) shift && runs=${1:?--runs needs a number} ;;
        -*) fail "unknown option $1; see the head of this script" ;;
        *) peer=$1 ;;
    esac
    shift
done
[[ -r $peer ]] || fail "no PyTorch peer at $peer: give its path as argument or in SOFTEQ_PEER"
"$python" -c 'import torch' 2>/dev/null ||
    fail "$python has no PyTorch: pip install torch==2.13.0 (in a venv), then set PYTHON"

out=runs/bench/compare
rm -rf "$out"
mkdir -p "$out"

# record NAME RUN SECONDS LOAD
record() {
    printf '{"name": "%s", "run": %d, "epoch_seconds": %s, "machine_load": %s}\n' "$@" \
        >"$out/$1-$2.json"
    printf '%-22s run %d  %.5f s an epoch (load %s)\n' "$@"
}

# peer NAME RUN STEPS ARGUMENT...: mean epoch after the first fifth of the steps.
run_peer() {
    local name=$1 run=$2 steps=$3 before seconds
    shift 3
    wait_for_quiet
    before=$(load)
    seconds=$("$python" "$peer" --threads 2 --time_steps "$steps" "$@" 2>/dev/null |
        sed -n 's/.*"epoch_s": \([^,}]*\).*/\1/p')
    [[ -n $seconds ]] || fail "$peer printed no epoch_s"
    record "$name" "$run" "$seconds" "$before"
}

# softeq NAME RUN EPOCHS RANKS: mean epoch, in its log, after the first fifth of the epochs.
run_softeq() {
    local name=$1 run=$2 epochs=$3 ranks=$4 folder=$out/run before seconds
    rm -rf "$folder"
    wait_for_quiet
    before=$(load)
    on_ranks "$ranks" train jobs/experiments/inertia.ini --run "$folder" \
        --set train.epochs="$epochs" >"$out/train.txt" 2>&1 || fail "$(tail -n 3 "$out/train.txt")"
    seconds=$(ncdump -v seconds "$folder/log.nc" | tr -d ' ;}\n' | sed 's/.*data:seconds=//' |
        tr ',' '\n' | awk '{ s[NR] = $1 } END { for (k = int(NR / 5) + 1; k <= NR; k++)
            { sum += s[k]; n++ } print sum / n }')
    record "$name" "$run" "$seconds" "$before"
}

for ((run = 1; run <= runs; run++)); do
    run_softeq softeq-2-ranks "$run" 400 2
    run_peer pytorch-eager "$run" 100
    run_peer pytorch-mlp-240 "$run" 1600 --model mlp --ch 240
    run_softeq softeq-1-rank "$run" 300 1
    [[ $compile -eq 0 ]] || run_peer pytorch-compiled "$run" 400 --compile
done
/usr/bin/env python3 jobs/bench/ratios.py softeq-2-ranks "$out"/*.json
