#!/usr/bin/env bash
# What the claims say of methods in tables are lines of the results: who writes the results anew has to
# look at what is claimed of them.
#   claims.sh           fails with the lines of docs/claims.md that docs/results.md does not have
#   claims.sh --update  writes them as they are now, of the same names and as many columns
# shellcheck source=tests/docs/common.bash
source "$(dirname "$0")/common.bash"

if [[ ${1-} == --update ]]; then
    awk -F '|' 'function key(k, text) { # the cells of names, and the number of all
            for (k = 2; k < NF && $k !~ /^ [0-9-]/; k++) text = text $k
            return text NF
        }
        NR == FNR { if (/^\| per/) now[key()] = $0; next }
        /^\| method \| tables / { print head; next }
        /^\| per/ && key() in now { $0 = now[key()] }
        { print }' head="$(grep -m 1 '^| method | tables ' docs/results.md)" \
        docs/results.md docs/claims.md >docs/claims.part
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
