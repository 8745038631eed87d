//! The list of actions that programs read.

use crate::support::{load, real};
use cipp_codegen::list;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_list_has_what_programs_read() {
    let Some(spec) = real() else { return };
    let spec = load(&spec);
    let listed: Value = serde_json::from_str(&list::json(&spec.api)).unwrap();
    let listed = listed.as_array().unwrap();
    let count: usize = spec.api.categories.iter().map(|category| category.actions.len()).sum();
    assert_eq!(listed.len(), count);
    assert!(count >= 129, "{count}");
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();
    let wanted = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<String>>();
    let of_action = wanted(&[
        "category",
        "module",
        "action",
        "title",
        "call",
        "method",
        "path",
        "kind",
        "role",
        "tenant",
        "completion",
        "properties",
        "outputs",
    ]);
    let of_property = wanted(&["name", "rust", "in", "type", "required", "secret"]);
    for action in listed {
        // More keys may come; these are promised.
        assert!(of_action.is_subset(&keys(action)), "{action:#}");
        for key in of_action.iter().filter(|key| *key != "properties") {
            assert!(action[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {action:#}");
        }
        assert!(["GET", "POST"].contains(&action["method"].as_str().unwrap()), "{action:#}");
        assert!(action["path"].as_str().unwrap().starts_with("/api/"), "{action:#}");
        for property in action["properties"].as_array().unwrap() {
            assert!(of_property.is_subset(&keys(property)), "{property:#}");
            assert!(property["required"].is_boolean() && property["secret"].is_boolean(), "{property:#}");
            // What is always sent is no argument, and has no name in Rust.
            let fixed = !property["fixed"].is_null();
            for key in ["name", "rust", "in", "type"].into_iter().filter(|key| !(fixed && *key == "rust")) {
                assert!(property[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {property:#}");
            }
        }
    }
    let text = list::text(&spec.api);
    assert_eq!(text.lines().filter(|line| line.starts_with("  ")).count(), count);
}
