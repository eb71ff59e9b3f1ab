#!/bin/sh
# Start-up of short commands, and of the help page of every command, beside "node -e 0": medians of
# interleaved runs, in milliseconds.
#
#   src/bench/startup.sh [runs]
#
# Starts a server on a new project, warms everything once, then runs each command in turn, so that
# whatever else the machine does falls on all of them alike. Needs node and GNU date.
set -eu

runs=${1:-21}
here=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
pylon=$here/bin/pylon
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

"$pylon" init "$work/project" --quiet >/dev/null
cd "$work/project"
printf '%s\n' 'import { query } from "@pylonsync/functions";' \
  'export default query({ args: {}, handler: () => null });' >functions/noop.ts
"$pylon" dev --port 0 >"$work/log" 2>&1 &
server=$!
tries=0
until [ -f .pylon/dev.json ] && "$pylon" call noop >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { cat "$work/log" >&2; echo 'the server did not start' >&2; exit 1; }
  sleep 0.1
done

# Traces to show, and time for the ahead-of-time caches to be made in the background.
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "$pylon" call noop >/dev/null; done
sleep 5

measure() { # label, command…
  label=$1
  shift
  before=$(date +%s%N)
  "$@" >/dev/null 2>&1
  after=$(date +%s%N)
  echo $(((after - before) / 1000)) >>"$work/$label"
}

commands=$("$pylon" help | sed -n 's/^  \([a-z]*\) .*/\1/p')
i=0
while [ $i -lt "$runs" ]; do
  measure node node -e 0
  measure version "$pylon" --version
  measure call "$pylon" call noop
  measure traces "$pylon" traces -n 20
  for command in $commands; do measure "help-$command" "$pylon" "$command" --help; done
  i=$((i + 1))
done

median() {
  sort -n "$work/$1" | sed -n "$(((runs + 1) / 2))p"
}

node=$(median node)
for label in node version call traces $(printf 'help-%s ' $commands); do
  micros=$(median "$label")
  awk -v name="$label" -v us="$micros" -v node="$node" -v runs="$runs" \
    'BEGIN { printf "%-16s %7.1f ms   %.2f x node   (median of %d)\n", name, us / 1000, us / node, runs }'
done
