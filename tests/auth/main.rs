//! Signing in, over a scripted transport.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    missing_docs,
    dead_code,
    reason = "these are tests"
)]

#[cfg(feature = "azure-identity")]
mod azure;
mod cache;
#[cfg(feature = "certificate")]
mod certificate;
mod endurance;
mod entra;
#[path = "../support/fake.rs"]
mod fake;
mod proof;
mod redirect;
mod secrecy;
