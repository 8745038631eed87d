//! The functions that the server has, against those that are described.

use super::Row;
use crate::session::Session;
use cipp_client::catalogue;
use cipp_client::{ActionRequest, CheckState};
use serde_json::Value;
use std::collections::BTreeSet;

pub const CHECK: &str = "functions";

/// The function by which the server tells the others, with the permission that each needs.
const LIST: &str = "ExecAPIPermissionList";

/// So many are named; more would hide the rest of the diagnosis.
const NAMED: usize = 12;

/// Asks for them and compares. That the server does not tell is no fault of it: few may know.
pub async fn compare(session: &Session) -> Row {
    let untold = |why: String| {
        let action = catalogue::find(LIST);
        let role = action.map(|action| action.role).filter(|role| !role.is_empty());
        Row {
            remedy: role.map(|role| format!("only an API client whose role has {role} is told")),
            ..Row::new(CHECK, CheckState::Skipped, format!("not told by the server: {why}"))
        }
    };
    match asked(session).await {
        Err(why) => untold(why),
        Ok(theirs) if theirs.is_empty() => untold(format!("the answer of {LIST} names none")),
        Ok(theirs) => told(&theirs),
    }
}

async fn asked(session: &Session) -> Result<BTreeSet<String>, String> {
    let action = catalogue::find(LIST).ok_or("it is not described how to ask")?;
    let client = session.builder().map_err(|failure| failure.message)?.build().map_err(|error| error.to_string())?;
    let answer = client.call(ActionRequest::new(action)).await.map_err(|error| error.to_string())?;
    let mut names = BTreeSet::new();
    collect(&answer.to_json(), &mut names);
    Ok(names)
}

/// The names under the areas, their parts, and Read or ReadWrite.
fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => {
            names.extend(items.iter().filter_map(|item| Some(item.get("Name")?.as_str()?.to_owned())))
        }
        Value::Object(members) => members.values().for_each(|member| collect(member, names)),
        _ => {}
    }
}

fn told(theirs: &BTreeSet<String>) -> Row {
    // Public ones are in no list of the server's, and neither are those that need no permission.
    let listed = |action: &&&catalogue::Action| action.role.contains('.') && !action.role.contains("Public");
    let ours: BTreeSet<&str> = catalogue::actions().iter().filter(listed).map(|action| action.endpoint()).collect();
    let all: BTreeSet<&str> = catalogue::actions().iter().map(|action| action.endpoint()).collect();
    let has = |name: &str| theirs.iter().any(|their| their.eq_ignore_ascii_case(name));
    let gone: Vec<&str> = ours.into_iter().filter(|name| !has(name)).collect();
    let known = |name: &str| all.iter().any(|our| our.eq_ignore_ascii_case(name));
    let new: Vec<&str> = theirs.iter().map(String::as_str).filter(|name| !known(name)).collect();
    if gone.is_empty() && new.is_empty() {
        return Row::new(CHECK, CheckState::Ok, format!("the server tells of {}, and all are described", theirs.len()));
    }
    let mut parts = Vec::new();
    if !gone.is_empty() {
        parts.push(format!("{} that the server does not have: {}", gone.len(), some(&gone)));
    }
    if !new.is_empty() {
        let verb = if new.len() == 1 { "is" } else { "are" };
        parts.push(format!("{} of the server's {verb} not described: {}", new.len(), some(&new)));
    }
    Row {
        remedy: Some("what the server does not have answers 404; cipp api calls what is not described".to_owned()),
        ..Row::new(CHECK, CheckState::Warn, parts.join("; "))
    }
}

fn some(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().copied().take(NAMED).collect();
    let more = if names.len() > NAMED { " and more" } else { "" };
    format!("{}{more}", shown.join(", "))
}
