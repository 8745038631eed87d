//! The figures of captures against the output types.

use crate::support::{Folder, load, tools};
use cipp_codegen::coverage::{Capture, Limits, Report, Wrong, coverage, read, read_folder};

fn report() -> Report {
    let spec = load(&tools().join("spec"));
    coverage(&spec.api, &read_folder(&tools().join("shapes")).unwrap())
}

#[test]
fn names_types_lists_and_maps_count() {
    let report = report();
    let things = &report.endpoints[0];
    assert_eq!((things.endpoint.as_str(), things.action.as_deref()), ("ListThings", Some("ListThings")));
    let tally = &things.tally;
    // 10 at the top, 3 in parts, 2 in prices, 1 in free, 3 in lost.
    assert_eq!(tally.fields, 19);
    // Not: parts[].maker, free.inside, colour (another case), lost and the three inside it.
    assert_eq!(tally.named, 12);
    // Not: size, which was text, and prices.web.
    assert_eq!(tally.typed, 10);
    // tags: a list of one, which the server sends as its item.
    assert_eq!(tally.lone, 1);
    let gaps: Vec<(&str, String)> = tally
        .gaps
        .iter()
        .map(|gap| {
            let wrong = match &gap.wrong {
                Wrong::Missing { inside, like } => format!("missing {inside} {}", like.as_deref().unwrap_or("-")),
                Wrong::Type(ours) => ours.clone(),
            };
            (gap.path.as_str(), wrong)
        })
        .collect();
    let expected = [
        ("colour", "missing 0 Colour"),
        ("free.inside", "missing 0 -"),
        ("lost", "missing 3 -"),
        ("parts[].maker", "missing 0 -"),
        ("prices.web", "float"),
        ("size", "int"),
    ];
    assert_eq!(gaps, expected.map(|(path, wrong)| (path, wrong.to_owned())));
}

#[test]
fn an_envelope_is_no_field_and_no_action_names_nothing() {
    let report = report();
    let enveloped = &report.endpoints[1].tally;
    // Results, Metadata, id, parts, parts.id; not Metadata.Heading.
    assert_eq!((enveloped.fields, enveloped.named, enveloped.typed), (6, 5, 5));
    let unknown = &report.endpoints[2];
    assert_eq!((unknown.action.as_deref(), unknown.tally.fields, unknown.tally.named), (None, 2, 0));
}

#[test]
fn of_several_actions_the_best_counts() {
    let copy = Folder::small();
    let other = "  ListThingIds:\n    title: List Thing Ids\n    method: GET\n    path: /api/ListThings\n    call: ids\n    kind: read\n    \
                 role: Shop.Thing.Read\n    tenant: none\n    summary: List ids.\n    outputs: { list: Part }\n    source: test\n\n";
    copy.edit("actions/things.yaml", "  AddThing:", &format!("{other}  AddThing:"));
    let spec = load(&copy.spec());
    let only = |shape: &str| -> Vec<Capture> { vec![read(shape).unwrap()] };
    let parts = only(r#"{ "endpoint": "ListThings", "shape": { "id": "string", "weight": "number" } }"#);
    assert_eq!(coverage(&spec.api, &parts).endpoints[0].action.as_deref(), Some("ListThingIds"));
    let things = only(r#"{ "endpoint": "ListThings", "shape": { "id": "string", "sold": "bool" } }"#);
    assert_eq!(coverage(&spec.api, &things).endpoints[0].action.as_deref(), Some("ListThings"));
}

#[test]
fn limits_are_told() {
    let report = report();
    assert!(report.short_of(Limits::default()).is_empty());
    assert!(report.short_of(Limits { named: Some(60.0), typed: Some(80.0) }).is_empty());
    let short = report.short_of(Limits { named: Some(95.0), typed: Some(97.0) });
    assert_eq!(
        short,
        [
            "62.96 % of the captured fields are named; it must be 95 %",
            "88.24 % of the fields named have a type that accepts what was captured; it must be 97 %",
        ]
    );
}

#[test]
fn both_forms_say_the_same() {
    let report = report();
    let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
    assert_eq!(json["total"]["fields"], 27);
    assert_eq!(json["total"]["named"], 17);
    assert_eq!(json["endpoints"][0]["gaps"][5]["ours"], "int");
    let text = report.text();
    assert!(text.contains("not named: lost (object, and 3 fields inside it)"), "{text}");
    assert!(text.contains("not named: colour (string); there is `Colour`"), "{text}");
    assert!(text.contains("is `int`: size (string)"), "{text}");
    assert_eq!(text, self::report().text());
}

#[test]
fn what_is_no_capture_is_told() {
    for (text, said) in [
        ("", "no JSON"),
        ("[1", "no JSON"),
        ("[]", "names no `endpoint`"),
        (r#"{ "endpoint": "" }"#, "names no `endpoint`"),
        (r#"{ "endpoint": "X" }"#, "has no `shape`"),
        (r#"{ "endpoint": "X", "shape": { "a": "blob" } }"#, "`shape.a` is `blob`"),
        (r#"{ "endpoint": "X", "shape": { "a": { "_type": "array", "_element": 7 } } }"#, "`shape.a[]` is 7"),
    ] {
        let message = read(text).unwrap_err();
        assert!(message.contains(said), "{text}: {message}");
    }
    for good in
        ["{}", "[]", "null", "\"string\"", r#"{ "_type": "array" }"#, r#"{ "a": [] }"#, r#"{ "a": [{ "b": "bool" }] }"#]
    {
        read(&format!("\u{feff}{{ \"endpoint\": \"X\", \"shape\": {good} }}")).unwrap();
    }
    assert!(read_folder(&tools().join("nowhere")).unwrap_err().contains("cannot be read"));
    assert!(read_folder(&tools().join("spec")).unwrap_err().contains("holds no captures"));
}
