#!/usr/bin/env bash
# The console blocks of the documents, which need a cluster, minutes or the network and are not run,
# name what there is: scripts, presets of CMake, verbs and options of softeq.
#   console.sh PROGRAM
program=$(realpath "$1")
# shellcheck source=tests/docs/common.bash
source "$(dirname "$0")/common.bash"

# commands DOCUMENT: DOCUMENT:LINE and a command without its comment, one a line.
commands() {
    awk -v document="$1" '
        /^```/ { console = $0 == "```console"; next }
        console && sub(/^\$ /, "") { sub(/ +# .*/, ""); print document ":" FNR, $0 }' "$1"
}

wrong=0
# complain PLACE WHAT
complain() {
    echo "$1: $2"
    wrong=$((wrong + 1))
}

# check_softeq PLACE VERB WORD...: the verb takes the options among the words.
check_softeq() {
    local place=$1 verb=$2 help word
    shift 2
    [[ $verb != data ]] || { verb="data $1" && shift; }
    # shellcheck disable=SC2086 # two words
    help=$("$program" $verb --help 2>&1) || { complain "$place" "no verb $verb" && return; }
    for word in "$@"; do
        [[ $word != -* ]] || grep -qE -- "(^|[ ,])$word([ ,]|\$)" <<<"$help" ||
            complain "$place" "softeq $verb takes no $word"
    done
}

# check_command PLACE WORD...
check_command() {
    local place=$1
    shift
    while [[ $# -gt 0 ]]; do
        case $1 in
            jobs/* | tests/*) [[ -x $1 || $1 == *.sbatch && -e $1 ]] || complain "$place" "no $1" ;;
            --preset) grep -qF "\"name\": \"${2-}\"" CMakePresets.json || complain "$place" "no $2" ;;
            softeq | build/softeq) check_softeq "$place" "${@:2}" && return ;;
        esac
        shift
    done
}

checked=0
while read -r document; do
    while read -r -a words; do
        check_command "${words[@]}"
        checked=$((checked + 1))
    done < <(commands "$document")
done < <(documents)
[[ $checked -gt 0 ]] || complain docs "no console block was found"
[[ $wrong -eq 0 ]] || exit 1
echo "ok: $checked commands"
