#!/usr/bin/env bash
# Targets of unlike units that share a scale: training says which, and what to do.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"

# write_rows FILE REPRESENTATION FACTOR: two vectors of the plane; the targets are the first one, and
# FACTOR times the second one's components.
write_rows() {
    awk -v factor="$3" 'BEGIN {
        for (r = 0; r < 200; r++) {
            for (c = 0; c < 4; c++) x[c] = sin(12.9898 * (r + 1) + 78.233 * (c + 1))
            print x[0], x[1], x[2], x[3], x[0], x[1], factor * x[2], factor * x[3]
        }
    }' | pack_rows "$1" 4 '2*T(1)' 4 "$2"
}

cat >run.ini <<'INI'
[data]
train = rows.nc
valid = rows.nc
[model]
channels = 10
layers = 2
[symmetry]
types = O(2) SO(2)
lambda = 0.1
tune_at = 0
[train]
epochs = 1
batch = 50
microbatch = 50
INI
# trained REPRESENTATION FACTOR SCALE: what training says.
trained() {
    write_rows rows.nc "$1" "$2"
    rm -rf run
    expect 0 "best.nc" "$softeq" train run.ini --run run --set "data.scale=$3"
}
warns() { grep -qF -- "$1" err.txt || fail "it does not say '$1': $(cat err.txt)"; }
is_quiet() { ! grep -q 'scale they share' err.txt || fail "it warns: $(cat err.txt)"; }

for scale in fit standardize none 2; do
    trained '2*T(1)' 0.001 "$scale"
    warns "targets' columns 2 to 3, T(1): 0.001 of that of columns 0 to 1, T(1) (the first is 0)"
    warns 'give both in units in which they are about as large, or train on each in a run of its own'
done
trained 'T(1) + 2*T(0)' 1000 none
warns 'set data.scale = fit, by which each representation has its own'
trained 'T(1) + 2*T(0)' 1000 fit
is_quiet
trained '2*T(1)' 0.2 fit
is_quiet
trained '2*T(1)' 0 fit
is_quiet
