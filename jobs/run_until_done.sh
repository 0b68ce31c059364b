#!/usr/bin/env bash
# Trains to the end, whatever becomes of ranks and hosts: starts mpirun again from the newest
# checkpoint when it fails, on the hosts that are left.
#   jobs/run_until_done.sh [--tries N] [--hostfile FILE] [--ranks R] [--mca KEY VALUE]... \
#       -- PROGRAM train CONFIG.ini --run DIR [OPTION...]
# --tries N     failures in a row without a newer checkpoint before it gives up; 5 by default
# --hostfile F  hosts as for mpirun; one that does not answer within five seconds is left out
# --ranks R     by default one for each slot
# Ends with the program's status: 0 done, 75 stopped on request (TERM, INT or USR1 to this script).
set -euo pipefail
script=run_until_done
# shellcheck source=jobs/open_mpi.bash
source "$(dirname "${BASH_SOURCE[0]}")/open_mpi.bash"
# shellcheck source=jobs/options.bash
source "$(dirname "${BASH_SOURCE[0]}")/options.bash"

say() { echo "$script: $*" >&2; }

tries=5 hostfile='' launcher=(mpirun --oversubscribe) agent=ssh
while [[ $# -gt 0 && $1 != -- ]]; do
    case "$1" in
        --tries) need_value "$@" && tries=$2 ;;
        --hostfile) need_value "$@" && hostfile=$2 ;;
        --ranks) need_value "$@" && launcher+=(-n "$2") ;;
        --mca)
            need_value "$@" && need_value "$1" "${3-}"
            launcher+=(--mca "$2" "$3")
            [[ $2 != plm_rsh_agent ]] || agent=$3
            shift
            ;;
        *) wrong_use "$1 is not known" ;;
    esac
    shift 2
done
shift || true
folder=''
for ((k = 1; k <= $#; k++)); do
    [[ ${!k} != --run ]] || { next=$((k + 1)) && folder=${!next-}; }
    [[ ${!k} != --run=* ]] || folder=${!k#--run=}
done
[[ $folder ]] || wrong_use "-- PROGRAM train CONFIG.ini --run DIR is missing"
[[ $tries =~ ^[0-9]+$ ]] || wrong_use "--tries $tries is no number"
[[ -z $hostfile || -r $hostfile ]] || wrong_use "the hostfile $hostfile cannot be read"

# The newest checkpoint's step; 0 if there is none.
newest_step() {
    find "$folder" -maxdepth 1 -name 'checkpoint-*.nc' 2>/dev/null |
        sed 's/.*checkpoint-\([0-9]*\)\.nc/\1/' | sort -n | tail -n 1 | grep . || echo 0
}

# list_living: the lines of the hostfile whose hosts answer. This host needs no agent.
list_living() {
    local line host
    while read -r line || [[ $line ]]; do # the last line may lack its end
        read -r host _ <<<"$line"
        [[ -n $host && $host != \#* ]] || continue
        if [[ $host == "$(hostname)" || $host == localhost ]] ||
            timeout 5 "$agent" "$host" true </dev/null >/dev/null 2>&1; then
            echo "$line"
        else
            say "host $host does not answer, going on without it"
        fi
    done <"$hostfile"
}

attempt() {
    local hosts=()
    if [[ -n $hostfile ]]; then
        list_living >"$living"
        [[ -s $living ]] || { say "no host answers" && return 1; }
        hosts=(--hostfile "$living")
    fi
    run_job "$folder" "${launcher[@]}" "${hosts[@]}" "$@" --resume
}

living=$(mktemp)
trap 'rm -f "$living"' EXIT
failures=0 before=$(newest_step)
while :; do
    status=0
    attempt "$@" || status=$?
    case "$status" in
        0 | 2 | 75) exit "$status" ;;
    esac
    [[ -z $stopped_by ]] || exit "$status"
    now=$(newest_step)
    [[ $now == "$before" ]] || failures=0
    before=$now failures=$((failures + 1))
    if [[ $failures -ge $tries ]]; then
        say "status $status, and no newer checkpoint than step $now in $tries tries: giving up"
        exit "$status"
    fi
    say "status $status at step $now or later: trying again (failure $failures of $tries)"
    sleep $((failures < 6 ? 2 ** (failures - 1) : 60))
done
