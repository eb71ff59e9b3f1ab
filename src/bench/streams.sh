#!/bin/sh
# 200 streams of 100 chunks at the same moment, as fast as they go and paced: streams.sh [ROUNDS]
. "$(dirname "$0")/common.sh"
rounds=${1:-20}
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
serve "$work/app" 7630
until curl -sf -o /dev/null -X POST -d '{}' http://127.0.0.1:7630/api/fn/noop; do sleep 0.05; done
# The code the machine compiles on the way of a request is compiled before anything is measured.
bench Load 7630 64 6 /api/fn/noop '{}' >/dev/null
bench Parallel 7630 200 10 text/event-stream /api/fn/tokens '{"chunks":100,"pauseMs":0}' >/dev/null
for pause in 0 10; do
  echo "200 streams of 100 chunks, ${pause} ms apart:"
  before=$(cpu)
  bench Parallel 7630 200 "$rounds" text/event-stream /api/fn/tokens "{\"chunks\":100,\"pauseMs\":$pause}" >"$work/streams"
  after=$(cpu)
  [ "$rounds" -gt 5 ] || cat "$work/streams"
  tail -n 1 "$work/streams"
  echo "CPU of server and runtime: $(((after - before) * 10000 / ((rounds + 2) * 20000))) us a chunk"
done
