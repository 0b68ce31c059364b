#!/usr/bin/env bash
# How often are planted symmetries found? Makes tasks whose symmetries are known, trains each under
# several rules of tuning, and writes the scores of these tasks into docs/planted.md.
#   jobs/planted.sh [--first SEED] [--tasks N] [--jobs J] [--runs DIR] [--results FILE] [RULE...]
# RULE      a value of symmetry.tuning; none: no regularizers; found: gap, with decoupled regularizers
#           and samples that are moved by what is found, which projected has as well, with
#           preconditioned regularizers; by default all of them, with --first those that are worth it:
#           moved found projected paper
# --first   the first seed; 1 by default
# --tasks   how many; 100 by default
# --runs    folder of the tasks and their runs; by default runs/planted of the project
# --results the scores stand in it between the line <!-- scores SEED -->, of the first seed, and the
#           next such line, and the rest of it is kept; a file without such lines has the scores alone.
#           By default docs/planted.md, if it has a line for a hundred tasks from that seed on and
#           the rules are those by default; otherwise DIR/scores.md
# A rule is scored on all of the tasks: as long as a run is missing, the file is left as it is.
# DIR and FILE are as the caller's folder has them.
# A finished run that its task's run.ini or data have changed since is named, and nothing is scored.
# Broken off, it goes on where it was. Several may work on the same folder: each run is taken by one.
set -euo pipefail
script=planted
self=$(realpath "${BASH_SOURCE[0]}")
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=jobs/options.bash
source jobs/options.bash
# shellcheck source=jobs/many_runs.bash
source jobs/many_runs.bash
softeq=${SOFTEQ:-build/softeq}
any_marker='^<!-- scores .*-->$'

# compare_run FOLDER RULE OPTION...: would training with these be the finished run again? To go on with
# its checkpoint trains nothing, but compares settings and data; with a copy, since it is saved anew.
# To score it compares the test data.
compare_run() (
    copy=$(mktemp -d)
    trap 'rm -rf "$copy"' EXIT
    seed=$(basename "$1")
    cp "$1/$2"/checkpoint-*.nc "$copy" &&
        "$softeq" train "$1/run.ini" --run "$copy" --resume "${@:3}" &&
        evaluate_if_old "$1/$2" &&
        "$softeq" planted score "$2" --run "$(dirname "$1")" --seeds "$seed-$seed"
)

# evaluate_if_old RUN: what an earlier version evaluated does not tell of which data it is.
evaluate_if_old() {
    grep -q data_hash "$1/evaluation.nc" || "$softeq" eval "$1" -o "$1/evaluation.nc"
}

# Settings of rules are those of src/cli/planted_rules.c, or the score refuses their runs.
# train_task FOLDER RULE: to the end, unless somebody else is at it.
train_task() {
    local run=$1/$2 output=$1/$2.txt said settings=(--set "symmetry.tuning=$2")
    local moving=(--set data.augment=found)
    case "$2" in
        none) settings=(--set symmetry.tuning=constant --set symmetry.lambda=0) ;;
        found) settings=(--set symmetry.tuning=gap --set symmetry.penalty=decoupled "${moving[@]}") ;;
        projected) settings+=(--set symmetry.penalty=preconditioned "${moving[@]}") ;;
    esac
    lock_run "$output" "$run" || return $(($? == 2)) # somebody else's is no failure
    if [[ -s $run/evaluation.nc ]]; then
        said=$(compare_run "$1" "$2" "${settings[@]}" 2>&1) && return
        echo "$script: $run is finished, but: $(tail -n 1 <<<"$said"); remove it to train it again" >&2
        return 1
    fi
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

first=1 tasks=100 jobs=$(nproc) runs=runs/planted results=''
all=(moved gap found projected paper normalised constant none) main=(moved found projected paper)
while [[ ${1-} == -* ]]; do
    case "$1" in
        --first) need_value "$@" && first=$2 ;;
        --tasks) need_value "$@" && tasks=$2 ;;
        --jobs) need_value "$@" && jobs=$2 ;;
        --runs) need_value "$@" && runs=$(cd "$caller" && realpath -ms "$2") ;;
        --results) need_value "$@" && results=$(cd "$caller" && realpath -ms "$2") ;;
        *) wrong_use "$1 is not known" ;;
    esac
    shift 2
done
options_first "$@"
need_number --first 0 "$first"
need_number --tasks 1 "$tasks"
need_number --jobs 1 "$jobs"
usual=("${all[@]}")
[[ $first -eq 1 ]] || usual=("${main[@]}")
rules=("$@")
[[ $# -gt 0 ]] || rules=("${usual[@]}")
for rule in "${rules[@]}"; do
    grep -qxF -- "$rule" < <(printf '%s\n' "${all[@]}") ||
        wrong_use "there is no rule $rule: they are ${all[*]}"
done
[[ $(printf '%s\n' "${rules[@]}" | sort | uniq -d) == '' ]] || wrong_use "a rule is named twice"
# Trials with other tasks or rules stay out of the project's own results.
marker="<!-- scores $first -->"
if [[ -z $results ]]; then
    results=$runs/scores.md
    if [[ "$tasks ${rules[*]}" == "100 ${usual[*]}" ]] && grep -qsxF -- "$marker" docs/planted.md; then
        results=docs/planted.md
    fi
fi
need_output "$results"
if grep -qs "$any_marker" "$results" && ! grep -qxF -- "$marker" "$results"; then
    wrong_use "--results $results: it has scores of other tasks: write the line $marker where these belong"
fi

for ((seed = first; seed < first + tasks; seed++)); do
    [[ -s $runs/$seed/truth.nc ]] || echo "$seed"
done | xargs -r "$softeq" planted make -o "$runs" >/dev/null || exit 1
# list_runs: folder and rule of each, in lines of their own.
list_runs() {
    for ((seed = first; seed < first + tasks; seed++)); do
        for rule in "${rules[@]}"; do printf '%s\n%s\n' "$runs/$seed" "$rule"; done
    done
}
status=0
run_many "$jobs" 2 "$self" --one < <(list_runs) || status=$?

# keep_results STATUS: ends the script without scores.
keep_results() {
    echo "$script: $results is left as it is: not every run of these tasks is there and in order" >&2
    exit "$1"
}
[[ $status -eq 0 ]] || keep_results "$status"
last=$((first + tasks - 1))
scores=$("$softeq" planted score "${rules[@]}" --run "$runs" --seeds "$first-$last") ||
    keep_results $?
# write_section: the results with these scores instead of those that stood at their line.
write_section() {
    sed "/^$marker\$/q" "$results"
    printf '\n### Seeds %s to %s\n\n%s\n' "$first" "$last" "$scores"
    awk -v ours="$marker" -v any="$any_marker" '
        $0 == ours { seen = 1; next }
        seen && $0 ~ any { print ""; seen = 0; rest = 1 }
        rest' "$results"
}

# Others may write scores of other tasks into the same file.
exec 8<"$(dirname "$results")"
flock 8
if grep -qs "$any_marker" "$results"; then
    write_section
else
    printf '%s\n' "$scores"
fi >"$results.new.$$"
mv "$results.new.$$" "$results"
echo "$script: $results"
