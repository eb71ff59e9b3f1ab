#!/bin/sh
# Function calls beside a bare Undertow echo in the same run: calls.sh [ROUNDS [SECONDS]]
. "$(dirname "$0")/common.sh"
rounds=${1:-3}
seconds=${2:-5}
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
serve "$work/app" 7610
"$java" -XX:+UseSerialGC -cp "$work/classes:$libs" dev.pylon.bench.Echo 7601 >/dev/null 2>&1 &
pids="$pids $!"
await http://127.0.0.1:7601/
until id=$(curl -sf -X POST -d '{"title":"milk"}' http://127.0.0.1:7610/api/fn/add); do sleep 0.05; done
id=$(echo "$id" | tr -d '"')
round=0
while [ "$round" -lt "$rounds" ]; do
  for connections in 1 16 64; do
    printf 'echo    %2d  ' "$connections"; bench Load 7601 "$connections" "$seconds" / '{}'
    printf 'noop    %2d  ' "$connections"; bench Load 7610 "$connections" "$seconds" /api/fn/noop '{}'
    printf 'one     %2d  ' "$connections"; bench Load 7610 "$connections" "$seconds" /api/fn/one "{\"id\":\"$id\"}"
    printf 'add     %2d  ' "$connections"; bench Load 7610 "$connections" "$seconds" /api/fn/add '{"title":"x"}'
  done
  round=$((round + 1))
done
printf 'mixed   64  '
bench Load 7610 64 "$seconds" /api/fn/noop '{}' /api/fn/one "{\"id\":\"$id\"}" /api/fn/add '{"title":"x"}' /api/fn/act '{"title":"y"}'
