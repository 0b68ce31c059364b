#!/usr/bin/env bash
# How the time of a step grows with width, batch, number of types and ranks: softeq bench over a
# grid around the inertia experiment. Leaves a JSON file for each point in runs/bench/scaling, and
# prints a Markdown table; runs/bench/scaling.csv has the same numbers.
#
#   jobs/bench/scaling.sh [RANKS...]          1 2 by default
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=jobs/bench/common.bash
source jobs/bench/common.bash

all_types=('O(3)' 'O(2)@xy' 'O(2)@yz' 'O(2)@xz' 'SO(3)' 'Scaling(3)' 'S(3)')
# Channels, batch, microbatch, types: one of them changes at a time.
points=(
    '128 500 125 4'
    '64 500 125 4' '384 500 125 4' '1024 500 125 4'
    '128 128 64 4' '128 4096 128 4'
    '128 500 125 1' '128 500 125 2' '128 500 125 7'
)
ranks=("$@")
[[ ${#ranks[@]} -gt 0 ]] || ranks=(1 2)

out=runs/bench/scaling
rm -rf "$out"
mkdir -p "$out"

# measure RANKS CHANNELS BATCH MICROBATCH TYPES: every type counts, none has lambda 0.
measure() {
    local types="${all_types[*]:0:$5}" lambda
    lambda=$(printf '100 %.0s' $(seq "$5"))
    on_ranks "$1" bench --json --set model.channels="$2" --set train.batch="$3" \
        --set train.microbatch="$4" --set symmetry.types="$types" \
        --set symmetry.lambda="$lambda" --set data.samples=$((3 * ($3 > 1000 ? $3 : 1000))) \
        >"$out/channels$2-batch$3-types$5-ranks$1.json"
}

for point in "${points[@]}"; do
    for count in "${ranks[@]}"; do
        wait_for_quiet
        read -r channels batch microbatch types <<<"$point"
        printf 'channels %s, batch %s, %s types, %s ranks (load %s)\n' "$channels" "$batch" \
            "$types" "$count" "$(load)" >&2
        measure "$count" "$channels" "$batch" "$microbatch" "$types"
    done
done
/usr/bin/env python3 jobs/bench/scaling_table.py runs/bench/scaling.csv "$out"/*.json
