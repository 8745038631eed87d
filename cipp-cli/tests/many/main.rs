//! Many calls at once, waiting, and the safety of writes, through the program itself.

#![allow(unreachable_pub, reason = "a test has no outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "this is a test")]

#[cfg(unix)]
mod ask;
mod codes;
mod input;
#[cfg(unix)]
mod interrupt;
mod pages;
mod soak;
mod support;
mod tenants;
mod waiting;
mod writes;
