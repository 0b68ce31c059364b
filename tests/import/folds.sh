#!/usr/bin/env bash
# jobs/eth_ucy_fold.sh: as many windows as published, and nothing of the scene left out in training.
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
if SOFTEQ=$program jobs/eth_ucy_fold.sh zara3 "$scratch/zara3" 2>/dev/null; then
    echo "a fold that is none was made" && exit 1
fi
