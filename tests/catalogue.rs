//! Every action of the catalogue, sent to the fake server: what stands on the wire is what the specification says, and the answer
//! decodes without a warning. No action is left out: the list is the catalogue itself.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

use cipp_client::catalogue::{Action, FixedValue, Form, Method, OutputShape, Place, Property, Type};
use cipp_client::model::Warnings;
use cipp_client::request::Described;
use cipp_client::users::ResetPassword;
use cipp_client::{
    ActionRequest, Answer, Client, DecodeContext, Error, Output, Parts, Reply, Request, ResultItem, State,
};
use cipp_mock::MockServer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// A value for a property, by its type. Texts are different for each property, so that one in the wrong place is seen.
fn sample(ty: Type, name: &str, depth: usize) -> Value {
    match ty {
        Type::Text | Type::Secret | Type::Choice(&[]) => Value::from(format!("text of {name}")),
        Type::Bool => Value::Bool(true),
        Type::Int => Value::from(7),
        Type::Float => Value::from(1.5),
        Type::Json => json!({ "any": [1, "two"] }),
        Type::Object => json!({ "member": format!("of {name}") }),
        Type::Tenant => Value::from("contoso.onmicrosoft.com"),
        Type::UnixTime => Value::from(1_790_000_000),
        Type::Day => Value::from("20261121"),
        Type::Timestamp => Value::from("2026-11-21T08:00:00Z"),
        Type::Choice(values) => Value::from(*values.first().expect("checked above")),
        // A type may contain itself by way of a list or map.
        Type::List(Type::Model(_)) if depth > 3 => json!([]),
        Type::Map(_) if depth > 3 => json!({}),
        Type::List(inner) => {
            Value::Array(vec![sample(*inner, name, depth), sample(*inner, &format!("{name} again"), depth)])
        }
        Type::Map(inner) => json!({ "key": sample(*inner, name, depth) }),
        Type::Model(table) => {
            let fields = table.schema().fields;
            // The type of a label and value is not told apart by the catalogue; its name is.
            if table.schema().name == "LabelValue" {
                return json!({ "value": format!("value of {name}"), "label": format!("label of {name}") });
            }
            Value::Object(
                fields.iter().map(|field| (field.name.to_owned(), sample(field.ty, field.name, depth + 1))).collect(),
            )
        }
        other => panic!("no sample for {other:?}"),
    }
}

/// What a property must look like on the wire, worked out from the specification alone.
fn on_the_wire(property: &Property, value: &Value) -> Value {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let joined = |value: &Value, by: &str| {
        Value::from(value.as_array().expect("a list").iter().map(text).collect::<Vec<_>>().join(by))
    };
    let pair = |value: &Value| json!({ "label": value, "value": value });
    match property.form {
        Form::Plain => value.clone(),
        Form::LabelValue => match value {
            Value::Array(items) => Value::Array(items.iter().map(pair).collect()),
            one => pair(one),
        },
        Form::JsonText => Value::from(value.to_string()),
        Form::Csv => joined(value, ","),
        Form::Lines => joined(value, "\n"),
        Form::Text => Value::from(text(value)),
    }
}

/// A value as it stands in a query.
fn in_query(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(in_query).collect::<Vec<_>>().join(","),
        Value::Object(members) if members.contains_key("value") => in_query(&members["value"]),
        other => other.to_string(),
    }
}

struct Wire {
    query: Vec<(String, String)>,
    body: Option<Value>,
}

fn expected(action: &Action, properties: &[(&Property, Value)]) -> Wire {
    let mut query = Vec::new();
    let mut body = Map::new();
    let mut root = None;
    for (property, value) in properties {
        let value = on_the_wire(property, value);
        if matches!(property.place, Place::Query | Place::QueryAndBody) {
            query.push((property.name.to_owned(), in_query(&value)));
        }
        match property.place {
            Place::Body | Place::QueryAndBody => {
                body.insert(property.name.to_owned(), value);
            }
            Place::Root => root = Some(value),
            Place::Query => {}
        }
    }
    for fixed in action.fixed {
        let value = match fixed.value {
            FixedValue::Bool(value) => Value::Bool(value),
            FixedValue::Int(value) => Value::from(value),
            FixedValue::Text(value) => Value::from(value),
        };
        if fixed.place.in_query() {
            query.push((fixed.name.to_owned(), in_query(&value)));
        }
        if fixed.place.in_body() {
            body.insert(fixed.name.to_owned(), value);
        }
    }
    if let Some(Value::Object(members)) = &mut root {
        members.append(&mut body);
    }
    let body = match action.method {
        Method::Get => None,
        Method::Post => Some(root.unwrap_or(Value::Object(body))),
    };
    Wire { query, body }
}

/// What a request sends, and whether it survives being stored.
type Sent = (Result<Parts, Error>, bool);

/// What is to be known of one action's types. All else of the test is the same code for every action, or it would take minutes to
/// compile.
struct Typed {
    action: fn() -> &'static Action,
    request: fn(Value) -> serde_json::Result<Sent>,
    answer: fn(&Reply, &DecodeContext) -> Result<Warnings, Error>,
}

impl Typed {
    const fn of<R: Described + PartialEq + Serialize + DeserializeOwned>() -> Self {
        Self { action: R::action, request: request::<R>, answer: answer::<R> }
    }
}

/// A request read from JSON.
fn request<R>(document: Value) -> serde_json::Result<Sent>
where
    R: Described + PartialEq + Serialize + DeserializeOwned,
{
    let request: R = serde_json::from_value(document)?;
    let again: R = serde_json::from_value(serde_json::to_value(&request)?)?;
    Ok((request.parts(), again == request))
}

fn answer<R: Described>(reply: &Reply, cx: &DecodeContext) -> Result<Warnings, Error> {
    <R::Output as Output>::decode(reply, cx).map(|(_, warnings)| warnings)
}

macro_rules! typed {
    ($($request:path),* $(,)?) => {
        static TYPED: &[Typed] = &[$(Typed::of::<$request>()),*];
    };
}

cipp_client::for_each_action!(typed);

/// Builds a request of one action out of these properties, sends it, and compares.
async fn check(typed: &Typed, server: &MockServer, client: &Client, chosen: fn(&Property) -> bool) {
    let action = (typed.action)();
    let properties: Vec<(&Property, Value)> = action
        .properties
        .iter()
        .filter(|property| chosen(property))
        .map(|property| (property, sample(property.ty, property.name, 0)))
        .collect();
    let document = properties.iter().map(|(property, value)| (property.name.to_owned(), value.clone())).collect();
    let (parts, survives) = (typed.request)(Value::Object(document)).expect("a request can be read from JSON");
    assert!(survives, "{}: a request survives being stored", action.name);
    let parts = parts.unwrap_or_else(|error| panic!("{error}"));

    let named = properties
        .iter()
        .try_fold(ActionRequest::new(action), |named, (property, value)| named.with(property.name, value.clone()));
    let named = named.unwrap_or_else(|error| panic!("{error}"));
    let by_name = named.parts().expect("parts");
    assert_eq!((by_name.query, by_name.payload), (parts.query, parts.payload), "{}: by name as by type", action.name);
    assert_eq!(by_name.secrets.len(), parts.secrets.len(), "{}", action.name);

    server.clear_requests();
    let reply = client.call(named).raw().await.unwrap_or_else(|error| panic!("{}: {error}", action.name));
    let redirects = matches!(action.outputs.shape, OutputShape::Redirect);
    assert!(reply.status.is_success() || redirects, "{}: {} {}", action.name, reply.status, reply.text());
    let sent = server.requests_to(action.endpoint());
    let [sent] = sent.as_slice() else { panic!("{}: {} requests instead of one", action.name, sent.len()) };
    let wanted = expected(action, &properties);
    assert_eq!(sent.method, action.method.as_str(), "{}", action.name);
    assert_eq!(sent.path, action.path, "{}", action.name);
    assert_eq!(sent.query, wanted.query, "{}", action.name);
    assert_eq!(sent.body, wanted.body, "{}", action.name);
    let warnings = (typed.answer)(&reply, &DecodeContext::new(action.name).with_action(Some(action)));
    let warnings = warnings.unwrap_or_else(|error| panic!("{error}\n{:?}", error.body()));
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings, Vec::<String>::new(), "{}: the answer is not what the specification says", action.name);
}

#[tokio::test]
async fn every_action_is_sent_as_specified_and_its_answer_decodes() {
    let server = MockServer::builder().samples_only(true).start().await.expect("the fake server starts");
    let client = server.client().expect("a client");
    for typed in TYPED {
        check(typed, &server, &client, |_| true).await;
        check(typed, &server, &client, |property| property.required).await;
    }
    assert_eq!(TYPED.len(), cipp_client::catalogue::actions().len());
    assert!(TYPED.len() >= 645, "{} actions", TYPED.len());
}

#[test]
fn a_request_by_name_tells_what_is_wrong() {
    let request = |name: &str| ActionRequest::new(cipp_client::catalogue::find(name).expect("an action"));
    let wrong = |name: &str, property: &str, value: Value| request(name).with(property, value).unwrap_err().to_string();
    // Found by any of its names, whatever the case.
    for name in ["OffboardUser", "execoffboarduser", "OFFBOARD USER"] {
        assert_eq!(request(name).action().name, "OffboardUser");
    }
    assert!(cipp_client::catalogue::find("OffboardEverybody").is_none());
    assert!(wrong("ListLicenses", "tenant_filter2", json!("x")).contains("it has tenantFilter, IncludeExcluded"));
    assert!(
        wrong("ListLicenses", "IncludeExcluded", json!("yes"))
            .contains("IncludeExcluded is true or false, not \"yes\"")
    );
    assert!(wrong("OffboardUser", "user", json!([1])).contains("user[0] is an object, not 1"));
    assert!(wrong("OffboardUser", "user", json!([{ "Value": "x" }])).contains("user[0].Value is spelled value"));
    let secret = wrong("AddUser", "password", json!({ "canary": 1 }));
    assert!(secret.contains("secret") && !secret.contains("canary"), "{secret}");
    let request = request("OffboardUser").with("tenant", json!("contoso.com")).unwrap();
    assert_eq!(request.missing().map(|property| property.rust).collect::<Vec<_>>(), ["users"]);
    assert!(request.parts().unwrap_err().to_string().contains("users is required"));
    // A lone text is a list of one choice, and all tenants are too many for this action.
    let request = request.with("users", json!("jane@contoso.com")).unwrap();
    assert!(format!("{request:?}").contains("user") && !format!("{request:?}").contains("jane"));
    assert!(request.parts().is_ok());
    let all = request.with("tenant", json!("AllTenants")).unwrap().parts().unwrap_err();
    assert!(all.to_string().contains("one tenant"), "{all}");
}

#[tokio::test]
async fn an_answer_has_the_shape_of_its_action() {
    let server = MockServer::start().await.expect("the fake server starts");
    let client = server.client().expect("a client");
    let request = |name: &str| {
        let request = ActionRequest::new(cipp_client::catalogue::find(name).expect("an action"));
        request.with("tenant", json!(cipp_mock::CONTOSO)).expect("a tenant")
    };
    let Answer::Rows(rows) = client.call(request("ListLicenses")).await.expect("rows") else { panic!("no rows") };
    assert!(
        !rows.items.is_empty()
            && Answer::Rows(rows.clone()).to_json().as_array().is_some_and(|all| all.len() == rows.len())
    );
    let mut item = ResultItem::default();
    item.text = "Failed to reset the password".to_owned();
    item.state = State::Error;
    server.on::<ResetPassword>().reply(vec![item]);
    let reset = request("ResetPassword").with("user_id", json!("nobody@contoso.com")).expect("a user");
    let Answer::Results(results) = client.call(reset).await.expect("results") else { panic!("no results") };
    assert!(!results.is_ok());
    assert_eq!(Answer::Results(results).to_json()[0]["state"], "error");
}

#[test]
fn the_catalogue_says_what_people_need_to_know() {
    let (mut properties, mut documented) = (0, 0);
    for action in cipp_client::catalogue::actions() {
        assert!(action.path.starts_with("/api/"), "{}", action.name);
        assert!(action.summary.ends_with('.'), "{}: {}", action.name, action.summary);
        assert!(!action.role.is_empty() && !action.title.is_empty() && !action.call.is_empty(), "{}", action.name);
        properties += action.properties.len();
        documented += action.properties.iter().filter(|property| !property.doc.is_empty()).count();
    }
    // Nothing is said where nothing is known beyond name, type and place.
    assert!(documented * 100 >= properties * 98, "{documented} of {properties} properties have a doc");
}
