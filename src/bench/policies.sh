#!/bin/sh
# What policies cost over many rows, on SQLite and, where a URL is given, on Postgres: policies.sh [ROWS [ROUNDS [POSTGRES_URL]]]
. "$(dirname "$0")/common.sh"
"$java" -XX:+UseSerialGC -Xmx512m --enable-native-access=ALL-UNNAMED -cp "$work/classes:$root/target/pylon.jar:$libs" dev.pylon.bench.PolicedReads "${1:-100000}" "${2:-21}" ${3:+"$3"}
