#!/usr/bin/env bash
# What the claims say of methods in tables are lines of the results: who writes the results anew has to
# look at what is claimed of them.
# shellcheck source=tests/docs/common.bash
source "$(dirname "$0")/common.bash"

stale=0 count=0
while IFS=: read -r number line; do
    count=$((count + 1))
    grep -qxF -- "$line" docs/results.md && continue
    echo "docs/claims.md:$number: docs/results.md has no such line: $line"
    stale=1
done < <(grep -n '^| per' docs/claims.md)
[[ $count -gt 0 ]] || { echo "docs/claims.md has no line of the results"; stale=1; }
exit "$stale"
