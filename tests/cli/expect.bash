# Helpers of the command-line tests; sourced. Every test gets the program as its first argument.
# shellcheck shell=bash
set -eu

softeq=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# expect STATUS TEXT COMMAND...: the command ends with STATUS and says TEXT on one of its streams.
expect() {
    local status=$1 text=$2 found=0
    shift 2
    "$@" >out.txt 2>err.txt || found=$?
    if [ "$found" -ne "$status" ] || ! grep -qF -- "$text" out.txt err.txt; then
        cat out.txt err.txt >&2
        fail "$*: status $found, expected $status and '$text'"
    fi
    echo "ok: $*"
}

# The last command failed with one line on standard error and nothing on standard output.
expect_one_line() {
    [ ! -s out.txt ] || fail "it wrote to standard output: $(cat out.txt)"
    [ "$(wc -l <err.txt)" -eq 1 ] || fail "more than one line: $(cat err.txt)"
}

# refuse TEXT ARGUMENT...: wrong use, explained in one line.
refuse() {
    local text=$1
    shift
    expect 2 "$text" "$softeq" "$@"
    expect_one_line
}
