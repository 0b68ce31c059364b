#!/usr/bin/env bash
# softeq symmetry prints known dimensions, as text and as JSON.
# shellcheck source=tests/cli/expect.bash
source "$(dirname "$0")/expect.bash"

expect 0 "O(3) acts on R^3" "$softeq" symmetry 'O(3)'
grep -Eq '^T\(4\) +81 +3 ' out.txt || fail "T(4) of O(3) has three invariants"
expect 0 '"rank": [4, 0], "size": 81, "dimension": 3,' "$softeq" symmetry 'O(3)' --rank 4 --json
expect 0 '"dimension": 1,' "$softeq" symmetry 'GL(2)' --rank 1,1 --json
expect 1 "O3" "$softeq" symmetry O3
expect_one_line
