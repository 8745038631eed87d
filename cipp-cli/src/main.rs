//! The command `cipp`: every action of the CIPP API from a terminal.
//!
//! Data goes one way: arguments → what to do ([`args`]) → a request and its answer ([`act`], [`commands`]) → text ([`show`]).
//! Standard output holds the result and nothing else; questions, progress, warnings and hints go to standard error.

#![allow(unreachable_pub, reason = "a program has no outside")]

mod act;
mod args;
mod commands;
mod exit;
mod failure;
mod many;
mod session;
mod show;
mod signal;

use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().map(|text| text.to_string_lossy().into_owned()).collect();
    let json = args::wants_json(&arguments);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::config(format!("the system gives no threads: {error}")).tell(json),
    };
    match runtime.block_on(commands::run(&arguments)) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.tell(json),
    }
}
