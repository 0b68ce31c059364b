#!/usr/bin/env bash
# Under mpirun a failure is told once, whatever the number of ranks, and ends them all.
# Arguments: the program, mpirun with its options.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
mpirun=("${@:2}")

# once TEXT STATUS ARGUMENT...: one line of the program's own among mpirun's.
once() {
    local text=$1 status=$2
    shift 2
    expect "$status" "softeq: $text" "${mpirun[@]}" -n 3 "$softeq" "$@"
    [ "$(grep -c '^softeq: ' err.txt)" -eq 1 ] || fail "told more than once: $(cat err.txt)"
}

once "unknown verb 'trian'" 2 trian
once "CONFIG.ini is missing" 2 train
once "missing.ini: the configuration cannot be read" 1 train missing.ini --run r

expect 0 "O(2) acts on R^2" "${mpirun[@]}" -n 3 "$softeq" symmetry 'O(2)'
[ "$(grep -c 'acts on' out.txt)" -eq 1 ] || fail "a verb of one rank ran on all"
expect 0 "softeq train" "${mpirun[@]}" -n 3 "$softeq" --help
[ "$(grep -c 'softeq --version' out.txt)" -eq 1 ] || fail "help was printed by all ranks"

# The bits of a run are those of one kernel of the BLAS: ranks of two are told.
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
shard train.nc 8
shard valid.nc 8
write_plane_config
train=("$softeq" train plane.ini --set train.epochs=1 --run)
expect 0 "rank 1 has another type of CPU or kernel of the BLAS than rank 0 (Nehalem kernel on" \
    "${mpirun[@]}" -n 1 env OPENBLAS_CORETYPE=Nehalem "${train[@]}" unlike : \
    -n 1 env OPENBLAS_CORETYPE=Prescott "${train[@]}" unlike
expect 0 "best.nc" "${mpirun[@]}" -n 2 "${train[@]}" alike
grep -q "another type of CPU" err.txt && fail "ranks that are alike are told"

# What is measured of a model does not depend on how many ranks share the work.
expect 0 "holds" "$softeq" planted make 28 -o tasks
expect 0 "best.nc" "$softeq" train tasks/28/run.ini --run held --set train.epochs=2
expect 0 '"unlearned_share": 0.' "$softeq" eval held --json
mv out.txt alone.txt
expect 0 '"unlearned_share": 0.' "${mpirun[@]}" -n 3 "$softeq" eval held --json
cmp alone.txt out.txt || fail "three ranks measure otherwise"
exit 0
