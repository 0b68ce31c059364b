#!/usr/bin/env bash
# How far data-parallel training of the inertia experiment would scale over networks that are not
# here: the real trainer under SimGrid's SMPI (Debian: libsimgrid-dev) on 1 to 256 simulated nodes
# of one rank each, 500 samples a rank and step (weak scaling), beside a closed form. Kernel times
# come from softeq bench on one rank; take them on an idle machine. Leaves everything, platform
# files included, in runs/bench/simulate.
#
#   jobs/bench/simulate/run.sh [BENCH.json]        a result of softeq bench --json on one rank
cd "$(dirname "${BASH_SOURCE[0]}")/../../.." || exit 1
# shellcheck source=jobs/bench/common.bash
source jobs/bench/common.bash

steps=5
node_counts=(1 2 4 8 16 32 64 128 256)
latency_us=2.5 # of one link; a message passes two
out=runs/bench/simulate
program=build/simulated_steps

command -v smpicc >/dev/null || fail "SimGrid is missing: apt-get install libsimgrid-dev"
kernels=${1:-}
[[ -z $kernels || -r $kernels ]] || fail "$kernels cannot be read"
mkdir -p "$out"
rm -f "$out"/steps-*.json
if [[ -n $kernels ]]; then
    cp "$kernels" "$out/kernels.json"
else
    wait_for_quiet
    on_ranks 1 bench --json >"$out/kernels.json"
fi

# smpirun puts a library path of its own first, on which another BLAS may stand.
blas_folder() {
    local library
    library=$(ldconfig -p | awk '/libopenblas\.so\.0 / { print $NF; exit }')
    dirname "$(readlink -f "$library")"
}

build() {
    local packages=(netcdf openblas lapacke libxxhash inih)
    # shellcheck disable=SC2046 # several words each
    smpicc -std=gnu11 -O2 -march=native -w -Wno-psabi -D_GNU_SOURCE -DSOFTEQ_VERSION='"simulated"' \
        -Iinclude -Isrc -I. $(pkg-config --cflags "${packages[@]}") \
        src/{base,linalg,io,symmetry,nn,dataset,train}/*.c mpi/*.c \
        jobs/bench/simulate/*.c -o "$program" \
        -Wl,--wrap=MPI_Iallreduce,--wrap=MPI_Ibcast,--wrap=MPI_Ibarrier \
        -Wl,--disable-new-dtags,-rpath,"$(blas_folder)" $(pkg-config --libs "${packages[@]}") -lm
}

# platform BYTES_PER_SECOND: nodes around one switch that never blocks.
platform() {
    cat <<END
<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
  <cluster id="nodes" prefix="node-" suffix="" radical="0-255" speed="1Gf" bw="$1Bps" lat="${latency_us}us"/>
</platform>
END
}

# Seconds of a rank's kernels in a step on so many ranks.
kernel_seconds() {
    /usr/bin/env python3 - "$out/kernels.json" "$1" <<'END'
import json, sys
part = json.load(open(sys.argv[1]))["part_seconds"]
every = sum(part[name] for name in ("feed", "forward", "backward", "conversion", "update"))
print(every + part["regularizer"] / int(sys.argv[2]))
END
}

# simulate NODES GIGABIT FACTORS OPTION...: FACTORS names the options.
simulate() {
    local nodes=$1 gigabit=$2 factors=$3
    shift 3
    # Four samples a rank: what they cost is injected, not computed.
    smpirun -np "$nodes" -platform "$out/platform-$gigabit.xml" -hostfile "$out/hosts" \
        --cfg=smpi/simulate-computation:no --cfg=smpi/host-speed:1Gf \
        --cfg=smpi/coll-selector:ompi "$@" \
        "$program" jobs/experiments/inertia.ini "$steps" "$(kernel_seconds "$nodes")" \
        data.samples=$((12 * nodes)) train.batch=$((4 * nodes)) train.microbatch=4 \
        >"$out/steps-$factors-$gigabit-$nodes.json" 2>"$out/smpirun.log" ||
        fail "the simulation of $nodes nodes failed: $(tail -n 3 "$out/smpirun.log")"
}

build
seq -f 'node-%g' 0 255 >"$out/hosts"
for gigabit in 10 100; do
    platform $((gigabit * 125000000)) >"$out/platform-$gigabit.xml"
    for nodes in "${node_counts[@]}"; do
        simulate "$nodes" "$gigabit" ethernet
        simulate "$nodes" "$gigabit" ideal --cfg=smpi/bw-factor:0:1 --cfg=smpi/lat-factor:0:1
    done
done
/usr/bin/env python3 jobs/bench/simulate/table.py "$latency_us" "$out/kernels.json" \
    "$out"/steps-*.json | tee "$out/table.md"
