//! What is about to happen, for the person who waits for it.

use super::rows::Call;
use crate::show::clean;
use cipp_client::BatchPlan;
use cipp_client::catalogue::Action;
use serde_json::Value;
use std::fmt::Write as _;

/// So many rows are shown.
const ROWS: usize = 3;

/// How many calls of what, where, and the first of them. Secrets are not shown.
pub fn preview(action: &Action, instance: &str, source: &str, calls: &[Call], plan: &BatchPlan) -> String {
    let noun = if calls.len() == 1 { "call" } else { "calls" };
    let mut out = format!("{}: {} {noun} {source}, at {instance}\n", action.title, calls.len());
    if plan.sent.len() < calls.len() {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(
            out,
            "  the journal: {} done, {} in doubt, {} to do",
            plan.already_done.len(),
            plan.in_doubt.len(),
            plan.sent.len()
        );
    }
    for index in plan.sent.iter().take(ROWS) {
        let Some(call) = calls.get(*index) else { continue };
        let values = call.request.given().map(|(property, value)| format!("{}={}", property.name, brief(&value)));
        let _ = writeln!(out, "  {}  {}", index + 1, values.collect::<Vec<_>>().join("  "));
    }
    if plan.sent.len() > ROWS {
        let _ = writeln!(out, "  and {} more", plan.sent.len() - ROWS);
    }
    out
}

fn brief(value: &Value) -> String {
    let text = match value {
        Value::String(text) => clean(text),
        value => clean(&value.to_string()),
    };
    if text.chars().count() > 50 { text.chars().take(49).chain(['…']).collect() } else { text }
}
