#!/usr/bin/env bash
# Symmetry types that files give: found from anywhere, and not used with other generators.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
# shellcheck source=tests/cli/shards.bash
source "$here/shards.bash"
shard train.nc 40
shard valid.nc 23
write_plane_config

# group NAME VALUES: the group file NAME, of one discrete generator.
group() {
    echo "netcdf g { dimensions: generator = 1; row = 2; column = 2;
        variables: double discrete(generator, row, column); data: discrete = $2; }" >g.cdl
    ncgen -4 -o "$1" g.cdl
}
group g.nc "0, -1, 1, 0"
types=(--set 'symmetry.types=O(2) file:g.nc')
expect 0 "4 epochs" "$softeq" train plane.ini --run run "${types[@]}" --set checkpoint.every_epochs=1
ncdump -h run/best.nc | grep -q ':group_files = "[0-9a-f]* file:g.nc"' || fail "no hash of the generators"
expect 0 "23 samples" "$softeq" eval run --data valid.nc
cp out.txt expected.txt

# From another folder, even where another file has that name.
mkdir elsewhere
(cd elsewhere && group g.nc "1, 0, 0, -1")
(cd elsewhere && "$softeq" eval ../run --data ../valid.nc) >out.txt || fail "not found from elsewhere"
cmp expected.txt out.txt || fail "evaluated otherwise from elsewhere"

# Other generators under the same name.
changed="'file:g.nc' has other generators now than it was trained with"
group g.nc "1, 0, 0, -1"
expect 1 "best.nc: $changed" "$softeq" eval run --data valid.nc
expect 1 "best.nc: $changed" "$softeq" predict run --data valid.nc -o predicted.nc
expect 1 ".nc: $changed" "$softeq" train plane.ini --run run "${types[@]}" --resume
group g.nc "0, -1, 1, 0"
expect 0 "resuming from" "$softeq" train plane.ini --run run "${types[@]}" --resume

# Generators that only move samples: a run does not go on with others; its model does without them.
group a.nc "0, -1, 1, 0"
moved=(--set data.augment=file:a.nc)
expect 0 "4 epochs" "$softeq" train plane.ini --run moved "${moved[@]}" --set checkpoint.every_epochs=1
! ncdump -h moved/best.nc | grep -q group_files || fail "a model that names what moved its samples"
group a.nc "1, 0, 0, -1"
expect 1 ".nc: data.augment: 'file:a.nc' has other generators now than it was trained with" \
    "$softeq" train plane.ini --run moved "${moved[@]}" --resume
expect 0 "23 samples" "$softeq" eval moved --data valid.nc
group a.nc "0, -1, 1, 0"
expect 0 "resuming from" "$softeq" train plane.ini --run moved "${moved[@]}" --resume

# Other runs say nothing of files.
expect 0 "4 epochs" "$softeq" train plane.ini --run named
for file in named/*.nc; do
    ! ncdump -h "$file" | grep -q group_files || fail "group_files without any: $file"
done
