//! The commands in a part of the book.

use crate::pages::Block;

/// A command line, and what the book says of it.
pub struct Command {
    /// The line, for a shell.
    pub line: String,
    /// The exit code it ends with.
    pub exit: i32,
    /// Whether it is run. What runs for ever or asks for something (`help` in the info string) is only looked at: its words must
    /// name a command.
    pub run: bool,
}

/// The commands of a block, in order.
pub fn of(block: &Block) -> Vec<Command> {
    let lines = match block.language() {
        "sh" => shell(&block.text),
        "powershell" => powershell(&block.text),
        _ => Vec::new(),
    };
    let exit = block.value("exit").map_or(0, |code| code.parse().expect("an exit code is a number"));
    let run = !block.has("help");
    lines.into_iter().map(|line| Command { line, exit, run }).collect()
}

/// Lines that begin with `cipp`, after a prompt or none. A backslash at the end goes on in the next line.
fn shell(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line));
    lines.filter(|line| line.starts_with("cipp ")).map(str::to_owned).collect()
}

/// Calls of `cipp`, up to what PowerShell does with the result. Those with a variable, or with something piped in, are left out:
/// only PowerShell knows what that is.
fn powershell(text: &str) -> Vec<String> {
    let joined = text.replace("`\n", " ");
    let mut calls = Vec::new();
    for line in joined.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let starts = line.match_indices("cipp ").map(|(at, _)| at);
        for at in starts.filter(|at| *at == 0 || line[..*at].ends_with([' ', '(', '='])) {
            let call = line[at..].split(['|', ')', ';', '}']).next().unwrap().trim();
            let fed = line[..at].trim_end().ends_with('|');
            if !call.contains('$') && !fed {
                calls.push(call.to_owned());
            }
        }
    }
    calls
}
