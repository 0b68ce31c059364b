#!/usr/bin/env bash
# Relative links of the documents lead to files that are there, and to headings that are in them; so
# does every docs/NAME.md that the sources mention.
# shellcheck source=tests/docs/common.bash
source "$(dirname "$0")/common.bash"

# anchors FILE: what links to its headings look like, one a line: lower case, no punctuation, dashes
# for blanks.
anchors() {
    awk '/^```/ { fenced = !fenced }
         !fenced && /^#+ / {
             sub(/^#+ /, "")
             heading = tolower($0)
             gsub(/[^a-z0-9 _-]/, "", heading)
             gsub(/ /, "-", heading)
             print heading
         }' "$1"
}

# links FILE: LINE TARGET for every relative link outside of fenced blocks, of web pages none.
links() {
    awk '/^```/ { fenced = !fenced }
         !fenced {
             rest = $0
             while (match(rest, /\]\([^) ]+\)/)) {
                 target = substr(rest, RSTART + 2, RLENGTH - 3)
                 if (target !~ /^[a-z]+:/) print FNR, target
                 rest = substr(rest, RSTART + RLENGTH)
             }
         }' "$1"
}

# mentions: FILE:LINE TARGET for every document that a source or script names.
mentions() {
    grep -rnoE 'docs/[a-z-]+\.md(#[a-z-]+)?' include src mpi data jobs CMakeLists.txt |
        sed -E 's/^([^:]+:[0-9]+):/\1 /'
}

dead=0
# follow PLACE FOLDER TARGET
follow() {
    local file=${3%%#*} anchor=""
    [[ $3 != *"#"* ]] || anchor=${3#*#}
    if [[ -n $file ]]; then file=$2/$file; else file=${1%%:*}; fi
    if [[ ! -e $file ]]; then
        echo "$1: $3 leads to no file"
        dead=$((dead + 1))
    elif [[ -n $anchor ]] && ! anchors "$file" | grep -qxF -- "$anchor"; then
        echo "$1: $3: $file has no such heading"
        dead=$((dead + 1))
    fi
}

count=0
while read -r document; do
    while read -r line target; do
        follow "$document:$line" "$(dirname "$document")" "$target"
        count=$((count + 1))
    done < <(links "$document")
done < <(documents)
while read -r place target; do
    follow "$place" . "$target"
    count=$((count + 1))
done < <(mentions)
echo "$count links and mentions, $dead dead"
[[ $count -gt 0 && $dead -eq 0 ]]
