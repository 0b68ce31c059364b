# What the style checks share. Each check takes the folder to look at, by default the project's,
# prints a line for every violation and fails if there is any.
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

# Tools that may be missing on a machine that only builds: ctest then says "skipped".
need() {
    command -v "$1" >/dev/null && return
    echo "$1 is not installed: jobs/install_packages.sh test"
    exit 77
}

# sources PATTERN...: files of the project whose name fits one of the patterns, NUL-terminated.
sources() {
    local patterns=(-name "$1")
    local pattern
    for pattern in "${@:2}"; do patterns+=(-o -name "$pattern"); done
    find . \( -path ./build -o -path ./runs -o -path ./.git \) -prune \
        -o -type f \( "${patterns[@]}" \) -print0 | sort -z
}
