//! The figures of a comparison, for people and for programs.

use super::{Covered, Tally, Wrong};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The figures of all captures.
#[derive(Debug)]
pub struct Report {
    /// Each capture, in the order of the files.
    pub endpoints: Vec<Covered>,
}

/// The least shares, in percent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Captured fields that must be named.
    pub named: Option<f64>,
    /// Named fields whose type must accept what was captured.
    pub typed: Option<f64>,
}

impl Report {
    /// The sums over all captures.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for endpoint in &self.endpoints {
            total.add(&endpoint.tally);
        }
        total
    }

    /// A line for each capture, with what is missing or of another type under it, and a line for the whole.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:<34} {:<34} {:>6} {:>12} {:>12}", "endpoint", "action", "fields", "named", "typed");
        for one in &self.endpoints {
            let action = one.action.as_deref().unwrap_or("-- no action --");
            row(&mut text, &one.endpoint, action, &one.tally);
            for gap in &one.tally.gaps {
                let _ = match &gap.wrong {
                    Wrong::Missing { inside, like } => {
                        let inside =
                            if *inside == 0 { String::new() } else { format!(", and {inside} fields inside it") };
                        let like = like.as_ref().map_or_else(String::new, |like| format!("; there is `{like}`"));
                        writeln!(text, "    not named: {} ({}{inside}){like}", gap.path, gap.captured)
                    }
                    Wrong::Type(ours) => writeln!(text, "    is `{ours}`: {} ({})", gap.path, gap.captured),
                };
            }
        }
        let total = self.total();
        let with = self.endpoints.iter().filter(|one| one.action.is_some()).count();
        row(&mut text, &format!("{} captures", self.endpoints.len()), &format!("{with} with an action"), &total);
        let _ = writeln!(
            text,
            "{} of the fields accepted are lists, captured as a lone item: the server sends a list of one as its item",
            total.lone
        );
        text
    }

    /// The same as one JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let endpoints: Vec<Value> = self
            .endpoints
            .iter()
            .map(|one| {
                let gaps: Vec<Value> = one.tally.gaps.iter().map(gap).collect();
                let mut found = counts(&one.tally);
                if let Value::Object(members) = &mut found {
                    members.insert("endpoint".to_owned(), json!(one.endpoint));
                    members.insert("action".to_owned(), json!(one.action));
                    members.insert("gaps".to_owned(), Value::Array(gaps));
                }
                found
            })
            .collect();
        format!("{:#}\n", json!({ "total": counts(&self.total()), "endpoints": endpoints }))
    }

    /// What falls short of the limits, in a sentence for each.
    #[must_use]
    pub fn short_of(&self, limits: Limits) -> Vec<String> {
        let total = self.total();
        let mut found = Vec::new();
        let mut check = |what: &str, share: f64, least: Option<f64>| {
            if let Some(least) = least
                && share < least
            {
                found.push(format!("{share:.2} % of the {what}; it must be {least} %"));
            }
        };
        check("captured fields are named", percent(total.named, total.fields), limits.named);
        check(
            "fields named have a type that accepts what was captured",
            percent(total.typed, total.named),
            limits.typed,
        );
        found
    }
}

fn gap(gap: &super::Gap) -> Value {
    match &gap.wrong {
        Wrong::Missing { inside, like } => {
            json!({ "path": gap.path, "captured": gap.captured, "wrong": "missing", "inside": inside, "like": like })
        }
        Wrong::Type(ours) => json!({ "path": gap.path, "captured": gap.captured, "wrong": "type", "ours": ours }),
    }
}

fn counts(tally: &Tally) -> Value {
    json!({
        "fields": tally.fields,
        "named": tally.named,
        "typed": tally.typed,
        "lone": tally.lone,
        "named_percent": rounded(percent(tally.named, tally.fields)),
        "typed_percent": rounded(percent(tally.typed, tally.named)),
    })
}

fn row(text: &mut String, endpoint: &str, action: &str, tally: &Tally) {
    let named = format!("{} {:>5.1}%", tally.named, percent(tally.named, tally.fields));
    let typed = format!("{} {:>5.1}%", tally.typed, percent(tally.typed, tally.named));
    let _ = writeln!(text, "{endpoint:<34} {action:<34} {:>6} {named:>12} {typed:>12}", tally.fields);
}

/// A share in percent; all of nothing is all.
#[allow(clippy::cast_precision_loss, reason = "counts of fields are small")]
fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn rounded(share: f64) -> f64 {
    (share * 100.0).round() / 100.0
}
