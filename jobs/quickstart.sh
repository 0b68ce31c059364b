#!/usr/bin/env bash
# From a fresh Debian machine to a trained model: installs what is missing, builds, imports the
# pedestrian recordings in data/eth_ucy, trains on two ranks and evaluates on a scene that was not
# trained on. Leaves everything in runs/quickstart; a second run starts afresh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run=runs/quickstart
recordings=data/eth_ucy
softeq=build/softeq

step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

# split NAME RECORDING...: imports recordings as one split.
split() {
    local name=$1
    shift
    "$softeq" data import eth-ucy "${@/#/$recordings/}" -o "$run/$name.nc"
}

step "packages"
jobs/install_packages.sh build
SECONDS=0 # the time that is reported begins after the installation

step "build"
cmake --preset float --log-level=WARNING
cmake --build build --target softeq --parallel "$(nproc)"

step "import: leave one scene out, zara01"
rm -rf "$run"
mkdir -p "$run"
split train biwi_eth.txt biwi_hotel.txt students001.txt students003.txt crowds_zara03.txt \
    uni_examples.txt
split valid crowds_zara02.txt
split test crowds_zara01.txt

step "train on two ranks"
if [[ $EUID -eq 0 ]]; then # Open MPI asks root twice
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
mpirun --oversubscribe -n 2 "$softeq" train jobs/experiments/quickstart.ini --run "$run/run"

step "evaluate on the scene left out"
"$softeq" eval "$run/run" --json >"$run/eval.json"
"$softeq" eval "$run/run" | tee "$run/eval.txt"
awk '/^type / { in_table = 1; next }
     in_table && $2 > lambda { lambda = $2; type = $1 }
     END { printf "\nsymmetry found: %s, the type whose weight lambda stayed largest\n", type }' \
    "$run/eval.txt"

step "report"
"$softeq" report "$run/run" -o "$run/report.html"

printf '\nquickstart: done in %d s; look at: %s, ncdump -h %s, %s, %s\n' "$SECONDS" "$run/report.html" \
    "$run/run/log.nc" "$run/run/best.nc" "$run/eval.json"
