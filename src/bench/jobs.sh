#!/bin/sh
# Jobs through three kill -9 of the server, then how late they are when it is idle: jobs.sh [COUNT [SECONDS]]
. "$(dirname "$0")/common.sh"
count=${1:-10000}
seconds=${2:-10}
port=7640
cp -r "$root/src/test/resources/jobs-app" "$work/app"
call() { curl -sf -X POST -d "$2" "http://127.0.0.1:$port/api/fn/$1"; }
report() { call report "{\"batch\":\"$1\",\"count\":$2}"; }
begin() {
  "$root/bin/pylon" dev --cwd "$work/app" --port "$port" --logs none >>"$work/dev.log" 2>&1 &
  server=$!
  pids=$server
  until report none 0 >/dev/null; do sleep 0.02; done
}
# finish BATCH COUNT: until all have run, two minutes at most
finish() {
  tries=0
  until report "$1" "$2" | grep -q '"lost":0'; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || break
    sleep 0.2
  done
}

begin
call plan "{\"batch\":\"killed\",\"count\":$count,\"afterMs\":1000,\"spreadMs\":$((seconds * 1000))}" >/dev/null
for kill in 1 2 3; do
  sleep "$((seconds / 4))"
  kill -9 "$server"
  wait "$server" 2>/dev/null || true
  begin
done
finish killed "$count"
sleep 5
echo "$count jobs over $seconds s, three kill -9:  $(report killed "$count")"
call plan '{"batch":"idle","count":100,"afterMs":500,"spreadMs":10000}' >/dev/null
finish idle 100
echo "100 jobs over 10 s, idle:  $(report idle 100)"
