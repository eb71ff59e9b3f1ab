#!/bin/sh
# Micro-benchmarks with JMH: micro.sh [JMH ARGUMENT]…
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
mvn -q -Pbench test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test
for java in "${PYLON_JAVA_HOME:-}/bin/java" "${JAVA_HOME:-}/bin/java" /usr/lib/jvm/*25*/bin/java; do
  [ -x "$java" ] && "$java" -version 2>&1 | grep -q '"2[5-9]' && break
done
exec "$java" -cp "target/test-classes:target/classes:$(cat target/bench.classpath)" org.openjdk.jmh.Main "$@"
