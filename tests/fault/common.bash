# What the tests of faults share; sourced. The first argument of each test is the program.
# shellcheck shell=bash
set -euo pipefail
export LC_ALL=C

softeq=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# write_config EPOCHS [LINE...]: tiny.ini, a run of 9 steps an epoch; more lines go behind.
write_config() {
    cat >tiny.ini <<INI
[data]
task = inertia
samples = 180
[model]
kind = per
channels = 8
layers = 2
[symmetry]
types = O(3) O(2)@xy
lambda = 0 1
tune_at = 2
[train]
epochs = $1
batch = 7
microbatch = 2
patience = 0
compare_every = 5
INI
    printf '%s\n' "${@:2}" >>tiny.ini
}

# hash_of RUN: the content hash of best.nc.
hash_of() { ncdump -h "$1/best.nc" | sed -n 's/.*:content_hash = "\(.*\)" ;/\1/p'; }

# log_of RUN: the log's numbers but for the clock's and those of ranks and nodes.
log_of() {
    ncdump -p 9,17 "$1/log.nc" | awk '
        /^ (seconds|part_seconds|ranks) =/ { clock = 1 }
        !clock && !/:(history|nodes) =/ { print }
        /;$/ { clock = 0 }'
}

# resume RUN [COMMAND...]: goes on to the end; its words are in RUN.txt.
resume() {
    local run=$1
    shift
    "$@" "$softeq" train tiny.ini --run "$run" --resume >"$run.txt" 2>&1 ||
        { cat "$run.txt" >&2; fail "$run cannot be resumed"; }
}

# remember_untouched: what `same` compares with.
remember_untouched() {
    hash_of untouched >untouched.hash
    log_of untouched >untouched.log
}

# same RUN: ended like the run `untouched`, and nothing but results is left of it.
same() {
    local left
    [[ $(hash_of "$1") == "$(<untouched.hash)" ]] || fail "$1: another model than untouched"
    log_of "$1" | diff - untouched.log >&2 || fail "$1: another log than untouched"
    left=$(find "$1" -type f | grep -Ev '/(config\.ini|log\.nc|best\.nc|checkpoint-[0-9]+\.nc)$' || true)
    [[ -z $left ]] || fail "$1: left over: $left"
}
