#!/bin/sh
# From saving a module to its first new answer, in a project of fifty functions, quiet and under load, and
# what that does to calls and to memory: reload.sh [EDITS]
. "$(dirname "$0")/common.sh"
edits=${1:-100}
mkdir -p "$work/app/functions" "$work/app/lib"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
echo 'export const VERSION = 0;' >"$work/app/lib/version.ts"
cat >"$work/app/functions/version.ts" <<'END'
import { query } from "@pylonsync/functions";
import { VERSION } from "../lib/version";
export default query({ handler: async () => VERSION });
END
cat >"$work/app/functions/versions.ts" <<'END'
import { action } from "@pylonsync/functions";
import { VERSION } from "../lib/version";
export default action({
  handler: async (ctx) => {
    const first = await ctx.runQuery("version");
    await Bun.sleep(1);
    return [VERSION, first, await ctx.runQuery("version")];
  },
});
END
number=$(ls "$work/app/functions" | wc -l)
while [ "$number" -lt 50 ]; do
  number=$((number + 1))
  cp "$work/app/functions/version.ts" "$work/app/functions/copy$number.ts"
done

# memory: megabytes that are the server's, and its runtimes', alone or in part
memory() {
  total=0
  for pid in $server $(pgrep -P "$server"); do
    pss=$(awk '/^Pss:/ {print $2}' "/proc/$pid/smaps_rollup" 2>/dev/null || echo 0)
    total=$((total + ${pss:-0}))
  done
  echo "$(ls "$work/app/functions" | wc -l) functions; PSS $((total / 1024)) MB, $(pgrep -P "$server" | wc -l) runtimes; $1"
}

serve "$work/app" 7620 --json
until curl -sf -o /dev/null -X POST http://127.0.0.1:7620/api/fn/versions; do sleep 0.05; done
memory 'before'
bench Reload http://127.0.0.1:7620 "$work/app/lib/version.ts" "$edits" 0 "$work/dev.log"
memory "after $edits edits"
bench Reload http://127.0.0.1:7620 "$work/app/lib/version.ts" "$edits" 16 "$work/dev.log"
memory "after $edits edits under load"
bench Reload http://127.0.0.1:7620 "$work/app/lib/version.ts" "$edits" 16 "$work/dev.log"
memory "after $edits more"
