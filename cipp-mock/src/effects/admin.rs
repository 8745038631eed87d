//! The portal's own affairs: API clients, roles, logs and backups.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::clock::{day, iso};
use crate::scheduler::{self, NewTask};
use crate::world::{Fields, Portal, Record, World, find, find_mut, guid, is_all, record, remove, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ExecApiClient", api_client),
    ("ListCustomRole", roles),
    ("ListLogs", logs),
    ("ExecListBackup", backups),
    ("ExecRunBackup", run_backup),
    ("ExecRestoreBackup", restore_backup),
    ("ExecSetCIPPAutoBackup", auto_backup),
    ("GetVersion", version),
    ("ListApiTest", echo),
    ("PublicPing", ping),
];

fn api_client(world: &mut World, call: &Call) -> Outcome {
    let action = call.need("Action")?;
    let clients = &mut world.portal.api_clients;
    let id = call.field("ClientId").as_ref().and_then(crate::call::value_text).unwrap_or_default();
    let unknown = |id: &str| {
        Answer::results(json!({ "resultText": format!("API client {id} does not exist"), "state": "error" }))
    };
    match action.to_ascii_lowercase().as_str() {
        // An instance without clients answers with nothing at all.
        "list" if clients.is_empty() => Ok(Answer::empty(200)),
        "list" => Ok(Answer::rows(values(clients))),
        "listavailable" => Ok(Answer::rows(
            clients
                .iter()
                .map(|row| json!({ "appId": row.text("ClientId"), "displayName": row.text("AppName") }))
                .collect(),
        )),
        "getazureconfiguration" => {
            let ids: Vec<&str> = clients.iter().map(|row| row.text("ClientId")).collect();
            let configuration = json!({ "ApiUrl": "https://cipp.example.com", "TenantID": crate::world::guid("partner", 0), "ClientIDs": ids, "Enabled": true });
            Ok(Answer::rows(vec![configuration]).alone())
        }
        "addupdate" => Ok(add_or_update(clients, call, &id)),
        "resetsecret" => match find(clients, "ClientId", &id) {
            Some(row) => {
                let secret = call.password();
                let text = format!("API secret reset for {}", row.text("AppName"));
                Ok(Answer::json(200, json!([{ "resultText": text, "copyField": secret, "state": "success" }])))
            }
            None => Ok(unknown(&id)),
        },
        "delete" => match remove(clients, "ClientId", &id) {
            Some(row) => Ok(Answer::done(format!("API client {} deleted", row.text("AppName")))),
            None => Ok(Answer::empty(200)),
        },
        "repairuri" => match find(clients, "ClientId", &id) {
            Some(_) => Ok(Answer::results(
                json!({ "resultText": format!("The identifier URI of {id} is right"), "state": "success" }),
            )),
            None => Ok(unknown(&id)),
        },
        "savetoazure" => {
            Ok(Answer::results(json!({ "resultText": "Saved the API clients to Azure", "state": "success" })))
        }
        _ => Ok(Answer::done("Invalid action")),
    }
}

fn add_or_update(clients: &mut Vec<Record>, call: &Call, id: &str) -> Answer {
    if id.is_empty() && call.text("AppName").is_none() {
        return Answer::json(200, json!([]));
    }
    let fresh = id.is_empty();
    let id = if fresh { call.guid() } else { id.to_owned() };
    let old = remove(clients, "ClientId", &id);
    let name =
        call.text("AppName").or_else(|| old.map(|row| row.text("AppName").to_owned())).unwrap_or_else(|| id.clone());
    clients.push(record(json!({
        "ClientId": id,
        "AppName": name,
        "Role": call.text("Role").unwrap_or_else(|| "cipp-api".to_owned()),
        "IPRange": call.values("IpRange"),
        "Enabled": call.on("Enabled"),
        "MCPAllowed": call.on("MCPAllowed"),
    })));
    let mut items = vec![
        json!({ "resultText": format!("API client updated: {name} ({id})"), "copyField": id, "state": "success" }),
    ];
    if fresh {
        let secret = call.password();
        items = vec![
            json!({ "resultText": format!("API client created with the name '{name}'. Use the Client ID: {id}"), "copyField": id, "state": "success" }),
            json!({ "resultText": "The secret of the new client", "copyField": secret, "state": "success" }),
        ];
    }
    // Success comes without the envelope that failures have.
    Answer::json(200, Value::Array(items))
}

fn roles(world: &mut World, _: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.portal.roles)))
}

fn logs(world: &mut World, call: &Call) -> Outcome {
    let rows = &world.portal.logs;
    if call.on("ListLogs") {
        let mut days: Vec<&str> = rows.iter().map(|row| row.text("_day")).collect();
        days.sort_unstable();
        days.dedup();
        return Ok(Answer::rows(days.iter().map(|day| json!({ "value": day, "label": day })).collect()));
    }
    if let Some(id) = call.text("logentryid") {
        return Ok(Answer::rows(find(rows, "RowKey", &id).cloned().map(Value::Object).into_iter().collect()));
    }
    let today = day(world.now);
    if !call.on("Filter") {
        // Every other filter is ignored without this one.
        let rows: Vec<Record> = rows.iter().filter(|row| row.text("_day") == today).cloned().collect();
        return Ok(Answer::rows(values(&rows)));
    }
    let start = call.text("StartDate").or_else(|| call.text("DateFilter")).unwrap_or_else(|| today.clone());
    let end =
        call.text("EndDate").unwrap_or_else(|| if call.text("StartDate").is_some() { today } else { start.clone() });
    let severities: Vec<String> = call.values("Severity").iter().map(|text| text.to_ascii_lowercase()).collect();
    let (user, api) = (call.text("User"), call.text("API"));
    let tenant = call.tenant_text().filter(|tenant| !is_all(tenant));
    let wanted = |row: &&Record| {
        let fits = |wanted: &Option<String>, name: &str| {
            wanted
                .as_ref()
                .is_none_or(|text| row.text(name).to_lowercase().contains(&text.trim_matches('*').to_lowercase()))
        };
        (start.as_str()..=end.as_str()).contains(&row.text("_day"))
            && (severities.is_empty() || severities.contains(&row.text("Severity").to_ascii_lowercase()))
            && fits(&user, "User")
            && fits(&api, "API")
            && fits(&tenant, "Tenant")
    };
    let rows: Vec<Record> = rows.iter().filter(wanted).cloned().collect();
    Ok(Answer::rows(values(&rows)))
}

fn backups(world: &mut World, call: &Call) -> Outcome {
    let kind = call.text("Type").unwrap_or_else(|| "CIPP".to_owned());
    let name = call.text("BackupName");
    let short = call.on("NameOnly");
    let wanted =
        |row: &&Record| row.text("_kind") == kind && name.as_ref().is_none_or(|name| row.text("BackupName") == name);
    let mut rows: Vec<Record> = world.portal.backups.iter().filter(wanted).cloned().collect();
    for row in rows.iter_mut().filter(|_| short) {
        row.retain(|field, _| matches!(field.as_str(), "BackupName" | "Timestamp" | "Source" | "Items"));
    }
    Ok(Answer::rows(values(&rows)))
}

fn run_backup(world: &mut World, _: &Call) -> Outcome {
    let backup = Portal::backup("CIPP", world.now);
    world.portal.backups.push(backup);
    let now = world.now;
    world.portal.log(now, "None", "ExecRunBackup", "Info", "Created a backup of CIPP");
    Ok(Answer::results(json!({ "resultText": "Created backup", "state": "success" }))
        .with_metadata(json!({ "backup": null })))
}

fn restore_backup(world: &mut World, call: &Call) -> Outcome {
    let name = call.text("BackupName").unwrap_or_default();
    Ok(Answer::done(match find(&world.portal.backups, "BackupName", &name) {
        Some(_) => format!("Successfully restored 3 rows from {name} at {}", iso(call.now)),
        // The status says nothing; the text does.
        None => format!("Failed to restore backup {name}: there is none"),
    }))
}

fn auto_backup(world: &mut World, call: &Call) -> Outcome {
    let Some(on) = call.flag("Enabled") else { return Ok(Answer::results(Value::Null)) };
    let name = "Automated CIPP Backup";
    while remove(&mut world.portal.tasks, "Name", name).is_some() {}
    if !on {
        return Ok(Answer::done("Scheduled task for automated backups removed"));
    }
    let due = world.now + 900;
    scheduler::add(
        world,
        NewTask {
            id: call.guid(),
            name: name.to_owned(),
            command: "New-CIPPBackup".to_owned(),
            tenant: "PartnerTenant".to_owned(),
            parameters: json!({ "backupType": "CIPP" }),
            due: Some(due),
            recurrence: "1d".to_owned(),
            ..NewTask::default()
        },
    );
    if let Some(task) = find_mut(&mut world.portal.tasks, "Name", name) {
        task.put("Reference", "backup");
    }
    Ok(Answer::done("Scheduled task for automated backups added"))
}

fn version(_: &mut World, _: &Call) -> Outcome {
    Ok(Answer::json(
        200,
        json!({
            "LocalCIPPVersion": "10.8.2", "RemoteCIPPVersion": "10.8.2", "OutOfDateCIPP": false,
            "LocalCIPPAPIVersion": "10.8.2", "RemoteCIPPAPIVersion": "10.8.2", "OutOfDateCIPPAPI": false,
        }),
    ))
}

/// The request as the server saw it; what people test their connection with.
fn echo(_: &mut World, call: &Call) -> Outcome {
    let query: Record = call.query.iter().map(|(name, text)| (name.clone(), Value::String(text.clone()))).collect();
    Ok(Answer::json(
        200,
        json!({ "Request": { "Query": query, "Body": call.body, "Params": { "CIPPEndpoint": call.endpoint } },
        "AllowedTenants": ["AllTenants"], "AllowedGroups": ["AllGroups"] }),
    ))
}

fn ping(_: &mut World, call: &Call) -> Outcome {
    let pong = json!({
        "Message": "Pong",
        "ColdStart": call.serial < 3,
        "Timestamp": iso(call.now),
        "RequestId": guid("ping", call.serial),
    });
    Ok(Answer::json(200, json!({ "Results": pong })))
}
