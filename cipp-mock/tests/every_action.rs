//! Every action of the catalogue answers, and its answer has the fields and types that the specification says.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod support;

use cipp_client::RawRequest;
use cipp_client::catalogue::{self, Action, FixedValue, Form, Kind, Method, OutputShape, Place, Property, Type};
use cipp_client::model::Schema;
use cipp_mock::{CONTOSO, MockServer};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Ids of things in the first tenant, by the list that shows them.
async fn ids(client: &cipp_client::Client) -> HashMap<&'static str, String> {
    let mut ids = HashMap::new();
    for (name, endpoint, field) in [
        ("user", "ListUsers", "id"),
        ("group", "ListGroups", "id"),
        ("device", "ListDevices", "id"),
        ("entra device", "ListDevices", "azureADDeviceId"),
        ("policy", "ListIntunePolicy", "id"),
        ("app", "ListApps", "id"),
        ("script", "ListIntuneScript", "id"),
        ("autopilot", "ListAPDevices", "id"),
        ("access policy", "ListConditionalAccessPolicies", "id"),
        ("deleted", "ListDeletedItems", "id"),
        ("team", "ListTeams", "id"),
        ("number", "ListTeamsVoice", "TelephoneNumber"),
        ("incident", "ExecIncidentsList", "Id"),
        ("tenant", "ListTenants", "customerId"),
    ] {
        let mut request = RawRequest::get(endpoint).query("tenantFilter", CONTOSO);
        if endpoint == "ListTeams" {
            request = request.query("type", "List");
        }
        let (status, rows) = support::results(client, request).await;
        assert_eq!(status, 200, "{endpoint}: {rows}");
        ids.insert(name, rows[0][field].as_str().unwrap_or_default().to_owned());
    }
    // The first named location is trusted, and so cannot be deleted.
    let (_, places) = support::json(client, RawRequest::get("ListNamedLocations").query("tenantFilter", CONTOSO)).await;
    ids.insert("place", places[1]["id"].as_str().unwrap_or_default().to_owned());
    let (_, alerts) = support::results(client, RawRequest::get("ExecAlertsList").query("tenantFilter", CONTOSO)).await;
    ids.insert("alert", alerts["MSResults"][0]["Id"].as_str().unwrap_or_default().to_owned());
    let (_, devices) = support::json(
        client,
        RawRequest::get("ListUserDevices").query("tenantFilter", CONTOSO).query("UserID", &ids["user"]),
    )
    .await;
    ids.insert("directory device", devices[0]["ID"].as_str().unwrap_or_default().to_owned());
    let (_, templates) = support::json(client, RawRequest::get("listStandardTemplates")).await;
    ids.insert("template", templates[0]["GUID"].as_str().unwrap_or_default().to_owned());
    ids
}

/// A value that the world understands, for a property of an action.
fn chosen(action: &Action, property: &Property, ids: &HashMap<&'static str, String>) -> Option<Value> {
    let id = |name: &str| ids.get(name).map(|id| json!(id));
    match (action.endpoint(), property.name) {
        ("ExecDeviceAction" | "ExecGetRecoveryKey", "GUID") => id("device"),
        ("ExecDeviceAction", "Action") => Some(json!("syncDevice")),
        ("ExecGetLocalAdminPassword", "guid") => id("entra device"),
        ("ExecAssignPolicy" | "RemovePolicy", "ID") => id("policy"),
        ("RemovePolicy", "URLName") => Some(json!("ConfigurationPolicies")),
        ("ExecAssignApp" | "RemoveApp", "ID") => id("app"),
        ("ExecAssignApp" | "ExecAssignPolicy", "AssignTo") => Some(json!("AllDevices")),
        ("RemoveIntuneScript", "ID") => id("script"),
        ("ExecAssignAPDevice", "device") => id("autopilot"),
        ("RemoveAPDevice", "ID") => id("autopilot"),
        ("ExecDeviceDelete", "ID") => id("directory device"),
        ("ExecRestoreDeleted", "ID") => id("deleted"),
        ("ExecCAExclusion", "PolicyId") => id("access policy"),
        ("ExecNamedLocation", "namedLocationId") => id("place"),
        ("ExecNamedLocation", "change") => Some(json!("delete")),
        ("ExecSetSecurityAlert", "GUID") => id("alert"),
        ("ExecSetSecurityAlert", "Vendor") => Some(json!("Microsoft")),
        ("ExecSetSecurityAlert", "Provider") => Some(json!("IPC")),
        ("ExecSetSecurityIncident", "GUID") => id("incident"),
        ("EditGroup", "groupId") => id("group"),
        ("EditTenant", "customerId") => id("tenant"),
        ("RemoveStandardTemplate", "ID") => id("template"),
        ("ExecExcludeLicenses", "GUID") => Some(json!("05e9a617-0261-4cee-bb44-138d3ef5d965")),
        ("AddUser", "PrimDomain") => Some(json!({ "label": "contoso.com", "value": "contoso.com" })),
        ("ExecPasswordConfig", "includeUppercase" | "includeLowercase" | "includeDigits") => Some(json!(true)),
        ("ExecSharePointPerms", "UPN") => Some(json!("ada.lovelace@contoso.com")),
        ("ExecOffboardUser", "DisableSignIn") => Some(json!(true)),
        ("ExecCommunityRepo", "FullName") => Some(json!("example/CIPP-Templates")),
        ("ListCalendarPermissions", "UserID") => Some(json!("ada.lovelace@contoso.com")),
        ("ExecSetSharePointMember", "URL") => Some(json!("https://contoso.sharepoint.com/sites/Intranet")),
        ("AddScheduledItem", "Command") => Some(json!({ "label": "Get-Things", "value": "Get-Things" })),
        ("AddAlert", "conditions") => Some(json!([{
            "Property": { "label": "Operation", "value": "Operation" }, "Operator": { "label": "eq", "value": "eq" }, "Input": { "value": "x" },
        }])),
        ("ExecModifyCalPerms", "permissions") => Some(json!([{
            "UserID": ["grace.hopper@contoso.com"], "PermissionLevel": "Reviewer", "Modification": "Add",
        }])),
        (_, "PhoneNumber") => id("number"),
        ("AddNamedLocation", "Ips") => Some(json!("203.0.113.0/24")),
        ("RemoveQueuedApp" | "RemoveScheduledItem", _) => None,
        _ => None,
    }
}

/// A value of the property's type, in the form in which it is sent.
fn plausible(property: &Property, ids: &HashMap<&'static str, String>) -> Value {
    fn of(ty: &Type, form: Form, name: &str, ids: &HashMap<&'static str, String>) -> Value {
        let text = |text: &str| match form {
            Form::LabelValue => json!({ "label": text, "value": text }),
            _ => json!(text),
        };
        let lower = name.to_ascii_lowercase();
        match ty {
            Type::Bool => json!(true),
            Type::Int => json!(30),
            Type::Float => json!(1.5),
            Type::UnixTime => json!(1_781_600_000),
            Type::Day => json!("20260615"),
            Type::Tenant => text(CONTOSO),
            Type::Choice(values) => text(values.first().copied().unwrap_or("x")),
            Type::List(inner) if form == Form::Csv || form == Form::Lines => of(inner, Form::Plain, name, ids),
            Type::List(inner) => json!([of(inner, form, name, ids)]),
            Type::Map(inner) => json!({ "x": of(inner, Form::Plain, name, ids) }),
            Type::Object | Type::Json => json!({}),
            Type::Model(table) if table.schema().name == "TenantRef" => {
                json!({ "customerId": ids["tenant"], "defaultDomainName": CONTOSO })
            }
            Type::Model(table) if table.schema().name == "LabelValue" => {
                json!({ "label": "Ada Lovelace", "value": "ada.lovelace@contoso.com" })
            }
            Type::Model(table) => Value::Object(
                table
                    .schema()
                    .fields
                    .iter()
                    .map(|field| (field.name.to_owned(), of(&field.ty, Form::Plain, field.name, ids)))
                    .collect(),
            ),
            _ if lower.contains("user") && lower != "username" || lower == "id" || lower.contains("owner") => {
                text(&ids["user"])
            }
            _ if lower.contains("domain") => text("contoso.com"),
            _ => text(if form == Form::JsonText { "{}" } else { "Sample" }),
        }
    }
    match of(&property.ty, property.form, property.name, ids) {
        value if property.form == Form::JsonText && !value.is_string() => Value::from(value.to_string()),
        value => value,
    }
}

fn request(action: &'static Action, ids: &HashMap<&'static str, String>) -> RawRequest {
    let mut request = match action.method {
        Method::Get => RawRequest::get(action.path),
        Method::Post => RawRequest::post(action.path).body(json!({})),
    };
    for fixed in action.fixed {
        let value = match fixed.value {
            FixedValue::Bool(value) => json!(value),
            FixedValue::Int(value) => json!(value),
            FixedValue::Text(value) => json!(value),
        };
        request = if fixed.place.in_query() {
            request.query(fixed.name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        } else {
            request.field(fixed.name, value)
        };
    }
    for property in action.properties {
        let value = chosen(action, property, ids).or_else(|| property.required.then(|| plausible(property, ids)));
        let Some(value) = value else { continue };
        match property.place {
            Place::Root => request = request.body(value),
            Place::Query => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                request = request.query(property.name, text);
            }
            Place::Body | Place::QueryAndBody => request = request.field(property.name, value),
        }
    }
    request
}

/// Why a value is not of a type; `None` when it is. Null fits everywhere, as everything may be absent.
fn misfit(ty: &Type, value: &Value, path: &str) -> Option<String> {
    let wants = |fine: bool, what: &str| (!fine && !value.is_null()).then(|| format!("{path}: {value} is not {what}"));
    match ty {
        Type::Text | Type::Tenant | Type::Day | Type::Timestamp | Type::Secret | Type::Choice(_) => {
            wants(value.is_string(), "text")
        }
        Type::Bool => wants(value.is_boolean(), "a flag"),
        Type::Int | Type::UnixTime => wants(value.is_i64(), "a whole number"),
        Type::Float => wants(value.is_number(), "a number"),
        Type::Object => wants(value.is_object(), "an object"),
        Type::List(inner) => match value {
            Value::Array(items) => items.iter().enumerate().find_map(|(at, item)| {
                if item.is_null() {
                    Some(format!("{path}[{at}] is null"))
                } else {
                    misfit(inner, item, &format!("{path}[{at}]"))
                }
            }),
            _ => wants(false, "a list"),
        },
        Type::Map(inner) => match value {
            Value::Object(members) => {
                members.iter().find_map(|(name, value)| misfit(inner, value, &format!("{path}.{name}")))
            }
            _ => wants(false, "an object"),
        },
        Type::Model(table) => model_misfit(table.schema(), value, path),
        _ => None,
    }
}

fn model_misfit(schema: &Schema, value: &Value, path: &str) -> Option<String> {
    let empty = Map::new();
    let members = match value {
        Value::Object(members) => members,
        Value::Null => &empty,
        _ => return Some(format!("{path}: {value} is no {}", schema.name)),
    };
    members.iter().find_map(|(name, value)| match schema.fields.iter().find(|field| field.name == name) {
        Some(field) => misfit(&field.ty, value, &format!("{path}.{name}")),
        None => match schema.fields.last().filter(|field| field.takes_the_rest()).map(|field| field.ty) {
            Some(Type::Map(inner)) => misfit(inner, value, &format!("{path}.{name}")),
            _ => Some(format!("{path}.{name} is no field of {}", schema.name)),
        },
    })
}

/// What is wrong with an answer.
fn fault(action: &Action, kind: &str, body: &Value) -> Option<String> {
    let inner = match action.outputs.shape {
        OutputShape::List(_) | OutputShape::Object(_) if action.outputs.enveloped => match body.get("Results") {
            Some(inner) => inner,
            None => return Some(format!("{} has no Results: {body}", action.name)),
        },
        _ => body,
    };
    match action.outputs.shape {
        OutputShape::List(ty) => match inner {
            Value::Array(rows) => rows.iter().find_map(|row| misfit(&ty, row, action.name)),
            one => misfit(&ty, one, action.name),
        },
        OutputShape::Object(ty) => misfit(&ty, inner, action.name),
        OutputShape::Bytes => (!kind.starts_with("image/")).then(|| format!("{} is no picture", action.name)),
        _ => None,
    }
}

async fn check_all(fill: bool) {
    let mut faults = Vec::new();
    let mut modelled = 0;
    // The world is the same in every server, so ids of one hold in all.
    let (_server, client) = support::start().await;
    let ids = ids(&client).await;
    let fresh = async || {
        let server = MockServer::builder().fill(fill).start().await.expect("starts");
        let client = support::client(&server);
        (server, client)
    };
    let (mut server, mut client) = fresh().await;
    for action in catalogue::actions() {
        let reply = support::raw(&client, request(action, &ids)).await;
        let kind = reply.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        match reply.status.as_u16() {
            200 | 302 => modelled += 1,
            // These need an entry that is not there at the start.
            403 if action.endpoint() == "RemoveQueuedApp" => {}
            400 if action.endpoint() == "RemoveScheduledItem" => {}
            404 if action.endpoint() == "ListScheduledItemDetails" => {}
            status => faults.push(format!("{}: {status} {}", action.name, reply.text())),
        }
        if reply.status.is_success() {
            faults.extend(fault(action, &kind, &body));
        }
        // A fresh world after each that changed something, because many destroy what others need.
        if action.kind != Kind::Read {
            server.stop().await;
            (server, client) = fresh().await;
        }
    }
    assert!(faults.is_empty(), "{} of {} actions:\n{}", faults.len(), catalogue::actions().len(), faults.join("\n"));
    assert!(modelled > 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_answers_as_specified() {
    check_all(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_answers_as_specified_when_filled() {
    check_all(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_required_property_is_named() {
    let (_server, client) = support::start().await;
    for action in catalogue::actions() {
        let mut required = action.properties.iter().filter(|property| property.required);
        let Some(first) = required.next() else { continue };
        // Where another action of the endpoint needs less, the request is taken for that one.
        let shared = catalogue::actions().iter().filter(|other| other.path == action.path).count() > 1;
        // An object that is the whole body is there, be it empty.
        if shared || first.place == Place::Root {
            continue;
        }
        let request = match action.method {
            Method::Get => RawRequest::get(action.path),
            Method::Post => RawRequest::post(action.path).body(json!({})),
        };
        let (status, said) = support::results(&client, request).await;
        assert_eq!(status, 400, "{}: {said}", action.name);
        assert!(said.as_str().unwrap_or_default().contains(first.name), "{}: {said}", action.name);
    }
}
