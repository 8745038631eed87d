//! How a client is set up and how it calls, over a scripted transport.

#![allow(missing_docs, unreachable_pub, dead_code, clippy::restriction, reason = "a test may stop where it stands")]

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
