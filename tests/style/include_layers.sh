#!/usr/bin/env bash
# Folders include only what lies below them, and each library has one folder that knows it.
# shellcheck source=tests/style/common.bash
source "$(dirname "$0")/common.bash"

# Whose headers a folder may include besides its own; `public` is include/softeq.
declare -A below=(
    [public]=""
    [base]="public"
    [linalg]="public base"
    [io]="public base"
    [symmetry]="public base linalg io"
    [dataset]="public base io"
    [nn]="public base linalg symmetry"
    [train]="public base linalg io symmetry dataset nn"
    [onnx]="public base io symmetry nn train"
    [cli]="public base linalg io symmetry dataset nn train data mpi"
    [mpi]="public base"
    [data]="public base io dataset"
)
# The only folder that may include a library's headers.
declare -A home=(
    [mpi.h]=mpi
    [netcdf.h]=io
    [xxhash.h]=io
    [cblas.h]=linalg
    [lapacke.h]=linalg
    [ini.h]=io
    [Random123/philox.h]=base
    [zlib.h]=data
    [protobuf-c/protobuf-c.h]="data onnx"
)

# layer PATH: the folder in the sense of the tables.
layer() {
    local path=${1#./}
    case "$path" in
        include/softeq/*) echo public ;;
        src/*) path=${path#src/} && echo "${path%%/*}" ;;
        *) echo "${path%%/*}" ;;
    esac
}

violations=0
violation() {
    echo "$1"
    violations=$((violations + 1))
}

# check FILE:LINE LAYER HEADER for #include "HEADER"
check_own() {
    local target=${3%%/*}
    [[ $3 == */* ]] || target=$2
    [[ $target != softeq ]] || target=public
    [[ $target != "$2" ]] || return 0
    [[ " ${below[$2]} " == *" $target "* ]] ||
        violation "$1: $2 may not include \"$3\"; it may include: $2 ${below[$2]}"
}

# The same for #include <HEADER>
check_library() {
    local only=${home[$3]-}
    [[ -z $only || " $only " == *" $2 "* ]] || violation "$1: only $only may include <$3>"
}

pattern='^([^:]+):([0-9]+): *# *include *([<"])([^">]+)[">]'
while IFS= read -r line; do
    [[ $line =~ $pattern ]] || continue
    place="${BASH_REMATCH[1]}:${BASH_REMATCH[2]}"
    bracket=${BASH_REMATCH[3]}
    header=${BASH_REMATCH[4]}
    from=$(layer "${BASH_REMATCH[1]}")
    if [[ -z ${below[$from]+known} ]]; then
        violation "$place: $from is no folder of the layout in tests/style/include_layers.sh"
    elif [[ $bracket == '"' ]]; then
        check_own "$place" "$from" "$header"
    else
        check_library "$place" "$from" "$header"
    fi
done < <(grep -rnE '^ *# *include' --include='*.[ch]' include src mpi data)
[[ $violations -eq 0 ]]
