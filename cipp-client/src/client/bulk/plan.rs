//! What a batch would do, before it does it.

use super::journal::{History, Journal};
use super::key::Keys;
use super::run::Planned;
use super::settings::Settings;
use crate::Error;
use crate::client::Client;
use crate::request::Parts;

/// What a batch would do with its rows; see [`Batch::plan`](crate::Batch::plan). Rows are told by their index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchPlan {
    /// Those that would be sent.
    pub sent: Vec<usize>,
    /// Those that the journal calls done, and that are skipped.
    pub already_done: Vec<usize>,
    /// Writes of which the journal knows no good end. They are not repeated unless
    /// [`repeat_in_doubt`](crate::Batch::repeat_in_doubt) says so.
    pub in_doubt: Vec<usize>,
    /// Those that cannot be sent, such as for lack of a required property.
    pub unusable: Vec<usize>,
}

/// What becomes of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreseen {
    Sent,
    AlreadyDone,
    InDoubt,
}

pub(crate) async fn plan_of(
    client: &Client,
    rows: Vec<(Result<Parts, Error>, Option<&str>)>,
    settings: &Settings,
) -> Result<BatchPlan, Error> {
    let history = match settings.journal.clone().filter(|_| settings.resume) {
        Some(path) => Journal::peek(path, client.0.base.to_string()).await?,
        None => History::new(),
    };
    let mut keys = Keys::default();
    let mut plan = BatchPlan::default();
    for (index, (parts, label)) in rows.into_iter().enumerate() {
        let place = match &parts {
            Err(_) => &mut plan.unusable,
            Ok(known) => {
                let row = Planned::new(index, keys.of(known, label), None, &parts, &settings.options);
                match row.foreseen(&history, settings.repeat_in_doubt) {
                    Foreseen::Sent => &mut plan.sent,
                    Foreseen::AlreadyDone => &mut plan.already_done,
                    Foreseen::InDoubt => &mut plan.in_doubt,
                }
            }
        };
        place.push(index);
    }
    Ok(plan)
}
