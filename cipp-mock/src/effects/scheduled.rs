//! The scheduler and the background work, as clients see them.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::{Call, choice};
use crate::scheduler::{self, NewTask};
use crate::world::{Fields, Record, World, find, find_mut, is_all, remove, values};
use serde_json::Value;

pub(super) const TABLE: Table = &[
    ("AddScheduledItem", add),
    ("ListScheduledItems", list),
    ("ListScheduledItemDetails", details),
    ("RemoveScheduledItem", delete),
    ("ListCippQueue", queue),
    ("ListCippQueues", queues),
];

fn add(world: &mut World, call: &Call) -> Outcome {
    let tenant = call.tenant_text().unwrap_or_default();
    let id = call.text("RowKey").unwrap_or_else(|| call.guid());
    let now = world.now;
    if call.on("RunNow")
        && let Some(task) = find_mut(&mut world.portal.tasks, "RowKey", &id)
    {
        task.put("TaskState", "Planned");
        task.put("_due", now);
        return Ok(Answer::done(format!("Task {} scheduled to run now", task.text("Name"))));
    }
    let name = call.need("Name")?;
    let command = call.field("Command").as_ref().and_then(choice).map(|choice| choice.value).unwrap_or_default();
    // What hands out tokens, keys, passwords or tenants may not be scheduled; what is no command cannot.
    let secretive =
        ["token", "key", "password", "secret"].iter().any(|part| command.to_ascii_lowercase().contains(part));
    if !command.contains('-') {
        return Ok(Answer::done(format!("Error - The command '{command}' does not exist and cannot be scheduled.")));
    }
    if secretive {
        return Ok(Answer::done(format!(
            "Error - The command '{command}' is not permitted to run as a scheduled task."
        )));
    }
    if call.on("DisallowDuplicateName") && find(&world.portal.tasks, "Name", &name).is_some() {
        return Ok(Answer::done(format!("Task with name {name} already exists")));
    }
    if !is_all(&tenant) && world.tenant_named(&tenant).is_none() {
        return Err(Answer::failed(500, format!("Error - Could not add task: tenant {tenant} is not known")));
    }
    let parameters = call.object("Parameters").unwrap_or_default();
    let task = NewTask {
        id,
        name,
        command,
        tenant,
        parameters: Value::Object(parameters),
        due: if call.on("RunNow") {
            None
        } else {
            Some(call.int("ScheduledTime").filter(|time| *time > 0).unwrap_or(now))
        },
        recurrence: call.text("Recurrence").unwrap_or_else(|| "0".to_owned()),
        notify: call.object("PostExecution"),
        reference: call.text("Reference"),
        hidden: call.query.iter().any(|(name, text)| name.eq_ignore_ascii_case("hidden") && !text.is_empty()),
    };
    Ok(Answer::done(scheduler::add(world, task)))
}

fn list(world: &mut World, call: &Call) -> Outcome {
    scheduler::step(world);
    let tenant = call.tenant_text().filter(|tenant| !is_all(tenant));
    let tenant = tenant.map(|name| world.tenant_named(&name).map_or(name, |tenant| tenant.domain.clone()));
    let text = |name: &str| call.text(name).map(|text| text.to_lowercase());
    let (id, name, kind) = (text("Id"), text("Name"), text("Type"));
    let title = text("SearchTitle");
    let hidden = call.on("ShowHidden");
    let same =
        |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| *wanted == found.to_lowercase());
    let wanted = |task: &&Record| {
        let mine = tenant.as_ref().is_none_or(|tenant| {
            task.get("Tenant")
                .and_then(|of| of.get("value"))
                .and_then(Value::as_str)
                .is_some_and(|of| of.eq_ignore_ascii_case(tenant))
        });
        let named = title.as_ref().is_none_or(|pattern| like(pattern, &task.text("Name").to_lowercase()));
        if id.is_some() {
            return same(&id, task.text("RowKey")) && mine && named;
        }
        mine && named
            && same(&name, task.text("Name"))
            && same(&kind, task.text("Command"))
            && task.on("Hidden") == hidden
    };
    let rows: Vec<Record> = world.portal.tasks.iter().filter(wanted).cloned().collect();
    Ok(Answer::rows(values(&rows)))
}

/// PowerShell's `-like`, as far as it goes here: stars at either end or in between.
fn like(pattern: &str, text: &str) -> bool {
    let parts: Vec<&str> = pattern.split('*').collect();
    match parts.as_slice() {
        [only] => *only == text,
        [first, middle @ .., last] => {
            let Some(mut rest) = text.strip_prefix(first) else { return false };
            for part in middle {
                match rest.split_once(part) {
                    Some((_, after)) => rest = after,
                    None => return false,
                }
            }
            rest.ends_with(last)
        }
        [] => true,
    }
}

fn details(world: &mut World, call: &Call) -> Outcome {
    scheduler::step(world);
    let Some(id) = call.text("RowKey") else { return Err(Answer::text(400, "Required parameter 'RowKey' is missing")) };
    let task = find(&world.portal.tasks, "RowKey", &id);
    let task = task.ok_or_else(|| Answer::text(404, format!("Task with RowKey '{id}' not found")))?;
    Ok(Answer::object(scheduler::details(task)))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("id")?;
    // The text says the same either way; only the status tells.
    let status = if remove(&mut world.portal.tasks, "RowKey", &id).is_some() { 200 } else { 400 };
    Ok(Answer::done("Task removed successfully.").with_status(status))
}

fn queue(world: &mut World, call: &Call) -> Outcome {
    let id = call.text("QueueId");
    Ok(Answer::rows(world.queues.rows(id.as_deref())))
}

fn queues(world: &mut World, call: &Call) -> Outcome {
    let ids = call.text("QueueIds").unwrap_or_default();
    Ok(Answer::object(world.queues.summary(&ids)))
}
