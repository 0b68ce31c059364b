#!/usr/bin/env bash
# Planted tasks: made twice they are the same, what is planted is found, and the score is written.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"

expect 0 "holds" "$softeq" planted make 2 3 -o tasks
expect 0 "" "$softeq" planted make 2 -o again
for split in train valid test; do
    [ "$(ncdump -v target "tasks/2/$split.nc" | sed '/history/d' | md5sum)" = \
        "$(ncdump -v target "again/2/$split.nc" | sed '/history/d' | md5sum)" ] ||
        fail "task 2 is not the same when it is made again"
done
for seed in 2 3; do
    expect 0 "best.nc" "$softeq" train "tasks/$seed/run.ini" --run "tasks/$seed/moved" \
        --set symmetry.tuning=moved --set train.epochs=60 --set symmetry.tune_at=20
    expect 0 "" "$softeq" eval "tasks/$seed/moved" -o "tasks/$seed/moved/evaluation.nc"
done
expect 0 "| moved | 2 |" "$softeq" planted score moved paper --run tasks
grep -qF '| paper | 0 |' out.txt || fail "a rule without runs has no line"
grep -qF '| moved | 2 | 2 of 2 |' out.txt || fail "the levels are not in order"
expect 2 "no seed" "$softeq" planted make two -o tasks
