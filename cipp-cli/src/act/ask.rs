//! The question before something is changed that cannot be brought back.

use crate::exit::Exit;
use crate::failure::Failure;
use cipp_client::catalogue::{Action, Kind};
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// What is about to happen, for the person who is asked.
pub struct About<'a> {
    pub action: &'a Action,
    pub instance: &'a str,
    pub tenant: &'a str,
    pub target: &'a str,
    /// How many, and what of: it is the number to type.
    pub count: usize,
    pub unit: &'static str,
}

/// Asks, unless it was answered already. `all` wants the number typed: it is about every tenant.
pub fn confirm(about: &About<'_>, yes: bool, no_input: bool, all: bool) -> Result<(), Failure> {
    if yes || (about.action.kind != Kind::Destructive && !all) {
        return Ok(());
    }
    let target = if about.target.is_empty() { String::new() } else { format!(" on {}", about.target) };
    let tenant = if about.tenant.is_empty() { String::new() } else { format!(" in {}", about.tenant) };
    let what = format!(
        "{}{target}{tenant} at {} ({} {})",
        about.action.title,
        about.instance,
        about.count,
        if about.count == 1 { about.unit.to_owned() } else { format!("{}s", about.unit) }
    );
    if !can_ask(no_input) {
        return Err(
            Failure::usage(format!("{what}: this needs an answer, and nobody can be asked")).hint("--yes says yes")
        );
    }
    let wanted = if all { about.count.to_string() } else { "yes".to_owned() };
    let warning = if about.action.kind == Kind::Destructive { "This cannot be undone. " } else { "" };
    let said = answer(&format!("{what}.\n{warning}Type {wanted} to go on: "))?;
    if said.eq_ignore_ascii_case(&wanted) {
        Ok(())
    } else {
        Err(Failure::new(Exit::Usage, "not confirmed; nothing was sent"))
    }
}

/// Whether there is somebody to ask.
pub fn can_ask(no_input: bool) -> bool {
    !no_input && std::env::var_os("CI").is_none() && std::io::stdin().is_terminal()
}

/// Asks, and gives back the answer.
pub fn answer(question: &str) -> Result<String, Failure> {
    let mut err = std::io::stderr();
    err.write_all(question.as_bytes())?;
    err.flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
