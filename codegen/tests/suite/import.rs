//! Drafts of entries: they are read without a complaint but for what is left to a person, and touch nothing.

use crate::support::{Folder, description, load, official, text, tools};
use cipp_codegen::import::{Plan, insert, plan};
use cipp_codegen::{Spec, lock, upstream};
use std::fs;
use std::path::Path;

fn write(dir: &Path, plan: &Plan) {
    for (module, addition) in &plan.files {
        let path = dir.join("actions").join(format!("{module}.yaml"));
        let text = match &addition.head {
            Some(head) => format!("{head}{}", addition.entries.join("\n")),
            None => insert(&fs::read_to_string(&path).unwrap(), &addition.entries).unwrap(),
        };
        fs::write(path, text).unwrap();
    }
}

fn said(dir: &Path) -> String {
    let spec = Spec::load(dir, None);
    spec.diagnostics.render(&spec.sources)
}

#[test]
fn entries_are_drafted_where_they_belong() {
    let spec = load(&tools().join("spec"));
    let plan = plan(&spec, &description("new.json"));
    assert_eq!(plan.files.keys().collect::<Vec<_>>(), ["mcp", "things"]);
    assert_eq!(plan.count(), 3);
    let things = plan.files["things"].entries.join("\n");
    assert_eq!(
        things,
        "  RepairThing:
    title: Repair Thing
    method: POST
    path: /api/ExecRepairThing
    call: repair_thing
    kind: TODO
    role: Shop.Thing.ReadWrite
    tenant: single
    summary: TODO
    properties:
      tenantFilter: { type: Tenant, in: [query, body], required: true, rust: tenant }
      id: { type: string, required: true }
      Scheduled: Schedule
      adminPassword: { type: string, secret: true }
      mode: { values: [quick, full] }
      \"odd name: #1\": bool
      steps:
        type: [object]
        fields:
          $type: string
          after:
            type: object
            fields:
              inner: any
              name: string
          type: { type: string, rust: type_2 }
    outputs: results
    source: openapi; Invoke-ExecRepairThing.ps1 is still to be read

  ListThingHistory:
    title: List Thing History
    method: GET
    path: /api/ListThingHistory
    call: list_thing_history
    kind: read
    role: Shop.Thing.Read
    tenant: single
    summary: TODO
    properties:
      tenantFilter: { type: Tenant, required: true, rust: tenant }
    outputs: { list: any }
    source: openapi; Invoke-ListThingHistory.ps1 is still to be read
"
    );
    assert!(plan.notes.iter().any(|note| note.contains("`mcp` is new")), "{:?}", plan.notes);
}

#[test]
fn afterwards_only_decisions_are_left() {
    let copy = Folder::small();
    let spec = copy.spec();
    let description = description("new.json");
    write(&spec, &plan(&load(&spec), &description));
    fs::write(spec.join("upstream.lock"), lock::lock(&description).unwrap()).unwrap();
    let told = said(&spec);
    assert_eq!(told.matches("error: ").count(), told.matches("error: TODO: ").count(), "{told}");
    assert!(told.contains("error: TODO: `kind` is left to you"), "{told}");
    assert!(told.contains("One of read, write, destructive."), "{told}");
    assert!(told.contains("error: TODO: `summary` is left to you"), "{told}");
    // The decisions made, nothing is wrong; and nothing is left to import.
    for file in ["things", "mcp"] {
        let path = spec.join("actions").join(format!("{file}.yaml"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replace("summary: TODO", "summary: Do it.").replace("kind: TODO", "kind: write")).unwrap();
    }
    assert_eq!(said(&spec), "");
    let again = plan(&load(&spec), &description);
    assert_eq!((again.count(), again.text().as_str()), (0, ""));
}

#[test]
fn what_a_person_wrote_stays() {
    let spec = load(&tools().join("spec"));
    let plan = plan(&spec, &description("new.json"));
    let entries = &plan.files["things"].entries;
    let before = text("spec/actions/things.yaml");
    let windows = before.replace('\n', "\r\n");
    let wide = before
        .replace("\n  ", "\n    ")
        .replace("\n    # A comment before an action", "\n# A comment before an action");
    let bare = before.split("# A comment before the types.").next().unwrap().trim_end().to_owned();
    for before in [before, windows, wide, bare] {
        let after = insert(&before, entries).unwrap();
        // Taking out what was put in gives back every byte: it is one piece, between lines.
        let start = before.bytes().zip(after.bytes()).take_while(|(one, other)| one == other).count();
        let end = before.len() - start;
        assert!(after.ends_with(&before[before.len() - end..]), "{after}");
        assert!(after.len() > before.len());
        assert_eq!(after.contains("\r\n"), before.contains("\r\n"));
        assert!(!after.replace("\r\n", "").contains('\r'));
        if before.contains("\r\n") {
            assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
        }
        // An entry stands in the section of actions, at its end.
        let at = |part: &str| after.find(part).unwrap();
        assert!(at("OpenThing:") < at("RepairThing:"));
        if before.contains("\ntypes:") {
            assert!(at("ListThingHistory:") < at("# A comment before the types."));
        }
    }
}

#[test]
fn a_file_that_cannot_be_added_to_is_told() {
    let entry = ["  New:\n    title: New\n".to_owned()];
    for (file, said) in [
        ("", "has no `actions:`"),
        ("category: X\n", "has no `actions:`"),
        ("actions: { A: {} }\n", "stands on one line"),
        ("actions: [A]\n", "has no `actions:`"),
        ("actions: {\n", "not the YAML"),
        ("{ actions: { A: {} } }\n", "has no `actions:`"),
        ("- actions\n", "has no `actions:`"),
    ] {
        let message = insert(file, &entry).unwrap_err();
        assert!(message.contains(said), "{file:?}: {message}");
    }
    assert_eq!(insert("actions:\n", &entry).unwrap(), "actions:\n\n  New:\n    title: New\n");
    assert_eq!(
        insert("actions:\n A:\n  title: A", &entry).unwrap(),
        "actions:\n A:\n  title: A\n\n New:\n   title: New\n"
    );
}

#[test]
fn names_that_are_taken_or_no_names_are_made_others() {
    let copy = Folder::small();
    let openapi = |paths: &str| {
        let get = |path: &str| {
            format!("\"{path}\": {{ \"get\": {{ \"tags\": [\"A > Type\"], \"x-cipp-role\": \"A.B.Read\" }} }}")
        };
        let paths: Vec<String> = paths.split(' ').map(get).collect();
        upstream::parse(&format!("{{ \"paths\": {{ {} }} }}", paths.join(", "))).unwrap()
    };
    let description = openapi(
        "/api/ExecPart /api/Execpart /api/Part /api/Thing /api/String /api/Self /api/2Fa /api/of /api/type /api/exec-x /api/listthings /api/a/b /other",
    );
    let plan = plan(&load(&copy.spec()), &description);
    assert_eq!(plan.notes.len(), 3, "{:?}", plan.notes);
    write(&copy.spec(), &plan);
    for module in plan.files.keys() {
        let path = copy.spec().join("actions").join(format!("{module}.yaml"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replace("summary: TODO", "summary: Do it.").replace("kind: TODO", "kind: write")).unwrap();
    }
    assert_eq!(said(&copy.spec()), "");
}

/// Every operation of the official description can be imported into the small specification, and leaves decisions only.
#[test]
fn the_whole_official_description_can_be_imported() {
    let Some(path) = official("import") else { return };
    let copy = Folder::small();
    let description = upstream::read(&path).unwrap();
    let plan = plan(&load(&copy.spec()), &description);
    assert!(plan.count() > 600, "{}", plan.count());
    write(&copy.spec(), &plan);
    for module in plan.files.keys() {
        let path = copy.spec().join("actions").join(format!("{module}.yaml"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replace("summary: TODO", "summary: Do it.").replace("kind: TODO", "kind: write")).unwrap();
    }
    assert_eq!(said(&copy.spec()), "");
}
