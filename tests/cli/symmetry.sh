#!/usr/bin/env bash
# softeq symmetry prints known dimensions, as text and as JSON.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"

expect 0 "O(3) acts on R^3" "$softeq" symmetry 'O(3)'
grep -Eq '^T\(4\) +81 +3 ' out.txt || fail "T(4) of O(3) has three invariants"
expect 0 '"rank": [4, 0], "size": 81, "dimension": 3,' "$softeq" symmetry 'O(3)' --rank 4 --json
expect 0 '"dimension": 1,' "$softeq" symmetry 'GL(2)' --rank 1,1 --json
expect 1 "O3" "$softeq" symmetry O3
expect_one_line

# Bases that another BLAS kernel solved have other last digits: the cache keeps them apart, so that the
# bits of a run do not depend on what filled it.
printf '%s\n' '[data]' 'task = inertia' 'samples = 30' '[model]' 'channels = 108' '[symmetry]' \
    'types = O(3) O(2)@xy O(2)@yz O(2)@xz' 'lambda = 0 1 1 1' 'tune_at = 0' '[train]' 'epochs = 2' 'batch = 10' \
    'microbatch = 10' >cached.ini
# trained RUN CACHE: the content hash of its model
trained() {
    "$softeq" train cached.ini --run "$1" --set symmetry.cache="$2" >trained.txt 2>&1 ||
        fail "$1: $(cat trained.txt)"
    content_hash "$1/best.nc"
}
unset OPENBLAS_CORETYPE
unlike=Haswell
! "$softeq" --version | grep -q 'kernel.* Haswell' || unlike=Nehalem
own=$(trained own fresh)
(export OPENBLAS_CORETYPE=$unlike && trained other shared >/dev/null)
[ "$(trained again shared)" = "$own" ] || fail "the bits depend on which kernel filled the cache"
[ "$(trained and_again fresh)" = "$own" ] || fail "the bits depend on whether bases are read or solved"
