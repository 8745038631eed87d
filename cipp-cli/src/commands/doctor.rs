//! `cipp doctor`: what is wrong with the connection, and what to do.

use crate::args::format_of;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{self, Select, Shown};
use cipp_client::ClientBuilder;
use clap::{ArgMatches, Command};

use serde_json::{Value, json};

pub fn command() -> Command {
    Command::new("doctor").about("Find out what is wrong with the connection to the server, and what to do")
}

/// Always succeeds when it could run: what it finds is its result.
pub async fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let builder = ClientBuilder::from_vars(|name| std::env::var(name).ok());
    let diagnosis = match builder {
        Ok(builder) => builder.diagnose().await,
        Err(error) => return Err(Failure::from(error).hint("cipp login stores a sign-in; without one nothing can be checked")),
    };
    let rows: Value = diagnosis
        .checks
        .iter()
        .map(|check| {
            json!({
                "check": check.name, "state": format!("{:?}", check.state).to_lowercase(), "finding": check.finding,
                "remedy": check.remedy,
            })
        })
        .collect();
    let format = show::format_or_default(format_of(matches)?);
    show::print(&Shown { value: &rows, known: vec!["check", "state", "finding", "remedy"] }, format, &Select::default())?;
    Ok(Exit::Done)
}
