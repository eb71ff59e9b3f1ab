#!/bin/sh
# From saving a function to its first new answer, quiet and under load: reload.sh [EDITS]
. "$(dirname "$0")/common.sh"
edits=${1:-100}
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
echo 'import { query } from "@pylonsync/functions"; export default query({ handler: async () => 0 });' >"$work/app/functions/version.ts"
serve "$work/app" 7620
until curl -sf -o /dev/null -X POST http://127.0.0.1:7620/api/fn/version; do sleep 0.05; done
bench Reload http://127.0.0.1:7620 "$work/app/functions/version.ts" "$edits" 0
bench Reload http://127.0.0.1:7620 "$work/app/functions/version.ts" "$edits" 16
