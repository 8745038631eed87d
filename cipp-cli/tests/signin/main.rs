//! Profiles and sign-in, as the command does them: what is stored where, what wins, and what happens when things are broken.
#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod canary;
mod doctor;
mod faults;
mod login;
mod precedence;
mod project;
mod sources;
mod support;
