#!/usr/bin/env bash
# Shell scripts pass shellcheck.
# shellcheck source=tests/style/common.bash
source "$(dirname "$0")/common.bash"
need shellcheck
{ sources '*.sh' '*.bash'; [[ ! -e .ci/run ]] || printf '.ci/run\0'; } |
    xargs -0r shellcheck --external-sources --shell=bash
