//! The command `cipp`: every action of the CIPP API from a terminal.
//!
//! Data goes one way: arguments → what to do (`args`) → a request and its answer (`act`, `many`, `commands`) → text (`show`).
//! Standard output holds the result and nothing else; questions, progress, warnings and hints go to standard error.
//!
//! It is a library with one door, [`run`], so that tests go through it thousands of times without starting a program each time.

#![allow(unreachable_pub, reason = "nothing but the door is reachable")]

mod act;
mod args;
mod commands;
mod complete;
mod exit;
mod failure;
mod file;
mod link;
mod many;
mod project;
mod session;
mod show;
mod signal;

use failure::Failure;
use std::io::Write as _;

/// Does what the words say, of which the first is the name of the program, and gives the exit code.
pub fn run(words: &[String]) -> u8 {
    let done = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(commands::run(words)),
        Err(error) => Err(Failure::config(format!("the system gives no threads: {error}"))),
    };
    // A result that could not be written is no result.
    let done = done.and_then(|exit| std::io::stdout().flush().map(|()| exit).map_err(Failure::from));
    match done {
        Ok(exit) => exit as u8,
        Err(failure) => {
            failure.tell(args::wants_json(words));
            failure.exit as u8
        }
    }
}
