# Small data files for the command-line tests, written as text and packed by ncgen; sourced.
# shellcheck shell=bash

# values NAME ROWS WIDTH [0|1]: the data of a variable, one row a line, each marked "// NAME row".
# Numbers of order one; with 1 as last argument zeros and ones.
values() {
    awk -v name="$1" -v rows="$2" -v width="$3" -v binary="${4-0}" 'BEGIN {
        printf "%s =\n", name
        for (r = 0; r < rows; r++) {
            for (c = 0; c < width; c++) {
                x = sin(12.9898 * (r + 1) + 78.233 * (c + 1) + length(name)) * 3
                if (binary) x = x > -1
                printf "%.6g%s ", x, (r + 1 < rows || c + 1 < width) ? "," : ";"
            }
            printf "// %s %d\n", name, r
        }
    }'
}

# shard FILE ROWS [SED-SCRIPT]: rows of 2*T(1) -> T(1) over the plane, with a mask; the script
# changes the text before it is packed, such as 's|^.*// input 7$|NaN, 0, 0, 0,|'.
shard() {
    {
        echo "netcdf shard { dimensions: sample = $2 ; input = 4 ; output = 2 ;"
        echo "variables: double input(sample, input) ; double target(sample, output) ;"
        echo "double mask(sample, output) ;"
        echo ':input_representation = "2*T(1)" ;'
        echo ':output_representation = "T(1)" ;'
        echo "data:"
        values input "$2" 4
        values target "$2" 2
        values mask "$2" 2 1
        echo "}"
    } | sed "${3-}" >shard.cdl
    ncgen -4 -o "$1" shard.cdl
    rm shard.cdl
}

# pack_rows FILE INPUTS INPUT_REPRESENTATION OUTPUTS OUTPUT_REPRESENTATION: of standard input, a row a
# line, its inputs and then its targets, parted by blanks.
pack_rows() {
    awk -v n_in="$2" -v n_out="$4" -v in_rep="$3" -v out_rep="$5" '
        { for (c = 1; c <= n_in + n_out; c++) list[c > n_in] = list[c > n_in] ", " $c }
        END {
            printf "netcdf rows { dimensions: sample = %d ; input = %d ; output = %d ;\n", NR, n_in, n_out
            print "variables: double input(sample, input) ; double target(sample, output) ;"
            print ":input_representation = \"" in_rep "\" ; :output_representation = \"" out_rep "\" ; data:"
            print "input = " substr(list[0], 3) " ; target = " substr(list[1], 3) " ; }"
        }' >rows.cdl
    ncgen -4 -o "$1" rows.cdl
}

# A configuration over such shards that trains in no time.
write_plane_config() {
    cat >plane.ini <<'INI'
[data]
train = train.nc
valid = valid.nc
[model]
channels = 12
layers = 2
[symmetry]
types = O(2) C(4)
lambda = 0 1
tune_at = 1
[train]
epochs = 4
batch = 17
microbatch = 4
INI
}

# content_hash FILE
content_hash() {
    ncdump -h "$1" | sed -n 's/.*:content_hash = "\(.*\)".*/\1/p'
}

# A network that is better projected on its types, which the rule projected then holds it to, unlike
# gap, in the second half exactly.
write_held_config() {
    cat >held.ini <<'INI'
[data]
task = inertia
samples = 2400
train_samples = 300
noise = 0
augment = found
[model]
channels = 60
layers = 3
init = projected
[symmetry]
types = O(3) SO(3)
lambda = 1
tuning = projected
penalty = preconditioned
[train]
lr = 1e-2
schedule = constant
epochs = 40
batch = 50
microbatch = 16
[log]
equivariance_samples = 100
INI
}
