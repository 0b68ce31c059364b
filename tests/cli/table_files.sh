#!/usr/bin/env bash
# What stands in an experiment's file, in the folders of its runs and in its record: nothing of it
# is cut off, taken for something else or dropped without a word.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"

# experiment NAME SEEDS SETTINGS: a table of one row and one model.
experiment() {
    printf '[table]\ntitle = one\nseeds = %s\nmodels = per\n[model per]\nset = %s\n[row a]\nset = data.task=inertia\n' \
        "$2" "$3" >"$1.ini"
}

# A setting behind the longest text that fits used to be left out.
blanks=$(printf '%1100s' '')
experiment long 1 "train.epochs=3 |$blanks| train.lr=0.5"
expect 1 "long.ini:6: set has" "$softeq" table plan long.ini --run runs
name=$(printf 'n%.0s' {1..70})
experiment "$name" 1 "train.epochs=3"
expect 1 "at most 63" "$softeq" table plan "$name.ini" --run runs

# Names become folders: one that leaves its own, or that two tables share, is refused.
for line in 'model ..' 'row ..' 'row .'; do
    experiment dots 1 "train.epochs=3"
    sed -i "s/^\[${line%% *} .*/[$line]/" dots.ini
    expect 1 "dots.ini:$(grep -nF "[$line]" dots.ini | awk -F: '{ print $1 + 1 }'): '${line#* }' cannot be a name" \
        "$softeq" table plan dots.ini --run runs
done
experiment ..dots 1 "train.epochs=3"
expect 1 "no dot first" "$softeq" table plan ..dots.ini --run runs
for kind in failed former; do
    experiment "twin.$kind" 1 "train.epochs=3"
    expect 1 "no .$kind at the end" "$softeq" table plan "twin.$kind.ini" --run runs
done
mkdir apart
experiment twin 1 "train.epochs=3"
experiment apart/twin 1 "train.epochs=4"
for call in "plan --run runs" "check -o twins.md" "write -o twins.md"; do
    # shellcheck disable=SC2086 # several words
    expect 2 "twin.ini and apart/twin.ini have one name" "$softeq" table $call twin.ini apart/twin.ini
done

# A section without keys says of itself that it is empty.
printf '[table]\nseeds = 1\nmodels = per\n[model per]\n[row a]\nset = data.task=inertia\n' >empty.ini
expect 1 "empty.ini:4: [model per] has no keys" "$softeq" table plan empty.ini --run runs
printf '[table]\nseeds = 1\nmodels = per\n[model per]\nset =\n[row a]\nset = data.task=inertia\n[row b]\n' >empty.ini
expect 1 "empty.ini:8: [row b] has no keys" "$softeq" table plan empty.ini --run runs

# Seeds that no run could be trained with, or one run for two.
experiment seeds "1 -3" "train.epochs=3"
expect 1 "seeds.ini: seeds: train.seed = -3" "$softeq" table plan seeds.ini --run runs
experiment seeds "1 99999999999999999999" "train.epochs=3"
expect 1 "the seed '99999999999999999999'" "$softeq" table plan seeds.ini --run runs
experiment seeds "1 2 1" "train.epochs=3"
expect 1 "seed 1 stands twice" "$softeq" table plan seeds.ini --run runs
experiment seeds "1 2" "train.epochs=3"
for key in data.seed train.seed; do
    expect 2 "--set may not change $key: seed 1 of the table seeds" \
        "$softeq" table plan seeds.ini --run runs --set $key=9
    expect 2 "--set may not change $key: seed 2 of the table seeds" \
        "$softeq" table write seeds.ini -o seeds.md --set $key=1
done
for key in data.seed train.seed; do
    experiment seeds "1 2" "train.epochs=3 | $key=7"
    expect 1 "$key is each of \`seeds\` in [table] in turn" "$softeq" table plan seeds.ini --run runs
done
[ ! -e runs ] || fail "runs of a table that is refused were planned"

# finish FOLDER: trains and evaluates what is planned there.
finish() {
    "$softeq" train "$1/run.ini" --run "$1" >/dev/null
    "$softeq" eval "$1" -o "$1/evaluation.nc" >/dev/null
}

# A tab in a setting is no end of a column of the record.
experiment tab 1 "model.channels=6 | model.layers=2 | data.samples=30 | train.epochs=3 | symmetry.lambda=1 | symmetry.types=O(3)$(printf '\t ')O(3)"
finish "$("$softeq" table plan tab.ini --run runs)"
expect 0 "tab.md" "$softeq" table write tab.ini --run runs -o tab.md
cp tab.md before.md
expect 0 "tab.md" "$softeq" table write tab.ini -o tab.md
cmp -s before.md tab.md || fail "the tables of a record with white space differ from those of the run"
"$softeq" table plan tab.ini --run elsewhere -o tab.md >out.txt
[ ! -s out.txt ] || fail "a recorded run with white space in its settings is planned again"

# A run is what it was trained as, whatever was planned in its folder since then.
experiment e "1 2" "model.channels=6 | model.layers=2 | data.samples=30 | train.epochs=3"
expect 0 "runs/e/a/per/1" "$softeq" table plan e.ini --run runs
"$softeq" train runs/e/a/per/1/run.ini --run runs/e/a/per/1 >/dev/null
expect 0 "runs/e/a/per/1" "$softeq" table plan e.ini --run runs --set train.epochs=4
"$softeq" eval runs/e/a/per/1 -o runs/e/a/per/1/evaluation.nc >/dev/null
expect 1 "trained with other settings" \
    "$softeq" table write e.ini --run runs -o results.md --set train.epochs=4
expect 0 "results.md" "$softeq" table write e.ini --run runs -o results.md

# Of two lines for one run, as a merge of two records leaves them, the one with these settings counts.
"$softeq" table plan e.ini --run runs >/dev/null
finish runs/e/a/per/2
"$softeq" table write e.ini --run runs -o results.md >/dev/null
cp results/e.tsv whole.tsv
sed '2s/epochs=3/epochs=5/' whole.tsv | sed -n 2p >other.tsv
sed '1r other.tsv' whole.tsv >results/e.tsv
expect 0 "results.md" "$softeq" table write e.ini -o results.md
cmp -s whole.tsv results/e.tsv || fail "a line of other settings hid the one that counts"
# Those of the same settings have the same results, unless one of them is wrong: which, is not for us
# to say. That they took unlike times is no matter.
awk -F'\t' -v OFS='\t' 'NR == 2 { $13 = 99; print }' whole.tsv >other.tsv
cat whole.tsv other.tsv >results/e.tsv
expect 0 "results.md" "$softeq" table write e.ini -o results.md
cmp -s whole.tsv results/e.tsv || fail "a line of other seconds was not taken for the same"
awk -F'\t' -v OFS='\t' 'NR == 2 { $5 = 0.5; print }' whole.tsv >>results/e.tsv
cp results/e.tsv both.tsv
expect 1 "e.tsv:4: row a, model per, seed 1 has the settings but not the shifted_mse of row a, model per, seed 1" \
    "$softeq" table write e.ini -o results.md
expect 1 "e.tsv:4: row a" "$softeq" table plan e.ini --run runs -o results.md
cmp -s both.tsv results/e.tsv || fail "one of two results was taken"

# A number that is none would be the mean of its cell.
for place in '4 1e999 mse' '4 nan mse' '5 inf shifted_mse' '12 nan epochs'; do
    read -r column number name <<<"$place"
    awk -F'\t' -v OFS='\t' -v c="$column" -v x="$number" 'NR == 2 { $c = x } 1' whole.tsv >results/e.tsv
    expect 1 "e.tsv:2: row a, model per, seed 1: $name is not a finite number" \
        "$softeq" table write e.ini -o results.md
done
awk -F'\t' -v OFS='\t' 'NR == 2 { $5 = "nan" } 1' whole.tsv >results/e.tsv
expect 0 "results.md" "$softeq" table write e.ini -o results.md

# Columns of one's own would be gone after the next write.
sed '1s/$/\tremark/' whole.tsv >results/e.tsv
expect 1 "e.tsv:1: column 16 'remark'" "$softeq" table write e.ini -o results.md
sed '2s/$/\tgood/' whole.tsv >results/e.tsv
expect 1 "e.tsv:2: 'good' stands behind the last column" "$softeq" table write e.ini -o results.md
cp whole.tsv results/e.tsv

# Nor would lines that were cut off, or changed on the way.
sed '2,$s/$/\r/' whole.tsv >results/e.tsv
expect 1 "e.tsv:2: has a carriage return" "$softeq" table write e.ini -o results.md
head -c -5 whole.tsv >results/e.tsv
expect 1 "e.tsv:$(wc -l <whole.tsv): the line is cut off" "$softeq" table write e.ini -o results.md
: >results/e.tsv
expect 1 "e.tsv: is empty" "$softeq" table write e.ini -o results.md
for column in 4 11 12; do
    awk -F'\t' -v OFS='\t' -v column="$column" 'NR == 2 { $column = -1 } 1' whole.tsv >results/e.tsv
    expect 1 "is not a finite number from 0 on" "$softeq" table write e.ini -o results.md
done
cp whole.tsv results/e.tsv

# Two that write at once lose nothing: each adds what it has to what the other wrote.
experiment twice "1 2" "model.channels=6 | model.layers=2 | data.samples=30 | train.epochs=3"
"$softeq" table plan twice.ini --run twice >planned.txt
while read -r run; do finish "$run"; done <planned.txt
mkdir -p one/twice/a/per other/twice/a/per
cp -r twice/twice/a/per/1 one/twice/a/per
cp -r twice/twice/a/per/2 other/twice/a/per
for _ in 1 2 3 4 5; do
    rm -rf at-once
    "$softeq" table write twice.ini --run one -o at-once/x.md >/dev/null &
    "$softeq" table write twice.ini --run other -o at-once/x.md >/dev/null
    wait $!
    [ "$(wc -l <at-once/x/twice.tsv)" -eq 3 ] || fail "a line is lost: $(cut -f 1-3 at-once/x/twice.tsv)"
done

# Runs that an experiment has no longer are kept beside its record, and come back with their settings.
rm -f results/e.former.tsv
expect 0 "results/e.tsv: 2 lines are of runs that the experiment has no longer" \
    "$softeq" table write e.ini -o results.md --set train.epochs=4
cmp -s whole.tsv results/e.former.tsv || fail "former runs are not kept: $(cat results/e.former.tsv)"
expect 0 "results.md" "$softeq" table write e.ini -o results.md --set train.epochs=6
cmp -s whole.tsv results/e.former.tsv || fail "former runs are not kept for long"
expect 0 "results.md" "$softeq" table write e.ini -o results.md
cmp -s whole.tsv results/e.tsv || fail "runs do not come back with their settings"
[ ! -e results/e.former.tsv ] || fail "a file of no former runs is left"

# Broken off between two files, here by the least limit of their size, no line is lost.
interrupted() { (ulimit -f 1 && "$softeq" table write e.ini -o results.md "$@") 2>/dev/null; }
interrupted --set train.epochs=4 && fail "files may be longer than the limit"
cmp -s whole.tsv results/e.tsv || fail "runs are lost on their way out: $(cat results/e.tsv)"
"$softeq" table write e.ini -o results.md --set train.epochs=4 2>/dev/null >/dev/null
interrupted && fail "files may be longer than the limit"
expect 0 "results.md" "$softeq" table write e.ini -o results.md
cmp -s whole.tsv results/e.tsv || fail "runs are lost on their way back: $(cat results/e.tsv)"
rm -f results/*.tmp

# Runs that leave while others come back are told of.
"$softeq" table write e.ini -o results.md --set train.epochs=4 2>/dev/null >/dev/null
sed 's/train.epochs=[0-9]*/train.epochs=4/' whole.tsv >results/e.tsv
expect 0 "results/e.tsv: 2 lines are of runs that the experiment has no longer" \
    "$softeq" table write e.ini -o results.md
cp whole.tsv results/e.tsv && rm results/e.former.tsv

# A method and a baseline are compared over the seeds that both have.
printf '%s\n' '[table]' 'title = three' 'seeds = 1 2' 'models = ours theirs' 'baselines = theirs' \
    '[model ours]' 'set = model.channels=6 | model.layers=2 | data.samples=30 | train.epochs=3' \
    '[model theirs]' 'set = model.kind=mlp | model.layers=2 | data.samples=30 | train.epochs=3' \
    '[row a]' 'set = data.task=inertia' >pair.ini
"$softeq" table plan pair.ini --run runs >planned.txt
while read -r run; do finish "$run"; done <planned.txt
"$softeq" table write pair.ini --run runs -o results.md >/dev/null
sed -i '/^a\ttheirs\t1\t/d' results/pair.tsv
"$softeq" table write pair.ini -o results.md >/dev/null
ratio=$(awk -F'\t' '$3 == 2 { mse[$2] = $4 } END { printf "%.3g", mse["ours"] / mse["theirs"] }' results/pair.tsv)
grep -q "^| a | ours | theirs | $ratio | [01] of 1 |" results.md ||
    fail "the ratio over seed 2 is not $ratio: $(grep '^| a ' results.md)"

# The tables replace nothing that is read, and their records have a folder of their own.
cp e.ini kept.ini
expect 2 "e.ini is what is read" "$softeq" table write e.ini -o e.ini
cmp -s e.ini kept.ini || fail "an experiment was replaced by its tables"
expect 2 "results needs an ending" "$softeq" table write e.ini -o results
expect 2 "results needs an ending" "$softeq" table plan e.ini --run runs -o results
expect 2 "./.md needs an ending" "$softeq" table write e.ini -o ./.md

# A run that was trained again, to something else, replaces what is recorded of it in all tables.
experiment again "1" "model.channels=6 | model.layers=2 | data.samples=30 | train.epochs=3"
sed 's/^\[row a\]/[row b]/' again.ini >shared.ini
"$softeq" table plan again.ini --run again >planned.txt
while read -r run; do finish "$run"; done <planned.txt
"$softeq" table write again.ini shared.ini --run again -o again.md >/dev/null
cp again.md true.md
for name in again shared; do
    awk -F'\t' -v OFS='\t' 'NR == 2 { $4 = 7 } 1' "again/$name.tsv" >changed && mv changed "again/$name.tsv"
done
expect 0 "again.md" "$softeq" table write again.ini shared.ini --run again -o again.md
cmp -s again.md true.md || fail "the run that was trained again does not count everywhere"
expect 0 "again.md" "$softeq" table write again.ini shared.ini -o again.md

# A run that two tables ask for is planned and trained once: the other table takes it from the first
# one's record, or from its folder if both are written together, in whatever order.
experiment first "4" "model.channels=6 | model.layers=2 | data.samples=30 | train.epochs=3"
sed 's/^\[row a\]/[row b]/' first.ini >second.ini
"$softeq" table plan first.ini second.ini --run both >out.txt
[ "$(cat out.txt)" = both/first/a/per/4 ] || fail "not planned once: $(cat out.txt)"
finish "$("$softeq" table plan second.ini --run shared)"
for tables in "first.ini second.ini" "second.ini first.ini"; do
    rm -rf shared.md before.md tables && mkdir tables
    # shellcheck disable=SC2086 # several words
    expect 0 "tables/shared.md" "$softeq" table write $tables --run shared -o tables/shared.md
    cp tables/shared.md before.md
    grep -c '1 of 1 runs are there' before.md | grep -qx 2 || fail "a run of another table does not count"
    # shellcheck disable=SC2086
    "$softeq" table write $tables -o tables/shared.md >out.txt
    cmp -s before.md tables/shared.md || fail "the tables of the records differ from those of the runs"
done
grep -q "^a$(printf '\t')per$(printf '\t')4" tables/shared/first.tsv || fail "its line has not this table's row"
rm tables/shared/first.tsv
"$softeq" table plan first.ini --run elsewhere -o tables/shared.md >out.txt
[ ! -s out.txt ] || fail "a run that another table has recorded is planned again"
expect 0 "shared.md" "$softeq" table write first.ini -o tables/shared.md
grep -q '1 of 1 runs are there' tables/shared.md || fail "a run that another table has recorded does not count"

# Two folders of one run that came to different results cannot both stand.
mkdir apart2
for epochs in 3 4; do
    experiment first "4" "model.channels=6 | model.layers=2 | data.samples=30 | train.epochs=$epochs"
    finish "$("$softeq" table plan first.ini --run "apart2/$epochs")"
done
sed -i 's/train.epochs=4/train.epochs=3/' first.ini
mkdir -p apart2/3/second/b/per
cp -r apart2/4/first/a/per/4 apart2/3/second/b/per
cp apart2/3/first/a/per/4/{run,config}.ini apart2/3/second/b/per/4
expect 1 "apart2/3/second/b/per/4: row b, model per, seed 4 has the settings but not the mse of row a" \
    "$softeq" table check first.ini second.ini --run apart2/3 -o apart2.md

# A row that has another name now keeps its runs, and none is said to be former.
sed -i 's/^\[row b\]/[row c]/' second.ini
"$softeq" table check second.ini -o tables/shared.md 2>err.txt || fail "check of a renamed row"
grep -q "no longer" err.txt && fail "a run that is kept is said to be former"

# What other programs leave in the folder is no record; two results for one run are refused.
echo garbage >tables/shared/.other.tsv
awk -F'\t' -v OFS='\t' 'NR == 2 { $4 = 2 * $4 } 1' tables/shared/second.tsv >twice.tsv
mv twice.tsv tables/shared/second.tsv
expect 1 "second.tsv:2: row b, model per, seed 4 has the settings but not the mse of row a, model per, seed 4" \
    "$softeq" table check first.ini -o tables/shared.md
