#!/bin/sh
# pylon dev ended by Ctrl-C, once and twice, by signals, and by a terminal that is closed, and what is left
# of it then: kills.sh [RUNS [SEED]]
. "$(dirname "$0")/common.sh"
mkdir -p "$work/app/functions"
cp "$root/src/bench/app/app.ts" "$work/app/"
cp "$root"/src/bench/app/functions/*.ts "$work/app/functions/"
unset PYLON_URL PYLON_TOKEN
bench Kills "$root/bin/pylon" "$work/app" 7690 "${1:-200}" "${2:-1}"
