//! Whether a text of the server's reports success or failure.

use crate::catalogue::Action;
use std::fmt;

/// What a result reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum State {
    /// It was done.
    #[default]
    Success,
    /// It was not done.
    Error,
    /// It was done, but not as one would expect.
    Warning,
    /// Nothing was to be done, or this is only a remark.
    Info,
}

impl State {
    /// The word that the server uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The state that a word of the server's means.
    fn from_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "success" | "succeeded" | "successful" | "ok" => Self::Success,
            "error" | "failed" | "failure" | "danger" => Self::Error,
            "warning" | "warn" => Self::Warning,
            "info" | "information" => Self::Info,
            _ => return None,
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The words by which the web interface takes a text for a failure.
const FAILURE_WORDS: [&str; 5] = ["error", "failed", "exception", "not found", "invalid_grant"];

/// Decides, and says whether it had to guess: by the texts that the specification knows for failures (some come with a stated
/// success), else by what the server states, else by the texts known for successes, else by the words that the web interface goes by.
pub(crate) fn decide(text: &str, stated: Option<&str>, action: Option<&'static Action>) -> (State, bool) {
    let text = text.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| text.contains(&part.to_lowercase()));
    if action.is_some_and(|action| has(action.outcome.failed)) {
        return (State::Error, false);
    }
    if let Some(state) = stated.and_then(State::from_word) {
        return (state, false);
    }
    if action.is_some_and(|action| has(action.outcome.ok)) {
        return (State::Success, false);
    }
    if has(&FAILURE_WORDS) { (State::Error, true) } else { (State::Success, true) }
}
