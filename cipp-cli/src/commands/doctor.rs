//! `cipp doctor`: what is wrong with the connection, and what to do.

use crate::args::format_of;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session;
use crate::show::{self, Select, Shown};
use clap::{ArgMatches, Command};

use serde_json::{Value, json};

pub fn command() -> Command {
    Command::new("doctor").about("Find out what is wrong with the connection to the server, and what to do")
}

/// Always succeeds when it could run: what it finds is its result.
pub async fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let diagnosis = session::builder()?.diagnose().await;
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
    show::print(
        &Shown { value: &rows, known: vec!["check", "state", "finding", "remedy"] },
        format,
        &Select::default(),
    )?;
    Ok(Exit::Done)
}
