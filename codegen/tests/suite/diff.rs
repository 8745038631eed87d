//! What is said to differ between descriptions, and between a description and the specification.

use crate::support::{Folder, description, load, official, real, text, tools};
use cipp_codegen::diff::{Diff, diff, facts_of, json, markdown, without_known};
use cipp_codegen::{lock, read, upstream};
use std::fs;

fn old_to_new() -> Diff {
    diff(&description("old.json").facts(), &description("new.json").facts())
}

#[test]
fn operations_are_added_removed_renamed_and_changed() {
    let found = old_to_new();
    assert_eq!((found.counts, found.shared), ((6, 6), 3));
    let added: Vec<_> =
        found.added.iter().map(|one| (one.endpoint.as_str(), one.method.as_str(), one.role.as_str())).collect();
    assert_eq!(
        added,
        [
            ("AddOrders", "POST", "Public"),
            ("ExecRepairThing", "POST", "Shop.Thing.ReadWrite"),
            ("ListThingHistory", "GET", "Shop.Thing.Read"),
        ]
    );
    let removed: Vec<_> = found.removed.iter().map(|(endpoint, method)| (endpoint.as_str(), method.as_str())).collect();
    assert_eq!(removed, [("ListForgotten", "GET"), ("ListThinghistory", "GET"), ("invoke-AddOrders", "POST")]);
    let renamed: Vec<_> = found.renamed.iter().map(|one| (one.from.as_str(), one.to.as_str(), one.case)).collect();
    assert_eq!(renamed, [("ListThinghistory", "ListThingHistory", true), ("invoke-AddOrders", "AddOrders", false)]);
    assert_eq!(found.methods(), 2);
}

#[test]
fn properties_are_added_removed_renamed_moved_and_changed() {
    let found = old_to_new();
    let of = |endpoint: &str| found.changed.iter().find(|changed| changed.endpoint == endpoint).unwrap();
    let add = of("AddThing");
    assert_eq!(add.role, Some(("Shop.Thing.Write".into(), "Shop.Thing.ReadWrite".into())));
    assert_eq!(add.method, None);
    let paths = |of: &[upstream::Property]| of.iter().map(|one| one.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&add.added), ["Enabled", "parts", "parts[].id", "parts[].weight", "secretName"]);
    assert_eq!(paths(&add.removed), ["gone"]);
    let renamed: Vec<_> = add.renamed.iter().map(|(_, one)| (one.from.as_str(), one.to.as_str(), one.case)).collect();
    assert_eq!(renamed, [("Name", "name", true), ("colour", "color", false)]);
    assert_eq!(add.moved, [("dry".to_owned(), true)]);
    let list = of("ListThings");
    assert_eq!(list.method, Some(("POST".into(), "GET".into())));
    assert_eq!(list.types, [(true, "count".into(), "string".into(), "int".into())]);
    assert_eq!(list.required, [(true, "tenantFilter".into(), true)]);
    let open = of("ExecOpenThing");
    assert_eq!((open.method.clone(), open.open), (Some(("DELETE".into(), "POST".into())), Some((false, true))));
}

#[test]
fn both_forms_say_it() {
    let found = old_to_new();
    let text = markdown(&found, "old.json", "new.json");
    for part in [
        "6 operations became 6: 3 added, 3 removed (2 of them under another name), 3 in both, of which 2 have another method",
        "## Added (3)",
        "- `ListThinghistory` → `ListThingHistory` (only capitals differ)",
        "- `ListThings`: POST → GET",
        "- renamed: `colour` → `color` (by likeness: look at both) in the body",
        "- moved: `dry` from the body to the query",
        "- type: `count` (query) `string` → `int`",
        "- now required: `tenantFilter` (query)",
        "- the body now takes members that are not listed",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&json(&found, "old.json", "new.json")).unwrap();
    assert_eq!(json["added"].as_array().unwrap().len(), 3);
    assert_eq!(json["method_changes"], 2);
    assert_eq!(json["changed"][0]["moved"][0], serde_json::json!({ "name": "dry", "from": "body", "to": "query" }));
}

#[test]
fn the_same_differs_in_nothing() {
    let facts = description("new.json").facts();
    let found = diff(&facts, &facts);
    assert!(found.is_empty());
    assert!(!markdown(&found, "a", "b").contains("##"));
    assert!(diff(&[], &[]).is_empty());
}

#[test]
fn the_lock_keeps_what_is_compared() {
    let description = description("new.json");
    let text = lock::lock(&description).unwrap();
    assert!(
        text.contains(
            "\nAddThing POST Shop.Thing.ReadWrite ?dry:bool Enabled:bool color name! owner:LabelValue parts:[object] \
             parts[].id parts[].weight:float secretName size:int tags:[string] tenantFilter!:LabelValue\n"
        ),
        "{text}"
    );
    assert!(text.contains("\nExecOpenThing POST Shop.Thing.Read id ...\n"), "{text}");
    assert!(text.contains(" odd%20name%3A%20#1:bool"), "{text}");
    assert!(diff(&lock::read(&text).unwrap(), &description.facts()).is_empty());
    // The specification is read with such a lock.
    let copy = Folder::small();
    fs::write(copy.spec().join("upstream.lock"), &text).unwrap();
    assert_eq!(load(&copy.spec()).document.upstream.len(), 6);
}

#[test]
fn a_lock_without_properties_is_one() {
    let found = lock::read("# a comment\n\nListThings GET Shop.Thing.Read\n").unwrap();
    assert_eq!(found[0].properties, []);
    for bad in ["ListThings", "ListThings GET", "ListThings SEND Shop.Thing.Read", "A GET B :int", "A GET B ?!"] {
        assert!(lock::read(&format!("# one\n{bad}\n")).unwrap_err().starts_with("line 2 "), "{bad}");
    }
    let openapi = text("new.json").replacen("\"x-cipp-role\": \"Shop.Thing.Read\",", "", 1);
    let message = lock::lock(&upstream::parse(&openapi).unwrap()).unwrap_err();
    assert!(message.contains("/api/ListThings says no permission"), "{message}");
}

#[test]
fn against_the_specification_what_is_known_is_left_out() {
    let copy = Folder::small();
    let against = |spec: &std::path::Path| {
        let mut spec = load(spec);
        let list = read::read_deviations(&copy.spec(), &mut spec.sources, &mut spec.diagnostics);
        let mut found = diff(&facts_of(&spec.api), &description("new.json").facts());
        let known = without_known(&mut found, &spec, &list);
        (found, known)
    };
    let (found, known) = against(&copy.spec());
    let added: Vec<_> = found.added.iter().map(|one| one.endpoint.as_str()).collect();
    assert_eq!(added, ["AddOrders", "ExecRepairThing", "ListThingHistory"]);
    // Of what is in both, only what we do not send: OpenThing's method has a reason.
    let changed: Vec<_> = found.changed.iter().map(|one| one.endpoint.as_str()).collect();
    assert_eq!(changed, ["AddThing"]);
    let missing: Vec<_> = found.changed[0].added.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(missing, ["color", "dry"]);
    assert!(known >= 1, "{known}");
    // A deviation with a reason is known.
    copy.edit("actions/things.yaml", "size: int\n      parts", "size: bool\n      parts");
    let (found, before) = against(&copy.spec());
    assert_eq!(found.changed[0].types, [(false, "size".into(), "bool".into(), "int".into())]);
    let list =
        "deviations:\n  - { differs: type, ours: bool, official: int, reason: x, covers: { AddThing: [size] } }\n";
    fs::write(copy.spec().join("deviations.yaml"), list).unwrap();
    let (found, known) = against(&copy.spec());
    assert!(found.changed[0].types.is_empty());
    assert_eq!(known, before + 1);
}

#[test]
fn many_names_are_no_burden() {
    let many = |word: &str| -> String { (0..3000).map(|number| format!("{word}{number} GET A.B\n")).collect() };
    let found = diff(&lock::read(&many("ListSomething")).unwrap(), &lock::read(&many("EntirelyOther")).unwrap());
    assert_eq!((found.added.len(), found.removed.len()), (3000, 3000));
}

/// The lock of the real specification is that of the official description.
#[test]
fn the_lock_is_up_to_date() {
    let (Some(path), Some(real)) = (official("lock"), real()) else { return };
    let now = lock::lock(&upstream::read(&path).unwrap()).unwrap();
    let kept = fs::read_to_string(real.join("upstream.lock")).unwrap();
    assert!(kept == now, "spec/upstream.lock is not that of {}: run `cipp-codegen lock`", path.display());
    assert!(tools().is_dir() && now.len() < 1 << 20, "the lock has {} bytes", now.len());
}
