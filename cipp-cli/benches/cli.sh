#!/bin/sh
# How long the command takes to start, and how big it is: the median of fifty runs each, in milliseconds.
# usage: cipp-cli/benches/cli.sh [BINARY]
set -eu
cd "$(dirname "$0")/../.."
if [ $# -gt 0 ]; then binary=$1; else
    cargo build --quiet --release -p cipp-cli
    binary=${CARGO_TARGET_DIR:-target}/release/cipp
fi
median() {
    name=$1
    shift
    runs=0
    while [ $runs -lt 50 ]; do
        begin=$(date +%s%N)
        "$@" >/dev/null 2>&1 || true
        echo $((($(date +%s%N) - begin) / 1000))
        runs=$((runs + 1))
    done | sort -n | awk -v name="$name" '{ all[NR] = $1 } END { printf "%-28s %6.1f ms\n", name, (all[25] + all[26]) / 2000 }'
}
median 'a program that does nothing' true
median 'cipp --help' "$binary" --help
median 'cipp users --help' "$binary" users --help
median 'cipp users list --help' "$binary" users list --help
median 'cipp completions bash' "$binary" completions bash
size=$(mktemp)
strip -o "$size" "$binary"
printf '%-28s %6.1f MB\n' 'stripped binary' "$(wc -c <"$size" | awk '{ print $1 / 1000000 }')"
rm -f "$size"
