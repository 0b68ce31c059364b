#!/usr/bin/env bash
# The tables of docs/configuration.md are what `softeq train --help-config` prints.
#   configuration.sh PROGRAM           fails with the difference if they are not
#   configuration.sh PROGRAM --update  writes them
program=$(realpath "$1")
update=${2-}
# shellcheck source=tests/docs/common.bash
source "$(dirname "$0")/common.bash"
document=docs/configuration.md
first='<!-- softeq train --help-config -->'
last='<!-- end of the tables -->'

# The help as Markdown: a comment line is the help of the key below, the last one its kind.
tables() {
    "$program" train --help-config | awk '
        /^\[/ {
            printf "\n### %s\n\n| key | default | value | meaning |\n|---|---|---|---|\n", $0
            next
        }
        /^;/ { meaning = meaning (meaning == "" ? "" : " ") kind; kind = substr($0, 3); next }
        /=/ {
            key = $1
            value = $0
            sub(/^[^=]*= ?/, "", value)
            gsub(/\|/, ", ", kind)
            printf "| `%s` | %s | %s | %s |\n", key, value == "" ? "" : "`" value "`", kind, meaning
        }
        { meaning = ""; kind = "" }'
    echo
}

wanted=$(
    awk -v mark="$first" '{ print } $0 == mark { exit }' "$document"
    tables
    awk -v mark="$last" '$0 == mark { found = 1 } found { print }' "$document"
)
if [[ $update == --update ]]; then
    printf '%s\n' "$wanted" >"$document"
elif ! diff -u "$document" <(printf '%s\n' "$wanted"); then
    echo "$document does not fit the program: run tests/docs/configuration.sh $program --update"
    exit 1
fi
