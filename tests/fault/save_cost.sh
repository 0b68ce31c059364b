#!/usr/bin/env bash
# What a save costs: processor time of the same training with and without saves, of the program and
# of the copies that write. Other load on the machine changes processor time little.
#   save_cost.sh PROGRAM [CONFIG.ini [EPOCHS]]
set -euo pipefail
softeq=$(realpath "$1")
config=$(realpath "${2:-jobs/experiments/inertia.ini}") epochs=${3:-250}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
TIMEFORMAT='%U %S'

# measure SECONDS: processor seconds of a run that saves that often (0: at the end only), and saves.
measure() {
    local used
    rm -rf run
    used=$({ time "$softeq" train "$config" --run run --set train.epochs="$epochs" \
        --set symmetry.tune_at=20 --set checkpoint.every_seconds="$1" --set checkpoint.keep=100000 \
        --set log.write_seconds=1e9 >run.txt 2>&1; } 2>&1)
    echo "$used $(find run -name 'checkpoint-*.nc' | wc -l)"
}

for _ in 1 2 3; do
    read -r user system saves < <(measure 0)
    read -r more_user more_system more_saves < <(measure 0.25)
    awk -v plain="$user $system $saves" -v saving="$more_user $more_system $more_saves" 'BEGIN {
        split(plain, a)
        split(saving, b)
        each = (b[1] + b[2] - a[1] - a[2]) / (b[3] - a[3])
        printf "%d saves, %.0f ms of processor time each: %.2f %% of one core, once in 10 s\n",
               b[3], 1000 * each, 10 * each
    }'
done
