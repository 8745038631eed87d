//! What is wrong with the rows of a file: all of it, with the place of each.

use crate::failure::Failure;

/// So many are listed; the rest is only counted.
const LISTED: usize = 200;

/// Mistakes, as they are found.
#[derive(Debug, Default, Clone)]
pub struct Mistakes(Vec<(u64, String)>);

impl Mistakes {
    /// Notes one. `column` is the name of a column and its number, counted from 1.
    pub fn add(&mut self, line: u64, column: Option<(usize, &str)>, what: impl std::fmt::Display) {
        let text = match column {
            Some((number, name)) => format!("column {number} ({}): {what}", crate::show::clean(name)),
            None => what.to_string(),
        };
        self.0.push((line, text));
    }

    /// All of them as one failure, if there are any.
    pub fn into_result(mut self, file: &str) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(|(line, _)| *line);
        let count = self.0.len();
        let listed = self.0.into_iter().take(LISTED).map(|(line, text)| format!("\n  {file}:{line}: {text}"));
        let mut message =
            format!("{count} {} in {file}; nothing was sent:", if count == 1 { "mistake" } else { "mistakes" });
        message.extend(listed);
        if count > LISTED {
            message.push_str(&format!("\n  and {} more", count - LISTED));
        }
        Err(Failure::usage(message))
    }
}
