#!/usr/bin/env bash
# Every kind of help is printed, with status 0; the table of keys is a configuration file.
# shellcheck source=tests/cli/expect.bash
source "$(dirname "$0")/expect.bash"

for verb in "data make" "data import" "data info" train eval predict export report symmetry bench; do
    expect 0 "softeq $verb" "$softeq" --help
    # shellcheck disable=SC2086 # two words
    expect 0 "softeq $verb" "$softeq" $verb --help
done
for group in data table planted; do
    for call in "$group --help" "$group help" "help $group" "--help $group"; do
        # shellcheck disable=SC2086 # two words
        expect 0 "softeq $group VERB [options]" "$softeq" $call
        verbs=$(grep -c "^  softeq $group " out.txt)
        [ "$verbs" -ge 2 ] || fail "$call names $verbs verbs of $group"
        [ "$verbs" -eq "$(grep -c '^  softeq' out.txt)" ] || fail "$call names verbs of others"
    done
done
expect 0 "softeq --version" "$softeq" --help
expect 0 "softeq train" "$softeq" help
expect 0 "softeq data info FILE.nc" "$softeq" help data info
expect 0 "precision" "$softeq" --version
expect 0 "OpenBLAS" "$softeq" --version

expect 0 "microbatch = 125" "$softeq" train --help-config
cp out.txt all.ini
# It is read without complaint up to what no key alone says.
expect 1 "nothing to train on" "$softeq" train all.ini --run r
