#!/usr/bin/env bash
# A run that was cut off and goes on, on any number of ranks, ends with the same bits.
# Arguments: the program, mpirun with its options.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
mpirun=("${@:2}")

shard train.nc 400
shard valid.nc 23
write_plane_config
config=plane.ini
sets=(--set train.epochs=400 --set train.patience=0 --set checkpoint.every_epochs=1
    --set checkpoint.keep=9999 --set log.write_seconds=0)
expect 0 "400 epochs" "$softeq" train plane.ini --run whole "${sets[@]}"
expected=$(content_hash whole/best.nc)

# Saves go on beside the training, so that not every epoch has one, but the first and last do.
mapfile -t steps < <(printf '%s\n' whole/checkpoint-*.nc | sed 's/.*-\(.*\)\.nc$/\1/' | sort -n)
[ "${#steps[@]}" -ge 2 ] || fail "only these checkpoints: ${steps[*]}"
early=${steps[0]}
late=${steps[-2]}
last=${steps[-1]}

# cut_off FOLDER STEP: what the run would have left if it had died after that checkpoint.
cut_off() {
    local file number
    cp -r whole "$1"
    rm "$1/best.nc"
    for file in "$1"/checkpoint-*.nc; do
        number=${file##*-}
        [ "${number%.nc}" -le "$2" ] || rm "$file"
    done
}

# goes_on FOLDER LAUNCHER...: resumed, it ends with the same model and log.
goes_on() {
    local folder=$1
    shift
    expect 0 "resuming from $folder/checkpoint-" "$@" "$softeq" train "$config" --run "$folder" \
        "${sets[@]}" --resume
    [ "$(content_hash "$folder/best.nc")" = "$expected" ] || fail "$folder: other bits"
    for variable in train_loss train_mse valid_mse lambda regularizer symmetry_level; do
        [ "$(ncdump -p 9,17 -v "$variable" "$folder/log.nc" | sed '1,/^data:/d')" = \
            "$(ncdump -p 9,17 -v "$variable" whole/log.nc | sed '1,/^data:/d')" ] ||
            fail "$folder: the log has another $variable"
    done
}
cut_off early "$early" && goes_on early
cut_off early-on-2 "$early" && goes_on early-on-2 "${mpirun[@]}" -n 2
cut_off late-on-3 "$late" && goes_on late-on-3 "${mpirun[@]}" -n 3

# A finished run has nothing to do; a damaged checkpoint is passed over for the one before.
cut_off finished "$last" && goes_on finished
cut_off damaged "$last" && truncate -s 1000 "damaged/checkpoint-$last.nc"
goes_on damaged
grep -q "checkpoint-$last.nc" err.txt || fail "the damaged checkpoint is not named"

# Without a checkpoint it starts afresh.
mkdir fresh
expect 0 "starting afresh" "$softeq" train plane.ini --run fresh "${sets[@]}" --resume
[ "$(content_hash fresh/best.nc)" = "$expected" ] || fail "fresh: other bits"

# Results whose checkpoints are gone are not trained over.
cut_off results "$last" && cp whole/best.nc results && rm results/checkpoint-*.nc
expect 1 "holds best.nc but no checkpoint" "$softeq" train plane.ini --run results "${sets[@]}" --resume
cmp -s whole/best.nc results/best.nc || fail "results: best.nc was changed"

# A model is no checkpoint, whatever its name.
cut_off foreign "$late" && cp whole/best.nc foreign/checkpoint-999999.nc
expect 1 "foreign/checkpoint-999999.nc: has no attribute configuration" "$softeq" train plane.ini \
    --run foreign "${sets[@]}" --resume

# Two runs do not write into one folder: the one that comes later ends.
"$softeq" train plane.ini --run shared --set train.epochs=1000000 --set train.patience=0 >first.txt 2>&1 &
first=$!
until [ -e shared/config.ini ]; do sleep 0.1; done
expect 1 "another run is writing there" "$softeq" train plane.ini --run shared --resume
kill -TERM "$first"
wait "$first" && fail "shared: not stopped" || [ $? -eq 75 ] || fail "shared: $(cat first.txt)"

# refuse_to_go_on TEXT ARGUMENT...: not with another problem; nothing is changed.
refuse_to_go_on() {
    local text=$1
    shift
    cut_off refused "$late"
    expect 1 "$text" "$softeq" train plane.ini --run refused "${sets[@]}" --resume "$@"
    cmp -s whole/config.ini refused/config.ini || fail "config.ini was changed"
    [ ! -e refused/best.nc ] || fail "best.nc was written"
    rm -r refused
}
refuse_to_go_on "train.batch = 17" --set train.batch=18
refuse_to_go_on "model.channels = 13" --set model.channels=13
refuse_to_go_on "symmetry.types" --set 'symmetry.types=O(2) SO(2)'
refuse_to_go_on "train.lr" --set train.lr=0.01
shard other.nc 400 's|^.*// input 0$|1, 2, 3, 4,|'
refuse_to_go_on "data is not what the checkpoint was made with" --set data.train=other.nc
shard other.nc 400 's|^.*// mask 205$|0, 0,|'
refuse_to_go_on "data is not what the checkpoint was made with" --set data.train=other.nc

# Where files lie and how often they are saved may change.
cut_off moved "$early" && cp train.nc elsewhere.nc
sets+=(--set data.train=elsewhere.nc --set checkpoint.keep=2)
goes_on moved

# So does a rule of tuning that runs all through training, with what it remembers.
rm -r whole
sets+=(--set symmetry.tuning=projected --set symmetry.penalty=preconditioned --set data.augment=found
    --set train.clip=2 --set checkpoint.keep=9999)
expect 0 "400 epochs" "$softeq" train plane.ini --run whole "${sets[@]}"
expected=$(content_hash whole/best.nc)
mapfile -t steps < <(printf '%s\n' whole/checkpoint-*.nc | sed 's/.*-\(.*\)\.nc$/\1/' | sort -n)
cut_off projected "${steps[${#steps[@]} / 2]}" && goes_on projected "${mpirun[@]}" -n 2

# On another kernel of the BLAS it goes on, to other bits, and says so; a finished run stays as it is.
kernels_of() { ncdump -h "$1/log.nc" | sed -n 's/.*:blas_kernel = "\(.*\)" ;/\1/p'; }
kernel=$(kernels_of whole)
export OPENBLAS_CORETYPE=Prescott
[ "$kernel" != Prescott ] || export OPENBLAS_CORETYPE=Nehalem
cut_off other-kernel "${steps[0]}"
expect 0 "trained so far with blas_kernel '$kernel', goes on with '$OPENBLAS_CORETYPE'" \
    "$softeq" train plane.ini --run other-kernel "${sets[@]}" --resume
[ "$(kernels_of other-kernel)" = "$kernel; $OPENBLAS_CORETYPE" ] || fail "$(kernels_of other-kernel)"
cut_off as-it-is "${steps[-1]}"
expect 0 "resuming from" "$softeq" train plane.ini --run as-it-is "${sets[@]}" --resume
[ "$(kernels_of as-it-is)" = "$kernel" ] || fail "of another kernel: $(kernels_of as-it-is)"
grep -q "goes on with" err.txt && fail "it warns though nothing is left to train"
unset OPENBLAS_CORETYPE

# Types that are held exactly stay so, from the first checkpoint on that says it.
write_held_config
config=held.ini sets=(--set checkpoint.every_epochs=1 --set checkpoint.keep=9999)
rm -r whole
expect 0 "40 epochs" "$softeq" train held.ini --run whole "${sets[@]}"
expected=$(content_hash whole/best.nc)
holding=$(for file in whole/checkpoint-*.nc; do
    ncdump -v tuning_held_since "$file" | grep -q 'since = [0-9]' && echo "$file"
done | sort -V | sed 's/.*-\(.*\)\.nc$/\1/;q')
[ "$holding" ] || fail "no type is held exactly"
cut_off held "$holding" && goes_on held "${mpirun[@]}" -n 2
exit 0
