#!/usr/bin/env bash
# The instructions of one small call on loopback, on the calling thread: by the client, and by hand on reqwest. Where time depends on
# what else the machine does, this does not. What the kernel does is not counted; both make the same system calls.
# needs: valgrind
# usage: benches/call.sh
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(cargo bench -q --no-run --bench call --message-format json | sed -n 's/.*"executable":"\([^"]*call-[^"]*\)".*/\1/p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# All that one kind of call takes, for a number of calls: the start of the program included.
counted() {
    ONLY=$1 CALLS=$2 valgrind -q --tool=callgrind --separate-threads=yes --callgrind-out-file="$work/out" "$program" >"$work/log" 2>&1 ||
        { cat "$work/log"; exit 1; } >&2
    awk '/^(summary|totals):/ { print $2; exit }' "$work/out-01"
}
per_call() {
    local few many
    few=$(counted "$1" 200)
    many=$(counted "$1" 1200)
    echo $(((many - few) / 1000))
}
ours=$(per_call ours)
hand=$(per_call hand)
echo "cipp-client              $ours instructions"
echo "by hand on reqwest       $hand instructions"
awk "BEGIN { printf \"ratio                    %.3f   limit 1.05\\n\", $ours / $hand }"
