#!/bin/sh
# What it costs to know who is calling, and to log it: the noop function without a token, with as many bytes in a header that
# nobody reads, with a session's token, once more without, and with an access log: sessions.sh [ROUNDS [CALLS]].
# They take turns in short blocks, so read the differences; the second "nobody" says how far to believe them.
. "$(dirname "$0")/common.sh"
rounds=${1:-120}
calls=${2:-2500}
for app in plain logged; do
  mkdir -p "$work/$app/functions"
  cp "$root/src/bench/app/app.ts" "$work/$app/"
  cp "$root"/src/bench/app/functions/*.ts "$work/$app/functions/"
done
up() {
  until curl -sf -o /dev/null -X POST -d '{}' "http://127.0.0.1:$1/api/fn/noop"; do sleep 0.05; done
  sed 's/.*"pid": *\([0-9]*\).*/\1/;t;d' "$2/.pylon/dev.json" | head -n 1
}
serve "$work/plain" 7690
plain=$(up 7690 "$work/plain")
PYLON_ACCESS_LOG=1 && export PYLON_ACCESS_LOG
serve "$work/logged" 7695
logged=$(up 7695 "$work/logged")
token=$(curl -sf -X POST http://127.0.0.1:7690/api/auth/guest | sed 's/.*"token":"\([^"]*\)".*/\1/')
bench Alternate 64 "$rounds" "$calls" /api/fn/noop '{}' \
  nobody 7690 "$plain" '' \
  padding 7690 "$plain" "X-Paddings-000: Bearer $token" \
  session 7690 "$plain" "Authorization: Bearer $token" \
  again 7690 "$plain" '' \
  logged 7695 "$logged" ''
