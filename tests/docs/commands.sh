#!/usr/bin/env bash
# What the documents show does work. In each document, from top to bottom and in an empty folder:
# a fenced block with a language and a file's name (```ini own.ini) is saved under that name, and a
# block marked sh is run. Other marks (console, c, text) are only read by people.
# Arguments: the program.
program=$(realpath "$1")
# shellcheck source=tests/docs/common.bash
source "$(dirname "$0")/common.bash"
export PATH="/usr/bin:$PATH" # Debian's Python has the packages
if ! python3 -c 'import netCDF4, xarray' 2>/dev/null; then
    echo "python3-netcdf4 or python3-xarray is not installed: jobs/install_packages.sh test"
    exit 77
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # Open MPI asks root twice
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1

project=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# script DOCUMENT: its blocks as a shell script that says where it is.
script() {
    awk -v document="$1" '
        /^```/ && fenced { if (mode == "save") print "END_OF_FILE"; fenced = 0; mode = ""; next }
        /^```/ {
            fenced = 1
            name = NF > 1 ? $2 : ""
            if (name != "") mode = "save"
            else if ($1 == "```sh") mode = "run"
            if (mode != "") printf "at=%s:%d; echo \"== $at\"\n", document, FNR
            if (mode == "save") printf "cat >%s <<\"END_OF_FILE\"\n", name
            next
        }
        mode != "" { print }' "$1"
}

# try DOCUMENT
try() {
    local folder=$scratch/${1//\//-}
    mkdir -p "$folder/build"
    ln -s "$program" "$folder/build/softeq"
    ln -s "$project/jobs" "$project/data" "$folder"
    {
        # shellcheck disable=SC2016 # expanded when the script runs
        echo 'set -euo pipefail; trap '\''echo "FAILED: the block at $at" >&2'\'' ERR'
        script "$1"
    } >"$folder.script"
    (cd "$folder" && PATH="$folder/build:$PATH" XDG_CACHE_HOME="$scratch/cache" \
        bash "$folder.script" </dev/null >"$folder.log" 2>&1) || {
        cat "$folder.log"
        return 1
    }
    grep '^== ' "$folder.log" || true
}

failed=0
while read -r document; do
    try "$document" || failed=1
done < <(documents)
exit "$failed"
