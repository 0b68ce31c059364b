#!/usr/bin/env bash
# Planted tasks: made twice they are the same, what is planted is found, and the score is written.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"

expect 0 "holds" "$softeq" planted make 2 3 -o tasks
sed -i 's/^epochs = .*/epochs = 60/; s/^tune_at = .*/tune_at = 20/' tasks/?/run.ini
expect 0 "" "$softeq" planted make 2 -o again
for split in train valid test; do
    [ "$(ncdump -v target "tasks/2/$split.nc" | sed '/history/d' | md5sum)" = \
        "$(ncdump -v target "again/2/$split.nc" | sed '/history/d' | md5sum)" ] ||
        fail "task 2 is not the same when it is made again"
done
# The bases of task 29 are large enough for BLAS to share out the work among threads.
for threads in 1 2; do
    OPENBLAS_NUM_THREADS=$threads expect 0 "" "$softeq" planted make 29 -o "threads-$threads"
done
[ "$(ncdump -v target threads-1/29/train.nc | sed '/history/d' | md5sum)" = \
    "$(ncdump -v target threads-2/29/train.nc | sed '/history/d' | md5sum)" ] ||
    fail "task 29 depends on the number of threads"
for seed in 2 3; do
    expect 0 "best.nc" "$softeq" train "tasks/$seed/run.ini" --run "tasks/$seed/moved" \
        --set symmetry.tuning=moved
    expect 0 "" "$softeq" eval "tasks/$seed/moved" -o "tasks/$seed/moved/evaluation.nc"
done
expect 0 "| moved | 2 | 2 of 2 |" "$softeq" planted score moved --run tasks
expect 2 "no seed" "$softeq" planted make two -o tasks

# Of a folder with more tasks than were asked for, these count.
expect 0 "| moved | 1 |" "$softeq" planted score moved --run tasks --seeds 3-3
expect 1 "none with the seeds asked for" "$softeq" planted score moved --run tasks --seeds 4-9
for seeds in 3 3- -3 3-2 a-3 2-3- 18446744073709551616-18446744073709551617; do
    refuse "--seeds $seeds: give the first and the last seed" planted score moved --run tasks \
        "--seeds=$seeds"
done

# A rule is scored on all tasks that were asked for or not at all: what is missing is named.
cp -r tasks/3/moved tasks/3/other
expect 1 "tasks: 1 evaluation is missing: 2/other/evaluation.nc" \
    "$softeq" planted score moved other --run tasks
expect 1 "tasks: 2 evaluations are missing: 2/mvoed/evaluation.nc, 3/mvoed/evaluation.nc" \
    "$softeq" planted score mvoed --run tasks
expect 1 "tasks: 1 task is missing: 4" "$softeq" planted score moved --run tasks --seeds 2-4
expect 1 "tasks: 99999997 tasks are missing: 1, 4, 5, ..." \
    "$softeq" planted score moved --run tasks --seeds 1-99999999
expect 1 "tasks: 18446744073709551614 tasks are missing: 0, 1, 4, ..." \
    "$softeq" planted score moved --run tasks --seeds 0-18446744073709551615
mv tasks/2/truth.nc truth.nc
for seeds in '' --seeds=2-3; do
    expect 1 "tasks: 1 task is missing: 2: " "$softeq" planted score moved --run tasks $seeds
done
mv truth.nc tasks/2

# A run has the settings of the rule that it is scored as. Other names than those of rules are free.
mkdir renamed
cp -r tasks/2 renamed
mv renamed/2/moved renamed/2/projected
expect 1 "renamed/2/projected was trained with data.augment = , but the rule projected has found" \
    "$softeq" planted score projected --run renamed
mv renamed/2/projected renamed/2/paper
expect 1 "renamed/2/paper was trained with symmetry.tuning = moved, but the rule paper has paper" \
    "$softeq" planted score paper --run renamed
mv renamed/2/paper renamed/2/ours
expect 0 "| ours | 1 |" "$softeq" planted score ours --run renamed
mv renamed/2/ours renamed/2/moved
sed -i 's/^epochs = .*/epochs = 61/' renamed/2/run.ini
expect 1 "was trained with train.epochs = 60, but the rule moved has 61 on this task: remove it" \
    "$softeq" planted score moved --run renamed

# Large seeds count as any other; runs of another task and folders without tasks are told.
mkdir big
cp -r tasks/2 big/5000000000
cp -r tasks/3 big/4999999999
expect 0 "| moved | 2 | 2 of 2 |" "$softeq" planted score moved --run big
expect 1 "no task of softeq planted make is there" "$softeq" planted score moved --run again/2
mkdir swapped
cp -r tasks/2 tasks/3 swapped
cp tasks/3/moved/evaluation.nc swapped/2/moved/evaluation.nc
expect 1 "swapped/2/moved is not a run of this task" "$softeq" planted score moved --run swapped
mkdir -p damaged/2 && cp -r tasks/2/moved tasks/2/test.nc tasks/2/run.ini damaged/2
ncdump tasks/2/truth.nc >truth.cdl
sed 's/double error(type)/double error/; /^ error = /,/;/c error = 0;' truth.cdl | ncgen -4 -o damaged/2/truth.nc
expect 1 "damaged/2/truth.nc: error" "$softeq" planted score moved --run damaged
sed '/^ error = /s/= [^,;]*/= NaN/' truth.cdl | ncgen -4 -o damaged/2/truth.nc
expect 1 "damaged/2/truth.nc: error: nan of type" "$softeq" planted score moved --run damaged
for error in 0.01 1.5; do
    sed "/^ error = /s/= [^,;]*/= $error/" truth.cdl | ncgen -4 -o damaged/2/truth.nc
    expect 1 "damaged/2/truth.nc: error: $error of type" "$softeq" planted score moved --run damaged
done
cp tasks/2/truth.nc damaged/2

# An evaluation that is damaged, or of another model of the same types, is no outcome of the run.
ncdump -p 9,17 tasks/2/moved/evaluation.nc >evaluation.cdl
# evaluated SED: with evaluation.nc changed like this
evaluated() { sed "$1" evaluation.cdl | ncgen -4 -o damaged/2/moved/evaluation.nc; }
for number in 'mse = NaN' 'mse = Infinity' 'mse = -1' 'moved_error_ratio = NaN' 'symmetry_level = 2' \
    'equivariance_error = NaN' 'lambda = -1'; do
    evaluated "s/^ ${number% =*} = [^,;]*/ $number/"
    expect 1 "damaged/2/moved/evaluation.nc: ${number%% *}: " "$softeq" planted score moved --run damaged
done
evaluated 's/^ unlearned_share = [^;]*/ unlearned_share = 0.5/; s/^ unlearned_z = [^,;]*/ unlearned_z = NaN/'
expect 1 "damaged/2/moved/evaluation.nc: unlearned_z: " "$softeq" planted score moved --run damaged
: >damaged/2/moved/evaluation.nc
expect 1 "remove it and evaluate the run again" "$softeq" planted score moved --run damaged
expect 0 "best.nc" "$softeq" train tasks/2/run.ini --run tasks/2/paper --set train.epochs=4
"$softeq" eval tasks/2/paper -o damaged/2/moved/evaluation.nc >/dev/null
expect 1 "damaged/2/moved/evaluation.nc is not of the model beside it" "$softeq" planted score moved \
    --run damaged

# An evaluation of other data than the task's test data is none, nor is one that does not tell.
rm -r damaged/2/moved
cp -r tasks/2/moved damaged/2
cp tasks/3/test.nc damaged/2
expect 1 "damaged/2/moved/evaluation.nc is of other data than damaged/2/test.nc" "$softeq" planted score moved \
    --run damaged
cp tasks/2/test.nc damaged/2
evaluated '/data_hash/d'
expect 1 "evaluation.nc: an earlier version made it" "$softeq" planted score moved --run damaged

# What counts as printed: "nearly" of either sort, "holds" only of what holds, neither of what is not
# told.
# printed ERROR TRUTH: every type has this equivariance error, and breaks by so much
printed() {
    sed "/^ error = /,/;/s/[0-9][0-9.e+-]*/$2/g" truth.cdl | ncgen -4 -o damaged/2/truth.nc
    evaluated "/^ equivariance_error = /,/;/s/[0-9][0-9.e+-]*/$1/g"
    expect 0 "by the printed verdict" "$softeq" planted score moved --run damaged
}
# of: the column of the last score
of() { awk -F' *[|] *' '$2 == "moved" && $3 == 1 { print $12; exit }' out.txt; }
for case in '0.005 0 1' '0.05 0 1' '0.5 0 0' '0.005 0.3 0' '0.05 0.3 1' '0.5 0.3 1'; do
    read -r error truth right <<<"$case"
    printed "$error" "$truth"
    [ "$(of)" = "$right of 1" ] || fail "error $error, truth $truth: $(cat out.txt)"
done
evaluated 's/^ explained_share = [^;]*/ explained_share = 0.05/'
expect 0 "by the printed verdict" "$softeq" planted score moved --run damaged
[ "$(of)" = "1 of 1" ] || fail "open is not right of broken types: $(cat out.txt)"
cp tasks/2/truth.nc damaged/2

# A network without any error has no ratio to tell what holds by: all types count as broken.
evaluated 's/^ mse = [^;]*/ mse = 0/; s/^ unlearned_share = [^;]*/ unlearned_share = NaN/
    /^ moved_error_ratio = /,/;/s/[0-9][0-9.e+-]*/NaN/g'
expect 0 "| 0 of 1 | 0 of 1 |" "$softeq" planted score moved --run damaged
grep -qi nan out.txt && fail "numbers that are none are scored: $(cat out.txt)"
grep -q ' | 0.0000 |$' out.txt || fail "the mean of no error is not 0: $(cat out.txt)"
refuse "no seed" planted make -o tasks -- -1
refuse "no seed" planted make 99999999999999999999 -o tasks

# The folder's name stands in run.ini, whatever it is; a name that cannot stand there is refused.
for name in "it's [1]" 'the "second"'; do
    expect 0 "holds" "$softeq" planted make 2 -o "$name"
    expect 0 "best.nc" "$softeq" train "$name/2/run.ini" --run "run of $name" --set train.epochs=2
done
expect 1 "so ;so/2/run.ini" "$softeq" planted make 2 -o "so ;so"
long=$(printf 'l%.0s' {1..240})
expect 1 "characters" "$softeq" planted make 2 -o "$long/$long/$long/$long/$long"
if [ -e "so ;so" ] || [ -e "$long" ]; then fail "a task that cannot be trained was made"; fi
