//! The commands of our own, beside the actions.

mod api;
mod compat;
mod completions;
mod config;
mod demo;
mod describe;
mod doctor;
mod example;
mod follow;
mod login;
mod logout;
mod man;
mod mock;
mod profile;
mod search;
mod whoami;

pub use compat::cmdlets;
pub use describe::{about, type_of};

use crate::act;
use crate::args::{self, Parsed};
use crate::complete;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::project;
use crate::session;
use clap::{ArgMatches, Command};

/// Their names and arguments.
pub fn all() -> Vec<Command> {
    vec![
        demo::command(),
        login::command(),
        logout::command(),
        whoami::command(),
        profile::command(),
        config::command(),
        search::command(),
        describe::command(),
        compat::command(),
        api::command(),
        doctor::command(),
        follow::queue(),
        follow::task(),
        mock::command(),
        completions::command(),
        complete::command(),
        man::command(),
    ]
}

/// Does what the words say.
pub async fn run(words: &[String]) -> Result<Exit, Failure> {
    let (name, matches) = match args::parse(words)? {
        Parsed::Action(action, matches) => {
            session::choose(matches.get_one("profile"));
            if !matches.get_flag("quiet") {
                project::tell();
            }
            return act::run(action, &matches).await;
        }
        Parsed::Own(name, matches) => (name, matches),
    };
    let profile = match name.as_str() {
        "complete" => complete::profile(&matches),
        _ => innermost(&matches).get_one("profile").cloned(),
    };
    session::choose(profile.as_ref());
    let signs_in = matches!(name.as_str(), "whoami" | "api" | "doctor" | "queue" | "task");
    if signs_in && !innermost(&matches).get_flag("quiet") {
        project::tell();
    }
    match name.as_str() {
        "login" => login::run(&matches).await,
        "logout" => logout::run(&matches),
        "whoami" => whoami::run(&matches).await,
        "profile" => profile::run(&matches),
        "config" => config::run(&matches),
        "search" => search::run(&matches),
        "describe" => describe::run(&matches),
        "compat" => compat::run(&matches),
        "api" => api::run(&matches).await,
        "doctor" => doctor::run(&matches).await,
        "queue" => follow::run_queue(&matches).await,
        "task" => follow::run_task(&matches).await,
        "mock" => mock::run(&matches).await,
        "demo" => demo::run(&matches).await,
        "completions" => completions::run(&matches),
        "complete" => complete::run(&matches).await,
        "man" => man::run(&matches),
        other => Err(Failure::usage(format!("there is no command {other}"))),
    }
}

/// The words of the last command in a line such as `cipp profile list`: options that count everywhere are there.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, matches)| innermost(matches))
}
