#!/usr/bin/env bash
# Every experiment file trains: each model and each row of each table for a few epochs; and what was
# found becomes tables. A second start trains nothing anew.
# Arguments: the program, the top folder of the project.
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$2" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
export SOFTEQ=$softeq
runs=$folder/runs
tables=("$top"/jobs/experiments/tables/*.ini)
small=(data.samples=30 data.train_samples=0 data.valid_samples=0 data.test_samples=0
    model.channels=6 model.layers=2 train.epochs=4 symmetry.tune_at=1 train.patience=0
    log.equivariance_samples=10 log.equivariance_elements=2)
sets=()
for key in "${small[@]}"; do sets+=(--set "$key"); done

# Each by itself: with these settings what one table asks for is often what another does.
for table in "${tables[@]}"; do
    expect 0 "$runs" "$softeq" table plan "$table" --run "$runs" "${sets[@]}"
    cat out.txt >>plan.txt
done
# RUNS/TABLE/ROW/MODEL/SEED: of each table first runs of which both row and model are new, then those
# of which one is.
awk -F/ '{ line[NR] = $0; row[NR] = $(NF - 3) "/row/" $(NF - 2); model[NR] = $(NF - 3) "/model/" $(NF - 1) }
    END {
        for (least = 2; least >= 1; least--)
            for (i = 1; i <= NR; i++)
                if (!(row[i] in seen) + !(model[i] in seen) >= least) {
                    seen[row[i]] = seen[model[i]] = 1
                    print line[i]
                }
    }' plan.txt >first.txt
xargs -d '\n' -P 2 -n 1 "$top/jobs/run_table.sh" --one <first.txt >trained.txt ||
    fail "a run failed"
[ "$(grep -c 'samples, mse' trained.txt)" -eq "$(wc -l <first.txt)" ] || fail "not all runs were trained"

expect 0 "results.md: " "$softeq" table write "${tables[@]}" --run "$runs" -o results.md "${sets[@]}"
for table in "${tables[@]}"; do
    name=$(basename "$table" .ini)
    grep -q "^## $name\$" results.md || fail "results.md has no section $name"
done
grep -q '^| per | 1 | [0-9]' results.md || fail "results.md has no numbers"
grep -q '^| axis-z_noise-1 | per | [a-z-]* | [0-9.e+-]* | [01] of 1 | [a-z-]* | [0-9.e+-]* | [01] of 1 |' results.md ||
    fail "results.md does not compare per with the baselines"
grep -q 'Rows of which no run is there: ' results.md && fail "not every row was trained"
"$softeq" table write "${tables[@]}" -o none.md >out.txt
[ "$(grep -c 'Rows of which no run is there: ' none.md)" -eq ${#tables[@]} ] ||
    fail "the tables do not say what is missing"

# A record says on what a run was made, since a seed has one result on one type of CPU only.
cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
cut -f 14 results/se3.tsv | grep -qF "$cpu" || fail "the record does not name the CPU: $cpu"

# Finished runs are not planned again.
"$softeq" table plan "${tables[@]}" --run "$runs" "${sets[@]}" >left.txt
grep -qxFf first.txt left.txt && fail "a finished run is planned again"

# Nor are recorded ones, and the tables come out the same without the folders of the runs.
cp results.md before.md
"$softeq" table plan "${tables[@]}" --run elsewhere -o results.md "${sets[@]}" >left.txt
sed "s#^$runs#elsewhere#" first.txt | grep -qxFf - left.txt && fail "a recorded run is planned again"
"$softeq" table write "${tables[@]}" -o results.md "${sets[@]}" >out.txt
cmp -s before.md results.md || fail "the tables of the records differ from those of the runs"

# Runs of other settings are neither those of the folder nor those of the record.
expect 1 "trained with other settings" "$softeq" table plan "${tables[@]}" --run "$runs"
"$softeq" table plan "${tables[@]}" --run elsewhere -o results.md >left.txt
sed "s#^$runs#elsewhere#" first.txt | grep -qxFf - left.txt ||
    fail "a run recorded with other settings counts as recorded"

# A damaged record is named.
sed -i '2s/\t[0-9.e+-]*\t/\tmany\t/' results/se3.tsv
expect 1 "se3.tsv:2: column seed is missing or wrong" \
    "$softeq" table write "${tables[@]}" -o results.md "${sets[@]}"

# A slip in an experiment shows before anything is trained.
printf '[table]\nseeds = 1\nmodels = per\n[model per]\nset = train.epoch=3\n[row a]\nset = data.task=inertia\n' >slip.ini
expect 1 "did you mean" "$softeq" table plan slip.ini --run slip
printf '[table]\nseeds = 1\nmodels = pre\n[model per]\nset = data.task=inertia\n[row a]\nset =\n' >slip.ini
expect 1 "no [model pre]" "$softeq" table plan slip.ini --run slip
printf '[table]\nseeds = 1\nmodels = per\nbaselines = mpl\n[model per]\nset = data.task=inertia\n[row a]\nset =\n' >slip.ini
expect 1 "no [model mpl]" "$softeq" table plan slip.ini --run slip

# So do those that only the data, the types and the model together tell.
slip() {
    local text=$1 row=$2
    printf '[table]\nseeds = 1\nmodels = per\n[model per]\nset = train.epochs=3\n[row fine]\nset = data.task=inertia\n[row a]\nset = data.task=inertia\n' >slip.ini
    sed -i "\$s#.*#set = model.kind=mlp | $row#" slip.ini
    expect 1 "$text" "$softeq" table plan slip.ini --run slip
    grep -qF "slip.ini: row a, model per: " err.txt || fail "the row is not named: $(cat err.txt)"
}
slip "did you mean 'inertia'" 'data.task=inertiaa'
slip "task radius has no form 'none'" 'data.task=radius | data.symmetry=none'
slip "no group named 'Q'" 'data.task=inertia | symmetry.types=O(3) Q(2)@xy'
slip "data.augment: " 'data.task=inertia | data.augment=Foo'
slip "data.augment: " 'data.task=inertia | data.augment=O(4)'
slip "data.scale: 'abc'" 'data.task=inertia | data.scale=abc'
slip "frame-averaging" 'data.task=inertia | model.kind=frame-averaging | symmetry.types=SL(3) O(3)'
slip "R^4" 'data.task=inertia | symmetry.types=O(4)'
expect 1 "data.scale: 'abc'" "$softeq" table plan "${tables[@]}" --run slip --set data.scale=abc
[ ! -e slip ] || fail "runs of a table that is refused were planned"
