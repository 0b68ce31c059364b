#!/usr/bin/env bash
# The long form of the tests of faults and of data that is larger than memory: every call of a save,
# 200 kills, 2000 flipped bytes, 500 lengths, three hosts of which one is cut off, a real Slurm (apt
# install slurm-wlm munge), thirty million windows. Takes about 45 minutes on two cores; tests/run.sh
# has a short form of each. The figures in docs/reliability.md are what this prints.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs/install_packages.sh test
cmake --preset float --log-level=WARNING
cmake --build build --parallel "$(nproc)" -- --quiet

softeq=$PWD/build/softeq
mpirun=(mpirun --oversubscribe --allow-run-as-root)
export OMPI_MCA_mpi_yield_when_idle=1

stage() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

stage "exported models in onnxruntime"
venv=$(mktemp -d)
if python3 -m venv "$venv" && "$venv/bin/pip" install --quiet onnx onnxruntime netCDF4; then
    tests/onnx/export.sh "$softeq" "$venv/bin/python"
else
    echo "no network, or no onnxruntime for this Python: left out"
fi
rm -rf "$venv"

stage "Debian packages"
command -v lintian >/dev/null || apt-get install --quiet=2 --yes --no-install-recommends lintian || true
tests/package/debian.sh || [ $? -eq 77 ]

stage "a report in a browser"
command -v chromium >/dev/null ||
    apt-get install --quiet=2 --yes --no-install-recommends chromium || true # 400 MB; needs root
tests/cli/report_browser.sh "$softeq" || [ $? -eq 77 ]
stage "every call of a save"
tests/fault/every_call.sh "$softeq" "$PWD/build/tests/libfaults.so" 1 1 50
stage "damaged checkpoints"
tests/fault/damage.sh "$softeq" "$PWD/build/tests/damage" 2000 500
stage "saves that take long"
tests/fault/slow_save.sh "$softeq" "${mpirun[@]}"
stage "stopped, killed and signalled ranks"
tests/fault/stopped_rank.sh "$softeq" "${mpirun[@]}"
stage "full, vanished and read-only disk"
tests/fault/disk_full.sh "$softeq" "${mpirun[@]}" || [ $? -eq 77 ]
stage "a host cut off"
tests/fault/hosts.sh "$softeq" "$PWD/jobs/run_until_done.sh" || [ $? -eq 77 ]
stage "Slurm"
tests/fault/slurm.sh "$softeq" || [ $? -eq 77 ]
stage "thirty million windows in 400 MB (7 GB of disk)"
tests/import/larger_than_memory.sh "$softeq" "$PWD/build/tests/make_tracks" 8 7500 400 48 131072 \
    "${mpirun[@]}"
stage "kill -9 at random"
tests/fault/kill_at_random.sh "$softeq" 200 1 "${mpirun[@]}"
printf '\ntests/long.sh: all stages passed in %d s\n' "$SECONDS"
