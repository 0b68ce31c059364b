#!/usr/bin/env bash
# One real point beside the simulated ones: softeq bench on two ranks that stand on two hosts,
# which are network namespaces of this machine joined by a link of limited bandwidth. Needs root.
# Prints the measured step and the closed form; leaves the results in runs/bench/network.
#
#   jobs/bench/network_point.sh [MEGABIT...]          1000 10000 by default
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=jobs/bench/common.bash
source jobs/bench/common.bash

[[ $EUID -eq 0 ]] || fail "network namespaces need root"
command -v tc >/dev/null || fail "ip and tc are missing: apt-get install iproute2"
rates=("$@")
[[ ${#rates[@]} -gt 0 ]] || rates=(1000 10000)
out=$PWD/runs/bench/network
mkdir -p "$out"
printf 'host1 slots=1\nhost2 slots=1\n' >"$out/hosts"

# Names that nobody else uses.
name=softeq$$

remove_hosts() {
    ip netns delete "$name-1" 2>/dev/null || true
    ip netns delete "$name-2" 2>/dev/null || true
}

# make_hosts MEGABIT: two namespaces, each sending at that rate at most.
make_hosts() {
    remove_hosts
    local host
    ip netns add "$name-1"
    ip netns add "$name-2"
    ip link add eth0 netns "$name-1" type veth peer name eth0 netns "$name-2"
    for host in 1 2; do
        ip -n "$name-$host" link set lo up
        ip -n "$name-$host" addr add "10.77.0.$host/24" dev eth0
        ip -n "$name-$host" link set eth0 up
        tc -n "$name-$host" qdisc add dev eth0 root tbf rate "$1mbit" burst 256kb latency 50ms
    done
}

# What mpirun calls instead of ssh: enters the namespace of the host, under the host's name.
cat >"$out/enter" <<END
#!/usr/bin/env bash
while [[ \$1 == -* ]]; do shift; done
host=\$1
shift
exec ip netns exec "$name-\${host#host}" unshare --uts \\
    bash -c "hostname \$host; exec bash -c \\"\\\$1\\"" _ "\$*"
END
chmod +x "$out/enter"

# between_hosts ARGUMENT...: the program, a rank on each host.
between_hosts() {
    printf '10.77.0.1 host1\n10.77.0.2 host2\n127.0.0.1 localhost\n' >"$out/names"
    # shellcheck disable=SC2016 # expanded by the inner shell
    ip netns exec "$name-1" unshare --uts --mount bash -c \
        'mount --bind "$1/names" /etc/hosts; hostname host1; shift; exec mpirun "$@"' _ "$out" \
        --mca plm_rsh_agent "$out/enter" --mca btl tcp,self --mca btl_tcp_if_include eth0 \
        --mca oob_tcp_if_include eth0 --hostfile "$out/hosts" --map-by node --bind-to none -n 2 \
        "$softeq" "$@"
}

softeq=$PWD/$softeq
trap remove_hosts EXIT
for rate in "${rates[@]}"; do
    make_hosts "$rate"
    wait_for_quiet
    between_hosts bench --json >"$out/step-$rate.json"
    /usr/bin/env python3 - "$rate" "$out/step-$rate.json" <<'END'
import json, sys
megabit, run = int(sys.argv[1]), json.load(open(sys.argv[2]))
part = run["part_seconds"]
kernels = sum(part.values()) - part["sum"]
wire = run["parameters"] * 8 / (megabit * 1.25e5)  # 2 (P - 1) / P = 1
print(f"{megabit} Mb/s: step {run['step_seconds'] * 1e3:.2f} ms (fastest "
      f"{run['step_fastest_seconds'] * 1e3:.2f}), of which kernels {kernels * 1e3:.2f}; sum by "
      f"itself {part['sum'] * 1e3:.2f} ms, by the closed form {wire * 1e3:.2f}; "
      f"load {run['machine_load']:.2f}")
END
done
