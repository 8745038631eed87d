#!/usr/bin/env bash
# Builds the client that OpenAPI Generator makes of the official description of CIPP beside ours, and prints both and the ratio:
# time to generate, time to compile the client's own crate, size of its library. Dependencies are built first and not counted.
# Wall seconds, median of three (release: one run each); other work on the machine shows. The peer lives in a temporary folder.
# usage: benches/peer.sh OPENAPI.json        needs Java, and pip for openapi-generator-cli
set -euo pipefail
openapi=$(realpath "${1:?the official description of CIPP, such as openapi.json}")
cd "$(dirname "$0")/.."
export CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
version=7.26.0
target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

seconds() { # runs, command...: the median
    local runs=$1 times=() start end
    shift
    for _ in $(seq "$runs"); do
        start=$(date +%s.%N)
        "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
        end=$(date +%s.%N)
        times+=("$(awk "BEGIN { printf \"%.2f\", $end - $start }")")
    done
    printf '%s\n' "${times[@]}" | sort -n | sed -n "$(((runs + 1) / 2))p"
}
size() { stat -c %s "$1" | awk '{ printf "%.1f", $1 / 1e6 }'; }
row() { # what, ours, peer, limit
    awk -v what="$1" -v ours="$2" -v peer="$3" -v limit="$4" \
        'BEGIN { printf "%-28s %10s %10s %8.3f   %s\n", what, ours, peer, ours / peer, limit }'
}

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "openapi-generator-cli==$version"
jar=$(find "$work/venv" -name 'openapi-generator*.jar' | head -n 1)
generate_peer() {
    java -jar "$jar" generate -i "$openapi" -g rust -o "$work/peer" --skip-validate-spec \
        --additional-properties=packageName=peer,packageVersion=0.0.0,library=reqwest
}
generate_ours() {
    # A folder of its own each time: files that are there and the same would not be written.
    "$target/release/cipp-codegen" generate "$(mktemp -d -p "$work")"
}
cargo build -q --release -p cipp-codegen
peer=$(seconds 1 generate_peer)
ours=$(seconds 3 generate_ours)
echo "actions: $(cargo run -q --release -p cipp-codegen -- list --format json | grep -c '"title":')"
echo "operations of the peer: $(grep -rhoE 'pub async fn [a-z_0-9]+' "$work/peer/src/apis" | wc -l)"
echo
printf '%-28s %10s %10s %8s   %s\n' "" ours peer ratio limit
row "generate, s" "$ours" "$peer" "0.5 s for ours"

# Both clients as the only thing to be compiled: their dependencies are there already.
(cd "$work/peer" && printf '\n[workspace]\n' >>Cargo.toml)
peer_cargo() { touch "$work/peer/src/lib.rs" && cargo "$@" --manifest-path "$work/peer/Cargo.toml" --target-dir "$work/peer-target" --no-default-features --features rustls; }
ours_cargo() { touch cipp-client/src/lib.rs && cargo "$@" -p cipp-client --lib; }
for step in "check, s|1/2|check" "dev build, s|1/2|build" "release build, s|1/5|build --release"; do
    IFS='|' read -r what limit command <<<"$step"
    runs=3
    [ "$what" = "release build, s" ] && runs=1
    # shellcheck disable=SC2086
    { peer_cargo $command -q 2>/dev/null; ours_cargo $command -q; }
    # shellcheck disable=SC2086
    row "$what" "$(seconds $runs ours_cargo $command)" "$(seconds $runs peer_cargo $command)" "$limit"
done
row "library, dev, MB" "$(size "$target/debug/libcipp_client.rlib")" "$(size "$work/peer-target/debug/libpeer.rlib")" "1/5"
row "library, release, MB" "$(size "$target/release/libcipp_client.rlib")" "$(size "$work/peer-target/release/libpeer.rlib")" "1/5"
