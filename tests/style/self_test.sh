#!/usr/bin/env bash
# The style checks can fail: each finds what is planted in an otherwise good project.
set -euo pipefail
style=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT

fresh() {
    rm -rf "${project:?}"/*
    mkdir -p "$project"/{include/softeq,src/base,src/io,src/nn,mpi,data}
    cp "$style/../../.clang-format" "$project"
    printf '#include "base/good.h"\n#include <stdio.h>\n' >"$project/src/io/good.c"
    printf '#include "softeq/error.h"\n' >"$project/src/base/good.h"
    printf '#!/usr/bin/env bash\necho fine\n' >"$project/good.sh"
}

# planted CHECK FILE TEXT: the check passes without the file, and fails with it and names it.
planted() {
    local check=$1 file=$2 text=$3 output
    fresh
    "$style/$check.sh" "$project" >/dev/null || { echo "$check fails on a good project"; exit 1; }
    printf '%b' "$text" >"$project/$file"
    if output=$("$style/$check.sh" "$project" 2>&1); then
        echo "$check does not see $file: $text"
        exit 1
    fi
    [[ $output == *"$file"* ]] || { echo "$check does not name $file: $output"; exit 1; }
}

planted include_layers src/nn/bad.c '#include <mpi.h>\n'
planted include_layers src/nn/bad.c '#include <netcdf.h>\n'
planted include_layers src/io/bad.c '#include <cblas.h>\n'
planted include_layers src/base/bad.c '#include "io/netcdf_file.h"\n'
planted include_layers src/nn/bad.c '  #  include "train/tuning.h"\n'
planted include_layers mpi/bad.c '#include "nn/model.h"\n'
planted include_layers include/softeq/bad.h '#include "base/log.h"\n'
planted file_length src/io/bad.c "$(printf 'int x;\\n%.0s' {1..601})"
planted file_length src/io/bad.c "/* $(printf '%0101d' 0) */\n"
if command -v clang-format >/dev/null; then planted format src/io/bad.c 'int   x;\n'; fi
# shellcheck disable=SC2016 # planted as it stands
if command -v shellcheck >/dev/null; then planted shellcheck bad.sh 'ls $1\n'; fi
echo "style checks can fail"
