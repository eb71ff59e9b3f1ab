#!/bin/sh
# Search over many rows with facets: search.sh [ROWS [SEARCHES [sqlite|postgres|POSTGRES_URL]]]
. "$(dirname "$0")/common.sh"
url=${3:-sqlite}
[ "$url" != postgres ] || postgres
"$java" -XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED -cp "$work/classes:$root/target/pylon.jar:$libs" dev.pylon.bench.Searches "${1:-100000}" "${2:-500}" "$url"
