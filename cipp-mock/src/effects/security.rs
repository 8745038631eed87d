//! Alerts, incidents, Conditional Access and named locations.

use super::Table;
use super::policies::all_or;
use crate::answer::{Answer, Outcome};
use crate::call::{Call, value_text};
use crate::clock::{iso, parse_iso};
use crate::scheduler::{self, NewTask};
use crate::world::{
    Fields, Record, Tenant, World, country_location, find, find_mut, ip_location, refresh_location, remove, values,
};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ExecAlertsList", alerts),
    ("ExecSetSecurityAlert", set_alert),
    ("ExecIncidentsList", incidents),
    ("ExecSetSecurityIncident", set_incident),
    ("ListConditionalAccessPolicies", access_policies),
    ("ExecCAExclusion", exclude),
    ("ListNamedLocations", locations),
    ("AddNamedLocation", add_location),
    ("ExecNamedLocation", change_location),
];

fn alerts(world: &mut World, call: &Call) -> Outcome {
    let rows: Vec<Record> = world.scope(call)?.iter().flat_map(|tenant| tenant.alerts.clone()).collect();
    let status = |wanted: &str| rows.iter().filter(|row| row.text("Status") == wanted).count();
    let open = |severity: &str| {
        rows.iter()
            .filter(|row| row.text("Severity") == severity && matches!(row.text("Status"), "newAlert" | "inProgress"))
            .count()
    };
    let report = json!({
        "NewAlertsCount": status("newAlert"),
        "InProgressAlertsCount": status("inProgress"),
        "SeverityHighAlertsCount": open("high"),
        "SeverityMediumAlertsCount": open("medium"),
        "SeverityLowAlertsCount": open("low"),
        "SeverityInformationalCount": open("informational"),
        "MSResults": values(&rows),
    });
    Ok(Answer::object(report).with_metadata(json!({})))
}

fn set_alert(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("GUID")?;
    let status = call.need("Status")?;
    let tenant = world.tenant(call)?;
    let refuse = |why: &str| Answer::failed(500, format!("Failed to update alert {id}: {why}"));
    let alert = find_mut(&mut tenant.alerts, "Id", &id).ok_or_else(|| refuse("it does not exist."))?;
    let raised = alert.get("RawResult").and_then(|raw| raw.get("vendorInformation")).cloned().unwrap_or_default();
    let same = |field: &str, sent: &str| raised.get(field).and_then(Value::as_str) == call.text(sent).as_deref();
    if !same("vendor", "Vendor") || !same("provider", "Provider") {
        return Err(refuse("vendor and provider are not those of the alert."));
    }
    alert.put("Status", status.as_str());
    if let Some(Value::Object(raw)) = alert.get_mut("RawResult") {
        raw.put("status", status.as_str());
    }
    Ok(Answer::done(format!("Set alert {id} to status {status}")))
}

fn incidents(world: &mut World, call: &Call) -> Outcome {
    let day = |name: &str| {
        let text = call.text(name)?;
        let (year, rest) = text.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        parse_iso(&format!("{year}-{month}-{day}"))
    };
    let (start, end) = (day("StartDate"), day("EndDate").map(|end| end + 86_400));
    let all = world.scope(call)?;
    let wanted = |row: &&Record| {
        let created = row.int("_created");
        start.is_none_or(|start| created >= start) && end.is_none_or(|end| created < end)
    };
    let mut rows: Vec<Record> = all.iter().flat_map(|tenant| tenant.incidents.iter()).filter(wanted).cloned().collect();
    rows.sort_by(|one, other| other.text("Id").cmp(one.text("Id")));
    Ok(Answer::rows(values(&rows)).with_metadata(json!({})))
}

fn set_incident(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("GUID")?;
    if call.int("Redirected").unwrap_or_default() > 0 {
        return Ok(Answer::done(format!("Refused to update incident {id}, which was merged into another")));
    }
    if call.text("Classification").is_some() && call.text("Determination").is_none() {
        return Err(Answer::failed(500, format!("Failed to update incident {id}")));
    }
    let now = world.now;
    let tenant = world.tenant(call)?;
    let incident = find_mut(&mut tenant.incidents, "Id", &id);
    let incident =
        incident.ok_or_else(|| Answer::failed(500, format!("Failed to update incident {id}: it does not exist.")))?;
    for field in ["Status", "Severity", "Classification"] {
        if let Some(value) = call.text(field) {
            incident.put(field, value);
        }
    }
    // A determination alone is silently ignored.
    if let (Some(_), Some(value)) = (call.text("Classification"), call.text("Determination")) {
        incident.put("Determination", value);
    }
    if let Some(comment) = call.text("Comment") {
        incident.push(
            "Comments",
            json!({ "comment": comment, "createdByDisplayName": "cipp-mock client", "createdDateTime": iso(now) }),
        );
    }
    incident.put("Updated", iso(now));
    Ok(Answer::done(format!("Set incident {id} as asked")))
}

fn access_policies(world: &mut World, call: &Call) -> Outcome {
    let rows: Vec<Record> = world.scope(call)?.iter().flat_map(|tenant| tenant.access_policies.clone()).collect();
    Ok(Answer::rows(values(&rows)).with_metadata(json!({})))
}

fn exclude(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("PolicyId")?;
    let domain = world.tenant(call)?.domain.clone();
    let mut people = call.values("Users");
    people.extend(call.text("UserID"));
    if call.on("vacation") {
        let (now, start, end) = (world.now, call.int("StartDate"), call.int("EndDate"));
        for (what, due) in [("Add", start.unwrap_or(now)), ("Remove", end.unwrap_or(now))] {
            scheduler::add(
                world,
                NewTask {
                    id: call.guid(),
                    name: format!("{what} CA Exclusion Vacation Mode: {}", people.join(", ")),
                    command: "Set-CIPPCAExclusion".to_owned(),
                    tenant: domain.clone(),
                    parameters: json!({ "ExclusionType": what, "PolicyId": id, "Users": people }),
                    due: Some(due),
                    notify: call.object("postExecution"),
                    reference: call.text("reference"),
                    ..NewTask::default()
                },
            );
        }
        return Ok(Answer::done(format!("Successfully added vacation mode schedule for {}.", people.join(", "))));
    }
    let tenant = world.tenant(call)?;
    if find(&tenant.access_policies, "id", &id).is_none() {
        // The status says nothing here.
        return Ok(Answer::done(format!(
            "Failed to perform exclusion for {}: policy {id} does not exist.",
            people.join(", ")
        )));
    }
    if let Some(kind) = call.text("ExclusionType") {
        set_exclusion(tenant, &id, &kind, &people);
    }
    // A change that succeeded, or none at all, is answered with nothing.
    Ok(Answer::empty(200))
}

/// Adds people to the exclusions of a policy, or takes them out; says what came of it.
fn set_exclusion(tenant: &mut Tenant, policy: &str, kind: &str, people: &[String]) -> Vec<String> {
    let known: Vec<(String, String)> = people.iter().filter_map(|key| tenant.user_ids(key, "find user").ok()).collect();
    let Some(policy) = find_mut(&mut tenant.access_policies, "id", policy) else {
        return vec![format!("Failed to perform exclusion: policy {policy} does not exist.")];
    };
    let mut said = Vec::new();
    for (id, name) in &known {
        policy.take("_excludeUsers", id);
        if kind.eq_ignore_ascii_case("Add") {
            policy.push("_excludeUsers", id.as_str());
        }
        said.push(format!(
            "Successfully performed {kind} exclusion for {name} from policy {}",
            policy.text("displayName")
        ));
    }
    let names: Vec<String> = policy
        .texts("_excludeUsers")
        .iter()
        .filter_map(|id| find(&tenant.users, "id", id))
        .map(|user| user.text("userPrincipalName").to_owned())
        .collect();
    policy.put("excludeUsers", names.join(","));
    said
}

/// Begins or ends a vacation, when its task is due.
pub(crate) fn run_exclusion(world: &mut World, domain: &str, parameters: &Value) -> Vec<String> {
    let text = |name: &str| parameters.get(name).and_then(Value::as_str).unwrap_or_default();
    let people: Vec<String> =
        parameters.get("Users").and_then(Value::as_array).into_iter().flatten().filter_map(value_text).collect();
    match world.tenant_named(domain) {
        Some(tenant) => set_exclusion(tenant, text("PolicyId"), text("ExclusionType"), &people),
        None => vec![format!("Failed to perform exclusion: tenant {domain} is not known")],
    }
}

fn locations(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.tenant(call)?.named_locations)))
}

fn add_location(world: &mut World, call: &Call) -> Outcome {
    let name = call.need("policyName")?;
    let by_address = call.text("Type").is_some_and(|kind| kind.eq_ignore_ascii_case("IPLocation"));
    let mut texts = Vec::new();
    for asked in all_or(world, call.tenant_texts()) {
        let Some(tenant) = world.tenant_named(&asked) else {
            texts.push(format!("Failed to add Named Location: {name} for {asked}: the tenant is not known"));
            continue;
        };
        let ranges = call.lines("Ips");
        if by_address && (ranges.is_empty() || ranges.iter().any(|range| !range.contains('/'))) {
            texts.push(format!("Failed to add Named Location: {name} for {asked}: a range needs its prefix length"));
            continue;
        }
        let mut place = if by_address {
            ip_location(&call.guid(), &name, &ranges, call.on("Trusted"), call.now)
        } else {
            country_location(
                &call.guid(),
                &name,
                &call.values("Countries"),
                call.on("includeUnknownCountriesAndRegions"),
                call.now,
            )
        };
        refresh_location(&mut place);
        tenant.named_locations.push(place);
        texts.push(format!("Successfully added Named Location: {name} for {asked}"));
    }
    Ok(Answer::results(texts))
}

fn change_location(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("namedLocationId")?;
    let change = call.need("change")?;
    let input = call.values("input");
    let now = world.now;
    let tenant = world.tenant(call)?;
    let refuse = |why: &str| Answer::failed(500, format!("Failed to edit named location {id}: {why}"));
    let place = find_mut(&mut tenant.named_locations, "id", &id).ok_or_else(|| refuse("it does not exist."))?;
    let by_address = place.contains_key("ipRanges");
    let range = |text: &str| json!({ "@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": text });
    match (change.as_str(), by_address) {
        ("delete", _) => {
            if place.on("isTrusted") {
                return Err(refuse("a trusted location cannot be deleted."));
            }
            remove(&mut tenant.named_locations, "id", &id);
            return Ok(Answer::done(format!("Deleted named location {id}")));
        }
        ("rename", _) => place.put("displayName", input.first().ok_or_else(|| refuse("it needs a name."))?.as_str()),
        ("setTrusted", true) => place.put("isTrusted", true),
        ("setUntrusted", true) => place.put("isTrusted", false),
        ("addIp", true) => {
            for text in &input {
                if !text.contains('/') {
                    return Err(refuse("a range needs its prefix length."));
                }
                place.push("ipRanges", range(text));
            }
        }
        ("removeIp", true) => {
            let left: Vec<Value> = place
                .list("ipRanges")
                .iter()
                .filter(|held| !input.iter().any(|text| **held == range(text)))
                .cloned()
                .collect();
            if left.is_empty() {
                return Err(refuse("the last range cannot be taken away."));
            }
            place.put("ipRanges", left);
        }
        ("addLocation", false) => input.iter().for_each(|text| place.push("countriesAndRegions", text.as_str())),
        ("removeLocation", false) => {
            if place.list("countriesAndRegions").len() <= 1 {
                return Err(refuse("the last country cannot be taken away."));
            }
            for text in &input {
                place.take("countriesAndRegions", text);
            }
        }
        _ => return Err(refuse("this change does not fit its kind.")),
    }
    place.put("modifiedDateTime", iso(now));
    refresh_location(place);
    Ok(Answer::done(format!("Edited named location {}: {change}", place.text("displayName"))))
}
