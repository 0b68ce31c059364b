#!/usr/bin/env bash
# Models of every kind, exported, predict what softeq predicts.
#   export.sh PROGRAM [PYTHON]    PYTHON: one with onnx and netCDF4, and onnxruntime where it can be
compare=$(realpath "$(dirname "$0")/compare.py")
recording=$(realpath "$(dirname "$0")/../../data/eth_ucy/biwi_hotel.txt")
# shellcheck source=tests/cli/expect.bash
source "$(dirname "$0")/../cli/expect.bash"
python=${2-/usr/bin/python3}
if ! "$python" -c 'import onnx, netCDF4' 2>/dev/null; then
    echo "python3-onnx or python3-netcdf4 is not installed: jobs/install_packages.sh test"
    exit 77
fi

cat >small.ini <<'END'
[data]
task = inertia
samples = 90
scale = fit
[model]
channels = 20
layers = 3
[symmetry]
types = O(3) O(2)@xy
lambda = 0 1
tune_at = 1
[train]
epochs = 3
batch = 30
microbatch = 10
lr = 1e-2
END
data=data.nc
"$softeq" data make inertia -o "$data" --set data.samples=30

names=()
# export_model NAME SETTING...: trains, predicts, exports.
export_model() {
    local name=$1 settings=() setting
    shift
    for setting in "$@"; do settings+=(--set "$setting"); done
    "$softeq" train small.ini --run "$name" "${settings[@]}" >/dev/null || fail "$name: training"
    "$softeq" predict "$name" --data "$data" -o "$name.nc" >/dev/null || fail "$name: predicting"
    expect 0 "$name.onnx: input (sample, " "$softeq" export "$name" -o "$name.onnx"
    names+=("$name")
}

export_model mlp model.kind=mlp
export_model emlp model.kind=emlp
export_model rpp model.kind=rpp
export_model mixed-rpp model.kind=mixed-rpp
export_model per model.kind=per
export_model unscaled model.kind=per data.scale=none
export_model single model.kind=per model.layers=1
export_model duals model.kind=rpp 'symmetry.types=SO(3)*Scaling(3)'
export_model all_duals model.duals=always model.allocation=filled 'symmetry.types=SO(3)*Scaling(3) SO(3)'
export_model permutations model.kind=per 'symmetry.types=S(3) Z(3)'

# A scalar whose mean was taken off.
"$softeq" data make radius -o scalar.nc --set data.samples=30
data=scalar.nc
export_model standardized data.task=radius data.scale=standardize
ncdump -h standardized/best.nc | grep -q output_shift || fail "nothing was taken off"

# Trajectories, whose network improves on a straight line.
"$softeq" data import eth-ucy "$recording" -o motion.nc --set data.window_stride=20 >/dev/null
data=motion.nc
export_model residual data.task= data.train=motion.nc data.valid=motion.nc data.residual=least-squares \
    'symmetry.types=O(2) SO(2)'

"$python" "$compare" "${names[@]}" || fail "not the same predictions"

# What ONNX cannot say is refused, and nothing is left behind.
"$softeq" train small.ini --run frames --set model.kind=frame-averaging >/dev/null
expect 1 "ONNX has no eigenvectors" "$softeq" export frames -o frames.onnx
expect 1 "nowhere is not the folder of a run" "$softeq" export nowhere -o nowhere.onnx
expect 2 "-o FILE is missing" "$softeq" export per
if [ -e frames.onnx ] || [ -e nowhere.onnx ]; then fail "a file was left behind"; fi
