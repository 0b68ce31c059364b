#!/usr/bin/env bash
# What can be chosen by name is in the document that lists it.
# shellcheck source=tests/docs/common.bash
source "$(dirname "$0")/common.bash"

missing=0
# listed DOCUMENT WHAT NAME...
listed() {
    local document=$1 what=$2 name
    shift 2
    [[ $# -gt 0 ]] || { echo "no $what found in the sources"; missing=1; }
    for name in "$@"; do
        grep -qF -- "\`$name" "$document" && continue
        echo "$document does not list the $what $name"
        missing=1
    done
}

mapfile -t groups < <(sed -nE 's/^    \{"([^"]+)", [0-9], build_.*/\1(/p' src/symmetry/group_table.c)
mapfile -t kinds < <(sed -nE 's/.*\{\.name = "([a-z-]+)".*/\1`/p' src/nn/kinds.c)
mapfile -t tasks < <(sed -nE 's/^    \.name = "([a-z0-9-]+)".*/\1`/p' src/dataset/task_*.c)
mapfile -t formats < <(sed -nE 's/^    \.name = "([a-z0-9-]+)".*/\1`/p' data/import_*.c)
listed docs/groups.md group "${groups[@]}"
listed docs/architecture.md "model kind" "${kinds[@]}"
listed docs/file-formats.md "made task" "${tasks[@]}"
listed docs/file-formats.md format "${formats[@]}"
exit "$missing"
