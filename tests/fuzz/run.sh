#!/usr/bin/env bash
# Fuzzes the importers with libFuzzer, address and undefined-behaviour sanitizers:
#   tests/fuzz/run.sh SECONDS [NAME...]     NAME: csv eth_ucy tfrecord waymo; all by default
# Begins with tests/fuzz/corpus/NAME. Ends with an error at the first crash, whose input it names.
# Inputs that cover new code stay in build/fuzz/found/NAME; what is worth keeping is copied by hand.
set -euo pipefail
seconds=${1:?usage: $0 SECONDS [NAME...]}
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[[ $# -gt 0 ]] || set -- csv eth_ucy tfrecord waymo

cmake --preset fuzz --log-level=WARNING
cmake --build build/fuzz --parallel "$(nproc)" --target "${@/#/fuzz_}"
for name in "$@"; do
    found=build/fuzz/found/$name
    mkdir -p "$found"
    echo "== $name for $seconds s"
    "build/fuzz/tests/fuzz/fuzz_$name" "$found" "tests/fuzz/corpus/$name" -timeout=10 \
        -max_total_time="$seconds" -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/$name-" -verbosity=0 2>&1 | grep -vE '^(INFO|#)'
done
