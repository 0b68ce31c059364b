#!/usr/bin/env bash
# What softeq report makes of one run, of several, of one that goes on and of one that lost its data.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
shard train.nc 40
shard valid.nc 23
write_plane_config

# page FILE ID...: a whole page, with these elements.
page() { python3 "$here/page.py" "$@" || fail "$1 is not the page it should be"; }
# says FILE TEXT
says() { grep -qF -- "$2" "$1" || fail "$1 does not say '$2'"; }

# A folder whose name would be markup, if it were not escaped.
run='<i>"r" & co'
expect 0 "best.nc" "$softeq" train plane.ini --run "$run"
expect 0 "r.html" "$softeq" report "$run" -o r.html
page r.html verdict types layers parts keys
says r.html '&lt;i&gt;&quot;r&quot; &amp; co'
says r.html 'C(4)'
says r.html '<code>train.batch</code>'
says r.html "$(content_hash "$run/best.nc")"
expect 0 "report.html" "$softeq" report "$run"
[ -s "$run/report.html" ] || fail "the page is not in the run's folder"
if command -v gnuplot >/dev/null; then
    grep -c 'class="plot"' r.html | grep -qx 8 || fail "not 4 charts in 2 sizes"
fi

# In words.
expect 0 "C(4)" "$softeq" report "$run" --text
says out.txt 'verdict'
says out.txt 'layer1'
says out.txt '█'

# Without gnuplot, the tables.
mkdir bin
ln -s "$softeq" bin/softeq
expect 0 "r.html" env PATH="$PWD/bin" bin/softeq report "$run" -o r.html
page r.html verdict types layers no-gnuplot

# Without its data, what the log says.
mv valid.nc elsewhere.nc
expect 0 "r.html" "$softeq" report "$run" -o r.html
page r.html verdict types
says r.html 'valid.nc'
expect 0 "r.html" "$softeq" report "$run" -o r.html --data elsewhere.nc
page r.html verdict
mv elsewhere.nc valid.nc

# Several: seeds are one configuration, kinds are two.
for seed in 1 2; do
    for kind in per mlp; do
        expect 0 "best.nc" "$softeq" train plane.ini --run "$kind$seed" \
            --set "model.kind=$kind" --set "train.seed=$seed"
    done
done
expect 0 "all.html" "$softeq" report per1 per2 mlp1 mlp2 -o all.html
page all.html verdict groups types all
says all.html '4 runs of 2 configurations'
says all.html '&plusmn;'
expect 0 "+-" "$softeq" report per1 per2 mlp1 mlp2 --text

# The same run twice has no spread, and runs on unlike data are two configurations.
expect 0 "+- 0 " "$softeq" report per1 per1 per1 --text
expect 0 "best.nc" "$softeq" train plane.ini --run other --set data.train=valid.nc
expect 0 "data.html" "$softeq" report per1 other -o data.html
says data.html '2 runs of 2 configurations'
says data.html 'train valid.nc'

# Motion: displacements by horizon, and tracks.
expect 0 "windows" "$softeq" data import eth-ucy "$here/../../data/eth_ucy/biwi_hotel.txt" -o hotel.nc
expect 0 "best.nc" "$softeq" train plane.ini --run walk --set data.train=hotel.nc \
    --set data.valid=hotel.nc --set train.epochs=2 --set train.batch=256 --set train.microbatch=128
expect 0 "walk.html" "$softeq" report walk -o walk.html
page walk.html verdict types displacements tracks
says walk.html 'constant velocity'
expect 0 "constant velocity" "$softeq" report walk --text

expect 1 "nowhere is not the folder of a run" "$softeq" report nowhere
refuse "DIR... is missing" report

# Errors that grew beyond all bounds have no place in a curve; the others keep theirs.
if /usr/bin/python3 -c 'import netCDF4' 2>/dev/null; then
    /usr/bin/python3 -c 'import netCDF4; netCDF4.Dataset("per2/log.nc", "a")["valid_mse"][0] = float("inf")'
    expect 0 "per2.html" "$softeq" report per2 -o per2.html
    ! grep -q 'Not drawn' per2.html || fail "a curve with an infinite value is not drawn"
    expect 0 "valid_mse" "$softeq" report per2 --text
    ! grep -q '^valid_mse *▁▁*  ' out.txt || fail "an infinite value hides the others"
fi
