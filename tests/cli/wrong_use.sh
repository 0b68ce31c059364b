#!/usr/bin/env bash
# Wrong use ends with status 2 and one line that says what was meant.
# shellcheck source=tests/cli/expect.bash
source "$(dirname "$0")/expect.bash"

refuse "softeq --help"
refuse "unknown verb 'trian'; did you mean 'train'?" trian
refuse "unknown verb 'data maek'; did you mean 'data make'?" data maek
refuse "'data' what? \`softeq data --help\` lists the verbs" data
refuse "CONFIG.ini is missing (see softeq train --help)" train
refuse "--run DIR is missing" train run.ini
refuse "unknown option --runn; did you mean --run?" train run.ini --runn r
refuse "unknown option -z" train run.ini -z
refuse "option --run needs a value" train run.ini --run
refuse "option --resume takes no value" train run.ini --run r --resume=yes
refuse "unknown option --json" train run.ini --run r --json
refuse "'b.ini' is one argument too many" train a.ini b.ini --run r
refuse "DIR is missing" eval
refuse "--data FILE.nc is missing" predict r -o out.nc
refuse "-o FILE is missing" predict r --data in.nc
refuse "-o FILE is missing" data make inertia
refuse "option -o needs FILE, not an empty value" data make inertia -o ''
refuse "option -o needs FILE, not an empty value" eval r -o ''
refuse "option --run needs DIR, not an empty value" train run.ini --run=
refuse "option --data needs FILE.nc, not an empty value" predict r --data '' -o out.nc
refuse "argument 2 is empty: give FORMAT FILE..." data import csv '' -o a.nc
refuse "unknown format 'eth-ucu'; did you mean 'eth-ucy'?" data import eth-ucu a.txt -o a.nc
refuse "FORMAT FILE... is missing" data import eth-ucy
refuse "--rank 2, is not P or P,Q" symmetry 'O(3)' --rank 2,
refuse "--rank 99 is not P or P,Q" symmetry 'O(3)' --rank 99
refuse "--dimension x is not a number" symmetry 'O(3)' --dimension x
[ -z "$(find . -mindepth 1 ! -name '*.txt')" ] || fail "something was left behind: $(ls)"
