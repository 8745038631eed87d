#!/usr/bin/env bash
# Prints what the budgets are about and can be read today: generation, compile time and size of the client alone, decoding.
# Dependencies are built first and not counted. Wall seconds, median of three; other work on the machine shows.
# usage: benches/budgets.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')

seconds() { # command...
    local times=()
    for _ in 1 2 3; do
        local start end
        start=$(date +%s.%N)
        "$@" >/dev/null 2>&1
        end=$(date +%s.%N)
        times+=("$(awk "BEGIN { printf \"%.2f\", $end - $start }")")
    done
    printf '%s\n' "${times[@]}" | sort -n | sed -n 2p
}
alone() { # command...: the client's own crate, its build script not run again
    touch cipp-client/src/lib.rs
    "$@"
}
size() { # glob
    # shellcheck disable=SC2012,SC2086
    ls -t $1 2>/dev/null | head -n 1 | xargs stat -c %s | awk '{ printf "%.1f", $1 / 1e6 }'
}

actions=$(cargo run -q -p cipp-codegen -- list --format json | grep -c '"title":')
echo "actions                                   $actions"

cargo build -q --release -p cipp-codegen
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
generate() { rm -rf "$out"/*; "$target/release/cipp-codegen" generate "$out"; }
echo "generate all, release generator           $(seconds generate) s (limit for the full API: 0.5 s)"
cat "$out"/*.rs | wc -l | awk '{ print "generated lines                          ", $1 }'

cargo check -q -p cipp-client --lib
echo "client alone, check                       $(seconds alone cargo check -p cipp-client --lib) s"
cargo build -q -p cipp-client --lib
echo "client alone, dev                         $(seconds alone cargo build -p cipp-client --lib) s"
echo "rlib, dev                                 $(size "$target/debug/libcipp_client.rlib") MB"
cargo build -q --release -p cipp-client --lib
echo "client alone, release                     $(seconds alone cargo build --release -p cipp-client --lib) s"
echo "rlib, release                             $(size "$target/release/libcipp_client.rlib") MB"

echo "decoding:"
cargo bench -q --bench decode
echo
cargo bench -q --bench call
