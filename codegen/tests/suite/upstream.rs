//! The parser of descriptions: what it makes of references and odd types, and that nothing brings it down.

use crate::support::{load, official, real, text, tools};
use cipp_codegen::conform::{Reasons, conform};
use cipp_codegen::upstream::{self, parse, word};
use cipp_codegen::{coverage, diff, import, lock};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

fn schema(components: &Value, schema: &Value) -> Result<Value, String> {
    let openapi = json!({
        "components": { "schemas": components },
        "paths": { "/api/X": { "post": { "requestBody": { "content": { "application/json": { "schema": schema } } } } } },
    });
    let mut found = parse(&openapi.to_string())?;
    Ok(found.operations.remove(0).body.unwrap().schema)
}

#[test]
fn references_are_resolved() {
    let components = json!({ "LabelValue": { "type": "object" }, "List": { "type": "array", "items": { "$ref": "#/components/schemas/LabelValue" } } });
    let of = |value: Value| word(&schema(&components, &value).unwrap());
    assert_eq!(of(json!({ "$ref": "#/components/schemas/LabelValue" })), "LabelValue");
    assert_eq!(of(json!({ "$ref": "#/components/schemas/List" })), "[LabelValue]");
    assert_eq!(
        of(json!({ "allOf": [{ "$ref": "#/components/schemas/LabelValue" }], "description": "x" })),
        "LabelValue"
    );
    assert_eq!(of(json!({ "type": "array" })), "[any]");
    assert_eq!(of(json!({ "type": ["null", "integer"] })), "int");
    assert_eq!(of(json!({ "type": ["string", "integer"] })), "any");
    assert_eq!(of(json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] })), "any");
    assert_eq!(of(json!({ "properties": {} })), "object");
    for odd in [
        json!({}),
        json!(true),
        json!(null),
        json!(7),
        json!([]),
        json!({ "type": 7 }),
        json!({ "type": "blob" }),
        json!({ "type": {} }),
    ] {
        assert_eq!(of(odd), "any");
    }
}

#[test]
fn what_contains_itself_ends() {
    let node = json!({ "Node": { "type": "object", "properties": { "inner": { "$ref": "#/components/schemas/Node" }, "name": { "type": "string" } } } });
    let found = schema(&node, &json!({ "$ref": "#/components/schemas/Node" })).unwrap();
    let paths: Vec<String> = upstream::properties_of(&found).into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["inner", "name"]);
    let circle = json!({ "A": { "$ref": "#/components/schemas/B" }, "B": { "$ref": "#/components/schemas/A" } });
    assert_eq!(word(&schema(&circle, &json!({ "$ref": "#/components/schemas/A" })).unwrap()), "any");
    // Parameters and bodies that are references to themselves.
    let openapi = json!({
        "components": { "parameters": { "p": { "$ref": "#/components/parameters/p" } } },
        "paths": { "/api/X": { "get": { "parameters": [{ "$ref": "#/components/parameters/p" }] } } },
    });
    assert!(parse(&openapi.to_string()).unwrap_err().contains("GET /api/X: a reference refers to itself"));
}

#[test]
fn what_multiplies_is_refused() {
    let mut components = serde_json::Map::new();
    for number in 0..30 {
        let next = json!({ "$ref": format!("#/components/schemas/S{}", number + 1) });
        components.insert(format!("S{number}"), json!({ "properties": { "a": next, "b": next, "c": next } }));
    }
    components.insert("S30".to_owned(), json!({}));
    let message = schema(&Value::Object(components), &json!({ "$ref": "#/components/schemas/S0" })).unwrap_err();
    assert!(message.contains("POST /api/X: a schema"), "{message}");
    let mut deep = json!({ "type": "string" });
    for _ in 0..55 {
        deep = json!({ "properties": { "a": deep } });
    }
    assert!(schema(&json!({}), &deep).unwrap_err().contains("POST /api/X: a schema is nested"));
}

#[test]
fn what_is_no_description_is_told() {
    for (text, said) in [
        ("", "this is no JSON"),
        ("{ \"paths\": ", "this is no JSON"),
        ("[]", "it has no paths"),
        ("{}", "it has no paths"),
        ("{ \"paths\": [] }", "it has no paths"),
        (&"[".repeat(100_000), "this is no JSON"),
        (
            "{ \"paths\": { \"/api/X\": { \"get\": { \"parameters\": [{ \"$ref\": \"other.json\" }] } } } }",
            "GET /api/X: `other.json` refers to nothing in this file",
        ),
    ] {
        let message = parse(text).unwrap_err();
        assert!(message.contains(said), "{message}");
    }
    assert!(upstream::read(&tools().join("nothing.json")).unwrap_err().contains("nothing.json"));
}

fn config(cases: u32) -> Config {
    let more: u32 = std::env::var("FUZZ").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    Config {
        cases: cases * more,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(0x00C1_990D + u64::from(more)),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    }
}

/// Everything that reads a description, one after the other. Sentences are fine; panics are not.
fn use_it(openapi: &str) {
    let Ok(found) = parse(openapi) else { return };
    let spec = load(&tools().join("spec"));
    let _ = conform(&spec.api, &Reasons::of(&spec.document), &found);
    let facts = found.facts();
    if let Ok(text) = lock::lock(&found) {
        assert_eq!(lock::read(&text).unwrap(), facts);
    }
    let mut differs = diff::diff(&diff::facts_of(&spec.api), &facts);
    diff::without_known(&mut differs, &spec, &[]);
    let _ = diff::markdown(&differs, "a", "b");
    let _ = diff::json(&differs, "a", "b");
    let plan = import::plan(&spec, &found);
    for addition in plan.files.values() {
        if addition.head.is_none() {
            import::insert(&text("spec/actions/things.yaml"), &addition.entries).unwrap();
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "type",
        "properties",
        "items",
        "allOf",
        "enum",
        "required",
        "$ref",
        "#/components/schemas/Node",
        "object",
        "array",
        "string",
        "integer",
        "",
        "a b",
        "$filter",
        "名",
        "additionalProperties",
        "tenantFilter",
        "tenantfilter",
        "😀",
        "a.b[0]",
        "self",
        "true",
        "#x: y",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((words.clone(), inner), 0..5).prop_map(|members| Value::Object(
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
    })
}

/// All the places of a value.
fn places(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    found.insert(at.to_owned());
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| places(value, &format!("{at}/{}", escaped(name)), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(number, value)| places(value, &format!("{at}/{number}"), found))
        }
        _ => {}
    }
}

#[test]
fn nothing_brings_it_down() {
    let whole: Value = serde_json::from_str(&text("new.json")).unwrap();
    let mut all = BTreeSet::new();
    places(&whole, "", &mut all);
    let all: Vec<String> = all.into_iter().collect();
    proptest!(config(300), |(changes in prop::collection::vec((prop::sample::select(all), any_json()), 1..6))| {
        let mut damaged = whole.clone();
        for (place, value) in changes {
            if let Some(found) = damaged.pointer_mut(&place) {
                *found = value;
            }
        }
        use_it(&damaged.to_string());
    });
}

#[test]
fn nor_does_any_text() {
    proptest!(config(200), |(text in "\\PC{0,60}", json in any_json())| {
        use_it(&text);
        use_it(&json.to_string());
        use_it(&json!({ "paths": json }).to_string());
        let _ = coverage::read(&text);
        let _ = lock::read(&text);
        let _ = import::insert(&text, &["  X:\n    title: X\n".to_owned()]);
        if let Ok(capture) = coverage::read(&json!({ "endpoint": "ListThings", "shape": json }).to_string()) {
            let spec = load(&tools().join("spec"));
            let report = coverage::coverage(&spec.api, &[capture]);
            let total = report.total();
            prop_assert!(total.typed <= total.named && total.named <= total.fields);
            prop_assert!(!report.text().is_empty() && !report.json().is_empty());
        }
    });
}

/// The operations of the official description, by path: each is that of an action.
#[test]
fn no_operation_of_the_official_description_is_missing() {
    let (Some(path), Some(real)) = (official("all operations"), real()) else { return };
    let listed: Value = serde_json::from_str(&cipp_codegen::list::json(&load(&real).api)).unwrap();
    let paths: BTreeSet<&str> =
        listed.as_array().unwrap().iter().filter_map(|action| action["path"].as_str()).collect();
    // Read without the parser, so that a mistake in it hides nothing.
    let official: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let official: BTreeSet<&str> = official["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let missing: Vec<&&str> = official.difference(&paths).collect();
    println!("{} of {} operations have an action", official.len() - missing.len(), official.len());
    assert!(missing.is_empty(), "{} of {} operations have no action: {missing:?}", missing.len(), official.len());
}
