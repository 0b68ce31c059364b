#!/usr/bin/env bash
# Three hosts with addresses of their own (network namespaces), ranks started by Open MPI's launcher
# over the network between them. One host is cut off in the middle: the job ends within 30 seconds and
# goes on, on the other two, to the same bits. Needs root.
#   hosts.sh PROGRAM RUN_UNTIL_DONE
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
run_until_done=$(realpath "$2")
if ! ip netns add softeq-switch 2>/dev/null; then
    echo "skipped: network namespaces need root and ip"
    exit 77
fi

remove_hosts() {
    for space in softeq-switch softeq-h1 softeq-h2 softeq-h3; do
        ip netns pids "$space" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
        ip netns del "$space" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap remove_hosts EXIT

ip -n softeq-switch link add br0 type bridge
ip -n softeq-switch link set br0 up
for i in 1 2 3; do
    ip netns add softeq-h$i
    ip -n softeq-h$i link set lo up
    ip link add eth0 netns softeq-h$i type veth peer name p$i netns softeq-switch
    ip -n softeq-h$i addr add 10.77.0.$i/24 dev eth0
    ip -n softeq-h$i link set eth0 up
    ip -n softeq-switch link set p$i master br0
    ip -n softeq-switch link set p$i up
    echo "10.77.0.$i slots=2" >>hosts
done

# In place of ssh: reaches a host only if the network does.
cat >agent <<'AGENT'
#!/usr/bin/env bash
while [[ $1 == -* ]]; do shift; done
i=${1##*.}
shift
ip -n softeq-switch link show "p$i" | grep -q "state UP" || exit 1
exec ip netns exec "softeq-h$i" unshare --uts bash -c "hostname h$i; exec bash -c \"\$1\"" _ "$*"
AGENT
chmod +x agent

write_config 3000 'stall_seconds = 20' '[checkpoint]' 'every_seconds = 0.3'
"$softeq" train tiny.ini --run untouched >untouched.txt
remember_untouched

ip netns exec softeq-h1 unshare --uts bash -c 'hostname h1; exec "$@"' _ \
    "$run_until_done" --hostfile hosts --mca plm_rsh_agent "$PWD/agent" --mca btl tcp,self \
    --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 \
    -- "$softeq" train tiny.ini --run run >run.txt 2>&1 &
job=$!
until compgen -G 'run/checkpoint-*.nc' >/dev/null; do
    kill -0 "$job" 2>/dev/null || fail "the run did not begin: $(cat run.txt)"
    sleep 0.1
done
grep -q "6 ranks" run.txt || fail "not on three hosts: $(cat run.txt)"
ip -n softeq-switch link set p3 down
cut=$SECONDS
until grep -q "run_until_done: status" run.txt; do
    [[ $((SECONDS - cut)) -le 60 ]] || fail "the job goes on without its third host: $(cat run.txt)"
    sleep 0.1
done
ended=$((SECONDS - cut))
[[ $ended -le 30 ]] || fail "the job ended only $ended s after a host was cut off"
wait "$job" || fail "status $?: $(cat run.txt)"
grep -q "4 ranks" run.txt || fail "not resumed on two hosts: $(cat run.txt)"
same run
echo "ok: a host cut off: ended after $ended s, finished on the others after $((SECONDS - cut)) s"
