//! Every fault of the fake server against every kind of call: nothing hangs or panics, no write is lost or done twice, and no
//! secret is in any output.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    missing_docs,
    reason = "these are tests"
)]

mod calls;
mod chance;
mod kinds;
mod matrix;
mod secrets;
