#!/usr/bin/env bash
# Writes src/docs/SCREENS.md: terminals as they look, captured from the real thing with tmux.
# Run it in a built checkout: src/docs/screens.sh
set -euo pipefail

home=$(cd "$(dirname "$0")/../.." && pwd)
pylon=$home/bin/pylon
page=$home/src/docs/SCREENS.md
work=$(mktemp -d)
socket=pylon-screens-$$
export LC_ALL=C.UTF-8 NO_COLOR=1

cleanup() {
  tmux -L "$socket" send-keys -t dev q 2>/dev/null && sleep 2
  tmux -L "$socket" kill-server 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# What the terminal shows, without the lines at its end that are empty; the folder has no name of ours.
screen() {
  tmux -L "$socket" capture-pane -p -t "$1" | sed -e "s#$work#~#g" -e 's/[[:space:]]*$//' |
    awk '{ line[NR] = $0; if ($0 != "") last = NR } END { for (i = 1; i <= last; i++) print line[i] }'
}

section() {
  printf '\n## %s\n\n```\n' "$1" >>"$page"
  cat >>"$page"
  printf '```\n' >>"$page"
}

# Runs a line in a terminal of its own and waits until it has ended.
typed() {
  tmux -L "$socket" new-window -d -n shell -c "$work/todo" "PS1='$ ' bash --norc -i"
  sleep 1
  tmux -L "$socket" send-keys -t shell "clear; alias pylon=$pylon" Enter
  tmux -L "$socket" send-keys -t shell "clear; $1; tmux -L $socket wait-for -S ended" Enter
  timeout 60 tmux -L "$socket" wait-for ended
  sleep 0.5
  { printf '$ %s\n' "$1"; screen shell | sed -e '/^\$ *$/d' -e '/wait-for/d'; } | section "$2"
  tmux -L "$socket" kill-window -t shell
}

cp -r "$home/src/samples/todo" "$work/todo"
rm -rf "$work/todo/.pylon"
printf '# Screens\n\nMade by `src/docs/screens.sh` from the real thing.\n' >"$page"

tmux -L "$socket" new-session -d -n dev -x 100 -y 30 -c "$work/todo" "$pylon dev --port 0"
for _ in $(seq 120); do
  screen dev | grep -q ' functions ' && break
  sleep 0.5
done

cd "$work/todo"
"$pylon" call addTodo title=milk >"$work/said" 2>&1
for _ in 1 2 3; do "$pylon" call listTodos >>"$work/said" 2>&1; done
"$pylon" call addTodo title= >>"$work/said" 2>&1 || true
sed -i 's/async handler(ctx, args) {/async handler(ctx, args) {\n    if (args.title === "crash") throw new Error("nobody thought of this");/' functions/addTodo.ts
sleep 2
"$pylon" call addTodo title=crash >>"$work/said" 2>&1 || true
sleep 1

screen dev | section 'pylon dev'
typed 'pylon call addTodo title=tea --trace' 'A call, and what it did'
typed 'pylon call addTodo title=cake --dry-run' 'A call that is only tried'
typed 'pylon call addTodo title=crash' 'A failure, with the place in the code'
typed 'pylon traces' 'What calls did'
typed 'pylon traces --stats' 'Which functions take the time'
