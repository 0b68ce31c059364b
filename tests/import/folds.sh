#!/usr/bin/env bash
# jobs/eth_ucy_fold.sh: as many windows as published, nothing of the scene left out in training, and
# straight walks that are off by as much as published.
# Arguments: the program.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# names SHARD: the recordings in it, one a line.
names() { ncdump -v scene_name "$1" | grep -o '"[a-z0-9_]*\.txt"' | sort -u; }
# count SHARD: its windows.
count() { ncdump -h "$1" | sed -n 's/.*UNLIMITED ; \/\/ (\([0-9]*\) currently).*/\1/p' | head -1; }

while read -r fold windows; do
    SOFTEQ=$program jobs/eth_ucy_fold.sh "$fold" "$scratch/$fold" >/dev/null
    found=$(count "$scratch/$fold/test.nc")
    echo "$fold: test $found, train $(count "$scratch/$fold/train.nc")," \
        "valid $(count "$scratch/$fold/valid.nc")"
    [[ $found == "$windows" ]] || { echo "$fold: $windows windows were published" && exit 1; }
    for split in train valid; do
        both=$(comm -12 <(names "$scratch/$fold/$split.nc") <(names "$scratch/$fold/test.nc"))
        [[ -z $both ]] || { echo "$fold: $both in test and $split" && exit 1; }
    done
done <<END
eth 364
hotel 1197
univ 24334
zara1 2356
zara2 5910
END

# Any model will do to have yardsticks measured beside it.
"$program" train <(printf '%s\n' "[data]" "train = $scratch/eth/test.nc" \
    "valid = $scratch/eth/test.nc" "residual = constant-velocity" "[model]" "kind = mlp" \
    "channels = 4" "[symmetry]" "types = O(2)" "[train]" "epochs = 1" "lr = 0") \
    --run "$scratch/run" >/dev/null 2>"$scratch/told"
grep -q "data.train and data.valid share 1 scene, such as biwi_eth.txt" "$scratch/told" ||
    { cat "$scratch/told" && echo "the scene in both splits is not told of" && exit 1; }
for fold in eth hotel univ zara1 zara2; do
    "$program" eval "$scratch/run" --data "$scratch/$fold/test.nc" --json >"$scratch/$fold.json"
done
# average KEY EXPECTED: over the folds, to three digits.
average() {
    local found
    found=$(cat "$scratch"/*.json | sed "s/.*\"$1\": \([0-9.e-]*\).*/\1/" |
        awk '{ sum += $1 } END { printf "%.3f", sum / NR }')
    echo "$1 $found"
    [[ $found == "$2" ]] || { echo "$1: $2 was published" && exit 1; }
}
average constant_velocity_ade 0.534
average constant_velocity_fde 1.148
average least_squares_ade 0.648
average least_squares_fde 1.273

if SOFTEQ=$program jobs/eth_ucy_fold.sh zara3 "$scratch/zara3" 2>/dev/null; then
    echo "a fold that is none was made" && exit 1
fi
