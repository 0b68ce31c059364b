# What the scripts with options say of a wrong call; sourced by them. They set `script` to their name:
# under sbatch $0 is a copy with another.
# shellcheck shell=bash

# wrong_use WORD...: ends the script.
wrong_use() {
    echo "${script:?}: $*; see the head of jobs/$script.sh" >&2
    exit 2
}

# need_value OPTION [ARGUMENT]...: the first argument is the option's value; `--` is none.
need_value() { [[ ${2-} && $2 != -- ]] || wrong_use "$1 needs a value"; }

# need_number OPTION LEAST VALUE: a whole number from LEAST on. With a leading zero bash takes it for
# another one, in octal digits; a nineteenth digit is more than it can count to.
need_number() {
    [[ $3 =~ ^(0|[1-9][0-9]{0,17})$ && $3 -ge $2 ]] ||
        wrong_use "$1 $3: give a whole number from $2 on, without leading zeros"
}

# need_output FILE: it can be written, which should not turn out after hours of training.
need_output() {
    local folder probe
    folder=$(dirname "$1")
    if ! mkdir -p "$folder" 2>/dev/null || ! probe=$(mktemp -p "$folder" 2>/dev/null); then
        wrong_use "--results $1: its folder cannot be written into"
    fi
    rm -f "$probe"
}

# options_first [NAME]...: what is left behind the options are names, and no more options.
options_first() {
    local word
    for word in "$@"; do
        [[ $word != -* ]] || wrong_use "$word stands behind $1: options come first"
    done
}
