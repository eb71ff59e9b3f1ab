# Shared by the benchmarks: where things are, and how a server is started and stopped. POSIX sh.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
[ -f "$root/target/pylon.jar" ] || (cd "$root" && mvn -q -DskipTests package)
java=$("$root/bin/pylon" --print-java 2>/dev/null || true)
for candidate in "$java" "${PYLON_JAVA_HOME:-}/bin/java" "${JAVA_HOME:-}/bin/java" /usr/lib/jvm/*25*/bin/java; do
  [ -x "$candidate" ] && java=$candidate && "$java" -version 2>&1 | grep -q '"2[5-9]' && break
done
work=$(mktemp -d)
libs=$(ls "$root"/target/lib/*.jar | tr '\n' ':')
"$(dirname "$java")/javac" -nowarn -d "$work/classes" -cp "$root/target/pylon.jar:$libs" "$root"/src/bench/java/dev/pylon/bench/*.java
pids=""
cleanup() {
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  [ -z "${KEEP:-}" ] || cp "$work"/*.log "$KEEP"
  rm -rf "$work"
}
trap cleanup EXIT INT TERM

# bench CLASS ARG…: one of the drivers
bench() {
  class=$1
  shift
  "$java" -XX:+UseSerialGC -Xmx512m -cp "$work/classes:$libs" "dev.pylon.bench.$class" "$@"
}

# postgres: one of the binaries that the tests use; its URL in $url, gone with this script
postgres() {
  (cd "$root" && mvn -q -DskipTests test-compile dependency:build-classpath -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test)
  mkfifo "$work/postgres.in"
  "$java" -cp "$root/target/test-classes:$root/target/classes:$(cat "$root/target/bench.classpath")" dev.pylon.PostgresServer <"$work/postgres.in" >"$work/postgres.url" &
  pids="$pids $!"
  exec 9>"$work/postgres.in"
  until [ -s "$work/postgres.url" ]; do
    kill -0 "$!" || exit 1
    sleep 0.1
  done
  url=$(cat "$work/postgres.url")
}

# await URL: until something answers there, ten seconds at most
await() {
  tries=0
  until curl -s -o /dev/null "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 1000 ] || { echo "nothing answers at $1" >&2; exit 1; }
    sleep 0.01
  done
}

# serve PROJECT PORT [OPTION…]: pylon dev in a copy of a project
serve() {
  project=$1 port=$2
  shift 2
  PYLON_FN_RATE_LIMIT_MAX=0 PYLON_RATE_LIMIT_MAX=0 "$root/bin/pylon" dev --cwd "$project" --port "$port" --logs none "$@" >"$work/dev.log" 2>&1 &
  pids="$pids $!"
  server=$!
  await "http://127.0.0.1:$port/health"
}

# cpu: hundredths of a second that the server and its runtimes have computed so far
cpu() {
  total=0
  for pid in $server $(pgrep -P "$server") $(pgrep -P "$(pgrep -d, -P "$server")" 2>/dev/null || true); do
    set -- $(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null || true)
    [ "$#" -lt 13 ] || total=$((total + ${12} + ${13}))
  done
  echo "$total"
}
