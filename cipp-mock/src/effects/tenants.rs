//! Tenants, and what the portal keeps for them: alerts, audit logs, standards, roles.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::{Call, value_text};
use crate::clock::{iso, parse_iso};
use crate::project::lookup;
use crate::world::{Fields, Record, Tenant, World, find, is_all, record, remove, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListTenants", list),
    ("ListTenantDetails", details),
    ("EditTenant", edit),
    ("ListTenantGroups", groups),
    ("AddAlert", add_alert),
    ("ListAlertsQueue", alert_rules),
    ("ListAuditLogs", audit_logs),
    ("ListAzureADConnectStatus", sync_status),
    ("ListRoles", roles),
    ("ListCSPLicenses", subscriptions),
    ("ListStandards", standards),
    ("listStandardTemplates", templates),
    ("RemoveStandardTemplate", remove_template),
    ("ExecStandardsRun", run_standards),
];

/// What the list of tenants looks like when it failed: a success with something that looks like a tenant.
pub(crate) fn failed_list() -> Answer {
    Answer::rows(vec![json!({
        "displayName": "Failed to retrieve tenants: the token for the partner tenant was refused.",
        "defaultDomainName": "",
        "customerId": "",
        "Results": "Failed to retrieve tenants",
    })])
}

/// Listing and clearing share an endpoint.
fn list(world: &mut World, call: &Call) -> Outcome {
    if call.on("ClearCache") {
        let now = world.now;
        for tenant in &mut world.tenants {
            tenant.record.put("LastRefresh", iso(now));
        }
        world.portal.log(now, "None", "ListTenants", "Info", "Cleared the tenant cache");
        // Texts within a list within an object, as the real server nests them.
        return Ok(Answer::json(
            200,
            json!({ "Results": [{ "Results": "Successfully cleared the tenant cache" }], "Metadata": { "Heading": "Cache" } }),
        ));
    }
    if call.on("TriggerRefresh") {
        let now = world.now;
        for tenant in &mut world.tenants {
            tenant.record.put("LastRefresh", iso(now));
        }
    }
    let mut rows: Vec<Record> = match call.tenant_text() {
        Some(name) if !is_all(&name) => {
            world.tenant_named(&name).map(|tenant| tenant.record.clone()).into_iter().collect()
        }
        _ => world.tenants.iter().map(|tenant| tenant.record.clone()).collect(),
    };
    let portals = call.text("Mode").is_some();
    for row in &mut rows {
        row.retain(|name, _| portals || !name.starts_with("portal_"));
        if call.on("IncludeOffboardingDefaults") && !row.contains_key("offboardingDefaults") {
            row.put(
                "offboardingDefaults",
                json!({ "RemoveLicenses": true, "ConvertToShared": true, "DisableSignIn": true }),
            );
        }
    }
    if call.on("AllTenantSelector") {
        rows.insert(0, record(json!({ "customerId": "AllTenants", "defaultDomainName": "AllTenants", "displayName": "*All Tenants", "domains": "AllTenants" })));
    }
    Ok(Answer::rows(values(&rows)))
}

fn details(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::object(Value::Object(world.tenant(call)?.organization.clone())))
}

/// Groups know their members by what is written at the tenants.
fn groups(world: &mut World, call: &Call) -> Outcome {
    let wanted = call.text("groupId");
    let known = world.portal.tenant_groups.iter();
    let known = known.filter(|group| wanted.as_deref().is_none_or(|id| group.text("Id").eq_ignore_ascii_case(id)));
    let member = |group: &Record, tenant: &Tenant| {
        let groups = tenant.organization.get("Groups").and_then(Value::as_array).into_iter().flatten();
        let is = |other: &Value| other.get("Id").and_then(Value::as_str) == Some(group.text("Id"));
        groups.into_iter().any(is)
    };
    let rows: Vec<Value> = known
        .map(|group| {
            let members = world.tenants.iter().filter(|tenant| member(group, tenant)).map(|tenant| {
                let name = tenant.record.text("displayName");
                json!({ "customerId": tenant.id, "defaultDomainName": tenant.domain, "displayName": name })
            });
            let mut row = group.clone();
            row.put("Members", members.collect::<Vec<_>>());
            Value::Object(row)
        })
        .collect();
    Ok(Answer::json(200, json!({ "Results": rows })))
}

/// The one answer that is a result without an envelope.
fn edit(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("customerId")?;
    let alias = call.text("tenantAlias");
    let groups = call.items("tenantGroups");
    let known = world.portal.tenant_groups.clone();
    // A domain in place of the id is stored under a key that nothing finds; nobody is told.
    if let Some(tenant) = world.tenants.iter_mut().find(|tenant| tenant.id.eq_ignore_ascii_case(&id)) {
        let name = tenant.record.text("originalDisplayName").to_owned();
        tenant.record.put("displayName", alias.clone().unwrap_or(name));
        tenant.organization.put("customProperties", alias.map_or_else(|| json!({}), |alias| json!({ "Alias": alias })));
        if !groups.is_empty() {
            let member = |group: &Value| {
                let id = group.get("groupId").and_then(Value::as_str)?;
                find(&known, "Id", id).cloned().map(Value::Object)
            };
            tenant.organization.put("Groups", groups.iter().filter_map(member).collect::<Vec<_>>());
        }
    }
    Ok(Answer::json(200, json!({ "state": "success", "resultText": "Tenant details updated successfully" })))
}

fn add_alert(world: &mut World, call: &Call) -> Outcome {
    let known = ["eq", "like", "ne", "notmatch", "gt", "lt", "in", "notin"];
    let mut words = Vec::new();
    for condition in call.items("conditions") {
        let part = |name: &str| {
            condition.as_object().and_then(|members| lookup(members, name)).and_then(value_text).unwrap_or_default()
        };
        if !known.contains(&part("Operator").to_ascii_lowercase().as_str()) {
            return Err(Answer::failed(400, format!("The operator '{}' is not allowed", part("Operator"))));
        }
        words.push(format!("When {} {} {}", part("Property"), part("Operator"), part("Input")));
    }
    let id = call.text("RowKey").unwrap_or_else(|| call.guid());
    remove(&mut world.portal.alert_rules, "RowKey", &id);
    let tenants = call.items("tenantFilter");
    let actions = call.choices("actions");
    world.portal.alert_rules.push(record(json!({
        "RowKey": id,
        "PartitionKey": "WebhookRules",
        "EventType": "Audit log Alert",
        "LogType": call.text("logbook"),
        "Tenants": tenants,
        "excludedTenants": call.items("excludedTenants"),
        "Conditions": words.join(", "),
        "Actions": actions.iter().map(|action| action.label.clone()).collect::<Vec<_>>().join(", "),
        "RepeatsEvery": "When received",
        "AlertComment": call.text("AlertComment"),
        "CustomSubject": call.text("CustomSubject"),
        "RawAlert": { "Conditions": call.items("conditions"), "Actions": call.items("actions"), "Tenants": tenants, "RowKey": id },
    })));
    Ok(Answer::done("Successfully added the alert to the queue"))
}

fn alert_rules(world: &mut World, _: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.portal.alert_rules)))
}

fn audit_logs(world: &mut World, call: &Call) -> Outcome {
    let now = world.now;
    let when = |name: &str| call.int(name).or_else(|| call.text(name).and_then(|text| parse_iso(&text)));
    let back = match call.text("RelativeTime") {
        Some(text) => {
            let unit = text.chars().last().unwrap_or_default();
            let number = text.trim_end_matches(unit).parse::<i64>().ok();
            let seconds = match unit {
                'd' => Some(86_400),
                'h' => Some(3600),
                'm' => Some(60),
                _ => None,
            };
            let refuse = || Answer::failed(400, format!("'{text}' is no number with d, h or m after it"));
            Some(now - number.zip(seconds).map(|(number, seconds)| number * seconds).ok_or_else(refuse)?)
        }
        None => None,
    };
    let start = back.or_else(|| when("StartDate")).unwrap_or(now - 7 * 86_400);
    let end = when("EndDate").unwrap_or(now);
    let tenant = call.tenant_text().unwrap_or_default();
    let one = call.text("LogId");
    let wanted = |row: &&Record| {
        let mine = is_all(&tenant) || row.text("Tenant").eq_ignore_ascii_case(&tenant);
        let chosen =
            one.as_ref().map_or_else(|| (start..=end).contains(&row.int("_when")), |id| row.text("LogId") == id);
        mine && chosen
    };
    let rows: Vec<Record> = world.portal.audit_logs.iter().filter(wanted).cloned().collect();
    let filter = format!("Timestamp ge datetime'{}' and Timestamp le datetime'{}'", iso(start), iso(end));
    Ok(Answer::rows(values(&rows)).with_metadata(json!({ "Count": rows.len(), "Filter": filter })))
}

fn sync_status(world: &mut World, call: &Call) -> Outcome {
    let tenant = world.tenant(call)?;
    let settings = json!({
        "dirSyncEnabled": tenant.organization.on("onPremisesSyncEnabled"),
        "numberOfHoursFromLastSync": tenant.organization.text("onPremisesLastSyncDateTime"),
        "raw": { "id": tenant.id, "displayName": tenant.name, "onPremisesSyncEnabled": tenant.organization.on("onPremisesSyncEnabled"),
            "onPremisesLastSyncDateTime": tenant.organization.text("onPremisesLastSyncDateTime") },
    });
    let synced = tenant.users.iter().filter(|user| user.on("onPremisesSyncEnabled"));
    let objects: Vec<Value> = synced
        .map(|user| {
            json!({ "id": user.text("id"), "displayName": user.text("displayName"), "createdDateTime": user.text("createdDateTime"),
                "ObjectType": "User", "onPremisesProvisioningErrors": [] })
        })
        .collect();
    Ok(Answer::rows(match call.text("DataToReturn").as_deref() {
        Some("AzureADConnectSettings") => vec![settings],
        Some("AzureADObjectsInError") => objects,
        _ => vec![json!({ "AzureADConnectSettings": settings, "ObjectsInError": objects })],
    }))
}

fn roles(world: &mut World, call: &Call) -> Outcome {
    // An unknown tenant is a 400 here, not a 500.
    let tenant = world.tenant(call).map_err(|answer| answer.with_status(400))?;
    Ok(Answer::rows(values(&tenant.roles)))
}

fn subscriptions(world: &mut World, call: &Call) -> Outcome {
    let tenant = world.tenant(call)?;
    let rows = tenant.skus.iter().enumerate().map(|(index, sku)| {
        json!({
            "id": crate::world::guid("csp", index as u64),
            "productName": sku.text("License"),
            "sku": sku.text("skuPartNumber"),
            "quantity": sku.int("_seats"),
            "purchaseDate": sku.list("TermInfo").first().and_then(|term| term.get("CreatedDateTime")),
            "commitmentTerm": { "termEndDate": sku.list("TermInfo").first().and_then(|term| term.get("NextLifecycle")) },
        })
    });
    Ok(Answer::rows(rows.collect()))
}

fn standards(world: &mut World, call: &Call) -> Outcome {
    // The table of earlier versions is empty; only the consolidated view has rows.
    if !call.on("ShowConsolidated") {
        return Ok(Answer::rows(Vec::new()));
    }
    let tenant = call.tenant_text().unwrap_or_default();
    let mut rows = Vec::new();
    for template in &world.portal.standard_templates {
        let empty = Record::new();
        for (name, settings) in template.get("standards").and_then(Value::as_object).unwrap_or(&empty) {
            rows.push(json!({ "Tenant": tenant, "Standard": name, "Settings": settings, "TemplateId": template.text("GUID") }));
        }
    }
    Ok(Answer::rows(rows))
}

fn templates(world: &mut World, call: &Call) -> Outcome {
    let id = call.text("id");
    let wanted = |row: &&Record| id.as_ref().is_none_or(|id| row.text("GUID").eq_ignore_ascii_case(id));
    let rows: Vec<Record> = world.portal.standard_templates.iter().filter(wanted).cloned().collect();
    Ok(Answer::rows(values(&rows)))
}

fn remove_template(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    if id.split('-').count() != 5 {
        return Err(Answer::failed(500, format!("Failed to remove Standards Template: Invalid GUID format: {id}")));
    }
    match remove(&mut world.portal.standard_templates, "GUID", &id) {
        Some(template) => Ok(Answer::done(format!(
            "Removed Standards Template named '{}' with id {id}",
            template.text("templateName")
        ))),
        None => Err(Answer::failed(500, format!("Failed to remove Standards Template {id}: there is none."))),
    }
}

fn run_standards(world: &mut World, call: &Call) -> Outcome {
    let tenant = call.tenant_text().unwrap_or_default();
    let id = call.text("templateId").unwrap_or_default();
    let template = find(&world.portal.standard_templates, "GUID", &id).map(|row| row.text("templateName").to_owned());
    let now = world.now;
    world.portal.log(now, &tenant, "Standards", "Info", "Started a run of the standards");
    Ok(Answer::done(match (id.is_empty(), template) {
        (true, _) => format!("Successfully started the standards run for {tenant}"),
        (false, Some(name)) => {
            format!("Successfully started the standards run for {tenant} with Template: {name} ({id})")
        }
        // An unknown template is no failure for the server, only empty brackets.
        (false, None) => format!("Successfully started the standards run for {tenant} with Template:  ()"),
    }))
}
