#!/usr/bin/env bash
# Installs the Debian packages that are missing; touches nothing if none is.
#   jobs/install_packages.sh build     to build and run softeq
#   jobs/install_packages.sh test      the same, and what its tests need
set -euo pipefail

build_packages=(
    gcc libc6-dev cmake ninja-build pkg-config
    libopenmpi-dev openmpi-bin
    libopenblas-dev liblapacke-dev
    libnetcdf-dev netcdf-bin
    librandom123-dev libinih-dev libxxhash-dev
    zlib1g-dev libprotobuf-c-dev protobuf-c-compiler
    gnuplot-nox
)
test_packages=(
    libcmocka-dev
    clang clang-format libclang-rt-14-dev valgrind shellcheck
    python3-netcdf4 python3-xarray python3-onnx
    man-db bsdextrautils
)

fail() {
    printf 'install_packages: %s\n' "$*" >&2
    exit 1
}

case "${1-}" in
    build) wanted=("${build_packages[@]}") ;;
    test) wanted=("${build_packages[@]}" "${test_packages[@]}") ;;
    *)
        echo "usage: $0 build|test" >&2
        exit 2
        ;;
esac

is_installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Abbrev}' "$1" 2>/dev/null)" == ii* ]]
}

command -v dpkg-query >/dev/null ||
    fail "this is no Debian system; install what Debian calls: ${wanted[*]}"
missing=()
for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
    echo "install_packages: all ${#wanted[@]} packages are there"
    exit 0
fi

as_root=()
if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null || fail "become root or get sudo, to install: ${missing[*]}"
    as_root=(sudo)
fi

# A mirror or the lock of another apt may fail for a moment.
try_thrice() {
    local attempt
    for attempt in 1 2 3; do
        "$@" && return 0
        echo "install_packages: attempt $attempt of 3 failed: $*" >&2
        sleep $((5 * attempt))
    done
    return 1
}

apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
    apt-get --quiet=2 -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
echo "install_packages: installing ${missing[*]}"
try_thrice "${apt[@]}" update || fail "apt-get update failed"
try_thrice "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" ||
    fail "apt-get cannot install: ${missing[*]}"
echo "install_packages: done"
