//! What went wrong, for the person in front of the terminal and for scripts.

use crate::exit::Exit;
use crate::link;
use cipp_client::Error;
use serde_json::json;
use std::fmt;
use std::io;
use std::process::ExitCode;

/// An end of the command that is no success.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What happened, in a line or a few. Empty where there is nothing to say.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// What the client knows about it.
    error: Option<Box<Error>>,
    /// Of many rows, those that did not end well.
    rows: Option<Box<serde_json::Value>>,
}

impl Failure {
    /// An end with a code and words.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: String::new(), error: None, rows: None }
    }

    /// The command line is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The configuration is wrong.
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds what to do about it.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// Adds the rows that did not end well, for scripts.
    pub fn rows(self, rows: serde_json::Value) -> Self {
        Self { rows: Some(Box::new(rows)), ..self }
    }

    /// Tells it on standard error and gives the exit code: as words, or as one JSON object for scripts.
    pub fn tell(&self, json: bool) -> ExitCode {
        if json && !self.message.is_empty() {
            eprintln!("{}", self.to_json());
        } else if !self.message.is_empty() {
            eprintln!("{self}");
        }
        self.exit.into()
    }

    /// Where the book explains it.
    fn link(&self) -> String {
        link::to(&match self.error.as_deref() {
            Some(error) => format!("kind-{:?}", error.kind()).to_ascii_lowercase(),
            None => format!("exit-{}", self.exit as u8),
        })
    }

    fn to_json(&self) -> serde_json::Value {
        let mut error = json!({ "exit": self.exit as u8, "message": self.message, "link": self.link() });
        let known = self.error.as_deref();
        let members = [
            ("hint", Some(self.hint.clone()).filter(|hint| !hint.is_empty()).map(Into::into)),
            ("kind", known.map(|error| format!("{:?}", error.kind()).into())),
            ("status", known.and_then(Error::status).map(|status| status.as_u16().into())),
            ("role", known.and_then(Error::role).map(Into::into)),
            ("rows", self.rows.as_deref().cloned()),
            ("retryAfter", known.and_then(Error::retry_after).map(|wait| wait.as_secs().into())),
        ];
        if let Some(object) = error.as_object_mut() {
            object.extend(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        json!({ "error": error })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cipp: {}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\nhint: {}", self.hint)?;
        }
        write!(f, "\nmore: {}", self.link())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut failure = Self::new(Exit::of(&error), error.to_string());
        failure.error = Some(Box::new(error));
        failure
    }
}

impl From<io::Error> for Failure {
    /// A closed pipe ends quietly: whoever read it has all it wants.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Exit::Done, ""),
            _ => Self::new(Exit::Failed, error.to_string()),
        }
    }
}
