#!/usr/bin/env bash
# From data to evaluation: what each verb leaves, and that standard tools read it.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
shard train.nc 40
shard valid.nc 23
shard test.nc 21
write_plane_config

expect 0 "best.nc: epoch" "$softeq" train plane.ini --run r --set data.test=test.nc
for file in config.ini log.nc best.nc checkpoint-12.nc; do
    [ -e "r/$file" ] || fail "r/$file is missing: $(ls r)"
done
[ -z "$(find r -name '*.tmp*' -o -name '.*.nc*')" ] || fail "temporary files: $(ls -A r)"
grep -q "content_hash $(content_hash r/best.nc)" out.txt || fail "the hash is not that of best.nc"

# The log: one row an epoch, units and names everywhere, types as they were named.
ncdump -h r/log.nc >header.txt
for text in 'epoch = UNLIMITED ; // (4 currently)' 'type = 2' 'layer = 2' ':Conventions = ' \
    ':title = ' ':source = "softeq ' ':history = ' 'lambda(epoch, type)' \
    'regularizer(epoch, layer, type)' 'symmetry_level(epoch, layer, type)' \
    'equivariance_error(epoch, type)' 'train_loss(epoch)' 'train_mse(epoch)' 'valid_mse(epoch)' \
    'learning_rate(epoch)' 'seconds(epoch)' 'part_seconds(epoch, part)' 'ranks(epoch)' \
    'total_symmetry_level(epoch, type)' ':state = "finished"' ':parameters = '; do
    grep -qF "$text" header.txt || fail "log.nc has no '$text'"
done
variables=$(grep -cE '^\s+(int|int64|double|float|string) ' header.txt)
[ "$(grep -c ':units = ' header.txt)" -ge $((variables - 2)) ] || fail "units are missing in log.nc"
ncdump -v type_name r/log.nc | grep -q '"O(2)", "C(4)"' || fail "the types are not named in log.nc"

# The resolved configuration trains the same model.
expect 0 "best.nc" "$softeq" train r/config.ini --run again
[ "$(content_hash again/best.nc)" = "$(content_hash r/best.nc)" ] || fail "config.ini: other bits"

# Evaluation: the run's own test split, any file, the last checkpoint.
expect 0 '"samples": 21' "$softeq" eval r --json
expect 0 '"samples": 23' "$softeq" eval r --json --data valid.nc
for key in mse equivariance_error; do grep -q "\"$key\"" out.txt || fail "eval has no $key"; done
expect 0 '"samples": 21' "$softeq" eval r --json --checkpoint r/checkpoint-12.nc

# From anywhere: names in config.ini are those of the folder that training was started in.
mkdir -p else
(cd else && expect 0 '"samples": 21' "$softeq" eval ../r --json)
expect 0 "best.nc" "$softeq" train r/config.ini --run else/again
(cd else && expect 0 "best.nc" "$softeq" train ../r/config.ini --run third)

# -o replaces nothing that is read, and nothing that a run consists of.
cp -r r kept
cp test.nc kept.nc
refuse "r/best.nc is what is read" report r -o r/best.nc
refuse "r/log.nc is what is read" report else/again r --text -o r/log.nc
refuse "r/config.ini is what is read" eval r -o r/../r/config.ini
refuse "r/checkpoint-12.nc is what is read" export r -o r/checkpoint-12.nc
refuse "kept/best.nc is what is read" eval r --checkpoint kept/best.nc -o kept/best.nc
refuse "test.nc is what is read" eval r --data 'te*.nc' -o test.nc
for split in train valid test; do refuse "$split.nc is what is read" predict r --data kept.nc -o $split.nc; done
(cd else && expect 2 "train.nc is what is read" "$softeq" report ../r -o ../train.nc)
printf '0 1 2 3\n' >walk.txt
refuse "walk.txt is what is read" data import eth-ucy walk.txt -o walk.txt
diff -r r kept || fail "a file of the run was replaced"
cmp -s test.nc kept.nc || fail "the data was replaced"

# Prediction: the data and beside it what the model says.
expect 0 "" "$softeq" predict r --data test.nc -o predicted.nc
ncdump -h predicted.nc | grep -qF 'prediction(sample, output)' || fail "no prediction"

# Made data is a data file like any other: training on it is training on the task.
expect 0 "" "$softeq" data make inertia -o made.nc --set data.samples=30
expect 0 "30" "$softeq" data info made.nc
expect 0 ", as its values have it" "$softeq" data info made.nc
ncdump -p 9,17 made.nc | sed '/^ input =/{n;s/[-0-9.e]*,/0.25,/}' >changed.cdl
ncgen -4 -o changed.nc changed.cdl
expect 0 "does not hold: the values" "$softeq" data info changed.nc
expect 0 "best.nc" "$softeq" train plane.ini --run made --set data.train=made.nc \
    --set data.valid=made.nc --set 'symmetry.types=O(3) O(2)@xy'

# xarray opens what a run leaves without a warning.
if /usr/bin/python3 -c 'import xarray, netCDF4' 2>/dev/null; then
    /usr/bin/python3 -W error - r/log.nc r/best.nc r/checkpoint-12.nc predicted.nc <<'PY' ||
import sys, xarray
for path in sys.argv[1:]:
    with xarray.open_dataset(path) as data:
        data.load()
log = xarray.open_dataset(sys.argv[1])
assert set(log.coords) == {"type_name", "layer_name", "part_name"}, log.coords
assert set(log.symmetry_level.coords) == {"type_name", "layer_name"}, log.symmetry_level.coords
PY
        fail "xarray warns"
fi

# A made task: its shifted samples, what its own function keeps, and all of it in a file.
expect 0 "best.nc" "$softeq" train plane.ini --run task --set data.train= --set data.valid= \
    --set data.task=cosine-similarity --set data.samples=30 --set data.shift=1 \
    --set 'symmetry.types=SO(3) Scaling(3)'
expect 0 '"shifted_mse"' "$softeq" eval task --json -o task/evaluation.nc
grep -q '"data_equivariance_error"' out.txt || fail "eval does not know the task's own error"
ncdump -h task/evaluation.nc | grep -qF 'data_equivariance_error(type)' || fail "evaluation.nc"
# It says which model of which run it is of.
[ "$(content_hash task/evaluation.nc)" = "$(content_hash task/best.nc)" ] || fail "not the hash of best.nc"
ncdump -h task/evaluation.nc | grep -qF ":run = \"$(pwd -P)/task\"" || fail "evaluation.nc names no run"
newest=$(echo task/checkpoint-*.nc)
expect 0 "samples" "$softeq" eval task --checkpoint "$newest" -o newest.nc
[ "$(content_hash newest.nc)" = "$(content_hash "$newest")" ] || fail "not the hash of $newest"
ncdump -h task/log.nc | grep -qF 'data_equivariance_error(epoch, type)' || fail "log.nc"
expect 0 "of the data" "$softeq" eval task

# A fitted scale leaves errors in raw units; augmentation and other kinds train, too.
expect 0 "best.nc" "$softeq" train plane.ini --run scaled --set data.scale=fit
expect 0 "best.nc" "$softeq" train plane.ini --run moved --set 'data.augment=O(2)'
for kind in mlp emlp rpp mixed-rpp frame-averaging; do
    expect 0 "best.nc" "$softeq" train plane.ini --run "$kind" --set "model.kind=$kind"
done

# Types that are found move samples, as far as the configuration lets them, and are shown.
found=(--set data.augment=found --set symmetry.tuning=gap)
# share TYPE: which part of the samples it moved, in the table of the last run
share() { awk -v type="$1" '$1 == type { print $3 }' out.txt; }
expect 0 "samples moved" "$softeq" train plane.ini --run found "${found[@]}"
[ "$(share 'O(2)')" = 0.000 ] || fail "a type with a lambda of 0 moves samples: $(cat out.txt)"
[ "$(share 'C(4)')" != 0.000 ] || fail "no type moves samples: $(cat out.txt)"
expect 0 "found.html" "$softeq" report found -o found.html
grep -q "Samples moved" found.html || fail "the report does not show which types move samples"
expect 0 "samples moved" "$softeq" train plane.ini --run found-mlp "${found[@]}" --set model.kind=mlp
[ "$(share 'O(2)')" != 0.000 ] || fail "a kind without lambda leaves a type out: $(cat out.txt)"
expect 1 "data.augment: found needs symmetry.tuning = projected or gap" "$softeq" train plane.ini \
    --run paper --set data.augment=found
expect 1 "data.augment: found leaves out types" "$softeq" train plane.ini --run none "${found[@]}" \
    --set symmetry.lambda=0
expect 0 "best.nc" "$softeq" train plane.ini --run plain
grep -q "samples moved" out.txt && fail "samples are said to be moved that are not"
grep -q "held exactly" out.txt && fail "a type is said to be held that is not"

# Where lambda is tuned too late for a model to be selected, that is said; constant weights are not.
expect 0 "best.nc will be the last model" "$softeq" train plane.ini --run late \
    --set symmetry.tune_at=100
expect 0 "best.nc: epoch" "$softeq" train plane.ini --run constant --set symmetry.tune_at=100 \
    --set symmetry.tuning=constant
grep -q "will be the last model" out.txt err.txt && fail "constant weights are said to be tuned"
expect 0 "C(4)" "$softeq" report constant --text
grep -q "favoured" out.txt && fail "constant weights are said to favour a type: $(cat out.txt)"

# Types that are held exactly are said to be, in the log and wherever a run is shown.
write_held_config
expect 0 "(weights held exactly from epoch " "$softeq" train held.ini --run held
from=$(sed -n 's/.*held exactly from epoch \([0-9]*\).*/\1/p' out.txt | sort -n | sed 1q)
# held EPOCH: is any type held in it, counted from 1, by the log?
held() { ncdump -f c -v held_exactly held/log.nc | grep "[ ,]*1.*// held_exactly($(($1 - 1)),"; }
held "$from" || fail "the log does not say what is held in epoch $from"
held $((from - 1)) && fail "the log says that something is held before epoch $from"
expect 0 "(weights held exactly from epoch $from)" "$softeq" watch held
expect 0 ", weights held exactly from epoch $from" "$softeq" report held --text
expect 0 "held.html" "$softeq" report held -o held.html
grep -q "held exactly from epoch $from" held.html || fail "the report does not show what is held exactly"

# Types that cost nothing one by one but much together, since they turn into all of space, are not held
# together; nor are those that are too much alike to be told apart.
# plane NAME COSINE SINE: rotations of the plane xy, tilted by that angle
plane() {
    printf '%s\n' 'netcdf g { dimensions: generator = 1; row = 3; column = 3;' \
        'variables: double lie_algebra(generator, row, column);' \
        "data: lie_algebra = 0, -$2, -$3, $2, 0, 0, $3, 0, 0; }" >plane.cdl
    ncgen -4 -o "$1.nc" plane.cdl
}
plane flat 1 0
plane tilted 0.9999995 0.001
plane alike 1 1e-6
for other in tilted alike; do
    expect 0 "(weights held exactly from epoch " "$softeq" train held.ini --run "$other" \
        --set data.axis=2 --set data.noise=1 --set train.epochs=80 --set data.samples=4000 \
        --set "symmetry.types=file:flat.nc file:$other.nc"
    [ "$(grep -c "held exactly from epoch" out.txt)" -eq 1 ] || fail "both planes are held: $(cat out.txt)"
done

# A running rule begins with a lambda of its own: in units of the targets' variance, or of 1/lr.
# first PENALTY: that of C(4)
first() {
    expect 0 "best.nc" "$softeq" train plane.ini --run "first-$1" --set symmetry.tuning=gap \
        --set "symmetry.penalty=$1" --set train.epochs=1 --set train.lr=0.004 >/dev/null
    ncdump -p 9,17 -v lambda "first-$1/log.nc" | sed -n 's/^ *0, \(.*\) ;/\1/p'
}
awk -v loss="$(first loss)" -v preconditioned="$(first preconditioned)" \
    -v decoupled="$(first decoupled)" 'BEGIN {
    print loss, preconditioned, decoupled
    near = preconditioned / loss / 0.3 - 1
    exit !(loss > 0 && near * near < 1e-24 && decoupled == 25) }' ||
    fail "running rules begin with other weights"

# A trace that cannot be written is an error before the training, not after it.
expect 1 "cannot be written" "$softeq" train plane.ini --run traced --trace nowhere/trace.json
[ ! -e traced/best.nc ] || fail "traced: trained all the same"
expect 0 "best.nc" "$softeq" train plane.ini --run traced --trace traced/trace.json
python3 -m json.tool traced/trace.json >trace.txt || fail "the trace is not JSON"
[ "$(content_hash traced/best.nc)" = "$(content_hash r/best.nc)" ] || fail "traced: other bits"
