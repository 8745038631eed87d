//! Many calls at once, waiting, and the safety of writes, through the program itself.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

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
