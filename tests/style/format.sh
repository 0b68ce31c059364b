#!/usr/bin/env bash
# C sources are formatted as .clang-format says.
# shellcheck source=tests/style/common.bash
source "$(dirname "$0")/common.bash"
need clang-format
sources '*.c' '*.h' | xargs -0r clang-format --dry-run -Werror
