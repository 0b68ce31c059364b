#!/usr/bin/env bash
# How often are planted symmetries found? Makes tasks whose symmetries are known, trains each under
# several rules of tuning, and writes the scores into docs/planted.md.
#   jobs/planted.sh [--first SEED] [--tasks N] [--jobs J] [--runs DIR] [--results FILE] [RULE...]
# RULE      a value of symmetry.tuning, or none: no regularizers; all of them by default
# --first   the first seed; 1 by default
# --tasks   how many; 100 by default
# --results what stands in it above the line of scores is kept; otherwise it holds the scores alone
# Broken off, it goes on where it was. Several may work on the same folder: each run is taken by one.
set -euo pipefail
script=planted
self=$(realpath "${BASH_SOURCE[0]}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=jobs/options.bash
source jobs/options.bash
softeq=${SOFTEQ:-build/softeq}

# train_task FOLDER RULE: to the end, unless somebody else is at it.
train_task() {
    local run=$1/$2 output=$1/$2.txt settings=(--set "symmetry.tuning=$2")
    [[ $2 != none ]] || settings=(--set symmetry.tuning=constant --set symmetry.lambda=0)
    exec 9>>"$output"
    flock -n 9 || return 0
    [[ ! -e $run/evaluation.nc ]] || return 0
    rm -rf "$run"
    if ! { "$softeq" train "$1/run.ini" --run "$run" "${settings[@]}" &&
        "$softeq" eval "$run" -o "$run/evaluation.nc"; } >"$output" 2>&1; then
        echo "$script: $run failed: $(tail -n 1 "$output")" >&2
        return 1
    fi
}

if [[ ${1-} == --one ]]; then
    train_task "$2" "$3"
    exit
fi

first=1 tasks=100 jobs=$(nproc) runs=runs/planted results=docs/planted.md
while [[ ${1-} == -* ]]; do
    case "$1" in
        --first) need_value "$@" && first=$2 ;;
        --tasks) need_value "$@" && tasks=$2 ;;
        --jobs) need_value "$@" && jobs=$2 ;;
        --runs) need_value "$@" && runs=$2 ;;
        --results) need_value "$@" && results=$2 ;;
        *) wrong_use "$1 is not known" ;;
    esac
    shift 2
done
options_first "$@"
rules=("$@")
[[ $# -gt 0 ]] || rules=(moved paper normalised constant none)

for ((seed = first; seed < first + tasks; seed++)); do
    [[ -e $runs/$seed/truth.nc ]] || echo "$seed"
done | xargs -r "$softeq" planted make -o "$runs" >/dev/null
status=0
for ((seed = first; seed < first + tasks; seed++)); do
    for rule in "${rules[@]}"; do printf '%s\n%s\n' "$runs/$seed" "$rule"; done
done | xargs -d '\n' -P "$jobs" -n 2 "$self" --one || status=$?

"$softeq" planted score "${rules[@]}" --run "$runs" -o "$runs/score.md"
# What stands above the line is written by hand, what stands below by the program.
{
    if grep -qs '^<!-- scores -->$' "$results"; then
        sed '/^<!-- scores -->$/q' "$results"
        echo
    fi
    cat "$runs/score.md"
} >"$results.new"
mv "$results.new" "$results"
exit "$status"
