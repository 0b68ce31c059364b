#!/usr/bin/env bash
# What the tables say of the numbers in a record. Nothing is trained: the record is written here.
# Arguments: the program.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"

two='symmetry.types=O(3) O(2)@xy | symmetry.lambda=0 100'
printf '%s\n' '[table]' 'title = two seeds' 'seeds = 1 2' 'models = per' '[model per]' 'set =' \
    '[row a]' "set = data.task=inertia | $two" >e.ini
mkdir results
# line SEED LEVELS SETTINGS
line() {
    printf '%s\t' a per "$1" 0.1 nan 'O(3) O(2)@xy' '0 100' "$2" '0.4 0.1' '0.4 0' 500 8000 60 softeq
    printf '%s\n' "$3"
}
{
    printf '%s\t' row model seed mse shifted_mse types lambda symmetry_level equivariance_error \
        data_equivariance_error parameters epochs seconds program
    echo settings
    line 1 '0.999996 0.99999987' "data.task=inertia | $two"
    line 2 '0.999994 0.99999989' "data.task=inertia | data.seed=2 | $two | train.seed=2"
} >results/e.tsv
expect 0 "results.md" "$softeq" table write e.ini -o results.md
grep -q '^| per | 2 | ' results.md || fail "the record does not count: $(cat results.md)"

# Levels that begin with five nines: what is missing to one tells them apart.
grep -qF ' | 1 - level | ' results.md || fail "no column says how far the weights are off"
grep -qF ' | 5e-06, 1.2e-07 | ' results.md || fail "the levels cannot be told apart: $(cat results.md)"

# A number that no run can have found, or of types that it did not have, is damage.
cp results/e.tsv whole.tsv
# damaged COLUMN VALUE TEXT: with this value in the first run's line it is refused, for this reason
damaged() {
    awk -F'\t' -v OFS='\t' -v c="$1" -v x="$2" 'NR == 2 { $c = x } 1' whole.tsv >results/e.tsv
    expect 1 "results/e.tsv:2: $3" "$softeq" table write e.ini -o results.md
}
run='row a, model per, seed 1'
damaged 6 'A B' 'types are not those of the settings, O(3) O(2)@xy'
damaged 6 'O(2)@xy O(3)' 'types are not those of the settings, O(3) O(2)@xy'
damaged 8 '2 0.9' "$run: symmetry_level is not from 0 to 1"
damaged 8 '0.9 -0.1' "$run: symmetry_level is not from 0 to 1"
damaged 9 '0.4 1.5' "$run: equivariance_error is not from 0 to 1"
damaged 4 0x1p-3 'column mse is missing or wrong'
damaged 7 '0 0x64' 'column lambda is missing or wrong'
damaged 4 ' 0.1' 'column mse is missing or wrong'
damaged 12 2000.5 "$run: epochs is not a whole number"
cp whole.tsv results/e.tsv
# Rounding is none, nor is an error of zero; types of one name were told apart.
sed -i '2s/0\.999996 0\.99999987/1.0000001 -1e-17/; 2s/\t0\.1\t/\t0\t/' results/e.tsv
expect 0 "results.md" "$softeq" table write e.ini -o results.md
cp whole.tsv results/e.tsv
{
    head -n 1 whole.tsv
    sed -n '2s/O(2)@xy/O(3)#2/; 2s/O(2)@xy |/O(3) |/p' whole.tsv
} >results/same.tsv
sed 's/O(2)@xy/O(3)/' e.ini >same.ini
expect 0 "results.md" "$softeq" table write same.ini -o results.md
rm results/same.tsv

# Models beside each other. Seed 2 of `blind` is not there, so that against it seed 1 alone counts.
printf '%s\n' '[table]' 'title = beside each other' 'seeds = 1 2' 'models = ours blind sighted' \
    'baselines = blind sighted' 'told = sighted' 'methods = ours' '[model ours]' 'set =' \
    '[model blind]' 'set = model.kind=mlp' '[model sighted]' 'set = model.kind=emlp' '[row a]' \
    "set = data.task=inertia | data.noise=1 | $two" 'published = ours 0.5 | blind 4e-2' >beside.ini
# beside MODEL SEED MSE SETTINGS [MSE OUT OF DISTRIBUTION [PARAMETERS]]
beside() {
    local data='' model=$4 train=''
    [[ $4 != *train.* ]] || model='' train=$4
    [ "$2" -eq 1 ] || data=" | data.seed=$2" train+=" | train.seed=$2"
    printf '%s\t' a "$1" "$2" "$3" "${5-nan}" 'O(3) O(2)@xy' '0 100' '1 1' '0.4 0.1' '0.4 0' "${6-100}" 8000 60 softeq
    printf 'data.task=inertia | data.noise=1%s%s | %s%s\n' "$data" "$model" "$two" "$train"
}
{
    head -n 1 results/e.tsv
    beside ours 1 0.2 '' 6
    beside ours 2 0.4 ''
    beside blind 1 0.1 ' | model.kind=mlp' 8
    beside sighted 1 0.2 ' | model.kind=emlp'
    beside sighted 2 1.6 ' | model.kind=emlp'
} >results/beside.tsv
expect 0 "results.md" "$softeq" table write beside.ini -o results.md
has() { grep -qxF "$1" results.md || fail "no line: $1: $(cat results.md)"; }
has '| a | ours | blind | 2 | 0 of 1 | blind | 2 | 0 of 1 | sighted | 0.5 | 1 of 2 | blind | 0.75 | 1 of 1 |'
has '| beside | a | ours | 2 | 0.3 | blind | 2 | 0 of 1 | blind | 2 | 0 of 1 | sighted | 0.5 | 1 of 2 |'
has '| ours | beside | 0 of 1 | 2 (2 to 2) | 0 of 1 | 2 (2 to 2) | 1 of 1 | 0.5 (0.5 to 0.5) | - | - |'
has '| ours | 0.3 (0.5) |'
has '| blind | 0.1 (0.04) |'
has '| sighted | 0.9 |'
grep -qF '| sighted | 2 | 100 | 0.9 ± 0.99 | 0.9 | ' results.md || fail "no deviation: $(cat results.md)"
grep -qF '| blind | 1 | 100 | 0.1 | 0.1 | ' results.md || fail "one run deviates: $(cat results.md)"

# Types that weights are held to exactly, and how much seeds differ: by 2 and by 8 here.
has '| ours | beside | 2 of 2 | 2 of 2 |'
has 'Between seeds the errors of one model in one row differ by a factor of 2.67 (one'
has 'standard deviation of their logarithm) in the median over the 2 cells of two and'
has 'more seeds, in a tenth of them by 4.35 and more.'

# Against each baseline, seed by seed.
has '| method | against | table | rows won | ratio | seed 1 | seed 2 |'
has '| ours | blind | beside | 0 of 1 | 2 (2 to 2) | 0 of 1, 2 | - |'
has '| ours | sighted | beside | 1 of 1 | 0.5 (0.5 to 0.5) | 0 of 1, 1 | 1 of 1, 0.25 |'

# A baseline of more than a tenth more parameters is none of the method's size.
awk -F'\t' -v OFS='\t' '$2 == "blind" { $11 = 111 } 1' results/beside.tsv >larger.tsv
cp results/beside.tsv of_its_size.tsv
mv larger.tsv results/beside.tsv
expect 0 "results.md" "$softeq" table write beside.ini -o results.md
has '| a | ours | blind | 2 | 0 of 1 | - | - | - | sighted | 0.5 | 1 of 2 | blind | 0.75 | 1 of 1 |'
has '| ours | beside | 0 of 1 | 2 (2 to 2) | - | - | 1 of 1 | 0.5 (0.5 to 0.5) | - | - |'
sed -i '/blind/s/\t111\t/\t110\t/' results/beside.tsv
expect 0 "results.md" "$softeq" table write beside.ini -o results.md
has '| ours | beside | 0 of 1 | 2 (2 to 2) | 0 of 1 | 2 (2 to 2) | 1 of 1 | 0.5 (0.5 to 0.5) | - | - |'
mv of_its_size.tsv results/beside.tsv

# A method over two tables, against the method that each names first, whichever model that is: the
# median of the ratios 0.5 and 8 is between them.
for k in 1 2; do
    sed -e 's/^models = /models = plain /' -e 's/^methods = /methods = plain /' \
        -e "s|^\[row a\]|[model plain]\nset = train.lr=$k\n&|" beside.ini >"over$k.ini"
    cp results/beside.tsv "results/over$k.tsv"
done
beside plain 2 0.8 ' | train.lr=1' >>results/over1.tsv
beside plain 1 0.025 ' | train.lr=2' >>results/over2.tsv
expect 0 "results.md" "$softeq" table write over1.ini over2.ini -o results.md
has '| ours | all | 0 of 2 | 2 (2 to 2) | 0 of 2 | 2 (2 to 2) | 2 of 2 | 0.5 (0.5 to 0.5) | 1 of 2 | 4.25 (0.5 to 8) |'
has '| ours | over2 | 0 of 1 | 2 (2 to 2) | 0 of 1 | 2 (2 to 2) | 1 of 1 | 0.5 (0.5 to 0.5) | 0 of 1 | 8 (8 to 8) |'
has '| plain | all | 1 of 1 | 0.25 (0.25 to 0.25) | 1 of 1 | 0.25 (0.25 to 0.25) | 2 of 2 | 0.312 (0.125 to 0.5) | - | - |'

# Rows of another one with other settings are not counted twice, if that is there.
sed -i '/^title/a variant = over1' over2.ini
"$softeq" table write over1.ini over2.ini -o results.md >/dev/null
has '| ours | all | 0 of 1 | 2 (2 to 2) | 0 of 1 | 2 (2 to 2) | 1 of 1 | 0.5 (0.5 to 0.5) | 1 of 1 | 0.5 (0.5 to 0.5) |'
has '| ours | over2 | 0 of 1 | 2 (2 to 2) | 0 of 1 | 2 (2 to 2) | 1 of 1 | 0.5 (0.5 to 0.5) | 0 of 1 | 8 (8 to 8) |'
# Each of its models against the one of that name there: plain has no seed in both.
has 'Against the same model in [over1](#over1): in how many of the rows that both have the error is smaller with the settings of this table, and the ratios.'
has '| ours | 0 of 1 | 1 (1 to 1) | 0 of 1, 1 | 0 of 1, 1 |'
! grep -q '^| plain | [0-9] of' results.md || fail "seeds that are not shared are compared"
"$softeq" table write over2.ini -o results.md >/dev/null
! grep -q '^Against the same model' results.md || fail "compared with a table that is not there"
has '| ours | all | 0 of 1 | 2 (2 to 2) | 0 of 1 | 2 (2 to 2) | 1 of 1 | 0.5 (0.5 to 0.5) | 0 of 1 | 8 (8 to 8) |'
sed -i '/^variant/d' over2.ini

# Of an error of zero there is no ratio, but a seed that is lost to it.
mkdir zero
for table in beside over1 over2; do
    sed '/^a\tblind/s/\t0\.1\t/\t0\t/' "results/$table.tsv" >"zero/$table.tsv"
done
expect 0 "zero.md" "$softeq" table write over1.ini over2.ini -o zero.md
mv zero.md results.md
has '| over1 | a | ours | 2 | 0.3 | blind | - | 0 of 1 | blind | - | 0 of 1 | sighted | 0.5 | 1 of 2 |'
has '| ours | all | - | - | - | - | 2 of 2 | 0.5 (0.5 to 0.5) | 1 of 2 | 4.25 (0.5 to 8) |'

# A row may tell others, beside those of the table; or all that are told.
sed '$a told = blind' beside.ini >both.ini
cp results/beside.tsv results/both.tsv
expect 0 "results.md" "$softeq" table write both.ini -o results.md
has '| a | ours | - | - | - | - | - | - | blind | 2 | 0 of 1 | blind | 0.75 | 1 of 1 |'
sed '/^told = sighted/d' both.ini >beside.ini
expect 0 "results.md" "$softeq" table write beside.ini -o results.md
has '| a | ours | sighted | 0.5 | 1 of 2 | sighted | 0.5 | 1 of 2 | blind | 2 | 0 of 1 | blind | 0.75 | 1 of 1 |'

# The models may be named by the rows alone.
sed -e '/^models/d' -e '$a models = ours blind sighted' beside.ini >both.ini
expect 0 "results.md" "$softeq" table write both.ini -o results.md
has '| a | ours | sighted | 0.5 | 1 of 2 | sighted | 0.5 | 1 of 2 | blind | 2 | 0 of 1 | blind | 0.75 | 1 of 1 |'

sed '/^models/d' beside.ini >both.ini
expect 1 "row a names no models, and neither does [table]" "$softeq" table write both.ini -o results.md

# Without methods there is nothing to overlook.
sed '/^methods/d' beside.ini >both.ini
expect 0 "results.md" "$softeq" table write both.ini -o results.md
has 'No method has a run yet.'

# What these keys cannot mean is told before anything is written.
cp results.md before.md
# refuse LINE TEXT: the message that a [row a] with this line gives
refuse() {
    { cat e.ini && echo "$1"; } >slip.ini
    expect 1 "$2" "$softeq" table write slip.ini -o results.md
}
refuse 'set = data.noise=2' 'set stands twice in sections of one name'
refuse 'published = per' 'published has a model and a number above 0'
refuse 'published = per 1 2' 'published has a model and a number above 0'
refuse 'published = per 0' 'published has a model and a number above 0'
refuse 'published = per inf' 'published has a model and a number above 0'
refuse 'published = per 1 | per 2' 'slip.ini:9: published has two numbers of per'
refuse 'published = per 1 | pre 2' 'slip.ini:9: there is no [model pre]'
refuse 'told = per' '[row a]: told names per, which is not among the baselines'
sed '2i methods = pre' e.ini >slip.ini
expect 1 'there is no [model pre]' "$softeq" table write slip.ini -o results.md
# refuse_in SED TEXT: the message that a changed table of models beside each other gives
refuse_in() {
    sed "$1" beside.ini >slip.ini
    expect 1 "$2" "$softeq" table write slip.ini -o results.md
}
refuse_in 's/^methods = .*/methods = ours blind/' '[table]: methods names blind, which is among baselines'
refuse_in '/^told/d; s/^models = .*/models = ours sighted/' '[table]: baselines names blind, which no row trains'
refuse_in '2i variant = slip' '[table]: variant names the table itself'
refuse_in '2i variant = over11' '[table]: variant names over11, but no over11.ini lies beside this file'
refuse_in '2i variant = ./over1' '[table]: variant names ./over1, but'
refuse_in '2i told = blnid' '[table]: told names blnid, which is not among the baselines'
# shellcheck disable=SC2016 # sed's own dollar
refuse_in '$a models = ours sighted' \
    '[row a]: told names blind, which is not among the baselines that the row trains'
refuse_in '7i [model told]\nset =' "a row has a key of the name 'told'"
cmp -s before.md results.md || fail "tables were written in spite of a slip"
