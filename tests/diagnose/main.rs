//! The diagnosis: every cause has its own remedy, and is told from the others.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    missing_docs,
    reason = "these are tests"
)]

mod causes;
mod mock;
mod world;
