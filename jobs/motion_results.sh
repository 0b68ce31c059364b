#!/usr/bin/env bash
# ETH/UCY, one scene left out at a time: imports the recordings, trains what is not trained yet and
# writes docs/results-motion.md from the runs.
#   jobs/motion_results.sh [--jobs J] [--results FILE]
# --jobs     runs at once, one rank each; by default one for each core
# --results  where the tables go; by default docs/results-motion.md
# Everything is in runs/motion. Broken off, it goes on where it was.
# SOFTEQ names the program (build/softeq).
set -euo pipefail
script=motion_results
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=jobs/options.bash
source jobs/options.bash
export SOFTEQ=${SOFTEQ:-build/softeq}

jobs=$(nproc) results=docs/results-motion.md
while [[ $# -gt 0 ]]; do
    case "$1" in
        --jobs) need_value "$@" && jobs=$2 ;;
        --results) need_value "$@" && results=$2 ;;
        *) wrong_use "$1 is not known" ;;
    esac
    shift 2
done
command -v "$SOFTEQ" >/dev/null || {
    cmake --preset float --log-level=WARNING
    cmake --build build --target softeq --parallel "$(nproc)"
}

# import_fold FOLD KIND [--set KEY=VALUE]...: into runs/motion/KIND/FOLD, once.
import_fold() {
    local fold=$1 folder=runs/motion/$2/$1
    shift 2
    [[ ! -e $folder/done ]] || return 0
    echo "$script: importing into $folder"
    jobs/eth_ucy_fold.sh "$fold" "$folder" "$@" >/dev/null
    touch "$folder/done"
}

for fold in eth hotel univ zara1 zara2; do
    import_fold "$fold" folds
    import_fold "$fold" neighbours --set data.neighbours=3
done

table=jobs/experiments/motion/eth-ucy.ini
plan=$("$SOFTEQ" table plan "$table" --run runs/motion)
[[ -z $plan ]] || xargs -d '\n' -P "$jobs" -n 1 jobs/run_table.sh --one <<<"$plan" || exit 1
PATH="/usr/bin:$PATH" python3 jobs/motion_results.py "$table" runs/motion >"$results.tmp"
mv "$results.tmp" "$results"
echo "$script: $results"
