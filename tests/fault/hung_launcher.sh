#!/usr/bin/env bash
# An mpirun that hangs after its ranks have ended is ended by the script that started it, and the run
# is done.
#   hung_launcher.sh PROGRAM RUN_UNTIL_DONE (an absolute path)
# shellcheck source=tests/fault/common.bash
source "$(dirname "$0")/common.bash"
script=$2
write_config 30000 # long enough to be seen by a look a second, on a fast machine too
mkdir bin
cat >bin/mpirun <<'END'
#!/usr/bin/env bash
while [[ $1 != */softeq ]]; do shift; done
"$@" || exit
[[ -e hung ]] && exit
touch hung
exec sleep 1000
END
chmod +x bin/mpirun
PATH=$PWD/bin:$PATH SOFTEQ_LAUNCHER_GRACE=2 timeout 60 "$script" -- "$softeq" train tiny.ini \
    --run run >out.txt 2>&1 || fail "status $?: $(cat out.txt)"
grep -q "its ranks have been gone for 2 s" out.txt || fail "the launcher was not ended: $(cat out.txt)"
[[ -e run/best.nc ]] || fail "nothing came of it: $(cat out.txt)"
