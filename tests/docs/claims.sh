#!/usr/bin/env bash
# What the claims say of methods in tables are lines of the results: who writes the results anew has to
# look at what is claimed of them.
#   claims.sh           fails with the lines of docs/claims.md that docs/results.md does not have
#   claims.sh --update  writes those that the results have now of the same method and table
# shellcheck source=tests/docs/common.bash
source "$(dirname "$0")/common.bash"

if [[ ${1-} == --update ]]; then
    awk -F '|' 'NR == FNR { if (/^\| per/) now[$2 "|" $3] = $0; next }
        /^\| method \| tables / { print head; next }
        /^\| per/ && ($2 "|" $3) in now { $0 = now[$2 "|" $3] }
        { print }' head="$(grep -m 1 '^| method | tables ' docs/results.md)" \
        <(sed -n '1,/^| table | row/p' docs/results.md) docs/claims.md >docs/claims.part
    mv docs/claims.part docs/claims.md
fi

stale=0 count=0
while IFS=: read -r number line; do
    count=$((count + 1))
    grep -qxF -- "$line" docs/results.md && continue
    echo "docs/claims.md:$number: docs/results.md has no such line: $line"
    stale=1
done < <(grep -n '^| per' docs/claims.md)
[[ $count -gt 0 ]] || { echo "docs/claims.md has no line of the results"; stale=1; }
exit "$stale"
