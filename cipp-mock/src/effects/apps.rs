//! Intune apps, and the queue in which new ones wait.

use super::Table;
use super::policies::{Target, all_or};
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::world::{Fields, World, find, find_mut, new_app, record, remove, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListApps", list),
    ("ExecAssignApp", assign),
    ("RemoveApp", remove_app),
    ("ListApplicationQueue", queue),
    ("RemoveQueuedApp", remove_queued),
    ("AddStoreApp", add_store),
    ("AddChocoApp", add_choco),
    ("AddMSPApp", add_msp),
    ("AddOfficeApp", add_office),
];

/// How long, in seconds, an app waits for the background job.
const QUARTER: i64 = 900;

/// What the background job does: puts the apps that waited into their tenants, but for those that a tenant has.
pub(crate) fn deploy_due(world: &mut World) {
    let now = world.now;
    let mut queue = std::mem::take(&mut world.portal.app_queue);
    for entry in queue.iter_mut().filter(|entry| entry.text("status") != "Deployed" && entry.int("_due") <= now) {
        entry.put("status", "Deployed");
        let name = entry.text("applicationName").to_owned();
        let Some(tenant) = world.tenant_named(entry.text("tenantName")) else { continue };
        if find(&tenant.apps, "displayName", &name).is_none() {
            tenant.apps.push(new_app(entry.text("id"), &name, "", now));
        }
    }
    world.portal.app_queue = queue;
}

fn list(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(world.rows(call, |tenant| tenant.apps.clone())?))
}

fn assign(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    let tenant = world.tenant(call)?;
    let target = Target::read(call)
        .ok_or_else(|| Answer::failed(500, "Failed to assign app: no assignment target was provided."))?;
    let app = find_mut(&mut tenant.apps, "id", &id);
    let app = app.ok_or_else(|| Answer::failed(500, format!("Failed to assign app {id}. It does not exist.")))?;
    target.apply(app, "AppAssignment", "AppExclude");
    Ok(Answer::done(format!("Successfully assigned app {} to {}", app.text("displayName"), target.words())))
}

fn remove_app(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    match remove(&mut world.tenant(call)?.apps, "id", &id) {
        Some(app) => Ok(Answer::done(format!("Successfully deleted app {}", app.text("displayName")))),
        None => Err(Answer::failed(500, format!("Failed to delete app {id}. It does not exist."))),
    }
}

fn queue(world: &mut World, _: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.portal.app_queue)))
}

fn remove_queued(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    match remove(&mut world.portal.app_queue, "id", &id) {
        Some(_) => Ok(Answer::done(format!("Successfully removed application queue for {id}."))),
        None => {
            Err(Answer::failed(403, format!("Failed to remove application queue for {id}. There is no such entry.")))
        }
    }
}

/// Puts an app into the queue, once for each tenant. One text alone is no list.
fn enqueue(world: &mut World, call: &Call, name: &str, command: &str) -> Outcome {
    let mut texts = Vec::new();
    for asked in all_or(world, call.tenant_texts()) {
        let Some(domain) = world.tenant_named(&asked).map(|tenant| tenant.domain.clone()) else {
            texts.push(format!("Failed to add {name} for {asked} to queue: the tenant is not known"));
            continue;
        };
        world.portal.app_queue.push(record(json!({
            "id": call.guid(),
            "tenantName": domain,
            "applicationName": name,
            "cmdLine": command,
            "assignTo": call.text("AssignTo").unwrap_or_else(|| "On".to_owned()),
            "status": "Not Deployed yet",
            "_due": call.now + QUARTER,
        })));
        texts.push(format!("Successfully added {name} for {domain} to queue."));
    }
    Ok(Answer::results(match texts.as_slice() {
        [] => Value::Null,
        [one] => Value::String(one.clone()),
        _ => Value::from(texts),
    }))
}

fn add_store(world: &mut World, call: &Call) -> Outcome {
    let package = call.need("PackageName")?;
    let name = call.need("ApplicationName")?;
    enqueue(world, call, &name, &format!("winget {package}"))
}

fn add_choco(world: &mut World, call: &Call) -> Outcome {
    let package = call.need("PackageName")?;
    if !package.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter)) {
        return Err(Answer::failed(400, format!("'{package}' is no name of a package")));
    }
    let name = call.need("ApplicationName")?;
    enqueue(world, call, &name, &format!("choco install {package}"))
}

fn add_msp(world: &mut World, call: &Call) -> Outcome {
    let vendor = call.need("RMMName")?;
    if !["datto", "ninja", "huntress", "syncro", "ncentral", "automate", "cwcommand"]
        .contains(&vendor.to_ascii_lowercase().as_str())
    {
        return Err(Answer::failed(400, format!("'{vendor}' is no vendor that is known")));
    }
    let name = call.need("DisplayName")?;
    let answer = enqueue(world, call, &name, &format!("{vendor} installer"))?;
    // Mixed results have a status of their own here, and nowhere else.
    let failed = call
        .tenant_texts()
        .iter()
        .filter(|asked| !crate::world::is_all(asked) && world.tenant_named(asked).is_none())
        .count();
    Ok(match failed {
        0 => answer,
        all if all == call.tenant_texts().len() => answer.with_status(500),
        _ => answer.with_status(207),
    })
}

fn add_office(world: &mut World, call: &Call) -> Outcome {
    let mut texts = Vec::new();
    for asked in all_or(world, call.tenant_texts()) {
        let Some(tenant) = world.tenant_named(&asked) else {
            texts.push(format!("Failed to add Office App for {asked}: the tenant is not known"));
            continue;
        };
        let name = "Microsoft 365 Apps for Windows 10 and later";
        if find(&tenant.apps, "displayName", name).is_some() {
            texts.push(format!("{asked}: Office deployment already exists"));
            continue;
        }
        let mut app = new_app(&call.guid(), name, "Microsoft", call.now);
        app.put("@odata.type", "#microsoft.graph.officeSuiteApp");
        if let Some(target) = Target::read(call) {
            target.apply(&mut app, "AppAssignment", "AppExclude");
        }
        tenant.apps.push(app);
        texts.push(format!("Successfully added Office App for {asked}"));
    }
    Ok(Answer::results(match texts.as_slice() {
        [one] => Value::String(one.clone()),
        _ => Value::from(texts),
    }))
}
