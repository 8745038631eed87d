//! Settings: integrations, their mappings, and how passwords are made.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::world::{Fields, Record, World, record, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListExtensionsConfig", list),
    ("ExecExtensionsConfig", save),
    ("ExecExtensionMapping", mapping),
    ("ExecExtensionSync", sync),
    ("ListExtensionSync", tasks),
    ("ExecExtensionTest", test),
    ("ExecPasswordConfig", passwords),
];

fn list(world: &mut World, _: &Call) -> Outcome {
    Ok(Answer::object(Value::Object(world.portal.extensions.clone())))
}

/// What is sent takes the place of all that was stored. Keys go to the vault and never come back.
fn save(world: &mut World, call: &Call) -> Outcome {
    let Some(sent) = call.body.as_object() else {
        return Ok(Answer::done("Failed to save the extensions' configuration"));
    };
    let mut stored = sent.clone();
    for section in stored.values_mut().filter_map(Value::as_object_mut) {
        for name in ["APIKey", "SubscriptionKey", "VendorKey"] {
            if section.contains_key(name) {
                section.put(name, "SentToKeyVault");
            }
        }
    }
    world.portal.extensions = stored;
    Ok(Answer::done("Successfully saved the extensions' configuration"))
}

/// Reading and writing share an endpoint.
fn mapping(world: &mut World, call: &Call) -> Outcome {
    if let Some(extension) = call.text("AddMapping") {
        let mut rows = Vec::new();
        for (key, choice) in call.body.as_object().into_iter().flatten() {
            let id = choice.get("value").cloned().unwrap_or_else(|| choice.clone());
            let name = choice.get("label").or_else(|| choice.get("name")).cloned().unwrap_or_default();
            let tenant =
                world.tenant_named(key).map(|tenant| (tenant.name.clone(), tenant.domain.clone())).unwrap_or_default();
            rows.push(json!({
                "TenantId": key, "Tenant": tenant.0, "TenantDomain": tenant.1, "IntegrationId": id, "IntegrationName": name,
                "RowKey": key, "PartitionKey": format!("{extension}Mapping"),
            }));
        }
        world.portal.mappings.put(&extension, rows);
        return Ok(Answer::done(format!("Successfully edited the mapping table of {extension}")));
    }
    if let Some(extension) = call.text("AutoMapping") {
        return Ok(Answer::done(format!("Automatic mapping with {extension} has been queued")));
    }
    let Some(kind) = call.text("List") else { return Ok(Answer::empty(200)) };
    let company = |number: u64| json!({ "name": format!("Company {number}"), "value": number.to_string() });
    let body = match kind.to_ascii_lowercase().as_str() {
        "halopsafields" => json!({
            "TicketTypes": [{ "id": 1, "name": "Alert" }], "Outcomes": [{ "id": 2, "name": "Closed", "buttonname": "Close" }],
            "Priorities": [{ "id": 3, "name": "Low", "priorityid": 3 }],
        }),
        "pwpushfields" => json!({ "Accounts": [{ "id": "1", "name": "Default" }] }),
        "hudufields" | "ninjaonefields" => json!({
            "CIPPFields": [{ "FieldName": "Users", "FieldLabel": "Users - Asset Layout", "FieldType": "Layouts" }],
            "CIPPFieldHeaders": [{ "Title": "Asset Layouts", "FieldType": "Layouts", "Description": "Where assets go" }],
            "IntegrationFields": [{ "name": "People", "value": "7", "FieldType": "Layouts" }],
            "Mappings": [],
        }),
        "halopsa" | "hudu" | "ninjaone" | "sherweb" => {
            let rows = world
                .portal
                .mappings
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(&kind))
                .map(|(_, rows)| rows.clone());
            json!({ "Companies": [company(1), company(2)], "Mappings": rows.unwrap_or_else(|| json!([])) })
        }
        _ => return Ok(Answer::empty(200)),
    };
    Ok(Answer::object(body))
}

fn sync(world: &mut World, call: &Call) -> Outcome {
    let extension = call.need("Extension")?;
    let now = world.now;
    Ok(match extension.to_ascii_lowercase().as_str() {
        "gradient" | "ninjaone" => {
            world.portal.log(now, "None", "ExecExtensionSync", "Info", &format!("Queued a sync of {extension}"));
            Answer::done(format!("{extension} sync has been queued"))
        }
        "hudu" => Answer::done("Hudu sync tasks are set to start in the next 15 minutes"),
        // Nothing is said of an extension that is not known.
        _ => Answer::results(Value::Null),
    })
}

fn tasks(world: &mut World, _: &Call) -> Outcome {
    let now = world.now;
    let rows: Vec<Record> = world
        .tenants
        .iter()
        .map(|tenant| {
            record(json!({
                "RowKey": crate::world::guid("sync", tenant.name.len() as u64), "PartitionKey": "ScheduledTask", "Tenant": tenant.domain,
                "Name": format!("{} Extension Sync", tenant.name), "SyncType": "Hudu", "ScheduledTime": now + 43_200,
                "ExecutedTime": now - 43_200, "RepeatsEvery": "1d", "Results": "Synchronised",
            }))
        })
        .collect();
    Ok(Answer::rows(values(&rows)))
}

fn test(world: &mut World, call: &Call) -> Outcome {
    let name = call.need("extensionName")?;
    if name.eq_ignore_ascii_case("CIPP-API") {
        return Ok(Answer::done("You cannot test the CIPP-API"));
    }
    let section =
        world.portal.extensions.iter().find(|(key, _)| key.eq_ignore_ascii_case(&name)).map(|(_, section)| section);
    Ok(match section {
        Some(section) if section.get("Enabled") == Some(&Value::Bool(true)) => {
            Answer::done(format!("Successfully Connected to {name}"))
        }
        Some(_) => Answer::done(format!("{name} is not enabled")),
        None => Answer::results(Value::Null),
    })
}

/// Reading and writing share an endpoint.
fn passwords(world: &mut World, call: &Call) -> Outcome {
    if call.on("List") {
        return Ok(Answer::object(Value::Object(world.portal.password_config.clone())));
    }
    let kind = call.need("passwordType")?;
    let count = call.int("charCount").unwrap_or(14);
    if kind == "Classic" && !(8..=256).contains(&count) {
        return Err(Answer::failed(400, "charCount has to be a number from 8 to 256"));
    }
    let classes = ["includeUppercase", "includeLowercase", "includeDigits", "includeSpecialChars"];
    if kind == "Classic" && classes.iter().filter(|name| call.on(name)).count() < 3 {
        return Err(Answer::failed(400, "At least three kinds of characters have to be included"));
    }
    // All settings are stored anew: what is left out becomes false or empty.
    let mut settings = record(
        json!({ "passwordType": kind, "charCount": count, "wordCount": call.int("wordCount").unwrap_or(4),
        "specialCharSet": call.text("specialCharSet").unwrap_or_default(), "separator": call.text("separator").unwrap_or_default() }),
    );
    for name in classes.into_iter().chain(["capitalizeWords", "appendNumber", "appendSpecialChar"]) {
        settings.put(name, call.on(name));
    }
    world.portal.password_config = settings;
    Ok(Answer::done("Successfully saved the password settings"))
}
