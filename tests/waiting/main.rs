//! Waiting for background work, paging, and reading rows while they are downloaded; over a scripted transport, on virtual time,
//! and once each against the fake server.

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

#[path = "../support/fake.rs"]
mod fake;
mod pages;
mod stream;
mod tasks;
mod wait;
