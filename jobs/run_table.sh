#!/usr/bin/env bash
# Trains the runs of tables that are neither finished nor recorded, then writes docs/results.md and
# the records docs/results/TABLE.tsv anew.
#   jobs/run_table.sh [--again] [--jobs J] [--runs DIR] [--results FILE] [--set KEY=VALUE]... [TABLE...]
#   sbatch --array=0-99 jobs/run_table.sh TABLE...
# TABLE    jobs/experiments/tables/TABLE.ini; all of them by default
# --again  trains recorded runs, too: `git diff docs/results` shows whether the same comes out
# --jobs   runs at once; by default one for each core
# --runs   folder of the runs; by default runs/tables
# --results  by default docs/results.md; with --set DIR/results.md
# --set    changes a key in every run, such as train.epochs=3
# Broken off, it goes on where it was. Several may work on the same folder: each run is taken by one.
# In a Slurm array the tasks share the runs out; write the results with a last call outside of it.
#SBATCH --job-name=softeq-table
#SBATCH --ntasks=1
#SBATCH --time=24:00:00
#SBATCH --requeue
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
cd "${SLURM_SUBMIT_DIR:-$(dirname "${BASH_SOURCE[0]}")/..}"
softeq=${SOFTEQ:-build/softeq}

wrong_use() {
    echo "run_table: $*; see the head of $0" >&2
    exit 2
}

# train_run FOLDER: to the end, unless somebody else is at it.
train_run() {
    local folder=$1
    exec 9>"$folder/lock"
    flock -n 9 || return 0
    [[ ! -e $folder/evaluation.nc ]] || return 0
    if ! { "$softeq" train "$folder/run.ini" --run "$folder" --resume &&
        "$softeq" eval "$folder" -o "$folder/evaluation.nc"; } >"$folder/output.txt" 2>&1; then
        echo "run_table: $folder failed: $(tail -n 1 "$folder/output.txt")" >&2
        return 1
    fi
    echo "run_table: $folder: $(grep 'samples, mse' "$folder/output.txt" || true)"
}

if [[ ${1-} == --one ]]; then
    train_run "$2"
    exit
fi

jobs=$(nproc) runs=runs/tables results='' again='' sets=() all=(jobs/experiments/tables/*.ini)
while [[ ${1-} == -* ]]; do
    case "$1" in
        --again)
            again=1
            shift
            continue
            ;;
        --jobs | --runs | --results | --set) [[ ${2-} ]] || wrong_use "$1 needs a value" ;;
        *) wrong_use "$1 is not known" ;;
    esac
    case "$1" in
        --jobs) jobs=$2 ;;
        --runs) runs=$2 ;;
        --results) results=$2 ;;
        --set) sets+=(--set "$2") ;;
    esac
    shift 2
done
tables=()
for name in "$@"; do tables+=("jobs/experiments/tables/$name.ini"); done
[[ $# -gt 0 ]] || tables=("${all[@]}")

# Trials with other settings stay out of the project's own results.
[[ $results ]] || results=$([[ ${#sets[@]} -eq 0 ]] && echo docs/results.md || echo "$runs/results.md")
recorded=(-o "$results")
[[ ! $again ]] || recorded=()
plan=$("$softeq" table plan "${tables[@]}" --run "$runs" "${recorded[@]}" "${sets[@]}")
if [[ -n ${SLURM_ARRAY_TASK_ID-} ]]; then
    jobs=${SLURM_NTASKS:-1}
    plan=$(awk -v k="$SLURM_ARRAY_TASK_ID" -v n="${SLURM_ARRAY_TASK_COUNT:?}" 'NR % n == k % n' <<<"$plan")
fi
status=0
[[ -z $plan ]] ||
    xargs -d '\n' -P "$jobs" -n 1 "$self" --one <<<"$plan" || status=$?
[[ -n ${SLURM_ARRAY_TASK_ID-} ]] || "$softeq" table write "${all[@]}" --run "$runs" -o "$results" "${sets[@]}"
exit "$status"
