//! From answers to values: every shape that the server was seen to send.

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

mod listing;
mod object;
mod plain;
mod results;
#[path = "../support/row.rs"]
mod row;
mod rows;
