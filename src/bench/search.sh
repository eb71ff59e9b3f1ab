#!/bin/sh
# Search over many rows with facets, on SQLite and, where a URL is given, on Postgres: search.sh [ROWS [SEARCHES [POSTGRES_URL]]]
. "$(dirname "$0")/common.sh"
"$java" -XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED -cp "$work/classes:$root/target/pylon.jar:$libs" dev.pylon.bench.Searches "${1:-100000}" "${2:-500}" ${3:+"$3"}
