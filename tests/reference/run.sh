#!/usr/bin/env bash
# Runs test_reference on the recorded files of $SOFTEQ_TEST_DATA, or says that there are none.
set -euo pipefail
data=${SOFTEQ_TEST_DATA:-../shared/data}
shopt -s nullglob
files=("$data"/reference/*.nc)
if ((${#files[@]} == 0)); then
    echo "no recorded numbers in $data/reference (set SOFTEQ_TEST_DATA): skipped"
    exit 77
fi
exec "$1" "${files[@]}"
