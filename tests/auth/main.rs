//! Signing in, over a scripted transport.

#![allow(missing_docs, unreachable_pub, dead_code, clippy::restriction, reason = "a test may stop where it stands")]

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
