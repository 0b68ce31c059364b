#!/usr/bin/env bash
# What is wrong with data is said once, with file and place; no rank hangs, nothing half done stays.
# Arguments: the program, mpirun with its options.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
mpirun=("${@:2}")
write_plane_config

# reset: a good pair of files to spoil.
reset() {
    rm -rf r ./*.nc
    shard train.nc 40
    shard valid.nc 23
}

# refuse TEXT ARGUMENT...: training fails with this text.
refuse() {
    local text=$1
    shift
    expect 1 "softeq: $text" timeout 60 "$softeq" train plane.ini --run r "$@"
    expect_one_line
    [ ! -e r ] || fail "left behind: $(ls -A r)"
}

# The same on one and two ranks.
refuse_on_ranks() {
    refuse "$@"
    local text=$1
    shift
    expect 1 "$text" timeout 60 "${mpirun[@]}" -n 2 "$softeq" train plane.ini --run r "$@"
    [ "$(grep -c '^softeq: ' err.txt)" -eq 1 ] || fail "not told once: $(cat err.txt)"
    [ ! -e r ] || fail "left behind: $(ls -A r)"
}

# The same, found while training: the folder has the configuration, and nothing else.
refuse_while_training() {
    local text=$1 launcher=()
    shift
    for ranks in 0 1 2; do
        [ "$ranks" -eq 0 ] || launcher=("${mpirun[@]}" -n "$ranks")
        rm -rf r
        expect 1 "$text" timeout 60 "${launcher[@]}" "$softeq" train plane.ini --run r "$@"
        [ "$(grep -c '^softeq: ' err.txt)" -eq 1 ] || fail "not told once: $(cat err.txt)"
        [ "$(ls -A r)" = config.ini ] || fail "left behind: $(ls -A r)"
    done
}

# ---- files -----------------------------------------------------------------------------------------
reset
rm train.nc
refuse_on_ranks "train.nc"
reset
truncate -s 3000 train.nc
refuse_on_ranks "train.nc"
reset
echo "1, 2, 3" >valid.nc
refuse_on_ranks "valid.nc"
reset
mkdir folder.nc
refuse_on_ranks "folder.nc" --set data.train=folder.nc
refuse_on_ranks "no*such.nc" --set 'data.train=no*such.nc'

# ---- their form --------------------------------------------------------------------------------------
reset
shard train-1.nc 10
shard train-2.nc 10 's/input = 4/input = 5/; s/2\*T(1)/2*T(1) + T(0)/
    s|^\(.*\)\(// input [0-9]\)$|0, \1\2|'
refuse "train-2.nc: the width of input is 5, but 4 in train-1.nc" \
    --set 'data.train=train-*.nc'
reset
shard train.nc 10 's/2\*T(1)/3*T(1)/'
refuse "the data's input has 4 columns, but its representation '3*T(1)' over R^2 has 6"
refuse "the data's input has 4 columns, but its representation '3*T(1)' over R^3 has 9" \
    --set 'symmetry.types=O(3) SO(3)'
shard train.nc 10 's/2\*T(1)/two vectors/'
refuse "'two vectors' is not a representation"
shard train.nc 10 's/target/output_of/'
refuse "train.nc: is no data file"
shard train.nc 10 '/:input_representation/d'
refuse "train.nc: has no attribute input_representation"
shard train.nc 0 '/^input =/d; /^target =/d; /^mask =/d; s/sample = 0/sample = UNLIMITED/'
refuse "train.nc"
reset
shard valid.nc 10 's/:output_representation = "T(1)"/:output_representation = "2*T(0)"/'
refuse "data.valid: the data's target is 2*T(0), but the model is made for 1*T(1)"


# Both splits tell of the same thing.
reset
cm='s/double target.*/& target:units = "cm" ;/'
mm='s/double target.*/& target:units = "mm" ;/'
motion=':task = "motion" ; :observed_steps = 2 ; :predicted_steps = 1 ; :interval = 0.4 ;'
shard valid.nc 23 "$cm"
expect 0 "best.nc" "$softeq" train plane.ini --run silent
shard train.nc 40 "$mm"
refuse "data.valid (valid.nc): the unit of target is 'cm', but 'mm' in data.train (train.nc)"
shard train.nc 40 's/double target.*/& target:units = 7 ;/'
expect 0 "best.nc" "$softeq" train plane.ini --run numeric
reset
shard train.nc 40 "s/^data:/$motion &/"
refuse_on_ranks "data.valid (valid.nc): the attribute task is '', but 'motion' in data.train (train.nc)"
shard valid.nc 23 "s/^data:/$motion &/; s/= 0.4/= 0.1/"
refuse "data.valid (valid.nc): interval is 0.1, but 0.4 in data.train (train.nc)"
shard valid.nc 23 "s/^data:/$motion &/; s/predicted_steps = 1/predicted_steps = 2/"
refuse "data.valid (valid.nc): predicted_steps is 2, but 1 in data.train (train.nc)"
shard valid.nc 23 "s/^data:/$motion &/; s/= 0.4/= 0.4f/"
expect 0 "best.nc" "$softeq" train plane.ini --run r

# Attributes of the wrong kind: which, and what to do.
reset
shard train.nc 40 "s/^data:/$motion &/; s/predicted_steps = 1/predicted_steps = \"1\"/"
refuse "train.nc: the attribute predicted_steps is a text; it must be one number: write it without"
shard train.nc 40 "s/^data:/$motion &/; s/predicted_steps = 1/predicted_steps = 1, 2/"
refuse "train.nc: the attribute predicted_steps is 2 numbers; it must be one: write it as one number"
shard train.nc 40 's/:input_representation = .*/:input_representation = 4 ;/'
refuse "train.nc: the attribute input_representation is a number; it must be a text: write it in quotes"

# ---- their values ------------------------------------------------------------------------------------
for value in NaN Infinity 9.96920996838687e+36; do
    reset
    shard train.nc 40 "s|^.*// input 20\$|0, $value, 0, 0,|"
    refuse_on_ranks "train.nc: input: row 20"
done
reset
shard train.nc 40 's|^.*// target 5$|NaN, NaN,|; s|^.*// mask 5$|1, 1,|'
refuse_on_ranks "train.nc: target: row 5"
# Any number of values may stand for none.
reset
many=$(seq -s ', ' -f '%.0f.' 1001 1 1040)
shard train.nc 40 "s/double input.*/& input:missing_value = $many ;/"
expect 0 "best.nc" "$softeq" train plane.ini --run many
shard train.nc 40 "s/double input.*/& input:missing_value = $many ;/
    s|^.*// input 20\$|0, 1040, 0, 0,|"
refuse_on_ranks "train.nc: input: row 20 (the first is 0) holds the missing value 1040"
reset
shard valid.nc 23 's|^.*// mask 3$|2, 0,|'
refuse_on_ranks "valid.nc: mask: row 3"

# Far inside of a large file it may be anybody's: whoever reads it stops all.
reset
shard train.nc 5000 's|^.*// input 2500$|0, NaN, 0, 0,|'
refuse_while_training "train.nc: input: row 2500"
rm -r r
refuse_on_ranks "train.nc: input: row 2500" --set data.scale=fit
refuse_on_ranks "train.nc: input: row 2500" --set data.cache_mb=1 --set data.scale=fit

# What does not count may be anything.
reset
shard train.nc 40 's|^.*// target 5$|NaN, NaN,|; s|^.*// mask 5$|0, 0,|'
expect 0 "best.nc" "$softeq" train plane.ini --run r

# ---- numbers that run away -----------------------------------------------------------------------------
reset
runaway=(--set train.lr=1000 --set train.epochs=200 --set train.schedule=constant)
refuse_while_training "lower train.lr" "${runaway[@]}"
grep -Eq 'step [0-9]+ \(epoch [0-9]+, batch [0-9]+\): the gradient of layer[0-9]_' err.txt ||
    fail "step and parameter are not named: $(cat err.txt)"
reset
shard train.nc 40 's|^.*// target 5$|1e12, -1e12,|; s|^.*// mask 5$|1, 1,|'
refuse_while_training "beyond the range of exact sums"

# ---- what is asked for ---------------------------------------------------------------------------------
reset
refuse "there is no group named 'O3'" --set 'symmetry.types=O3 C(4)'
refuse "none.nc: cannot be opened" --set 'symmetry.types=O(2) file:none.nc'
refuse "'O(3)' acts on R^3, another symmetry type on R^2" --set 'symmetry.types=O(2) O(3)'
refuse_on_ranks "symmetry.lambda has" --set symmetry.lambda="1 2 3"
refuse "symmetry.mixed_type = Z is not among" --set model.kind=mixed-rpp --set symmetry.mixed_type=Z
refuse "data.augment: there is no group named 'cosine'" --set data.augment=cosine

# More ranks than microbatches are allowed, and told once.
expect 0 "best.nc" "${mpirun[@]}" -n 3 "$softeq" train plane.ini --run r --set train.microbatch=17
[ "$(grep -c 'ranks share' err.txt)" -eq 1 ] || fail "not told once: $(cat err.txt)"

# ---- masks -----------------------------------------------------------------------------------------
# A moved tensor counts as a whole or not at all.
reset
shard train.nc 40 's|^[01], [01]\([,;] // mask\)|0, 1\1|'
refuse_while_training "as a whole; name other files in data.train" --set 'data.augment=SO(2)'
rm -rf r
expect 0 "best.nc" "$softeq" train plane.ini --run r
reset
shard train.nc 40 's|^[01], [01]\([,;] // mask\)|0, 0\1|'
refuse_while_training "no output of the training data counts"
reset
shard valid.nc 23 's|^[01], [01]\([,;] // mask\)|0, 0\1|'
refuse_while_training "mask is zero; name other files in data.valid"
reset
shard valid.nc 23 's|^[01], [01]\([,;] // mask\)|0, 1\1|'
expect 0 "which types hold is not measured" "$softeq" train plane.ini --run gaps --set symmetry.tuning=moved
reset
for position in 300 3; do
    shard train.nc 40 "s|^.*\([,;] // input [0-9]*\)\$|$position, 1, -$position, 1\1|"
    expect 0 "best.nc" "$softeq" train plane.ini --run "far-$position" --set symmetry.types='Translation(1)' \
        --set symmetry.lambda=1 --set data.scale=fit
    cat out.txt err.txt >"far-$position.txt"
done
grep -qF "Translation(1): its elements move inputs by 0.00" far-300.txt || fail "small translations are not told"
grep -qF "its elements move inputs" far-3.txt && fail "translations by 1 are not small: $(cat far-3.txt)"
reset
expect 0 "best.nc" "$softeq" train plane.ini --run r

# ---- what is there already -----------------------------------------------------------------------------
cp r/best.nc kept.nc
expect 1 "softeq: r holds a run already" "$softeq" train plane.ini --run r
cmp -s r/best.nc kept.nc || fail "best.nc was changed"
mkdir only
cp r/checkpoint-*.nc only
expect 1 "only holds a run already" "$softeq" train plane.ini --run only
echo "a file" >taken
expect 1 "taken" "$softeq" train plane.ini --run taken/r

# ---- evaluation and prediction -------------------------------------------------------------------------
expect 1 "no-run" "$softeq" eval no-run
cp -r r no-data
sed -i 's/^valid = .*/valid =/' no-data/config.ini
expect 1 "name the data with --data" "$softeq" eval no-data
cp train.nc kept.nc
expect 2 "is what is read" "$softeq" predict r --data train.nc -o train.nc
cmp -s train.nc kept.nc || fail "the data was changed"
expect 1 "none.nc" "$softeq" eval r --data none.nc
shard wide.nc 5 's/input = 4/input = 6/; s/2\*T(1)/3*T(1)/; s|^\(.*\)\(// input [0-9]\)$|0, 0, \1\2|'
expect 1 "the data's input is 3*T(1), but the model is made for 2*T(1)" "$softeq" eval r --data wide.nc
shard cm.nc 5 "$cm"
expect 0 "mse" "$softeq" eval r --data cm.nc
shard train.nc 40 "$mm"
expect 1 "cm.nc: the unit of target is 'cm', but 'mm' in data.train (train.nc)" "$softeq" eval r \
    --data cm.nc
cp -r r other-test
sed -i 's/^test =.*/test = cm.nc/' other-test/config.ini
expect 1 "cm.nc: the unit of target is 'cm', but 'mm' in data.train (train.nc)" "$softeq" eval other-test
expect 1 "cm.nc: the unit of target is 'cm'" "$softeq" predict r --data cm.nc -o out.nc
shard train.nc 40
shard nan.nc 5 's|^.*// input 3$|NaN, 0, 0, 0,|'
expect 1 "nan.nc: input: row 3" "$softeq" predict r --data nan.nc -o out.nc
expect 1 "nan.nc: input: row 3" timeout 60 "${mpirun[@]}" -n 2 "$softeq" eval r --data nan.nc
[ -z "$(find . -name 'out.nc*')" ] || fail "left behind: $(ls)"
truncate -s 2000 r/best.nc
expect 1 "r/best.nc" "$softeq" eval r --data valid.nc

# ---- imported text -------------------------------------------------------------------------------------
printf '0 1 2.0 3.0\n10 1 2.5 x\n' >walk.txt
expect 1 "walk.txt: line 2" "$softeq" data import eth-ucy walk.txt -o walk.nc
[ ! -e walk.nc ] || fail "walk.nc was left behind"
