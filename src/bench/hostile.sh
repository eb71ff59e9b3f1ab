#!/bin/sh
# What others notice of each kind of hostile handler: hostile.sh [TIMES [KIND...]]
. "$(dirname "$0")/common.sh"
times=${1:-5}
[ "$#" -lt 1 ] || shift
[ "$#" -gt 0 ] || set -- exit reject timer raw forge deep loop fatal holdPipe hog echo big chunks
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/test/resources/acceptance/hostile/*.ts "$work/app/functions/"
# A runtime that may not take all of the machine's memory.
bun=$(ls "$root"/target/node/node_modules/bun/bin/bun.exe)
printf '#!/bin/sh\nulimit -d 700000\nulimit -c 0\nexec "%s" "$@"\n' "$bun" >"$work/small-bun"
chmod +x "$work/small-bun"
PYLON_BUN="$work/small-bun" serve "$work/app" 7650
until curl -sf -o /dev/null -X POST -d '{}' http://127.0.0.1:7650/api/fn/quick; do sleep 0.05; done
for kind in "$@"; do
  case $kind in
    echo) body=+10000000 ;;
    big) body='{"chars":5242880}' ;;
    chunks) body='{"count":100000}' ;;
    *) body='{"own":"mine"}' ;;
  esac
  bench Hostile 7650 "$times" "$kind" "$body"
done
