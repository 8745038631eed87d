//! What came of each row, and of all of them.

use super::rows::Call;
use crate::exit::Exit;
use cipp_client::{Answer, Results, RowOutcome};
use serde_json::{Map, Value, json};

/// What came of a row.
#[derive(Debug)]
pub struct Told {
    /// In a word or two.
    pub state: &'static str,
    /// In words.
    pub text: String,
    /// What it alone would end with.
    pub exit: Exit,
    /// The answer, where it is more than words.
    pub data: Option<Value>,
    /// New passwords and the like.
    pub secrets: Vec<String>,
}

/// How the result is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Rows of answers, in place of a line about each call.
    pub data: bool,
    /// Whether several calls may be about the same tenant.
    pub numbered: bool,
    /// Whether secrets are shown.
    pub reveal: bool,
}

impl Told {
    fn new(state: &'static str, text: impl Into<String>, exit: Exit) -> Self {
        Self { state, text: text.into(), exit, data: None, secrets: Vec::new() }
    }

    /// What came of a row, from the words of the library.
    pub fn of(outcome: RowOutcome<Answer>, strict: bool) -> Self {
        match outcome {
            RowOutcome::Done(Answer::Results(results)) => messages(&results, strict),
            RowOutcome::Done(Answer::Rows(rows)) if rows.is_queued() => {
                let text = rows.queued.map(|queued| queued.message).unwrap_or_default();
                Self::new("queued", text, Exit::Network)
            }
            RowOutcome::Done(answer) => Self { data: Some(answer.to_json()), ..Self::new("done", "", Exit::Done) },
            RowOutcome::Failed(error) => Self::new("failed", error.to_string(), Exit::of(&error)),
            RowOutcome::InDoubt(error) => Self::new("in doubt", error.to_string(), Exit::InDoubt),
            RowOutcome::AlreadyDone => Self::new("already done", "the journal says so; nothing was sent", Exit::Done),
            RowOutcome::NotStarted => Self::new("not started", "stopped before it was sent", Exit::Interrupted),
            _ => Self::new("failed", "this version of the command does not know what came of it", Exit::Failed),
        }
    }

    /// A row that was under way when nobody waited for it any more.
    pub fn abandoned(write: bool) -> Self {
        if write {
            Self::new(
                "in doubt",
                "it was under way when the command was ended; look at what it should have changed",
                Exit::InDoubt,
            )
        } else {
            Self::new("failed", "it was under way when the command was ended", Exit::Interrupted)
        }
    }

    /// The rows of the result that stand for this one.
    pub fn shown(&self, number: usize, call: &Call, reading: Reading) -> Vec<Value> {
        if !reading.data {
            let mut row = Map::new();
            row.insert("row".to_owned(), Value::from(number));
            row.insert("tenant".to_owned(), Value::from(call.tenant.as_str()));
            row.insert("state".to_owned(), Value::from(self.state));
            row.insert("text".to_owned(), Value::from(self.text.as_str()));
            if let Some(data) = &self.data {
                row.insert("answer".to_owned(), data.clone());
            }
            if reading.reveal && !self.secrets.is_empty() {
                row.insert("secret".to_owned(), Value::from(self.secrets.join(" ")));
            }
            return vec![Value::Object(row)];
        }
        let in_front = |item: &Value| {
            let mut row = Map::new();
            if reading.numbered {
                row.insert("Row".to_owned(), Value::from(number));
            }
            let own = item.get("Tenant").filter(|tenant| !tenant.is_null() && *tenant != "").cloned();
            if own.is_some() || !call.tenant.is_empty() {
                row.insert("Tenant".to_owned(), own.unwrap_or_else(|| Value::from(call.tenant.as_str())));
            }
            match item {
                Value::Object(members) => row.extend(
                    members
                        .iter()
                        .filter(|(name, _)| *name != "Tenant")
                        .map(|(name, value)| (name.clone(), value.clone())),
                ),
                item => {
                    row.insert("value".to_owned(), item.clone());
                }
            }
            Value::Object(row)
        };
        match &self.data {
            Some(Value::Array(items)) => items.iter().map(in_front).collect(),
            Some(item) => vec![in_front(item)],
            None => Vec::new(),
        }
    }
}

fn messages(results: &Results, strict: bool) -> Told {
    let failed = results.errors().count();
    let warned = results.warnings().next().is_some();
    let (state, exit) = match failed {
        0 if warned && strict => ("warning", Exit::Action),
        0 if warned => ("warning", Exit::Done),
        0 => ("done", Exit::Done),
        _ if failed < results.items.len() => ("partly failed", Exit::Action),
        _ => ("failed", Exit::Action),
    };
    let texts: Vec<_> = results.items.iter().map(|item| item.redacted_text()).filter(|text| !text.is_empty()).collect();
    let secrets =
        results.items.iter().filter_map(|item| item.copy_field.as_ref()).map(|secret| secret.expose().to_owned());
    Told { secrets: secrets.collect(), ..Told::new(state, texts.join("; "), exit) }
}

/// What all rows together end with.
pub fn exit_of<'t>(told: impl Iterator<Item = &'t Told>, interrupted: bool) -> Exit {
    if interrupted {
        return Exit::Interrupted;
    }
    let mut exits: Vec<Exit> = told.map(|told| told.exit).collect();
    if exits.contains(&Exit::InDoubt) {
        return Exit::InDoubt;
    }
    exits.sort();
    exits.dedup();
    match exits.as_slice() {
        [] => Exit::Done,
        // All ended alike, so that says more.
        [exit] => *exit,
        _ => Exit::Partial,
    }
}

/// How many rows came to each state, in words.
pub fn summary<'t>(told: impl Iterator<Item = &'t Told>) -> String {
    const ORDER: [&str; 8] =
        ["done", "warning", "already done", "queued", "failed", "partly failed", "in doubt", "not started"];
    let mut counts = [0_usize; ORDER.len()];
    for told in told {
        for (count, _) in counts.iter_mut().zip(ORDER).filter(|(_, state)| *state == told.state) {
            *count += 1;
        }
    }
    let parts: Vec<String> = ORDER
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    parts.join(", ")
}

/// The rows that did not end well, for standard error.
pub fn troubles(told: &[Option<Told>], calls: &[Call]) -> Value {
    let rows = (1..).zip(told.iter().zip(calls)).filter_map(|(number, (told, call))| {
        let told = told.as_ref().filter(|told| told.exit != Exit::Done)?;
        Some(json!({ "row": number, "tenant": call.tenant, "state": told.state, "text": told.text }))
    });
    rows.collect()
}
