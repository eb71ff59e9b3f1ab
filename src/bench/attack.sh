#!/bin/sh
# What /health notices of idle connections, slow heads, and twice the calls there is room for:
# attack.sh [IDLE [SLOW [OVERLOADS]]]. Wants room for some 25,000 open files (ulimit -n) for 10,000 and 2,000.
. "$(dirname "$0")/common.sh"
idle=${1:-10000}
slow=${2:-1500}
ulimit -n "$(ulimit -Hn)"
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
# 200 at once that take 200 ms each are 1,000 calls a second, with the machine nearly idle.
cat >"$work/app/functions/wait.ts" <<'TS'
import { action } from "@pylonsync/functions";
export default action({ handler: async () => { await new Promise((done) => setTimeout(done, 200)); return 1; } });
TS
PYLON_REQUESTS_MAX=200 serve "$work/app" 7660
jvm=$server
"$java" -XX:+UseSerialGC -cp "$work/classes:$libs" dev.pylon.bench.Echo 7661 >/dev/null 2>&1 &
pids="$pids $!"
await http://127.0.0.1:7661/
until curl -sf -o /dev/null -X POST -d '{}' http://127.0.0.1:7660/api/fn/noop; do sleep 0.05; done
bench Attack 7660 "$jvm" "$idle" "$slow" 2000 7661 "${3:-1}"
