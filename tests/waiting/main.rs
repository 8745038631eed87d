//! Waiting for background work, paging, and reading rows while they are downloaded; over a scripted transport, on virtual time,
//! and once each against the fake server.

#![allow(missing_docs, unreachable_pub, dead_code, clippy::restriction, reason = "a test may stop where it stands")]

#[path = "../support/fake.rs"]
mod fake;
mod pages;
mod stream;
mod tasks;
mod wait;
