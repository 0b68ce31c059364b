#!/usr/bin/env bash
# A trajectory's way through the program: import, train on distances against constant velocity,
# evaluate, predict; predictions stand where the recording says.
# Arguments: the program, the top folder of the project.
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$2" && pwd)
# shellcheck source=tests/cli/expect.bash
source "$here/expect.bash"
/usr/bin/python3 -c 'import netCDF4, xarray' 2>/dev/null || {
    echo "python3-netcdf4 or python3-xarray is not installed: jobs/install_packages.sh test"
    exit 77
}

head -n 1200 "$top/data/eth_ucy/crowds_zara01.txt" >walk.txt
expect 0 "windows" "$softeq" data import eth-ucy walk.txt -o walk.nc --set data.align=heading \
    --set data.missing=mask
cat >walk.ini <<'END'
[data]
train = walk.nc
valid = walk.nc
test = walk.nc
scale = fit
residual = constant-velocity
[model]
kind = per
channels = 6
layers = 2
[symmetry]
types = O(2) SO(2)
lambda = 0 1
tune_at = 1
[train]
loss = distances
epochs = 4
END
# The error that it selects by is called by its name.
expect 0 ", valid ade " "$softeq" train walk.ini --run r
expect 0 ", valid mse " "$softeq" train walk.ini --run squares --set train.loss=squares
expect 0 "constant velocity" "$softeq" eval r
expect 0 '"displacement": [{"seconds": 0.4, "model"' "$softeq" eval r --json
cp out.txt eval.json
expect 0 "predictions" "$softeq" predict r --data walk.nc -o predicted.nc

# Distances are told in the unit of the data; what a miss is, is told in metres only.
expect 0 "metres                      ADE        FDE  miss rate" "$softeq" eval r
cp walk.nc cm.nc
/usr/bin/python3 -c 'import netCDF4; netCDF4.Dataset("cm.nc", "a")["target"].units = "cm"' || fail "cm.nc"
sed 's/walk.nc/cm.nc/; s/epochs = 4/epochs = 1/' walk.ini >cm.ini
expect 0 "best.nc" "$softeq" train cm.ini --run cm
expect 0 "cm                          ADE        FDE" "$softeq" eval cm
grep -q "miss rate" out.txt && fail "a miss rate without metres: $(cat out.txt)"
expect 0 '"miss_rate": null' "$softeq" eval cm --json
expect 0 "cm                          ADE        FDE" "$softeq" report cm --text
expect 1 "cm.nc: the unit of target is 'cm', but 'm' in data.train (walk.nc)" "$softeq" eval r --data cm.nc

# A report names the model that training selected: by distances here, not by the squared error.
expect 0 "best.nc" "$softeq" train walk.ini --run fast --set train.epochs=8 --set train.lr=0.2 \
    --set train.batch=32 --set train.microbatch=32
best=$(sed -nE 's/^best.nc: (epoch [0-9]+),.*/\1/p' out.txt)
expect 0 "best: $best" "$softeq" report fast --text

# Without targets, in two shards: the same predictions.
cat >cut.py <<'END'
import netCDF4

with netCDF4.Dataset("walk.nc") as walk:
    rows = len(walk.dimensions["sample"])
    for part, (first, end) in enumerate(((0, 5), (5, rows))):
        with netCDF4.Dataset(f"inputs-{part}.nc", "w") as cut:
            cut.createDimension("sample", None)
            cut.createDimension("feature", len(walk.dimensions["input"]))
            cut.createDimension("axis", 2)
            for name in ("task", "observed_steps", "predicted_steps", "interval", "input_representation"):
                cut.setncattr(name, walk.getncattr(name))
            for name, kind, second in (("input", "f4", "feature"), ("origin", "f8", "axis"),
                                       ("heading", "f8", None), ("agent", "i8", None), ("frame", "i8", None)):
                cut.createVariable(name, kind, ("sample", second) if second else ("sample",))[:] = \
                    walk[name][first:end]
END
/usr/bin/python3 cut.py || fail "cut.py"
expect 0 "predictions" "$softeq" predict r --data 'inputs-*.nc' -o blind.nc
expect 1 "target" "$softeq" eval r --data 'inputs-0.nc'

# Of two shards only the second was turned: the tracks are the same.
expect 0 "windows" "$softeq" data import eth-ucy walk.txt -o mixed-0.nc --set data.missing=mask
cp walk.nc mixed-1.nc
expect 0 "predictions" "$softeq" predict r --data 'mixed-*.nc' -o mixed.nc

# Predictions are in the unit of the targets in training, whatever that of the inputs is: as the
# model tells or, if a former version wrote it, as the training data does.
cat >units.py <<'END'
import sys

import netCDF4

with netCDF4.Dataset(sys.argv[1]) as predicted:
    for name, units in (pair.split("=") for pair in sys.argv[2:]):
        found = predicted[name].units
        assert found == units, (sys.argv[1], name, found, units)
END
/usr/bin/python3 units.py blind.nc input=1 prediction=m predicted_track=m observed_track=m || fail "blind.nc"
/usr/bin/python3 -c 'import netCDF4
for k in (0, 1): netCDF4.Dataset(f"inputs-{k}.nc", "a")["input"].units = "km"' || fail "km"
expect 0 "predictions" "$softeq" predict r --data 'inputs-*.nc' -o km.nc
/usr/bin/python3 units.py km.nc input=km prediction=m predicted_track=m observed_track=km || fail "km.nc"
expect 0 "predictions" "$softeq" predict cm --data 'inputs-*.nc' -o km.nc
/usr/bin/python3 units.py km.nc input=km prediction=cm || fail "km.nc of cm"
cp -r cm former
nccopy cm/best.nc former/best.nc
/usr/bin/python3 -c 'import netCDF4; netCDF4.Dataset("former/best.nc", "a")["output_scale"].units = "1"' ||
    fail "former"
expect 0 "predictions" "$softeq" predict former --data 'inputs-*.nc' -o km.nc
/usr/bin/python3 units.py km.nc input=km prediction=cm || fail "km.nc of a former version"
mv cm.nc moved.nc
expect 0 "predictions" "$softeq" predict former --data 'inputs-*.nc' -o km.nc
/usr/bin/python3 units.py km.nc input=km prediction=1 || fail "km.nc, where nothing tells"

cat >check.py <<'END'
import json

import numpy
import xarray

seen = {(float(f), float(a)): (float(x), float(y)) for f, a, x, y in (line.split() for line in open("walk.txt"))}
data = xarray.open_dataset("predicted.nc")
blind = xarray.open_dataset("blind.nc")
found = json.load(open("eval.json"))

assert list(data.past_time.values[-2:]) == [-0.4, 0] and list(data.future_time.values[:2]) == [0.4, 0.8]
counted = 0
for k in range(data.sizes["sample"]):
    frame, agent = int(data.frame[k]), int(data.agent[k])
    for name, first in (("observed_track", -7), ("true_track", 1)):
        track = data[name].values[k]
        for step in range(len(track)):
            there = seen.get((frame + 10 * (first + step), agent))
            if numpy.isnan(track[step]).any():
                assert data["mask"].values[k, 2 * step] == 0
                continue
            counted += 1
            assert numpy.abs(track[step] - there).max() < 1e-4, (k, step, track[step], there)
assert counted > 1000, counted

off = numpy.linalg.norm(data.predicted_track - data.true_track, axis=2)
assert abs(numpy.nanmean(off) - found["ade"]) < 1e-4, (numpy.nanmean(off), found["ade"])
assert abs(numpy.nanmean(off[:, -1]) - found["fde"]) < 1e-4
assert "walk.txt" in str(data.scene_name.values[0])
assert "true_track" not in blind and "target" not in blind
# Rows of another place in a microbatch are the same but for rounding.
assert numpy.abs(blind.predicted_track - data.predicted_track).max() < 1e-3

mixed = xarray.open_dataset("mixed.nc").observed_track.values
for part in numpy.split(mixed, 2):
    assert numpy.abs(part - data.observed_track.values).max() < 1e-4
END
/usr/bin/python3 check.py || fail "check.py"

printf '[data]\ntask = inertia\nsamples = 30\n[model]\nchannels = 4\n[train]\nepochs = 3\nloss = distances\n' >made.ini
expect 1 "train.loss = distances needs trajectories" "$softeq" train made.ini --run made
expect 1 "data.residual" "$softeq" train made.ini --run made --set data.residual=least-squares
