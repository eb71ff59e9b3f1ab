#!/bin/sh
# What policies cost over many rows: policies.sh [ROWS [ROUNDS [sqlite|postgres|POSTGRES_URL]]]
. "$(dirname "$0")/common.sh"
url=${3:-sqlite}
[ "$url" != postgres ] || postgres
"$java" -XX:+UseSerialGC -Xmx512m --enable-native-access=ALL-UNNAMED -cp "$work/classes:$root/target/pylon.jar:$libs" dev.pylon.bench.PolicedReads "${1:-100000}" "${2:-21}" "$url"
