#!/usr/bin/env bash
# Flipped bytes and cut-off ends of a checkpoint are detected or harmless, and a damaged newest one
# is skipped by name: the run ends as if it had never been touched.
#   damage.sh PROGRAM DAMAGE-PROGRAM [FLIPS CUTS]
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
damage=$2 flips=${3:-200} cuts=${4:-50}
write_config 6 '[checkpoint]' 'every_epochs = 1' 'every_seconds = 0' 'keep = 10'
"$softeq" train tiny.ini --run untouched >untouched.txt
remember_untouched
newest=untouched/checkpoint-54.nc
timeout 600 "$damage" "$newest" copy.nc "$flips" "$cuts" 1

# try WHAT: the newest checkpoint of `run` has been damaged: it is named, and an older one is used.
try() {
    resume run
    grep -q "skipped.*run/checkpoint-54.nc" run.txt || fail "$1: not named: $(cat run.txt)"
    rm -f run/checkpoint-54.nc.skipped # set aside, unless the first save replaced it
    same run
    echo "ok: $1"
    rm -rf run
}

# An older checkpoint must be there to fall back to.
prepare() {
    cp -r untouched run
    [[ $(find run -name 'checkpoint-*' | wc -l) -ge 2 ]] || fail "one checkpoint only: $(ls run)"
}

prepare
truncate -s -100 run/checkpoint-54.nc
try "the newest checkpoint is cut off"
prepare
printf 'X' | dd of=run/checkpoint-54.nc bs=1 seek=9000 conv=notrunc status=none
try "a byte of the newest checkpoint is another"
prepare
echo "not a NetCDF file" >run/checkpoint-54.nc
try "the newest checkpoint is a foreign file"
prepare
: >run/checkpoint-54.nc
try "the newest checkpoint is empty"
