#!/usr/bin/env bash
# The installed library, in an empty folder: what it exports, its headers, and the examples, built
# by CMake and by pkg-config, run on several ranks.
#   installed.sh BUILD CMAKE MPIRUN...
set -euo pipefail

build=$1 cmake=$2
recipe=$(realpath "$(dirname "$0")/../../jobs/spack/packages/softeq/package.py")
shift 2
mpirun=("$@")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
prefix=$folder/prefix

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

"$cmake" --install "$build" --prefix "$prefix" >install.txt
library=$prefix/lib/libsofteq.so

# ---- what is exported: all that the headers declare, under a version, and nothing else
nm -D --defined-only "$library" | awk '$2 == "T" { print $3 }' | sort >exported.txt
grep -vE '^sq_[a-z0-9_]+@@SOFTEQ_[0-9.]+$' exported.txt && fail "symbols that are none of ours"
grep -hoE '^[a-z].*[ *]sq_[a-z0-9_]+\(' "$prefix"/include/softeq/*.h | grep -v '^typedef' |
    grep -oE 'sq_[a-z0-9_]+\($' | tr -d '(' | sort -u >declared.txt
cut -d@ -f1 exported.txt | diff - declared.txt || fail "declared and exported are not the same"
[ "$(wc -l <declared.txt)" -gt 50 ] || fail "hardly anything is declared"

# ---- the library neither exits, prints nor reads the environment, and has no ranks of its own
nm -D --undefined-only "$library" | awk '{ print $2 }' | cut -d@ -f1 >used.txt
for name in exit abort quick_exit printf puts putchar stdout stderr getenv secure_getenv \
    ompi_mpi_comm_world; do
    ! grep -qx "$name" used.txt || fail "the library uses $name"
done

# ---- the recipe for Spack is Python
python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$recipe"

# ---- every header stands on its own, in C and in C++ programs
for header in "$prefix"/include/softeq/*.h; do
    for language in c c++; do
        command -v "${language/c++/g++}" >/dev/null || [ "$language" = c ] || continue
        echo "#include <softeq/${header##*/}>" >alone.c
        gcc -x "$language" -Wall -Wextra -Werror -fsyntax-only -I"$prefix/include" alone.c ||
            fail "${header##*/} does not compile alone as $language"
    done
done

# ---- the examples
check_examples() {
    local programs=$1
    "$programs/own_group" >group.txt
    grep -q "^C3v: 5 invariants of T(3)" group.txt || fail "$programs: $(cat group.txt)"
    rm -rf run
    "${mpirun[@]}" -n 3 "$programs/train_arrays" run >train.txt
    grep -q "^O(2): level" train.txt || fail "$programs: $(cat train.txt)"
    echo "0.5 1 0" | "$programs/predict" run >predicted.txt 2>predict.err
    # The target is 0.5 0; a short training comes near.
    awk 'NF == 2 && $1 > 0.3 && $1 < 0.7 && $2 > -0.2 && $2 < 0.2 { near = 1 } END { exit !near }' \
        predicted.txt || fail "$programs: $(cat predicted.txt predict.err)"
    ! "$programs/predict" nowhere 2>predict.err || fail "a missing run is no failure"
    grep -q "nowhere is not the folder of a run" predict.err || fail "$(cat predict.err)"
    echo "ok: $programs"
}

cp -r "$prefix/share/doc/softeq/examples" by_cmake
"$cmake" -S by_cmake -B by_cmake/build -DCMAKE_PREFIX_PATH="$prefix" >cmake.txt || fail "$(cat cmake.txt)"
"$cmake" --build by_cmake/build >cmake.txt || fail "$(cat cmake.txt)"
check_examples by_cmake/build

mkdir by_pkg_config
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
for name in train_arrays own_group predict; do
    # shellcheck disable=SC2046 # several words each
    mpicc -std=c11 -Wall -Wextra -Werror "by_cmake/$name.c" -o "by_pkg_config/$name" \
        $(pkg-config --cflags --libs softeq) -lm
done
check_examples by_pkg_config
