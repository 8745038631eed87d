//! Requests against descriptions, and the list of deviations against both.

use crate::support::{Folder, description, load, official, real, text, tools};
use cipp_codegen::conform::{Reasons, check, conform, propose, summary};
use cipp_codegen::{read, upstream};
use std::fs;
use std::path::Path;

/// What is said about a specification and a description, as `action property: what`.
fn found(spec: &Path, openapi: &str) -> Vec<String> {
    let spec = load(spec);
    let description = upstream::parse(openapi).unwrap();
    let found = conform(&spec.api, &Reasons::of(&spec.document), &description).unwrap();
    found.iter().map(|one| format!("{} {}: {}", one.action, one.property, one.class)).collect()
}

/// What the command says: the diagnostics with the list.
fn said(dir: &Path, openapi: &str) -> String {
    let mut spec = load(dir);
    let description = upstream::parse(openapi).unwrap();
    let found = conform(&spec.api, &Reasons::of(&spec.document), &description).unwrap();
    let list = read::read_deviations(dir, &mut spec.sources, &mut spec.diagnostics);
    check(&spec.document, &list, &found, &mut spec.diagnostics);
    spec.diagnostics.render(&spec.sources)
}

#[test]
fn what_conforms_says_nothing() {
    let copy = Folder::small();
    assert_eq!(found(&copy.spec(), &text("new.json")), Vec::<String>::new());
}

/// One change of the specification or of the description, and what it leads to.
#[test]
fn every_aspect_is_seen() {
    let things = "actions/things.yaml";
    let spec = |from: &str, to: &str| {
        let copy = Folder::small();
        copy.edit(things, from, to);
        found(&copy.spec(), &text("new.json"))
    };
    let api = |from: &str, to: &str| {
        let openapi = text("new.json");
        assert!(openapi.contains(from), "{from}");
        found(&Folder::small().spec(), &openapi.replacen(from, to, 1))
    };
    // types, in the query and in the body, at any depth
    assert_eq!(
        spec("size: int\n      parts", "size: bool\n      parts"),
        ["AddThing size: type: official `int`, ours `bool`"]
    );
    assert_eq!(
        spec("tags: [string]\n      owner", "tags: string\n      owner"),
        ["AddThing tags: type: official `[string]`, ours `string`"]
    );
    assert_eq!(
        spec("tags: [string]\n      owner", "tags: [int]\n      owner"),
        ["AddThing tags[]: type: official `string`, ours `int`"]
    );
    assert_eq!(
        spec("owner: LabelValue", "owner: string"),
        ["AddThing owner: type: official `LabelValue`, ours `string`"]
    );
    assert_eq!(spec("as: label_value, ", ""), ["AddThing tenantFilter: type: official `LabelValue`, ours `string`"]);
    assert_eq!(spec("count: int", "count: string"), ["ListThings count: type: official `int`, ours `string`"]);
    assert_eq!(spec("deep: bool", "deep: string"), ["ListThings deep: type: official `bool`, ours `string`"]);
    assert_eq!(
        api("\"weight\": { \"type\": \"number\" }", "\"weight\": { \"type\": \"string\" }"),
        ["AddThing parts[].weight: type: official `string`, ours `float`"]
    );
    // names
    let unlisted = "the official description does not list it";
    assert_eq!(spec("size: int\n      parts", "weight: int\n      parts"), [format!("AddThing weight: {unlisted}")]);
    assert_eq!(spec("order:", "sort:"), [format!("ListThings sort: {unlisted}")]);
    assert_eq!(api("\"weight\"", "\"mass\""), [format!("AddThing parts[].weight: {unlisted}")]);
    let case = "the official description spells it otherwise, in capitals or small letters";
    assert_eq!(spec("Enabled: bool", "enabled: bool"), [format!("AddThing enabled: {case}")]);
    assert_eq!(spec("deep: bool", "Deep: bool"), [format!("ListThings Deep: {case}")]);
    // values
    let value = "the official description does not list this value";
    assert_eq!(spec("[up, down]", "[up, sideways, down]"), [format!("ListThings order=sideways: {value}")]);
    // what is required
    assert_eq!(
        spec("name: { type: string, required: true }", "name: string"),
        ["AddThing name: official: required in the body; ours: optional"]
    );
    assert_eq!(
        spec("      name: { type: string, required: true }\n", ""),
        ["AddThing name: official: required in the body; ours: absent"]
    );
    assert_eq!(
        spec("name: { type: string, required: true }", "name: { in: query, required: true }"),
        ["AddThing name: place: official `body`, ours `query`"]
    );
    assert_eq!(
        api(
            "{ \"name\": \"dry\", \"in\": \"query\", \"schema\": { \"type\": \"boolean\" } }",
            "{ \"$ref\": \"#/components/parameters/tenantFilter\" }"
        ),
        ["AddThing tenantFilter: official: required in the query; ours: in the body"]
    );
    // operations
    assert_eq!(
        spec("path: /api/AddThing", "path: /api/AddThings"),
        ["AddThing .: the official description has no such endpoint"]
    );
    assert_eq!(
        spec("    override: { method: The server reads both. }\n", ""),
        ["OpenThing .: method: official `POST`, ours `GET`"]
    );
    assert_eq!(
        spec("role: Shop.Thing.ReadWrite", "role: Shop.Thing.Write"),
        ["AddThing .: role: official `Shop.Thing.ReadWrite`, ours `Shop.Thing.Write`"]
    );
    // other rules of schemas
    assert_eq!(
        api("\"size\": { \"type\": \"integer\" }", "\"size\": { \"type\": \"integer\", \"minimum\": 5 }"),
        ["AddThing size: the official description says `minimum`"]
    );
}

#[test]
fn the_page_after_is_a_request_too() {
    let copy = Folder::small();
    let from = "    outputs: { list: Thing }\n";
    copy.edit(
        "actions/things.yaml",
        from,
        &format!("{from}    paging: {{ next: nextLink, with: {{ manual: true }} }}\n"),
    );
    let unlisted = "the official description does not list it";
    assert_eq!(
        found(&copy.spec(), &text("new.json")),
        [format!("ListThings manual: {unlisted}"), format!("ListThings nextLink: {unlisted}")]
    );
}

#[test]
fn a_sample_is_what_is_sent() {
    let copy = Folder::small();
    copy.edit("actions/things.yaml", "order: { values: [up, down] }", "order: { type: string, sample: sideways }");
    assert_eq!(
        found(&copy.spec(), &text("new.json")),
        ["ListThings order=sideways: the official description does not list this value"]
    );
}

#[test]
fn types_that_contain_themselves_end() {
    let copy = Folder::small();
    copy.edit(
        "types/common.yaml",
        "      weight: float\n",
        "      weight: float\n      parts: [Part]\n      by_name: { map: Part }\n",
    );
    let unlisted = "the official description does not list it";
    assert_eq!(
        found(&copy.spec(), &text("new.json")),
        [format!("AddThing parts[].by_name: {unlisted}"), format!("AddThing parts[].parts: {unlisted}")]
    );
}

#[test]
fn the_list_is_drafted_kept_and_checked() {
    let copy = Folder::small();
    let spec = copy.spec();
    copy.edit("actions/things.yaml", "size: int\n      parts", "size: bool\n      weight: int\n      parts");
    let openapi = text("new.json");
    let draft = |spec: &Path| {
        let mut loaded = load(spec);
        let list = read::read_deviations(spec, &mut loaded.sources, &mut loaded.diagnostics);
        assert!(loaded.diagnostics.is_empty(), "{}", loaded.diagnostics.render(&loaded.sources));
        let found = conform(&loaded.api, &Reasons::of(&loaded.document), &description("new.json")).unwrap();
        assert_eq!(summary(&found).lines().count(), 2);
        propose(&list, &found)
    };
    // Without a list, each deviation is told where the property stands.
    let told = said(&spec, &openapi);
    assert!(told.contains("error: `size` of AddThing deviates: type: official `int`, ours `bool`"), "{told}");
    assert!(told.contains("--> spec/actions/things.yaml:39:7"), "{told}");
    assert!(told.contains("conform --propose"), "{told}");
    // A draft leaves the reasons open, and says so.
    let list = draft(&spec);
    assert!(list.contains("  - differs: type\n    ours: bool\n    official: int\n    reason: TODO\n    covers:\n      AddThing: [size]\n"), "{list}");
    fs::write(spec.join("deviations.yaml"), &list).unwrap();
    assert_eq!(said(&spec, &openapi).matches("nobody has said the reason").count(), 2);
    assert_eq!(draft(&spec), list);
    // Reasons stay in later drafts, and end the complaints.
    let reasoned = list.replace("reason: TODO", "reason: \"The server: it says so.\"");
    fs::write(spec.join("deviations.yaml"), &reasoned).unwrap();
    assert_eq!(said(&spec, &openapi), "");
    assert_eq!(draft(&spec), reasoned);
    // What deviates no more, or otherwise, is an error where the list names it.
    copy.edit("deviations.yaml", "[size]", "[size, size, colour, tags]");
    copy.edit("deviations.yaml", "[weight]", "[weight]\n      AddThin: [weight]");
    let told = said(&spec, &openapi);
    for part in [
        "`size` of AddThing is named twice",
        "`colour` of AddThing does not deviate in this way",
        "help: take it out",
        "there is no action `AddThin`",
        "did you mean `AddThing`?",
        "--> spec/deviations.yaml:",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    fs::write(spec.join("deviations.yaml"), reasoned.replace("ours: bool", "ours: string")).unwrap();
    let told = said(&spec, &openapi);
    assert!(told.contains("what differs is: type: official `int`, ours `bool`"), "{told}");
}

#[test]
fn a_list_that_is_none_is_told() {
    let copy = Folder::small();
    for (text, part) in [
        ("", "the file is empty"),
        ("deviations: none\n", "must be a list"),
        ("deviations: [{ differs: size, reason: x, covers: {} }]\n", "`differs` cannot be `size`"),
        ("deviations: [{ differs: type, because: x, covers: {} }]\n", "has no key `because`"),
        ("deviations: [{ differs: type, reason: x, covers: { AddThing: size } }]\n", "must be a list of texts"),
        ("deviations: [{ differs: type, reason: x, covers: { AddThing: [[size]] } }]\n", "must be text"),
        ("deviations: [\n", "not the YAML"),
    ] {
        fs::write(copy.spec().join("deviations.yaml"), text).unwrap();
        let mut spec = load(&copy.spec());
        read::read_deviations(&copy.spec(), &mut spec.sources, &mut spec.diagnostics);
        let told = spec.diagnostics.render(&spec.sources);
        assert!(told.contains(part) && told.contains("--> spec/deviations.yaml:"), "{text}:\n{told}");
    }
}

#[test]
fn a_schema_that_is_none_is_told() {
    let spec = load(&tools().join("spec"));
    let openapi = text("new.json").replacen("\"type\": \"integer\"", "\"type\": \"whole\"", 1);
    let description = upstream::parse(&openapi).unwrap();
    let message = conform(&spec.api, &Reasons::of(&spec.document), &description).unwrap_err();
    assert!(message.starts_with("GET /api/ListThings: the query has no good schema"), "{message}");
}

/// The real specification against the official description: every deviation stands in the list, with its reason.
#[test]
fn the_official_description_accepts_what_we_send() {
    let (Some(path), Some(real)) = (official("conform"), real()) else { return };
    let mut spec = load(&real);
    let description = upstream::read(&path).unwrap();
    let found = conform(&spec.api, &Reasons::of(&spec.document), &description).unwrap();
    let list = read::read_deviations(&real, &mut spec.sources, &mut spec.diagnostics);
    check(&spec.document, &list, &found, &mut spec.diagnostics);
    assert!(spec.diagnostics.is_empty(), "{}", spec.diagnostics.render(&spec.sources));
}
