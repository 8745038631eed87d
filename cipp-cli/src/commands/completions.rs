//! `cipp completions`: what a shell needs to complete commands and flags.

use crate::args::whole;
use crate::exit::Exit;
use crate::failure::Failure;
use clap::{Arg, ArgMatches, Command};
use clap_complete::Shell;
use std::io::Write as _;

pub fn command() -> Command {
    Command::new("completions")
        .about("Print the completions of a shell")
        .arg(Arg::new("shell").required(true).value_parser(["bash", "zsh", "fish", "powershell"]).value_name("SHELL"))
        .after_help("bash: cipp completions bash > ~/.local/share/bash-completion/completions/cipp\npowershell: cipp completions powershell >> $PROFILE")
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let shell = match matches.get_one::<String>("shell").map(String::as_str) {
        Some("zsh") => Shell::Zsh,
        Some("fish") => Shell::Fish,
        Some("powershell") => Shell::PowerShell,
        _ => Shell::Bash,
    };
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut whole(), "cipp", &mut text);
    std::io::stdout().lock().write_all(&text)?;
    Ok(Exit::Done)
}
