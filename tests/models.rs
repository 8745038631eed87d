//! What every generated type can do: be shown, compared, written and read back; and what choices are.

#![cfg(feature = "full")]
#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

use cipp_client::types::User;
use cipp_client::{LabelValue, Schedule, groups, users};
use serde_json::{Value, json};

fn user(json: Value) -> User {
    serde_json::from_value(json).unwrap()
}

#[test]
fn debug_shows_what_is_set_by_its_name_in_rust() {
    let user = user(json!({
        "displayName": "Jane",
        "accountEnabled": true,
        "businessPhones": ["1", "2"],
        "assignedLicenses": [{"skuId": "sku"}],
        "primDomain": "contoso.com",
        "somethingNew": "not shown",
    }));
    assert_eq!(
        format!("{user:?}"),
        "User { display_name: \"Jane\", account_enabled: true, primary_domain: LabelValue { value: \"contoso.com\", label: \
         \"contoso.com\" }, assigned_licenses: [AssignedLicense { sku_id: \"sku\" }], business_phones: [\"1\", \"2\"], extra: \
         {\"somethingNew\": string} }"
    );
    assert_eq!(format!("{:?}", User::default()), "User");
}

#[test]
fn debug_hides_secrets() {
    let request = users::AddUser::new("contoso.com", "jane", "contoso.com", "Jane").password("hunter2");
    let shown = format!("{request:?} {request:#?}");
    assert!(shown.contains("password: [redacted]") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn equal_is_what_holds_the_same() {
    let one = json!({
        "displayName": "Jane", "assignedLicenses": [{"skuId": "sku", "disabledPlans": ["a"]}], "other": {"a": [1]},
    });
    assert_eq!(user(one.clone()), user(one.clone()));
    for (pointer, value) in [
        ("/displayName", json!("John")),
        ("/displayName", Value::Null),
        ("/assignedLicenses/0/skuId", json!("other")),
        ("/assignedLicenses/0/disabledPlans", json!(["a", "b"])),
        ("/assignedLicenses", json!([])),
        ("/other/a/0", json!(2)),
    ] {
        let mut other = one.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        assert_ne!(user(one.clone()), user(other), "{pointer}");
    }
    // The label that is sent when there is none is that value.
    assert_eq!(LabelValue::from("a"), LabelValue::from("a").with_label("a"));
    assert_ne!(LabelValue::from("a"), LabelValue::from("a").with_label("b"));
    assert_ne!(Schedule::now(), Schedule::default());
}

#[test]
fn choices_are_open_texts() {
    use groups::AddGroupType;
    let known = AddGroupType::known();
    assert!(!known.is_empty());
    let first = AddGroupType::from(known[0]);
    assert!(first.is_known());
    assert_eq!(first, known[0]);
    assert_eq!(first.to_string(), known[0]);
    assert_eq!(format!("{first:?}"), format!("{:?}", known[0]));
    assert_eq!(format!("{first:>20}").len(), 20);
    let new = AddGroupType::from(String::from("somethingNew"));
    assert!(!new.is_known());
    assert_eq!(new.as_str(), "somethingNew");
    assert!(new != first && new.clone() == new);
    assert_eq!(serde_json::to_value(&new).unwrap(), json!("somethingNew"));
    assert_eq!(serde_json::from_value::<AddGroupType>(json!("somethingNew")).unwrap(), new);
    assert!(serde_json::from_value::<AddGroupType>(json!({})).is_err());
    // In maps and sets, like any text.
    let set = std::collections::BTreeSet::from([first.clone(), new.clone()]);
    assert_eq!(set.len(), 2);
    let set = std::collections::HashSet::from([first.clone(), first]);
    assert_eq!(set.len(), 1);
}

#[test]
fn the_catalogue_reads_what_the_generator_wrote() {
    let actions = cipp_client::catalogue::actions();
    for action in actions {
        assert!(action.path.starts_with("/api/"), "{action:?}");
        assert!(!action.role.is_empty() && !action.summary.is_empty() && !action.title.is_empty(), "{action:?}");
        for property in action.properties {
            assert!(!property.name.is_empty() && !property.rust.is_empty(), "{action:?}");
        }
        for rule in action.rows {
            assert!(!rule.field.is_empty(), "{action:?}");
        }
    }
    // Asked twice, it is the same: the texts are read once.
    assert!(std::ptr::eq(actions, cipp_client::catalogue::actions()));
}

#[test]
fn items_that_are_none_leave_no_trace_in_a_list() {
    let read = |licenses: Value| user(json!({"assignedLicenses": licenses})).assigned_licenses;
    let ids = |licenses: Value| -> Vec<Option<String>> {
        read(licenses).unwrap_or_default().into_iter().map(|license| license.sku_id).collect()
    };
    let (a, b) = (Some("a".to_owned()), Some("b".to_owned()));
    assert_eq!(ids(json!([{"skuId": "a"}, null, "text", 7, [], {"skuId": "b"}])), [a.clone(), b.clone()]);
    assert_eq!(ids(json!([{}, {"skuId": "b"}])), [None, b]);
    assert_eq!(ids(json!({"skuId": "a"})), [a]);
    assert_eq!(read(json!([])), Some(Vec::new()));
    assert_eq!(read(json!(null)), None);
    assert_eq!(read(json!("text")), None);
}
