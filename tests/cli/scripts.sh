#!/usr/bin/env bash
# The scripts in jobs: wrong options, other folders, several at once, and runs that fail.
# Arguments: the program, the top folder of the project.
here=$(cd "$(dirname "$0")" && pwd)
jobs=$(cd "$2/jobs" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
export SOFTEQ=$softeq

# An option without its value, or one that there is not, is wrong use.
for script in run_table planted motion_results run_until_done; do
    case $script in
        run_table) options=(--jobs --runs --results --set) ;;
        planted) options=(--first --tasks --jobs --runs --results) ;;
        motion_results) options=(--jobs --results) ;;
        run_until_done) options=(--tries --hostfile --ranks --mca) ;;
    esac
    for option in "${options[@]}"; do
        expect 2 "$script: $option needs a value" "$jobs/$script.sh" "$option"
    done
    expect 2 "$script: -h is not known; see the head of jobs/$script.sh" "$jobs/$script.sh" -h
done
for script in run_table planted; do
    expect 2 "$script: --jobs stands behind one: options come first" "$jobs/$script.sh" one two \
        --jobs 2
done
for script in run_table planted; do
    for number in many -1 0; do
        expect 2 "--jobs $number: give a whole number from 1 on" "$jobs/$script.sh" --jobs "$number"
    done
    expect 2 "--results /proc/x.md: its folder cannot be written into" \
        "$jobs/$script.sh" --runs nowhere --results /proc/x.md
    [ ! -e nowhere ] || fail "$script.sh planned runs whose results cannot be written"
done
expect 2 "a rule is named twice" "$jobs/planted.sh" moved gap moved
expect 2 "--run DIR is missing" "$jobs/run_until_done.sh" -- "$softeq" train c.ini --run
expect 2 "nowhere cannot be read" "$jobs/run_until_done.sh" --hostfile nowhere -- "$softeq" train \
    c.ini --run r
expect 2 "--tries many is no number" "$jobs/run_until_done.sh" --tries many -- "$softeq" train c.ini \
    --run r

# Hosts as mpirun reads them: parted by tabs, and without an end of the last line.
shard train.nc 8
shard valid.nc 8
write_plane_config
printf '# ours\n\n\tlocalhost\tslots=1' >hosts
expect 0 "best.nc" "$jobs/run_until_done.sh" --tries 1 --hostfile hosts --ranks 1 -- "$softeq" train \
    plane.ini --run r --set train.epochs=2

# From whatever folder a table is called, its runs are trained once.
small=(data.samples=30 model.channels=6 model.layers=2 train.epochs=2 symmetry.tune_at=1
    log.equivariance_samples=10 log.equivariance_elements=2)
sets=()
for key in "${small[@]}"; do sets+=(--set "$key"); done
runs=150 # five rows, six models, five seeds
table=(./run_table.sh --jobs 2 --runs "$folder/my runs" "${sets[@]}" misspecified)
(cd "$jobs" && "${table[@]}") >table.txt || fail "run_table.sh failed: $(cat table.txt)"
[ "$(grep -c 'samples, mse' table.txt)" -eq "$runs" ] || fail "not all runs were trained"
grep -qF "$runs of $runs runs are there" "my runs/results.md" || fail "not all runs are in the tables"
(cd "$jobs" && "${table[@]}") >table.txt || fail "run_table.sh failed: $(cat table.txt)"
grep -q 'samples, mse' table.txt && fail "finished runs were trained again"
rm -r "my runs/misspecified"
"$jobs/run_table.sh" --again --jobs 2 --runs "my runs" --results "./my runs/results.md" "${sets[@]}" \
    misspecified >table.txt || fail "--again failed"
[ "$(grep -c 'samples, mse' table.txt)" -eq "$runs" ] || fail "recorded runs were not trained again"

# TERM ends all that the script has started, which goes on from there another time.
rm -r "my runs/misspecified"
# shellcheck disable=SC2016 # the script's own argument
printf '#!/bin/sh\ncase "$1" in train) echo $$ >>"%s/started"; exec sleep 1000 ;; esac\nexec "%s" "$@"\n' \
    "$folder" "$softeq" >slow
chmod +x slow
env SOFTEQ="$folder/slow" "$jobs/run_table.sh" --again "${table[@]:1}" >table.txt 2>&1 &
script=$!
until [ "$(wc -l <started)" -eq 2 ] 2>/dev/null; do sleep 0.1; done
kill -TERM "$script"
status=0
wait "$script" || status=$?
[ "$status" -eq 143 ] || fail "ended with $status: $(cat table.txt)"
while read -r trainer; do
    if kill -0 "$trainer" 2>/dev/null; then fail "a trainer goes on"; fi
done <started
[ "$(wc -l <started)" -eq 2 ] || fail "another run was started"

# What would keep the tables from being written shows before anything is trained, also in another one.
rm -r "my runs/misspecified"
echo damaged >"my runs/results/se3.tsv"
expect 1 "se3.tsv:1: column 1" "$jobs/run_table.sh" --again "${table[@]:1}"
[ ! -e "my runs/misspecified" ] || fail "runs were planned that cannot be written"

# A run that fails is told of in the tables, with or without its folder, until it is finished; a task
# of the same array does not try it again.
# shellcheck disable=SC2016 # the script's own argument
printf '#!/bin/sh\ncase "$1 $2" in *"/permutations/per/2/run.ini") echo "softeq: no	luck" >&2; exit 1 ;; esac\nexec "%s" "$@"\n' \
    "$softeq" >unlucky
chmod +x unlucky
try() { env SOFTEQ="$folder/$1" SLURM_ARRAY_JOB_ID="$2" "$jobs/run_table.sh" "${table[@]:1}" >table.txt 2>&1; }
table[4]="$folder/failing"
ln -s "$softeq" lucky
try unlucky '' && fail "run_table.sh ends well though a run failed"
grep -qF 'permutations/per/2 failed: softeq: no' table.txt || fail "it does not say which run failed"
told="- permutations, \`per\`, seed 2: no luck"
grep -qxF -- "$told" failing/results.md || fail "the tables do not tell of the run that failed"
misspecified=$(dirname "$jobs")/jobs/experiments/tables/misspecified.ini
"$softeq" table write "$misspecified" -o failing/results.md "${sets[@]}" >out.txt
grep -qxF -- "$told" failing/results.md || fail "the record does not tell of the run that failed"
"$softeq" table write "$misspecified" -o failing/results.md "${sets[@]}" --set train.epochs=3 2>err.txt >out.txt
grep -qF -- 'no luck' failing/results.md && fail "a failure of other settings is told"
try unlucky 7 && fail "run_table.sh ends well though a run failed"
try unlucky 7 || fail "a run is tried again by the array in which it failed: $(cat table.txt)"
try lucky 8 || fail "a run that failed is not tried again: $(cat table.txt)"
grep -qF -- 'no luck' failing/results.md && fail "a run that is finished counts as failed"
[ ! -e failing/results/misspecified.failed.tsv ] || fail "a file of no failures is left"

# So is one that crashes.
# shellcheck disable=SC2016 # the script's own argument
printf '#!/bin/sh\ncase "$1 $2" in *"/permutations/per/2/run.ini") kill -SEGV $$ ;; esac\nexec "%s" "$@"\n' \
    "$softeq" >crashing
chmod +x crashing
rm -r failing/misspecified/permutations failing/results
try crashing '' && fail "run_table.sh ends well though a run crashed"
[ -e failing/misspecified/permutations/per/2/failed.ini ] || fail "a crash is no failure: $(cat table.txt)"

# Slurm runs a copy of the script from elsewhere; it works in the folder that it was submitted from,
# and the script itself, called in a job, in its own. The tasks of an array, whatever their numbers,
# train each run once.
mkdir spool
cp "$jobs/run_table.sh" spool/slurm_script
of_slurm() { env SLURM_SUBMIT_DIR="$1" SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=10 "${@:2}"; }
top=$(dirname "$jobs")
expect 2 "run_table: --jobs needs a value; see the head of jobs/run_table.sh" \
    of_slurm "$top" spool/slurm_script --jobs
expect 2 "submit from the top folder" of_slurm "$folder" spool/slurm_script misspecified
expect 2 "run_table: --jobs needs a value" of_slurm "$folder" "$jobs/run_table.sh" --jobs
for task in 0 3 6; do
    of_slurm "$top" SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=6 SLURM_ARRAY_TASK_COUNT=3 \
        SLURM_ARRAY_TASK_ID=$task spool/slurm_script --runs "$folder/array" "${sets[@]}" \
        misspecified >"task$task.txt" &
    tasks[task]=$!
done
for task in "${!tasks[@]}"; do
    wait "${tasks[task]}" || fail "task $task of the array failed"
done
[ "$(cat task?.txt | grep 'samples, mse' | sort -u | wc -l)" -eq "$runs" ] ||
    fail "not all runs were trained by the array"
[ "$(cat task?.txt | grep -c 'samples, mse')" -eq "$runs" ] || fail "the array trained a run twice"
[ ! -e array/results.md ] || fail "a task of an array wrote the tables"

# Each begins at a place of its own: here the last of three, with the last two of six runs.
mkdir -p plan/{a,b,c,d,e,f}
# shellcheck disable=SC2016 # the script's own argument
printf '#!/bin/sh\n[ "$1 $2" != "table plan" ] || printf "%%s\\n" %s/plan/?\n' "$folder" >planner
chmod +x planner
expect 0 "plan/a" env SOFTEQ="$folder/planner" SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=3 \
    SLURM_ARRAY_TASK_ID=3 "$jobs/run_table.sh"
[ "$(sed 's#.*/plan/\(.\).*#\1#' out.txt | paste -sd '')" = efabcd ] ||
    fail "the last task of three does not begin with the last third: $(cat out.txt)"

# Planted tasks: likewise; a run that somebody else is at is left alone, one that fails is told.
planted=(./planted.sh --tasks 1 --runs "$folder/planted" --results "$folder/planted.md")
(cd "$jobs" && "${planted[@]}" none) || fail "planted.sh failed"
grep -qF '| none | 1 |' planted.md || fail "planted.md has no score"

# The scores are those of the tasks that were asked for, whatever else lies in the folder, and those of
# a trial do not replace the project's own.
trial=(project/jobs/planted.sh --runs "$folder/planted" --tasks 1)
mkdir -p project/jobs project/docs project/runs/planted/{1..100}
cp "$jobs/planted.sh" "$jobs/options.bash" "$jobs/many_runs.bash" project/jobs
printf 'Ours.\n\n<!-- scores -->\n\nof old\n' >project/docs/planted.md
cp project/docs/planted.md ours.md
for first in 2 1; do
    expect 0 "planted/scores.md" "${trial[@]}" --first "$first" none
    grep -qF '| none | 1 |' planted/scores.md || fail "not the task asked for was scored"
done
cmp -s ours.md project/docs/planted.md || fail "a trial replaced the project's scores"
# shellcheck disable=SC2016 # the script's own arguments
printf '#!/bin/sh\n[ "$2" != score ] || echo "scores of $*"\n[ "$1" != train ] || echo "$*" >>trained\n' >pretended
chmod +x pretended
expect 0 "planted: docs/planted.md" env SOFTEQ="$PWD/pretended" project/jobs/planted.sh
printf 'Ours.\n\n<!-- scores -->\n\nscores of planted score %s --run runs/planted --seeds 1-100\n' \
    'moved gap found projected paper normalised constant none' | cmp - project/docs/planted.md ||
    fail "the project's scores are not written"
moving='--set data.augment=found'
for set in "found --set symmetry.tuning=gap --set symmetry.penalty=decoupled $moving" \
    "projected --set symmetry.tuning=projected --set symmetry.penalty=preconditioned $moving" \
    "gap --set symmetry.tuning=gap" "none --set symmetry.tuning=constant --set symmetry.lambda=0"; do
    [ "$(grep -c -- "--run runs/planted/[0-9]*/$set\$" project/trained)" -eq 100 ] ||
        fail "the rule ${set%% *} is not trained as its name says: $(tail -n 1 project/trained)"
done

# Numbers and rules are checked before anything is made.
for wrong in "--tasks 0" "--tasks abc" "--first 08" "--first 010" "--first 1234567890123456789" \
    "--jobs 0"; do
    # shellcheck disable=SC2086 # two words
    expect 2 "planted: $wrong: give a whole number from" project/jobs/planted.sh $wrong
done
expect 2 "there is no rule mvoed: they are moved gap found projected" project/jobs/planted.sh none mvoed
expect 2 "there is no rule none moved" project/jobs/planted.sh "none moved"

# As long as a run is missing, since somebody else is at it or it failed, the scores are left alone.
mkdir planted/1/moved
touch planted/1/moved/theirs
cp planted.md before.md
expect 1 "planted.md is left as it is" flock planted/1/moved.txt "$jobs/planted.sh" "${planted[@]:1}" \
    none moved
grep -qF '1 evaluation is missing: 1/moved/evaluation.nc' err.txt || fail "the run is not named"
[ -e planted/1/moved/theirs ] || fail "a run that somebody else was at was removed"
# shellcheck disable=SC2016 # the script's own argument
printf '#!/bin/sh\n[ "$1" != train ] || { echo "no luck"; exit 1; }\nexec "%s" "$@"\n' "$softeq" >broken
chmod +x broken
expect 123 "planted/1/moved failed: no luck" env SOFTEQ="$PWD/broken" "$jobs/planted.sh" \
    "${planted[@]:1}" none moved
grep -qF 'planted.md is left as it is' err.txt || fail "planted.sh does not say that nothing is written"
cmp -s before.md planted.md || fail "scores without a run that is missing were written"

# A run is what its task asks for now: what was trained with other settings is told and stays. An
# evaluation that is empty is none.
sed -i 's/^epochs = .*/epochs = 5/' planted/1/run.ini
cp -r planted/1/none before
expect 123 "the checkpoint was made with 'train.epochs = 180'" "$jobs/planted.sh" "${planted[@]:1}" none
grep -qF "planted/1/none is finished, but: " err.txt || fail "the run is not named: $(cat err.txt)"
cmp -s before.md planted.md || fail "scores of other settings were written"
sed -i 's/^epochs = .*/epochs = 180/' planted/1/run.ini
expect 0 "planted: $folder/planted.md" "$jobs/planted.sh" "${planted[@]:1}" none
diff -r before planted/1/none || fail "a finished run was changed"
: >planted/1/none/evaluation.nc
expect 0 "planted: $folder/planted.md" "$jobs/planted.sh" "${planted[@]:1}" none
cmp -s before.md planted.md || fail "the run was not evaluated again"
