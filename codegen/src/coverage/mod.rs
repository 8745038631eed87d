//! How much of what a real instance answers the output types name, and with a type that fits.
//!
//! A capture is the shape of one answer: its fields, and of what kind their values were. Its fields are looked for in the output
//! types of the actions on its endpoint; where several actions share it, the one that fits best counts.

mod capture;
mod fit;
mod report;

pub use capture::{Capture, Captured, read, read_folder};
pub use fit::{Gap, Tally, Wrong};
pub use report::{Limits, Report};

use crate::model::{Action, Api};

/// What was found for one capture.
#[derive(Debug)]
pub struct Covered {
    /// The endpoint.
    pub endpoint: String,
    /// The action whose output was compared; absent where no action has the endpoint.
    pub action: Option<String>,
    /// The counts, and what is missing or of another type.
    pub tally: Tally,
}

/// Compares captures with the output types.
#[must_use]
pub fn coverage(api: &Api, captures: &[Capture]) -> Report {
    Report { endpoints: captures.iter().map(|capture| best(api, capture)).collect() }
}

fn best(api: &Api, capture: &Capture) -> Covered {
    let path = format!("/api/{}", capture.endpoint);
    let on_it = api.categories.iter().flat_map(|category| &category.actions).filter(|action| action.path == path);
    let fitting = on_it.map(|action| (fit::compare(api, &action.outputs, &capture.shape), action));
    // Of several that fit equally, the first counts.
    let best = fitting.reduce(|best, next| if next.0.rank() > best.0.rank() { next } else { best });
    let (tally, action): (Tally, Option<&Action>) = match best {
        Some((tally, action)) => (tally, Some(action)),
        None => (fit::nothing(&capture.shape), None),
    };
    Covered { endpoint: capture.endpoint.clone(), action: action.map(|action| action.name.clone()), tally }
}
