#!/usr/bin/env bash
# Kills a random rank, or all of them, at random times, and resumes on another number of ranks, until
# the run is done: it ends with the same bits as one that was never touched, on one rank.
#   kill_at_random.sh PROGRAM KILLS SEED MPIRUN [OPTION...]
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
kills=$2 seed=$3
mpirun=("${@:4}")
RANDOM=$seed
echo "seed $seed"

write_config 4000 '[checkpoint]' 'every_seconds = 0.2' 'keep = 2' '[log]' 'write_seconds = 0.1'
"$softeq" train tiny.ini --run untouched >untouched.txt
remember_untouched

# launch RUN RANKS: in the background; sets `job` and `ranks`.
launch() {
    ranks=$2
    "${mpirun[@]}" -n "$ranks" "$softeq" train tiny.ini --run "$1" --resume >>"$1.txt" 2>&1 &
    job=$!
}

# strike: kill -9 to one rank in three of four cases, otherwise to all; false if there is none.
strike() {
    local victims
    mapfile -t victims < <(pgrep -P "$job")
    [[ ${#victims[@]} -gt 0 ]] || return 1
    if [[ $((RANDOM % 4)) -gt 0 ]]; then victims=("${victims[RANDOM % ${#victims[@]}]}"); fi
    kill -KILL "${victims[@]}" 2>/dev/null
}

# finish: waits for the job, which has ten seconds to go once it was struck; its status.
finish() {
    local status=0 since=$SECONDS
    wait "$job" || status=$?
    [[ -z ${1-} || $((SECONDS - since)) -le 10 ]] ||
        fail "the job went on for $((SECONDS - since)) s after a rank was killed"
    return "$status"
}

done_kills=0 runs=0
while [[ $done_kills -lt $kills ]]; do
    run=run-$runs
    ranks=0
    while :; do
        # Another number of ranks than before, of 1 to 4.
        launch "$run" $((1 + (ranks + RANDOM % 3) % 4))
        sleep "$((RANDOM % 3)).$((RANDOM % 10))"
        if [[ $done_kills -lt $kills ]] && strike; then
            done_kills=$((done_kills + 1))
            finish struck || true
        elif finish; then
            break
        else
            fail "$run: $(cat "$run.txt")"
        fi
    done
    ! grep -q "skipped" "$run.txt" || fail "$run: a checkpoint was half there: $(cat "$run.txt")"
    same "$run"
    runs=$((runs + 1))
    echo "ok: $done_kills of $kills kills, $runs runs ended as untouched, $SECONDS s"
    rm -rf "$run" "$run.txt"
done
