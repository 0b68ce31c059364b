#!/usr/bin/env bash
# The verdict is that of all that an evaluation has found, wherever it is printed.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"

# write_rows FILE ROWS SEED TARGET: of two scalars p, q and a vector (u, v), all about normal, and
# the target, an awk expression of these and r, another such number.
write_rows() {
    awk -v rows="$2" -v seed="$3" '
        function normal() { return sqrt(-2 * log(1 - rand())) * cos(6.283185307 * rand()) }
        BEGIN {
            srand(seed)
            for (k = 0; k < rows; k++) {
                p = normal(); q = normal(); u = normal(); v = normal(); r = normal()
                '"${5-}"'
                y = '"$4"'
                print p, q, u, v, y
            }
        }' | pack_rows "$1" 4 '2*T(0) + T(1)' 1 'T(0)'
}
cat >small.ini <<'INI'
[data]
train = train.nc
valid = valid.nc
test = test.nc
scale = fit
[model]
channels = 20
layers = 3
[symmetry]
types = O(2) Reflection(1)@y
lambda = 1
tune_at = 0
tuning = constant
[train]
epochs = 60
batch = 50
microbatch = 50
lr = 1e-2
patience = 0
INI
# make TARGET [STATEMENTS]: train.nc, valid.nc and test.nc
make() {
    write_rows train.nc 400 1 "$@"
    write_rows valid.nc 200 2 "$@"
    write_rows test.nc 300 3 "$@"
}

# Of noise nothing can be explained.
make 'r'
expect 0 "best.nc" "$softeq" train small.ini --run noise
expect 0 "300 samples, mse " "$softeq" eval noise
grep -qE '^300 samples, mse [0-9.]+, explained (-|0\.0)' out.txt ||
    fail "noise is explained: $(cat out.txt)"
expect 0 '"explained_share": ' "$softeq" eval noise --json -o evaluation.nc
ncdump -h evaluation.nc | grep -qF 'explained_share ;' || fail "evaluation.nc has no explained_share"
expect 0 ", explained " "$softeq" report noise --text
expect 0 "noise.html" "$softeq" report noise -o noise.html
grep -qF 'of the variance of the targets' noise.html || fail "the page does not tell what is explained"

# Of a model that explains nothing no type is said to hold or to be broken.
expect 0 "too little for a verdict" "$softeq" eval noise
grep -cE '^(O\(2\)|Reflection\(1\)@y) .* open$' out.txt | grep -qx 2 ||
    fail "not open: $(cat out.txt)"
expect 0 '"verdict": {"O(2)": "open", "Reflection(1)@y": "open"}' "$softeq" eval noise --json
expect 0 "of the targets: which symmetries hold is open" "$softeq" report noise --text
expect 0 "noise.html" "$softeq" report noise -o noise.html
python3 "$here/page.py" noise.html verdict explained types || fail "the page does not tell it"
grep -q 'id="verdict">The model explains .* open</h1>' noise.html || fail "not the headline"

# A vector that always points along x: turned ones are not among the data, so that nothing contradicts
# a network that is held to rotations. Its mirror image is there.
make 'u * p + q * q' 'u = 5 + u / 2; v = v / 5'
expect 0 "best.nc" "$softeq" train small.ini --run cone --set symmetry.lambda=1000
expect 0 "explained 0.9" "$softeq" eval cone
grep -qE '^O\(2\) .* untested$' out.txt || fail "it is tested: $(cat out.txt)"
grep -qE '^Reflection\(1\)@y .* (holds|nearly)$' out.txt || fail "it is not tested: $(cat out.txt)"
expect 0 "O(2) holds or nearly holds for the model but is not tested by the data" \
    "$softeq" report cone --text

# Runs of one configuration that differ are not averaged: how many say what. Here they saw different
# data, since nothing else makes such small ones differ for sure.
make 'u * p + q * q'
expect 0 "best.nc" "$softeq" train small.ini --run two --set train.seed=2 --set symmetry.lambda=0.1
make 'q * q'
expect 0 "best.nc" "$softeq" train small.ini --run one --set symmetry.lambda=0.1
expect 0 "O(2)" "$softeq" report one two --text
grep -qE '(holds|nearly) 1; (broken|open) 1$' out.txt || fail "it is averaged: $(cat out.txt)"
expect 0 "both.html" "$softeq" report one two -o both.html
grep -qE '(holds|nearly) 1; (broken|open) 1</span>' both.html || fail "the page averages"
