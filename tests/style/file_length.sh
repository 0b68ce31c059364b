#!/usr/bin/env bash
# No C source has more than 600 lines, and no line of it more than 100 columns.
# shellcheck source=tests/style/common.bash
source "$(dirname "$0")/common.bash"
# shellcheck disable=SC2016 # the dollar is awk's
sources '*.c' '*.h' | xargs -0r awk '
    length($0) > 100 { printf "%s:%d: %d columns, more than 100\n", FILENAME, FNR, length($0); bad = 1 }
    FNR == 601 { printf "%s: more than 600 lines: split it by idea\n", FILENAME; bad = 1 }
    END { exit bad }'
