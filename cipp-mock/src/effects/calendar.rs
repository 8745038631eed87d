//! Permissions on calendars.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::{Call, value_text};
use crate::project::lookup;
use crate::world::{Fields, Record, Tenant, World, calendar_permission, record, values};
use serde_json::Value;

pub(super) const TABLE: Table = &[("ListCalendarPermissions", list), ("ExecModifyCalPerms", edit)];

fn list(world: &mut World, call: &Call) -> Outcome {
    if call.on("UseReportDB") {
        return Ok(Answer::rows(world.rows(call, |tenant| tenant.calendar_permissions.clone())?));
    }
    let Some(key) = call.text("UserID") else {
        return Err(Answer::json(403, Value::from(vec!["UserID is required"])));
    };
    let tenant = world.tenant(call)?;
    let Some(id) = tenant.user(&key).map(|user| user.text("id").to_owned()) else {
        return Err(Answer::json(403, Value::from(vec![format!("The mailbox '{key}' couldn't be found.")])));
    };
    let rows: Vec<Record> =
        tenant.calendar_permissions.iter().filter(|row| row.text("_mailbox") == id).cloned().collect();
    Ok(Answer::rows(values(&rows)))
}

fn edit(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("userID")?;
    let tenant = world.tenant(call)?;
    let Some(id) = tenant.user(&key).map(|user| user.text("id").to_owned()) else {
        return Err(Answer::results(vec![format!("Failed to get user ID: '{key}' does not exist.")]).with_status(404));
    };
    let mut texts = Vec::new();
    let mut failed = false;
    for change in call.items("permissions") {
        for outcome in apply(tenant, &id, &record(change)) {
            failed |= outcome.is_err();
            texts.push(outcome.unwrap_or_else(|text| text));
        }
    }
    if texts.is_empty() {
        texts.push("No results were generated: there was nothing to change.".to_owned());
        failed = true;
    }
    Ok(Answer::results(texts).with_status(if failed { 500 } else { 200 }))
}

/// Carries one change out, for each of its people.
fn apply(tenant: &mut Tenant, id: &str, change: &Record) -> Vec<Result<String, String>> {
    let text = |name: &str| lookup(change, name).and_then(value_text).filter(|text| !text.is_empty());
    let folder = text("FolderName").unwrap_or_else(|| "Calendar".to_owned());
    let people: Vec<String> = match lookup(change, "UserID") {
        Some(Value::Array(items)) => items.iter().filter_map(value_text).collect(),
        Some(one) => value_text(one).into_iter().collect(),
        None => Vec::new(),
    };
    let Some(mailbox) =
        tenant.mailboxes.iter().find(|mailbox| mailbox.text("ExternalDirectoryObjectId") == id).cloned()
    else {
        return vec![Err("Failed to set calendar permissions: the user has no mailbox.".to_owned())];
    };
    let owner = mailbox.text("displayName").to_owned();
    let mut said = Vec::new();
    for person in people {
        let name = match person.as_str() {
            "Default" | "Anonymous" => person.clone(),
            key => match tenant.user(key) {
                Some(user) => user.text("userPrincipalName").to_owned(),
                None => {
                    said.push(Err(format!(
                        "Failed to set calendar permissions for {key} on {owner}: the user couldn't be found."
                    )));
                    continue;
                }
            },
        };
        let row = tenant.calendar_permissions.iter().position(|row| {
            row.text("_mailbox") == id
                && row.text("FolderName") == folder
                && row.text("User").eq_ignore_ascii_case(&name)
        });
        let removing = text("Modification").is_some_and(|word| word.eq_ignore_ascii_case("Remove"));
        let level = text("PermissionLevel").unwrap_or_else(|| "Reviewer".to_owned());
        said.push(match (removing, row) {
            (true, Some(row)) => {
                tenant.calendar_permissions.remove(row);
                Ok(format!("Successfully removed access for {name} from calendar of {owner}"))
            }
            (true, None) => Err(format!("Failed to remove access for {name} from calendar of {owner}: there is none.")),
            (false, Some(row)) => {
                if let Some(row) = tenant.calendar_permissions.get_mut(row) {
                    row.put("AccessRights", vec![level.clone()]);
                }
                Ok(format!("Successfully set {level} permissions for {name} on calendar of {owner}"))
            }
            (false, None) => {
                tenant.calendar_permissions.push(calendar_permission(&mailbox, &name, &level, &folder));
                Ok(format!("Successfully set {level} permissions for {name} on calendar of {owner}"))
            }
        });
    }
    said
}
