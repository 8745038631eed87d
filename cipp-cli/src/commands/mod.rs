//! The commands of our own, beside the actions.

mod api;
mod compat;
mod completions;
mod demo;
mod describe;
mod doctor;
mod man;
mod mock;
mod search;

pub use describe::{about, type_of};

use crate::act;
use crate::args::{self, Parsed};
use crate::exit::Exit;
use crate::failure::Failure;
use clap::Command;

/// Their names and arguments.
pub fn all() -> Vec<Command> {
    vec![
        demo::command(),
        search::command(),
        describe::command(),
        compat::command(),
        api::command(),
        doctor::command(),
        mock::command(),
        completions::command(),
        man::command(),
    ]
}

/// Does what the words say.
pub async fn run(words: &[String]) -> Result<Exit, Failure> {
    let (name, matches) = match args::parse(words)? {
        Parsed::Action(action, matches) => return act::run(action, &matches).await,
        Parsed::Own(name, matches) => (name, matches),
    };
    match name.as_str() {
        "search" => search::run(&matches),
        "describe" => describe::run(&matches),
        "compat" => compat::run(&matches),
        "api" => api::run(&matches).await,
        "doctor" => doctor::run(&matches).await,
        "mock" => mock::run(&matches).await,
        "demo" => demo::run(&matches).await,
        "completions" => completions::run(&matches),
        "man" => man::run(&matches),
        other => Err(Failure::usage(format!("there is no command {other}"))),
    }
}
