#!/usr/bin/env bash
# Trains the runs of tables that are neither finished nor recorded, then writes docs/results.md and
# the records docs/results/TABLE.tsv anew.
#   jobs/run_table.sh [--again] [--jobs J] [--runs DIR] [--results FILE] [--set KEY=VALUE]... [TABLE...]
#   sbatch --array=0-99 jobs/run_table.sh TABLE...    from the top folder of the project
# TABLE    jobs/experiments/tables/TABLE.ini; all of them by default
# --again  trains recorded runs, too: `git diff docs/results` shows whether the same comes out
# --jobs   runs at once; by default one for each core
# --runs   folder of the runs; by default runs/tables of the project, with --again runs/again, and
#          with --set a folder in runs/trials for these settings
# --results  by default docs/results.md; with --set DIR/results.md
# --set    changes a key in every run, such as train.epochs=3
# DIR and FILE are as the caller's folder has them.
# Broken off, it goes on where it was. Several may work on the same folder: each run is taken by one.
# The tasks of a Slurm array begin at places of their own and take what nobody has; write the results
# with a last call outside of it.
#SBATCH --job-name=softeq-table
#SBATCH --ntasks=1
#SBATCH --time=24:00:00
#SBATCH --requeue
set -euo pipefail
script=run_table
self=$(realpath "${BASH_SOURCE[0]}")
top=$(dirname "${BASH_SOURCE[0]}")/..
# Slurm runs a copy of this file from elsewhere.
[[ -e $top/jobs/options.bash ]] || top=${SLURM_SUBMIT_DIR:-$top}
[[ -e $top/jobs/options.bash ]] || {
    echo "$script: no jobs/options.bash in $top: submit from the top folder of the project" >&2
    exit 2
}
caller=$PWD
cd "$top"
# shellcheck source=jobs/options.bash
source jobs/options.bash
# shellcheck source=jobs/many_runs.bash
source jobs/many_runs.bash
softeq=${SOFTEQ:-build/softeq}

# keep_failure FOLDER: failed.ini, with which `softeq table write` tells of it.
keep_failure() {
    {
        echo "; $(tail -n 1 "$1/output.txt" | sed 's/^softeq: //' | cut -c -900)"
        [[ -z ${SLURM_ARRAY_JOB_ID-} ]] || echo "; array job $SLURM_ARRAY_JOB_ID"
        cat "$1/run.ini"
    } >"$1/failed.part"
    mv "$1/failed.part" "$1/failed.ini"
}

# has_failed_here FOLDER: in this array, another task of which would only find the same.
has_failed_here() {
    [[ ${SLURM_ARRAY_JOB_ID-} ]] && grep -qsx "; array job $SLURM_ARRAY_JOB_ID" "$1/failed.ini"
}

# train_run FOLDER: to the end, unless somebody else is at it.
train_run() {
    local folder=$1 status=0
    lock_run "$folder/lock" "$folder" || return $(($? == 2)) # somebody else's is no failure
    [[ ! -e $folder/evaluation.nc ]] || return 0
    ! has_failed_here "$folder" || return 0
    {
        "$softeq" train "$folder/run.ini" --run "$folder" --resume &&
            "$softeq" eval "$folder" -o "$folder/evaluation.nc"
    } >"$folder/output.txt" 2>&1 || status=$?
    if [[ $status -ne 0 ]]; then
        case "$status" in
            75 | 130 | 137 | 143) ;; # it was stopped, which is no failure of the run
            *) keep_failure "$folder" ;;
        esac
        echo "$script: $folder failed: $(tail -n 1 "$folder/output.txt")" >&2
        return 1
    fi
    rm -f "$folder/failed.ini"
    echo "$script: $folder: $(grep 'samples, mse' "$folder/output.txt" || true)"
}

if [[ ${1-} == --one ]]; then
    train_run "$2"
    exit
fi

jobs=$(nproc) runs='' results='' again='' sets=() all=(jobs/experiments/tables/*.ini)
while [[ ${1-} == -* ]]; do
    case "$1" in
        --again)
            again=1
            shift
            continue
            ;;
        --jobs) need_value "$@" && jobs=$2 ;;
        --runs) need_value "$@" && runs=$(cd "$caller" && realpath -ms "$2") ;;
        --results) need_value "$@" && results=$(cd "$caller" && realpath -ms "$2") ;;
        --set) need_value "$@" && sets+=(--set "$2") ;;
        *) wrong_use "$1 is not known" ;;
    esac
    shift 2
done
options_first "$@"
need_number --jobs 1 "$jobs"
# A run has one folder, and what is trained there with other settings would stand in its way.
if [[ -z $runs ]]; then
    runs=runs/tables
    [[ ! $again ]] || runs=runs/again
    [[ ${#sets[@]} -eq 0 ]] ||
        runs=runs/trials/$(printf '%s\n' "${sets[@]}" "$again" | cksum | cut -d ' ' -f 1)
fi
tables=()
for name in "$@"; do tables+=("jobs/experiments/tables/$name.ini"); done
[[ $# -gt 0 ]] || tables=("${all[@]}")

# Trials with other settings stay out of the project's own results.
[[ $results ]] || results=$([[ ${#sets[@]} -eq 0 ]] && echo docs/results.md || echo "$runs/results.md")
need_output "$results"
recorded=(-o "$results")
[[ ! $again ]] || recorded=()
# The tables are written all together: what is wrong with another one shows now, not after training.
"$softeq" table check "${all[@]}" --run "$runs" -o "$results" "${sets[@]}"
plan=$("$softeq" table plan "${tables[@]}" --run "$runs" "${recorded[@]}" "${sets[@]}")
# Each task of an array goes through the whole plan, from a place of its own: what is planned depends
# on how far others are, so that shares of it would leave runs to nobody.
if [[ -n ${SLURM_ARRAY_TASK_ID-} ]]; then
    jobs=${SLURM_NTASKS:-1}
    plan=$(awk -v id="$SLURM_ARRAY_TASK_ID" -v least="${SLURM_ARRAY_TASK_MIN:-0}" \
        -v most="${SLURM_ARRAY_TASK_MAX:-$SLURM_ARRAY_TASK_ID}" '{ run[NR - 1] = $0 }
        END {
            first = int(NR * (id - least) / (most - least + 1))
            for (i = 0; i < NR; i++) print run[(first + i) % NR]
        }' <<<"$plan")
fi
status=0
[[ -z $plan ]] || run_many "$jobs" 1 "$self" --one <<<"$plan" || status=$?
[[ -n ${SLURM_ARRAY_TASK_ID-} ]] || "$softeq" table write "${all[@]}" --run "$runs" -o "$results" "${sets[@]}"
exit "$status"
