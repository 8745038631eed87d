//! How a client is set up and how it calls, over a scripted transport.

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

mod batch;
#[cfg(feature = "blocking")]
mod blocking;
mod bulk;
mod calls;
#[path = "../support/fake.rs"]
mod fake;
mod http;
mod limits;
mod outcomes;
mod retry;
mod server_batch;
mod setup;
mod stats;
mod status;
