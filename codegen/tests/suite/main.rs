//! The tests of the generator and of the maintainers' commands: one program, so that it is linked once.

#![cfg(feature = "cli")]
#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod support;

mod bad_specs;
mod commands;
mod conform;
mod coverage;
mod diff;
mod generate;
mod import;
mod list;
mod names;
mod never_panics;
mod odd;
mod schema;
mod surface;
mod template;
mod upstream;
