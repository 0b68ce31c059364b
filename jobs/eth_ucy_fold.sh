#!/usr/bin/env bash
# One fold of ETH/UCY leave-one-scene-out, as data sets for training:
#   jobs/eth_ucy_fold.sh eth|hotel|univ|zara1|zara2 FOLDER [--set data.key=value]...
# FOLDER/test.nc holds the scene that is left out; train.nc and valid.nc hold the others, each
# recording cut in time: its first 80 % of annotated frames, and the rest. These are the recordings
# and the cut that papers use; the campus of univ is hence in uni_examples, too, as there.
# SOFTEQ names the program (build/softeq).
set -euo pipefail

usage() {
    echo "usage: $0 eth|hotel|univ|zara1|zara2 FOLDER [--set data.key=value]..." >&2
    exit 2
}
[[ $# -ge 2 ]] || usage

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
softeq=${SOFTEQ:-$root/build/softeq}
folder=$2

case "$1" in
    eth) test=(biwi_eth) ;;
    hotel) test=(biwi_hotel) ;;
    univ) test=(students001 students003) ;;
    zara1) test=(crowds_zara01) ;;
    zara2) test=(crowds_zara02) ;;
    *) usage ;;
esac
shift 2

others=()
for recording in biwi_eth biwi_hotel students001 students003 uni_examples crowds_zara01 \
    crowds_zara02 crowds_zara03; do
    [[ " ${test[*]} " == *" $recording "* ]] || others+=("$recording")
done

test=("${test[@]/#/$root/data/eth_ucy/}")
others=("${others[@]/#/$root/data/eth_ucy/}")
test=("${test[@]/%/.txt}")
others=("${others[@]/%/.txt}")

mkdir -p "$folder"
"$softeq" data import eth-ucy "${test[@]}" -o "$folder/test.nc" "$@"
"$softeq" data import eth-ucy "${others[@]}" -o "$folder/train.nc" --set data.part=train "$@"
"$softeq" data import eth-ucy "${others[@]}" -o "$folder/valid.nc" --set data.part=valid "$@"
