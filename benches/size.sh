#!/usr/bin/env bash
# How large a program with one action is, stripped, beside the same program on reqwest alone: sign in, read the version, print it.
# Both are built for release with Cargo's defaults, in a temporary folder.
# usage: benches/size.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

program() { # name, dependencies; the program comes on standard input
    mkdir -p "$work/$1/src"
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n[profile.release]\nstrip = true\n\n[dependencies]\n%s\n' "$1" "$2" >"$work/$1/Cargo.toml"
    cat >"$work/$1/src/main.rs"
    cp Cargo.lock "$work/$1/Cargo.lock"
}
tokio='tokio = { version = "1", features = ["macros", "rt"] }'
reqwest=$(grep -m1 '^reqwest = ' Cargo.toml)

program ours "$tokio
cipp-client = { path = \"$root\", default-features = false, features = [\"rustls\", \"instance\"] }" <<'RUST'
use cipp_client::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let version = client.instance().get_version().await?;
    println!("{:?}", version.api);
    Ok(())
}
RUST

program hand "$tokio
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
${reqwest/features = [/features = [\"rustls\", \"json\", \"form\", }" <<'RUST'
use serde::Deserialize;
use std::error::Error;

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

#[derive(Deserialize)]
struct Version {
    #[serde(rename = "LocalCIPPAPIVersion")]
    api: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let var = |name: &str| std::env::var(name).map_err(|_| format!("not set: {name}"));
    let (url, client_id) = (var("CIPP_URL")?, var("CIPP_CLIENT_ID")?);
    let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(300)).build()?;
    let token: Token = client
        .post(format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", var("CIPP_TENANT_ID")?))
        .form(&[
            ("grant_type", "client_credentials"),
            ("client_id", &client_id),
            ("client_secret", &var("CIPP_CLIENT_SECRET")?),
            ("scope", &format!("api://{client_id}/.default")),
        ])
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let reply = client.get(format!("{url}/api/GetVersion")).bearer_auth(&token.access_token).send().await?;
    let version: Version = reply.error_for_status()?.json().await?;
    println!("{:?}", version.api);
    Ok(())
}
RUST

build() { cargo build -q --release --manifest-path "$work/$1/Cargo.toml" --target-dir "$work/$1/target"; }
for name in ours hand; do build "$name"; done
ours=$(stat -c %s "$work/ours/target/release/ours")
hand=$(stat -c %s "$work/hand/target/release/hand")
awk "BEGIN { printf \"one action, stripped, ours             %8.3f MB\nthe same on reqwest alone              %8.3f MB\nratio                                  %8.3f   limit 1.10\n\", $ours / 1e6, $hand / 1e6, $ours / $hand }"
