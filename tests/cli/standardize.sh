#!/usr/bin/env bash
# A scalar far from 0: training says so, and data.scale = standardize shows what it breaks.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"

# write_rows FILE ROWS OFFSET [CONSTANT]: OFFSET + a_x + b_y^2 of two vectors of the plane, about
# normal, and beside it CONSTANT if that is given.
write_rows() {
    local outputs=$((${4:+1} + 1))
    awk -v rows="$2" -v offset="$3" -v constant="${4-}" 'BEGIN {
        for (r = 0; r < rows; r++) {
            for (c = 0; c < 4; c++) {
                x = sin(12.9898 * (r + 1) + 78.233 * (c + 1)) * 43758.5453
                u[c] = x - int(x) + (x < 0)
            }
            for (c = 0; c < 4; c++) {
                first = c - c % 2
                angle = 6.283185307 * (u[first] + c % 2 / 4)
                v[c] = sqrt(-2 * log(u[first + 1] + 1e-9)) * cos(angle)
            }
            print v[0], v[1], v[2], v[3], offset + v[0] + v[3] * v[3], constant
        }
    }' | pack_rows "$1" 4 '2*T(1)' "$outputs" "$outputs*T(0)"
}
write_rows far.nc 300 100
write_rows near.nc 300 0

cat >far.ini <<'INI'
[data]
train = far.nc
valid = far.nc
[model]
channels = 20
layers = 3
[symmetry]
types = O(2) SO(2)
lambda = 0.1
tune_at = 0
[train]
epochs = 60
batch = 50
microbatch = 50
lr = 1e-2
[log]
equivariance_samples = 100
INI

# warned RUN: its training was told of the offset, once.
warned() { [ "$(grep -c 'set data.scale = standardize' err.txt)" -eq 1 ]; }

expect 0 "output 0 of the targets (the first is 0) is 101 +- 1.6" \
    "$softeq" train far.ini --run fitted --set data.scale=fit --set checkpoint.every_epochs=20 \
    --set checkpoint.keep=9
warned || fail "it is said more than once"
expect 0 "best.nc" "$softeq" train far.ini --run near --set data.scale=fit --set train.epochs=1 \
    --set data.train=near.nc --set data.valid=near.nc
warned && fail "a scalar near 0 is no reason to warn"
write_rows constant.nc 300 0 1000
expect 0 "output 1 of the targets (the first is 0) is 1000 +- 0" "$softeq" train far.ini --run constant \
    --set data.scale=fit --set train.epochs=1 --set data.train=constant.nc --set data.valid=constant.nc
expect 0 "best.nc" "$softeq" train far.ini --run standardized --set data.scale=standardize
warned && fail "what is taken off is no reason to warn"

# The function keeps neither type, which only shows where the 100 does not count as its size, or in
# what is not learned.
expect 0 "warning: output 0 of the targets (the first is 0) is 101 +- 1.6" "$softeq" eval fitted
grep -cE '^S?O\(2\) .* 0\.00[0-9]+  broken, not learned$' out.txt | grep -qx 2 ||
    fail "not small by its size, or that is the verdict: $(cat out.txt)"
expect 0 "verdict" "$softeq" eval standardized
grep -cE '^S?O\(2\) .* broken$' out.txt | grep -qx 2 || fail "not broken: $(cat out.txt)"

# Who reads the verdict is told of it, too: above it, once, also if the run was resumed.
repeated() { [ "$(grep -c 'set data.scale = standardize' "$1")" -eq "$2" ]; }
expect 0 '"warnings": ["output 0 of the targets' "$softeq" eval fitted --json
expect 0 '"warnings": []' "$softeq" eval standardized --json
steps=$(printf '%s\n' fitted/checkpoint-*.nc | sed 's/.*-\(.*\)\.nc$/\1/' | sort -n | head -1)
mkdir resumed
cp fitted/log.nc "fitted/checkpoint-$steps.nc" resumed
expect 0 "best.nc" "$softeq" train far.ini --run resumed --set data.scale=fit \
    --set checkpoint.every_epochs=20 --set checkpoint.keep=9 --resume
for run in fitted resumed; do
    expect 0 "warning: output 0" "$softeq" eval "$run"
    repeated out.txt 1 || fail "not once in the evaluation: $(cat out.txt)"
    sed '/^type/,$d' out.txt | grep -q '^warning: output 0' || fail "not above: $(cat out.txt)"
    expect 0 "warning: output 0" "$softeq" report "$run" --text
    repeated out.txt 1 || fail "not once in the report: $(cat out.txt)"
done
expect 0 "fitted.html" "$softeq" report fitted -o fitted.html
python3 "$here/page.py" fitted.html verdict warning-1 || fail "the page does not tell it"
expect 0 "warning: output 0" "$softeq" report fitted standardized --text
repeated out.txt 1 || fail "which of the runs it was is not told: $(cat out.txt)"

# A network that has learned it anyway: moved samples tell.
expect 0 "best.nc" "$softeq" train far.ini --run learned --set data.scale=fit --set train.epochs=600 \
    --set symmetry.lambda=0
expect 0 "times the squared error: what breaks that has been learned" "$softeq" eval learned
grep -qE '^SO\(2\) .* 0\.00[0-9]+  ' out.txt || fail "it is not small by its size: $(cat out.txt)"
expect 0 "times the squared error: what breaks that has been learned" "$softeq" report learned --text
