#!/bin/sh
# From the start of pylon dev to its first answered call, and the memory of the idle server: boot.sh [RUNS]
. "$(dirname "$0")/common.sh"
runs=${1:-11}
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
now() { date +%s%N; }
run=0
while [ "$run" -lt "$runs" ]; do
  begin=$(now)
  "$root/bin/pylon" dev --cwd "$work/app" --port 7630 --logs none >"$work/dev.log" 2>&1 &
  server=$!
  pids=$server
  until curl -sf -o /dev/null -X POST http://127.0.0.1:7630/api/fn/noop; do sleep 0.005; done
  echo $((($(now) - begin) / 1000000)) >>"$work/millis"
  if [ $((run + 1)) -eq "$runs" ]; then
    sleep 5
    total=0
    shared=0
    for pid in $server $(pgrep -P "$server" 2>/dev/null); do
      rss=$(awk '/^VmRSS/ {print $2}' "/proc/$pid/status")
      pss=$(awk '/^Pss:/ {print $2}' "/proc/$pid/smaps_rollup")
      echo "idle  $(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-40)  RSS $((rss / 1024)) MB  PSS $((pss / 1024)) MB"
      total=$((total + rss))
      shared=$((shared + pss))
    done
    echo "idle  all  RSS $((total / 1024)) MB  PSS $((shared / 1024)) MB"
  fi
  kill "$server"
  wait "$server" 2>/dev/null || true
  run=$((run + 1))
done
sort -n "$work/millis" | awk '{v[NR]=$1} END {printf "boot to first answered call: median %d ms, min %d, max %d over %d runs\n", v[int((NR+1)/2)], v[1], v[NR], NR}'
