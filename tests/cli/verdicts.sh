#!/usr/bin/env bash
# The verdict is that of all that an evaluation has found, wherever it is printed.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"

# says TEXT: where the last evaluation was printed.
says() { grep -qF -- "$1" out.txt || fail "'$1' is not said: $(cat out.txt)"; }

# write_rows FILE ROWS SEED TARGET: of two scalars p, q and a vector (u, v), all about normal, and
# the target, an awk expression of these and r, another such number.
write_rows() {
    awk -v rows="$2" -v seed="$3" '
        function normal() { return sqrt(-2 * log(1 - rand())) * cos(6.283185307 * rand()) }
        BEGIN {
            srand(seed)
            printf "netcdf rows { dimensions: sample = %d ; input = 4 ; output = 1 ;\n", rows
            print "variables: double input(sample, input) ; double target(sample, output) ;"
            print ":input_representation = \"2*T(0) + T(1)\" ; :output_representation = \"T(0)\" ; data:"
            for (k = 0; k < rows; k++) {
                p = normal(); q = normal(); u = normal(); v = normal(); r = normal()
                '"${5-}"'
                y = '"$4"'
                input = input (k ? ", " : "") p ", " q ", " u ", " v
                target = target (k ? ", " : "") y
            }
            print "input = " input " ; target = " target " ; }"
        }' >rows.cdl
    ncgen -4 -o "$1" rows.cdl
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
grep -qE '^300 samples, mse [0-9.]+, explained (-|0\.0)' out.txt || fail "noise is explained: $(cat out.txt)"
expect 0 '"explained_share": ' "$softeq" eval noise --json -o evaluation.nc
ncdump -h evaluation.nc | grep -qF 'explained_share ;' || fail "evaluation.nc has no explained_share"
expect 0 ", explained " "$softeq" report noise --text
expect 0 "noise.html" "$softeq" report noise -o noise.html
grep -qF 'of the variance of the targets' noise.html || fail "the page does not tell what is explained"
