#!/usr/bin/env bash
# What other programs leave in data files beside the rows does no harm, or is told in clear words.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
write_plane_config
shard train.nc 40
shard valid.nc 23
expect 0 "best.nc" "$softeq" train plane.ini --run plain

# repeat COUNT TEXT
repeat() { printf "%.0s$2" $(seq "$1"); }

# trains_with SED-SCRIPT: on training data that the script changed, to the same model.
trains_with() {
    rm -rf r
    shard odd.nc 40 "$1"
    expect 0 "samples" "$softeq" data info odd.nc
    expect 0 "best.nc" "$softeq" train plane.ini --run r --set data.train=odd.nc
    [ "$(content_hash r/best.nc)" = "$(content_hash plain/best.nc)" ] || fail "another model: $1"
}

# ---- attributes --------------------------------------------------------------------------------------
trains_with "s/^data:/:title = \"$(repeat 200 'ü')\" ; &/"
"$softeq" data info odd.nc | iconv -f UTF-8 -t UTF-8 >/dev/null || fail "the title ends within a character"
trains_with 's/^data:/:title = 7 ; &/'
trains_with "s/^data:/:task = \"$(repeat 100 x)\" ; &/"
trains_with 's/^data:/:task = 7 ; &/'
trains_with "s/^data:/:content_hash = \"$(repeat 200 a)\" ; &/"
trains_with 's/^data:/:content_hash = 7 ; &/'

# ---- variables over the samples ------------------------------------------------------------------------
# with_label DECLARATION VALUE: the script that adds a label of that value everywhere.
with_label() {
    local name=${1#* }
    echo "s/^double mask.*/& $1 ;/; s/^data:/& ${name%%(*} = $(repeat 39 "$2, ")$2 ;/"
}

# keeps_label DECLARATION VALUE: predictions have it, and so do splits.
keeps_label() {
    shard odd.nc 40 "$(with_label "$1" "$2"); $(with_label "int scene(sample)" 1)"
    expect 0 "predictions" "$softeq" predict plain --data odd.nc -o predicted.nc
    ncdump -v label predicted.nc | grep -q "$2, $2" || fail "$1: $(ncdump -v label predicted.nc)"
    expect 0 "40 rows" "$softeq" data split odd.nc -o odd --set 'data.split=1 0 0'
    ncdump -v label odd-train.nc | grep -q "$2, $2" || fail "$1: $(ncdump -v label odd-train.nc)"
}
for type in byte ubyte short ushort int uint int64 uint64; do keeps_label "$type label(sample)" 7; done
keeps_label "ubyte label(sample)" 200

# leaves_label TEXT SED-SCRIPT: predictions are without it, which is told.
leaves_label() {
    shard odd.nc 40 "$2"
    expect 0 "odd.nc: label: $1" "$softeq" predict plain --data odd.nc -o predicted.nc
    ncdump -h predicted.nc | grep -q label && fail "it was copied: $2"
    return 0
}
leaves_label "is text and is not copied" "$(with_label "string label(sample)" '"a"')"
leaves_label "is text and is not copied" "$(with_label "char label(sample)" '"a"')"
leaves_label "is packed" "$(with_label "short label(sample)" 7 | sed 's/(sample) ;/& label:scale_factor = 0.5 ;/')"

# ---- scenes --------------------------------------------------------------------------------------------
rm -rf r
shard odd.nc 40 "$(with_label "string scene(sample)" '"a"')"
expect 0 "cannot be looked for: odd.nc: scene: is text; scenes must be integers" "$softeq" train plane.ini \
    --run r --set data.train=odd.nc
expect 1 "odd.nc: scene: is text; scenes must be integers" "$softeq" data split odd.nc -o odd
expect 1 "odd.nc: scene: is text; scenes must be integers" "$softeq" data info odd.nc
