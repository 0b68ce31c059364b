#!/usr/bin/env bash
# Pages that man takes without a warning and that tell of every verb, option and key; completion
# of command lines in bash.
# shellcheck source=tests/cli/expect.bash
source "$(dirname "$0")/expect.bash"

# shellcheck disable=SC2094 # the page is no file that is read
for page in softeq.1 softeq-config.5 bash-completion; do
    "$softeq" manual "$page" >"$page" || fail "no page $page"
done
refuse "it is softeq.1" manual softeq.2

# ---- pages
if command -v man >/dev/null; then
    for page in softeq.1 softeq-config.5; do
        man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >/dev/null 2>warnings.txt
        [ ! -s warnings.txt ] || fail "$page: $(cat warnings.txt)"
        MANWIDTH=100 man -P cat -E UTF-8 -l "$page" | col -bx >"$page.txt" 2>/dev/null
    done
    "$softeq" --help | sed -nE 's/^  (softeq [a-z]+( [a-z]+)?)  .*/\1/p' >verbs.txt
    [ "$(wc -l <verbs.txt)" -gt 10 ] || fail "hardly any verbs: $(cat verbs.txt)"
    while read -r verb; do
        grep -qF "$verb " softeq.1.txt || fail "softeq.1 does not tell of '$verb'"
    done <verbs.txt
    grep -qF -- "--resume" softeq.1.txt || fail "softeq.1 does not tell of --resume"
    "$softeq" train --help-config | sed -nE 's/^([a-z_]+) =.*/\1/p' >keys.txt
    while read -r key; do
        grep -qE "^ +$key =" softeq-config.5.txt || fail "softeq-config.5 does not tell of $key"
    done <keys.txt
    echo "ok: $(wc -l <verbs.txt) verbs, $(wc -l <keys.txt) keys"
else
    echo "man is not installed: pages are not looked at"
fi

# ---- completion
! command -v shellcheck >/dev/null || shellcheck bash-completion
# shellcheck source=/dev/null
source ./bash-completion

# offers WORDS -- EXPECTED...: after these words, all that is expected is offered.
offers() {
    COMP_WORDS=()
    while [ "$1" != "--" ]; do COMP_WORDS+=("$1") && shift; done
    shift
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _softeq || true # what finds no word fails
    local expected
    for expected in "$@"; do
        [[ " ${COMPREPLY[*]} " == *" $expected "* ]] ||
            fail "after '${COMP_WORDS[*]}' $expected is not among: ${COMPREPLY[*]}"
    done
    [ $# -gt 0 ] || [ ${#COMPREPLY[@]} -eq 0 ] || fail "'${COMP_WORDS[*]}' gives ${COMPREPLY[*]}"
}

offers softeq "" -- data train eval --help
offers softeq tr -- train
offers softeq data "" -- make import info
offers softeq data ma -- make
offers softeq train run.ini --re -- --resume
offers softeq data make inertia -- # a name, which is no option
offers softeq data make --se -- --set
offers softeq train run.ini --set train. -- train.epochs= train.lr=
offers softeq train run.ini --set model.kind = -- per emlp mlp
offers softeq train run.ini --set model.kind = em -- emlp
offers softeq train run.ini --set train.lr = -- # anything goes
echo "ok: completion"
