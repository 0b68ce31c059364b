#!/usr/bin/env bash
# softeq bench measures the default and other configurations; its JSON says what docs/performance.md
# needs. How fast it is, is no matter here.
# shellcheck source=tests/cli/expect.bash
source "$(dirname "$0")/expect.bash"

small=(--set data.samples=60 --set train.batch=14 --set train.microbatch=5)

expect 0 "whole step" "$softeq" bench "${small[@]}" --set model.channels=12
expect 0 '"part_seconds"' "$softeq" bench --json "${small[@]}" --set model.kind=mlp
expect 0 "whole step" "$softeq" bench "${small[@]}" --set data.augment=found \
    --set symmetry.tuning=gap --set symmetry.lambda='1 1 1 1'
expect 0 '"ranks": 1' "$softeq" bench --json "${small[@]}" --set model.channels=12

python3 - out.txt <<'END' || fail "the JSON is not what it should be"
import json, sys
found = json.load(open(sys.argv[1]))
parts = found["part_seconds"]
assert list(parts) == ["feed", "forward", "backward", "conversion", "regularizer", "sum", "update"]
assert all(seconds > 0 for seconds in parts.values())
assert sum(parts.values()) < 20 * found["step_seconds"] # a machine that is shared is slow now and then
for key in ("gemm_peak_gflops", "step_seconds", "epoch_seconds", "step_gflop", "setup_solving_seconds",
            "regularizer_percent", "percent_of_peak", "samples_per_second", "memory_mib"):
    assert found[key] > 0, key
assert found["batch"] == 14 and found["steps_per_epoch"] == 2
assert found["step_seconds"] >= found["step_fastest_seconds"]
assert all(product["gflops"] > 0 for product in found["gemm"])
END

expect 1 "unknown key model.chanels" "$softeq" bench --set model.chanels=12
expect_one_line
