//! The public items of the generated code: none changes without a record.

use crate::support::{Folder, load, real, tools};
use cipp_codegen::surface::{changes, surface};
use std::fs;

#[test]
fn every_kind_of_item_has_a_line() {
    let text = surface(&load(&tools().join("spec")).api).unwrap();
    for line in [
        "CIPP_VERSION: &str = \"1.0.0\"",
        "Client::things() -> things::Things<'_>",
        "blocking::Client::things() -> things::Things<'_, blocking::Client>",
        "things::Things<'c, C=Client> struct",
        "things::Things::list -> ListThings",
        "things::Things::add -> AddThing",
        "things::AddThing -> Results",
        "things::AddThing::parts: Vec<types::Part>",
        "things::AddThing::enabled: bool",
        "things::AddThing::new(tenant: impl Into<SingleTenant>, name: impl Into<String>)",
        "things::ListThings -> Listing<Thing>",
        "things::ListThings::order: ListThingsOrder",
        "things::ListThingsOrder::UP = \"up\"",
        "things::Thing::made: Timestamp",
        "things::Thing::prices: BTreeMap<String, f64>",
        "types::Part::weight: f64",
        "types::Part::new()",
    ] {
        assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.is_sorted());
}

#[test]
fn changes_show() {
    let before = surface(&load(&tools().join("spec")).api).unwrap();
    assert_eq!(changes(&before, &before), Vec::<String>::new());
    let copy = Folder::small();
    copy.edit("actions/things.yaml", "deep: bool", "deep: { type: int, required: true }");
    copy.edit("actions/things.yaml", "    call: open\n", "    call: open_it\n");
    let after = surface(&load(&copy.spec()).api).unwrap();
    assert_eq!(
        changes(&before, &after),
        [
            "- things::ListThings::deep: bool",
            "+ things::ListThings::deep: i64",
            "- things::ListThings::new(tenant: impl Into<SingleTenant>)",
            "+ things::ListThings::new(tenant: impl Into<SingleTenant>, deep: impl Into<i64>)",
            "- things::Things::open -> OpenThing",
            "+ things::Things::open_it -> OpenThing",
        ]
    );
    // Documentation is no part of it.
    let copy = Folder::small();
    copy.edit("actions/things.yaml", "summary: Add a thing.", "summary: Add one more thing.");
    assert_eq!(surface(&load(&copy.spec()).api).unwrap(), before);
}

/// The public API of the client changes on purpose only.
#[test]
fn what_is_public_is_recorded() {
    let Some(real) = real() else { return };
    let now = surface(&load(&real).api).unwrap();
    let recorded = fs::read_to_string(real.join("surface.lock")).unwrap_or_default();
    let changes = changes(&recorded, &now);
    let shown: Vec<&str> = changes.iter().take(40).map(String::as_str).collect();
    assert!(
        changes.is_empty(),
        "{}\n{} changes of the public API are not recorded: run `cipp-codegen surface`, and let the change be reviewed",
        shown.join("\n"),
        changes.len()
    );
    assert!(now.len() < 1 << 20, "spec/surface.lock has {} bytes", now.len());
}
