#!/bin/sh
# kill -9 in the middle of random writes, and what is there after it: crash.sh [KILLS [SEED [sqlite|postgres]]]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
mvn -q -DskipTests package dependency:build-classpath -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test
for java in "${PYLON_JAVA_HOME:-}/bin/java" "${JAVA_HOME:-}/bin/java" /usr/lib/jvm/*25*/bin/java; do
  [ -x "$java" ] && "$java" -version 2>&1 | grep -q '"2[5-9]' && break
done
export PYLON_BUN="${PYLON_BUN:-$root/target/node/node_modules/bun/bin/bun.exe}"
exec "$java" --enable-native-access=ALL-UNNAMED -cp "target/test-classes:target/classes:$(cat target/bench.classpath)" dev.pylon.acceptance.CrashRounds "$@"
