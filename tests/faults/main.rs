//! Every fault of the fake server against every kind of call: nothing hangs or panics, no write is lost or done twice, and no
//! secret is in any output.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod calls;
mod chance;
mod kinds;
mod matrix;
mod secrets;
