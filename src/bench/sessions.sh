#!/bin/sh
# What it costs to know who is calling: the noop function without a token, with as many bytes in a header that nobody reads,
# and with a session's token, in turn: sessions.sh [ROUNDS [SECONDS]]. Processor time tells more than calls a second.
. "$(dirname "$0")/common.sh"
rounds=${1:-5}
seconds=${2:-4}
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
serve "$work/app" 7690
until curl -sf -o /dev/null -X POST -d '{}' http://127.0.0.1:7690/api/fn/noop; do sleep 0.05; done
token=$(curl -sf -X POST http://127.0.0.1:7690/api/auth/guest | sed 's/.*"token":"\([^"]*\)".*/\1/')
bench Load 7690 64 "$((2 * seconds))" /api/fn/noop '{}' >/dev/null

# run NAME HEADER: a line for one kind of request
run() {
  before=$(cpu)
  line=$(BENCH_HEADER="$2" bench Load 7690 64 "$seconds" /api/fn/noop '{}')
  after=$(cpu)
  echo "$1 $((after - before)) $line" | awk '{ printf "%-9s %s  %.2f us of processor a call\n", $1, $3, $2 * 10000 / $NF }'
}

round=0
while [ "$round" -lt "$rounds" ]; do
  run nobody "X-None: 0"
  run padding "X-Paddings-000: Bearer $token"
  run session "Authorization: Bearer $token"
  round=$((round + 1))
done | tee "$work/lines"
awk '{ for (i = 1; i <= NF; i++) if ($i == "us") { sum[$1] += $(i - 1); n[$1]++ } }
  END { for (name in sum) mean[name] = sum[name] / n[name]
        printf "a session costs %.2f us of %.2f us, %.1f %%; beside the bytes of its header %.2f us, %.1f %%\n",
          mean["session"] - mean["nobody"], mean["nobody"], 100 * (mean["session"] / mean["nobody"] - 1),
          mean["session"] - mean["padding"], 100 * (mean["session"] / mean["padding"] - 1) }' "$work/lines"
