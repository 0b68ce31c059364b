#!/usr/bin/env bash
# What is wrong in a configuration file is named with its line.
# shellcheck source=tests/cli/expect.bash
source "$(dirname "$0")/expect.bash"

# complain TEXT: run.ini, from standard input, is refused with this text.
complain() {
    cat >run.ini
    expect 1 "softeq: $1" "$softeq" train run.ini --run r
    expect_one_line
}

complain "run.ini:4: unknown key train.epoch; did you mean train.epochs?" <<'INI'
; comments, blank lines and indents are fine
[train]
    lr = 1e-2    ; so are comments behind a value
epoch = 4
INI
complain "run.ini:2: unknown section [trian]; did you mean [train]?" <<'INI'
[trian]
nothing_like_it = 1
INI
complain "run.ini:1: key epochs stands before the first [section]; did you mean [train]?" <<'INI'
epochs = 3
INI
complain "run.ini:2: train.epochs = '3 4' is not an integer" <<'INI'
[train]
epochs = 3 4
INI
complain "run.ini:2: train.batch = 0 is out of bounds" <<'INI'
[train]
batch = 0
INI
complain "run.ini:2: train.lr = nan is out of bounds" <<'INI'
[train]
lr = nan
INI
complain "run.ini:2: model.kind = 'gan' is not one of" <<'INI'
[model]
kind = gan
INI
complain "run.ini:5: train.epochs is set in line 2 already; keep one" <<'INI'
[train]
epochs = 3
[model]
[train]
epochs = 4
INI
complain "run.ini:2: neither [section], key = value nor ; comment" <<'INI'
[train]
epochs
INI
complain "run.ini:1: neither [section], key = value nor ; comment" <<'INI'
[train
epochs = 3
INI
complain "symmetry.lambda has 2 number(s) (0 1), but symmetry.types has 3 type(s)" <<'INI'
[data]
task = inertia
[symmetry]
types = O(3) O(2)@xy O(1,2)
lambda = 0 1
INI
complain "data.valid is empty" <<'INI'
[data]
train = shards/*.nc
INI
complain "run.ini:2: the line is longer than" < <(
    printf '[data]\ntrain = '
    head -c 5000 /dev/zero | tr '\0' x
)

expect 1 "missing.ini: the configuration cannot be read" "$softeq" train missing.ini --run r
printf '[data]\ntask = inertia\n' >run.ini
expect 1 "--set: unknown key train.epoch; did you mean train.epochs?" \
    "$softeq" train run.ini --run r --set train.epoch=3
expect 1 "'train.epochs' is not of the form section.key=value" \
    "$softeq" train run.ini --run r --set train.epochs
[ ! -e r ] || fail "a folder of a run that cannot begin was made"
