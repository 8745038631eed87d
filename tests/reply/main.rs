//! From answers to values: every shape that the server was seen to send.

#![allow(missing_docs, unreachable_pub, dead_code, clippy::restriction, reason = "a test may stop where it stands")]

mod listing;
mod object;
mod plain;
mod results;
#[path = "../support/row.rs"]
mod row;
mod rows;
