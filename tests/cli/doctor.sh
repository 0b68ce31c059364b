#!/usr/bin/env bash
# softeq doctor finds what is there, says what to do about what is not, and looks at a job's ranks.
# Arguments: the program, mpirun with its options.
# shellcheck source=tests/cli/expect.bash
source "$(dirname "$0")/expect.bash"
mpirun=("${@:2}")

expect 0 "netCDF-4, texts and compression work" "$softeq" doctor
for name in cores BLAS memory mpirun "two ranks" disk writing cache; do
    grep -q "^[a-zA-Z]*  *$name " out.txt || fail "doctor says nothing about $name"
done
[ -z "$(find . -name '*.tmp')" ] || fail "doctor left something behind"
expect 0 '"ok": true' "$softeq" doctor . --json
python3 -m json.tool out.txt >/dev/null || fail "this is no JSON"

expect 1 "nowhere" "$softeq" doctor nowhere
grep -q -- '-> name a folder' out.txt || fail "no advice"
expect 1 '"ok": false' "$softeq" doctor nowhere --json
mkdir bin
ln -s "$softeq" bin/softeq
expect 1 "install openmpi-bin" env PATH="$PWD/bin" bin/softeq doctor
grep -q "gnuplot-nox" out.txt || fail "nothing is said about gnuplot"
expect 0 "threads are started and never used" env OMP_NUM_THREADS=4 "$softeq" doctor

expect 0 "3 ranks on 1 node" "${mpirun[@]}" -n 3 "$softeq" doctor
grep -q "binding" out.txt || fail "nothing is said about binding"
