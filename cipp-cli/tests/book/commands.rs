//! The commands in a part of the book.

use crate::pages::{Block, Recipe};

/// A command line, and what the book says of it.
pub struct Command {
    /// The line, for a shell.
    pub line: String,
    /// The exit code it ends with.
    pub exit: i32,
    /// Whether it is run. What runs for ever or asks for something is only looked at: its words must name a command.
    pub run: bool,
}

/// All commands, in order.
pub fn of(recipe: &Recipe) -> Vec<Command> {
    let mut commands = Vec::new();
    for block in &recipe.blocks {
        let lines = match block.language() {
            "sh" => shell(&block.text),
            "powershell" => powershell(&block.text),
            _ => continue,
        };
        commands.extend(lines.into_iter().map(|line| Command { line, exit: exit(block), run: !block.has("no-run") }));
    }
    commands
}

fn exit(block: &Block) -> i32 {
    block.value("exit").map_or(0, |code| code.parse().expect("an exit code is a number"))
}

/// Lines that begin with `cipp`, after a prompt or none. A backslash at the end goes on in the next line.
fn shell(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line));
    lines.filter(|line| line.starts_with("cipp ")).map(str::to_owned).collect()
}

/// Calls of `cipp`, up to what PowerShell does with the result. Those with a variable are left out: only PowerShell knows its value.
fn powershell(text: &str) -> Vec<String> {
    let joined = text.replace("`\n", " ");
    let mut calls = Vec::new();
    for line in joined.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let starts = line.match_indices("cipp ").map(|(at, _)| at);
        for at in starts.filter(|at| *at == 0 || line[..*at].ends_with([' ', '(', '='])) {
            let call = line[at..].split(['|', ')', ';', '}']).next().unwrap().trim();
            if !call.contains('$') {
                calls.push(call.to_owned());
            }
        }
    }
    calls
}
