#!/usr/bin/env bash
# A real Slurm of one node (slurmctld, slurmd, munge) runs jobs/train.sbatch: stopped before its time
# is up, requeued, resumed, preempted, requeued again, and finished with the same bits as a run that
# was never touched. Needs root and Debian's slurm-wlm and munge.
#   slurm.sh PROGRAM
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
for tool in slurmctld slurmd munged sbatch; do
    command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
[[ $EUID -eq 0 ]] || { echo "skipped: needs root"; exit 77; }

daemons=()
end_slurm() {
    scancel --user="$USER" 2>/dev/null || true
    for ((k = ${#daemons[@]} - 1; k >= 0; k--)); do kill "${daemons[k]}" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap end_slurm EXIT
export USER=${USER:-root}

# daemon NAME COMMAND...: in the background until the test ends.
daemon() {
    "${@:2}" >"$1.out" 2>&1 &
    daemons+=($!)
}

# until_true SECONDS COMMAND...
until_true() {
    local end=$((SECONDS + $1))
    until "${@:2}" >/dev/null 2>&1; do
        [[ $SECONDS -lt $end ]] || {
            tail -n 30 job.txt high.txt slurmctld.log slurmd.log >&2 || true
            squeue >&2
            fail "not in time: ${*:2}"
        }
        sleep 0.2
    done
}

chmod 711 "$work"
mkdir -m 711 munge
mkdir -m 700 state spool
dd if=/dev/urandom of=munge.key bs=1024 count=1 status=none
chmod 600 munge.key
daemon munged munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge/socket" \
    --pid-file="$work/munge/pid" --log-file="$work/munged.log" --seed-file="$work/munge.seed"
host=$(hostname)
cat >slurm.conf <<CONF
ClusterName=softeq
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
SlurmUser=root
SlurmdUser=root
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2,bf_interval=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
KillWait=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
MailProg=/bin/true
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=low Nodes=$host Default=YES PriorityTier=1 GraceTime=2
PartitionName=high Nodes=$host PriorityTier=10 PreemptMode=OFF
CONF
export SLURM_CONF=$work/slurm.conf
daemon slurmctld slurmctld -D -i
daemon slurmd slurmd -D
until_true 30 sh -c "sinfo --noheader --format=%T | grep -q idle"

write_config 20000 '[checkpoint]' 'every_seconds = 1'
sed -i 's/channels = .*/channels = 64/' tiny.ini # long enough to be preempted
"$softeq" train tiny.ini --run untouched >untouched.txt
remember_untouched

# at_start N: the job's N-th start has resumed or begun, and trains.
at_start() {
    grep -q "start $1, on" job.txt && [[ $(grep -c "training and" job.txt) -ge $1 ]]
}
# A requeued job waits two minutes. Slurm takes one that starts in the second it was ended for dead.
start_now() { sleep 3 && scontrol update jobid="$job" StartTime=now 2>/dev/null; }

ln -s "$project/jobs" jobs
job=$(SOFTEQ=$softeq sbatch --parsable --ntasks=2 --output=job.txt --signal=B:USR1@60 --time=5 \
    --partition=low jobs/train.sbatch tiny.ini run)
until_true 60 at_start 1
sleep 1
# What Slurm sends before the time is up; its own clock ticks every 30 s.
scancel --batch --signal=USR1 "$job"
until_true 30 grep -q "stopped with a checkpoint, requeued" job.txt
until_true 20 start_now
until_true 200 at_start 2
echo "ok: signalled before the time limit, requeued, resumed, $SECONDS s"

sbatch --parsable --ntasks="$(nproc)" --partition=high --output=high.txt --wrap 'sleep 3' >/dev/null
until_true 60 grep -q "PREEMPT\|DUE TO\|stopped on request.*" high.txt job.txt
until_true 20 start_now
until_true 200 at_start 3
echo "ok: preempted, requeued, resumed, $SECONDS s"
until_true 120 grep -q "best.nc: epoch" job.txt
until_true 30 sh -c "! squeue --noheader | grep ."
same run
echo "ok: finished, $SECONDS s"
