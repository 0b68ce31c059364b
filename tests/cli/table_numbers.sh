#!/usr/bin/env bash
# What the tables say of the numbers in a record. Nothing is trained: the record is written here.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"

printf '%s\n' '[table]' 'title = two seeds' 'seeds = 1 2' 'models = per' '[model per]' 'set =' \
    '[row a]' 'set = data.task=inertia' >e.ini
mkdir results
# line SEED LEVELS SETTINGS
line() {
    printf '%s\t' a per "$1" 0.1 nan 'O(3) O(2)@xy' '0 100' "$2" '0.4 0.1' '0.4 0' 8000 60 softeq
    printf '%s\n' "$3"
}
{
    printf '%s\t' row model seed mse shifted_mse types lambda symmetry_level equivariance_error \
        data_equivariance_error epochs seconds program
    echo settings
    line 1 '0.999996 0.99999987' 'data.task=inertia'
    line 2 '0.999994 0.99999989' 'data.task=inertia | data.seed=2 | train.seed=2'
} >results/e.tsv
expect 0 "results.md" "$softeq" table write e.ini -o results.md
grep -q '^| per | 2 | ' results.md || fail "the record does not count: $(cat results.md)"

# Levels that begin with five nines: what is missing to one tells them apart.
grep -qF ' | 1 - level | ' results.md || fail "no column says how far the weights are off"
grep -qF ' | 5e-06, 1.2e-07 | ' results.md || fail "the levels cannot be told apart: $(cat results.md)"
