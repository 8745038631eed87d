//! `cipp completions`: what a shell needs to complete commands, flags and values.

use crate::complete::{Shell, script};
use crate::exit::Exit;
use crate::failure::Failure;
use clap::{Arg, ArgMatches, Command};
use std::io::Write as _;

pub fn command() -> Command {
    Command::new("completions")
        .about("Print the completions of a shell")
        .arg(Arg::new("shell").required(true).value_parser(Shell::NAMES).value_name("SHELL"))
        .after_help(
            "bash:        cipp completions bash > ~/.local/share/bash-completion/completions/cipp\n\
             zsh:         cipp completions zsh > ~/.zfunc/_cipp    (a folder of $fpath)\n\
             fish:        cipp completions fish > ~/.config/fish/completions/cipp.fish\n\
             powershell:  cipp completions powershell >> $PROFILE\n\n\
             Tenants, users, groups, devices, mailboxes and licences are offered too: as they were listed last, at most a day ago. What \
             is older than ten minutes is asked for anew in the background. CIPP_CACHE=off keeps and offers nothing.",
        )
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let shell = matches.get_one::<String>("shell").map(String::as_str).unwrap_or_default();
    std::io::stdout().lock().write_all(script(Shell::named(shell)).as_bytes())?;
    Ok(Exit::Done)
}
