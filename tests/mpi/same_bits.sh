#!/usr/bin/env bash
# A run leaves the same best.nc, bit by bit, on any number of ranks and without mpirun.
# Arguments: the program, mpirun with its options.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/../cli/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/../cli/shards.bash"
mpirun=("${@:2}")

# same NAME RANKS... -- OPTION...: trains without mpirun and on these numbers of ranks.
same() {
    local name=$1 ranks=() expected found
    shift
    while [ "$1" != -- ]; do ranks+=("$1") && shift; done
    shift
    "$softeq" train "$@" --run "$name" >out.txt 2>err.txt || fail "$name: $(cat err.txt)"
    expected=$(content_hash "$name/best.nc")
    [ ${#expected} -eq 32 ] || fail "$name: best.nc has no content_hash"
    for n in "${ranks[@]}"; do
        timeout 100 "${mpirun[@]}" -n "$n" "$softeq" train "$@" --run "$name-$n" >out.txt \
            2>err.txt || fail "$name on $n ranks: $(cat err.txt)"
        found=$(content_hash "$name-$n/best.nc")
        [ "$found" = "$expected" ] || fail "$name: $found on $n ranks, $expected without mpirun"
    done
    echo "ok: $name on ${ranks[*]} ranks: $expected"
}

# 100 samples in batches of 70, those in microbatches of 16: nothing divides anything.
cat >inertia.ini <<'INI'
[data]
task = inertia
samples = 300
[model]
channels = 40
layers = 3
[symmetry]
tune_at = 1
[train]
epochs = 4
batch = 70
microbatch = 16
INI
same per 1 2 3 4 -- inertia.ini

# The model of another seed, which has chosen other copies, is the same on any number of ranks.
"$softeq" train inertia.ini --set train.seed=2 --run other >out.txt 2>err.txt || fail "$(cat err.txt)"
other=(eval per --checkpoint other/best.nc --json)
"$softeq" "${other[@]}" >expected.txt || fail "eval of another seed's model"
"${mpirun[@]}" -n 2 "$softeq" "${other[@]}" >out.txt || fail "eval of another seed's model on 2 ranks"
cmp -s out.txt expected.txt || fail "on 2 ranks another model: $(diff out.txt expected.txt)"

same gap 2 3 -- inertia.ini --set symmetry.tuning=gap
same decoupled 2 3 -- inertia.ini --set symmetry.tuning=gap --set symmetry.penalty=decoupled \
    --set data.augment=found
same rpp 1 2 3 4 -- inertia.ini --set model.kind=rpp
same mixed-rpp 2 3 -- inertia.ini --set model.kind=mixed-rpp
same emlp 2 3 -- inertia.ini --set model.kind=emlp
same mlp 2 3 -- inertia.ini --set model.kind=mlp
small_steps=(inertia.ini --set train.batch=16 --set train.epochs=20)
same clipped 2 3 -- "${small_steps[@]}" --set train.clip=0.5
same not-clipped 2 -- "${small_steps[@]}"
[ "$(content_hash clipped/best.nc)" != "$(content_hash not-clipped/best.nc)" ] ||
    fail "no gradient is clipped"
same half-batches 4 -- inertia.ini --set train.batch=16 --set model.init=half

# Masked rows of two files, moved by random rotations, scaled to order one.
shard train-1.nc 37
shard train-2.nc 29 's|0\.|1.|'
shard valid.nc 23
write_plane_config
masked=(plane.ini --set 'data.train=train-*.nc' --set data.scale=fit)
same masked 2 3 4 -- "${masked[@]}"
same augmented 2 3 -- "${masked[@]}" --set 'data.augment=SO(2)' --set data.shuffle_window=1024
same found 2 3 -- "${masked[@]}" --set symmetry.tuning=gap --set symmetry.penalty=decoupled \
    --set data.augment=found

write_held_config
same held 2 3 -- held.ini
# ... exactly in the second half of the training.
ncdump -p 9,17 -v total_symmetry_level held/log.nc | sed -n 's/^ *\(.*\) ;$/\1/p' | tail -n 1 |
    awk -F, '{ off = 1 - $1 + 1 - $2; print "off by", off; exit !(off < 1e-12 && off > -1e-12) }' ||
    fail "the weights are not exactly symmetric"
same held-decoupled 2 -- held.ini --set symmetry.penalty=decoupled
same not-held 2 -- held.ini --set symmetry.tuning=gap
[ "$(content_hash held/best.nc)" != "$(content_hash not-held/best.nc)" ] ||
    fail "no type is held: the rules projected and gap do the same"

# Most batches have no row that counts.
shard sparse.nc 30 's|^[01], [01]\([,;] // mask [0-9]*[1-9]\)$|0, 0\1|'
sparse=(plane.ini --set data.train=sparse.nc --set train.batch=4 --set train.microbatch=1)
same hardly-a-target 2 3 4 -- "${sparse[@]}"
grep -q "they took no step" out.txt || fail "nothing is said of batches of which nothing counts"
for penalty in decoupled preconditioned; do
    same "hardly-a-$penalty-pull" 2 3 -- "${sparse[@]}" --set "symmetry.penalty=$penalty"
done
same more-ranks-than-microbatches 4 -- plane.ini --set 'data.train=train-*.nc' \
    --set train.microbatch=17
# 66 rows are one microbatch, however large the batch.
same a-batch-of-all-rows 2 -- plane.ini --set 'data.train=train-*.nc' --set train.batch=1000000 \
    --set train.microbatch=100000
grep -q "2 ranks share 1 microbatch of" err.txt || fail "nothing is said of a rank without work"

# Means of scalars, over several chunks of rows.
shard scalars.nc 9000 's|"T(1)"|"2*T(0)"|'
same standardized 2 3 -- plane.ini --set data.train=scalars.nc --set data.valid=scalars.nc \
    --set train.batch=500 --set train.microbatch=125 --set train.epochs=1 \
    --set data.scale=standardize

# Rows that are read while others are trained on, in windows that do not fit together.
shard train.nc 9000
shard valid.nc 3000
ahead=(plane.ini --set train.batch=500 --set train.microbatch=125 --set train.epochs=2)
"$softeq" train "${ahead[@]}" --set data.shuffle_window=2048 --set data.cache_mb=1 \
    --set data.prefetch=0 --run without >out.txt 2>err.txt || fail "without: $(cat err.txt)"
same read-ahead 1 2 3 -- "${ahead[@]}" --set data.shuffle_window=2048 --set checkpoint.every_epochs=1
[ "$(content_hash read-ahead/best.nc)" = "$(content_hash without/best.nc)" ] ||
    fail "reading ahead changes the bits"
