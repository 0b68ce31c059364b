#!/usr/bin/env bash
# Debian packages: they are built, lintian has nothing to say, and the program in them runs.
#   debian.sh: builds in build/package (a minute or two)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if ! command -v dpkg-shlibdeps >/dev/null || ! command -v lintian >/dev/null; then
    echo "dpkg-dev or lintian is not installed"
    exit 77
fi

cmake --preset package --log-level=WARNING
cmake --build build/package --parallel "$(nproc)" -- --quiet
rm -f build/package/*.deb
(cd build/package && cpack >/dev/null)
packages=(build/package/*.deb)
[ ${#packages[@]} -eq 3 ] || { echo "FAILED: ${packages[*]}" >&2; exit 1; }
lintian --allow-root --fail-on error,warning "${packages[@]}"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
for package in "${packages[@]}"; do dpkg-deb -x "$package" "$root"; done
"$root/usr/bin/softeq" --version
PKG_CONFIG_PATH=$(echo "$root"/usr/lib/*/pkgconfig) pkg-config --exists softeq
echo "ok: ${packages[*]}"
