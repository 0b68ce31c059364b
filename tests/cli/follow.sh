#!/usr/bin/env bash
# Following a run: lines now and then, every epoch, or none; the state on SIGUSR2; softeq watch.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
shard train.nc 40
shard valid.nc 23
write_plane_config

"$softeq" train plane.ini --run quiet --quiet >out.txt || fail "--quiet fails"
[ ! -s out.txt ] || fail "--quiet says: $(cat out.txt)"
expect 0 "epoch 4/4" "$softeq" train plane.ini --run verbose --verbose
[ "$(grep -c '^epoch [1-4]/4' out.txt)" -eq 4 ] || fail "--verbose leaves epochs out"
[ "$(grep -c '^    O(2) .*level' out.txt)" -eq 4 ] || fail "--verbose says no levels"
refuse "--quiet and --verbose exclude each other" train plane.ini --run r --quiet --verbose

# Over, and told once.
expect 0 "epoch 4/4" "$softeq" watch verbose --once
grep -q 'verbose: finished' out.txt || fail "not said to be finished"
expect 0 "verbose: finished after epoch 4" "$softeq" watch verbose
grep -q '^C(4) ' out.txt || fail "watch does not end with the types"
expect 1 "nowhere/run: cannot become a run: nowhere: No such file" "$softeq" watch nowhere/run
expect 1 "plane.ini: is a file, not the folder of a run" "$softeq" watch plane.ini
expect 1 "plane.ini/run: Not a directory" "$softeq" watch plane.ini/run
expect 1 "nowhere is not the folder of a run" "$softeq" watch nowhere --once
expect 1 "is not the folder of a run" "$softeq" watch . --once

# A log that does not tell times leaves out what follows from them.
if /usr/bin/python3 -c 'import netCDF4' 2>/dev/null; then
    /usr/bin/python3 -c 'import netCDF4; netCDF4.Dataset("quiet/log.nc", "a")["seconds"][:] = float("nan")'
    expect 0 "epoch 4/4" "$softeq" watch quiet --once
    ! grep -qE 'inf|nan|left' out.txt || fail "a speed that is not known is told: $(cat out.txt)"
fi

# A run that goes on: asked for its state, followed to its end from outside, stopped.
"$softeq" train plane.ini --run long --set train.epochs=200000 --set train.patience=0 \
    --set log.write_seconds=0.2 >long.txt 2>long.err &
job=$!
until [ -e long/log.nc ]; do sleep 0.05; done
kill -USR2 "$job"
"$softeq" watch long >watched.txt &
watcher=$!
expect 0 "long: running" "$softeq" watch long --once
expect 0 "long.html" "$softeq" report long -o long.html
grep -q 'Still running' long.html || fail "the report of a run that goes on does not say so"
sleep 1.2
kill -TERM "$job"
wait "$job" && fail "a stopped run ends with status 0"
wait "$watcher" || fail "watch failed: $(cat watched.txt)"
grep -q 'after step [0-9]*; ' long.err || fail "SIGUSR2 was not answered: $(cat long.err)"
grep -q '^epoch ' watched.txt || fail "watch saw no epoch"
grep -q 'long: stopped after epoch' watched.txt || fail "watch did not see the end"
echo "ok: followed to its end"

# One that fails is over, not finished.
expect 1 "lower train.lr" "$softeq" train plane.ini --run failing --set train.batch=100 \
    --set train.lr=10 --set train.schedule=constant
expect 0 "failing: failed after epoch 1" "$softeq" watch failing
expect 0 "failing.html" "$softeq" report failing -o failing.html
grep -q 'Failed after epoch 1 of 4' failing.html || fail "the report of a run that failed does not say so"

# Begun before the run, in a folder that is there or not: says at once what it waits for, and waits.
mkdir empty
for run in empty later; do
    rm -f watched.err
    "$softeq" watch "$run" >watched.txt 2>watched.err &
    watcher=$!
    for _ in {1..100}; do [ -s watched.err ] || sleep 0.1; done
    grep -q "$run: there is no run yet: waiting for" watched.err || fail "waits without a word"
    [ ! -s watched.txt ] || fail "it wrote to standard output: $(cat watched.txt)"
    "$softeq" train plane.ini --run "$run" --quiet
    wait "$watcher" || fail "watch failed: $(cat watched.err)"
    [ "$(wc -l <watched.err)" -eq 1 ] || fail "more than one line: $(cat watched.err)"
    grep -q "$run: finished after epoch 4" watched.txt || fail "watch did not see the end"
done
mkdir begun
cp quiet/config.ini begun
expect 124 "begun: the run has no log yet" timeout 2 "$softeq" watch begun
expect 124 "nothing: there is no run yet" timeout 2 "$softeq" watch nothing
echo "ok: watched from before its beginning"

# On a terminal one line is written over itself.
if command -v script >/dev/null; then
    TERM=xterm script -qec "'$softeq' train plane.ini --run tty --set train.epochs=40" tty.txt >/dev/null
    grep -q $'\r\033\\[K' <(tr '\n' ' ' <tty.txt) || fail "lines are not written over"
fi
