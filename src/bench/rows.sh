#!/bin/sh
# Many rows over HTTP beside plain JDBC: rows.sh [ROUNDS [ROWS [CONNECTIONS]]]
. "$(dirname "$0")/common.sh"
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
serve "$work/app" 7615
until curl -sf -o /dev/null -X POST -d '{"title":"milk"}' http://127.0.0.1:7615/api/fn/add; do sleep 0.05; done
bench Load 7615 16 5 /api/entities/Todo '{"title":"x","done":false}' >/dev/null
bench Rows 7615 "$server" "${2:-100000}" "${3:-16}" "${1:-3}"
