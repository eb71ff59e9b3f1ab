#!/bin/sh
# Look-ups and pages through the store beside plain JDBC: store.sh [ROUNDS]
. "$(dirname "$0")/common.sh"
"$java" --enable-native-access=ALL-UNNAMED -cp "$work/classes:$root/target/pylon.jar:$libs" dev.pylon.bench.StoreReads "${1:-5}"
