#!/usr/bin/env bash
# The time of a clean `cargo check` of a program that uses one category of actions: with everything below it, and the client alone.
# Wall seconds, one run and the median of three. Another checkout and other features may be named, to compare versions.
# usage: benches/one_category.sh [CHECKOUT] [FEATURES]        such as: benches/one_category.sh ../before rustls,full
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
checkout=$(realpath "${1:-.}")
features=${2:-rustls,users}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

quoted=$(sed 's/[^,]*/"&"/g' <<<"$features")
mkdir "$work/src"
cat >"$work/Cargo.toml" <<TOML
[package]
name = "one"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
cipp-client = { path = "$checkout", default-features = false, features = [$quoted] }
tokio = { version = "1", features = ["macros", "rt"] }
TOML
cat >"$work/src/main.rs" <<'RUST'
use cipp_client::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    for user in &Client::from_env()?.users().list("contoso.onmicrosoft.com").await? {
        println!("{:?}", user.display_name);
    }
    Ok(())
}
RUST
cp "$checkout/Cargo.lock" "$work/Cargo.lock"

check() { cargo check -q --manifest-path "$work/Cargo.toml" --target-dir "$work/target" "$@"; }
timed() {
    local start end
    start=$(date +%s.%N)
    "$@"
    end=$(date +%s.%N)
    awk "BEGIN { printf \"%.1f\\n\", $end - $start }"
}
alone() {
    touch "$checkout/cipp-client/src/lib.rs"
    timed check -p cipp-client
}
echo "features                               $features"
echo "clean cargo check, all of it           $(timed check) s"
echo "the client alone                       $(for _ in 1 2 3; do alone; done | sort -n | sed -n 2p) s"
