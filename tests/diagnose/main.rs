//! The diagnosis: every cause has its own remedy, and is told from the others.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod causes;
mod mock;
mod world;
