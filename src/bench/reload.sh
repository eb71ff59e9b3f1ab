#!/bin/sh
# From saving a module to its first new answer, in a project of fifty functions, quiet and under load, and
# what that does to calls and to memory: reload.sh [EDITS [ROUNDS]]. One round without callers, ROUNDS with them;
# memory is flat where the last rounds add nothing.
. "$(dirname "$0")/common.sh"
edits=${1:-85}
rounds=${2:-6}
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

# pss PID…: megabytes that are theirs, alone or in part
pss() {
  for pid; do cat "/proc/$pid/smaps_rollup" 2>/dev/null || true; done | awk '/^Pss:/ {sum += $2} END {printf "%d", sum / 1024}'
}

# memory WHEN: of the server, and of its runtimes
memory() {
  children=$(pgrep -P "$server")
  echo "PSS of the JVM $(pss "$server") MB, of $(echo "$children" | wc -l) runtimes $(pss $children) MB; $(ls "/proc/$server/task" | wc -l) threads, $(ls "/proc/$server/fd" | wc -l) open files; $1"
}

# heap: what the JVM's objects take when nothing is left that nobody holds. Only at the end: a full collection
# changes what comes after it.
heap() {
  "$(dirname "$java")/jcmd" "$server" GC.run >/dev/null
  "$(dirname "$java")/jcmd" "$server" GC.heap_info | awk '
    {for (i = 1; i < NF; i++) if ($i == "used" && !/Metaspace|class space|eden|from|to  |the space/) used += $(i + 1)}
    END {printf "heap in use after a full collection: %.1f MB\n", used / 1024}'
}

serve "$work/app" 7620 --json
until curl -sf -o /dev/null -X POST http://127.0.0.1:7620/api/fn/versions; do sleep 0.05; done
echo "$(ls "$work/app/functions" | wc -l) functions"
memory 'before'
bench Reload http://127.0.0.1:7620 "$work/app/lib/version.ts" "$edits" 0 "$work/dev.log"
memory "after $edits edits"
round=1
while [ "$round" -le "$rounds" ]; do
  bench Reload http://127.0.0.1:7620 "$work/app/lib/version.ts" "$edits" 16 "$work/dev.log"
  memory "after $((round * edits)) edits under load"
  round=$((round + 1))
done
heap
