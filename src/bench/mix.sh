#!/bin/sh
# What callers do to each other: fast ones beside slow ones, many at one row, many streams: mix.sh [ROUNDS [SECONDS]]
. "$(dirname "$0")/common.sh"
rounds=${1:-3}
seconds=${2:-5}
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
serve "$work/app" 7620
until id=$(curl -sf -X POST -d '{"title":"milk"}' http://127.0.0.1:7620/api/fn/add); do sleep 0.05; done
id=$(echo "$id" | tr -d '"')
bench Load 7620 60 "$seconds" /api/fn/one "{\"id\":\"$id\"}" >/dev/null
round=0
while [ "$round" -lt "$rounds" ]; do
  printf 'fast 60            '; bench Load 7620 60 "$seconds" /api/fn/one "{\"id\":\"$id\"}"
  bench Load 7620 4 "$((seconds + 6))" /api/fn/slow '{}' >"$work/slow" &
  printf 'fast 60 + slow 4   '; bench Load 7620 60 "$seconds" /api/fn/one "{\"id\":\"$id\"}"
  wait $! || true
  printf '         slow 4    '; cat "$work/slow"
  round=$((round + 1))
done
printf 'increment  '; bench Parallel 7620 1000 "$rounds" '*/*' /api/fn/increment '{}' | tail -n 1
echo "increment  counted $(curl -sf -X POST -d '{}' http://127.0.0.1:7620/api/fn/count) of $(((rounds + 2) * 1000))"
for pause in 10 0; do
  echo "streams of 100 chunks, ${pause} ms apart:"
  bench Parallel 7620 200 "$rounds" text/event-stream /api/fn/tokens "{\"chunks\":100,\"pauseMs\":$pause}"
done
