//! Rows as they come, against the same rows read by serde_json's own deserializer.

use super::row::decode;
use cipp_client::Listing;
use cipp_client::types::User;
use proptest::prelude::*;

/// Names of fields, names that no field has, and names in other spellings.
const NAMES: &[&str] = &[
    "id",
    "userPrincipalName",
    "displayName",
    "accountEnabled",
    "userType",
    "primDomain",
    "manager",
    "assignedLicenses",
    "businessPhones",
    "createdDateTime",
    "onPremisesExtensionAttributes",
    "somethingNew",
    "ID",
    "idx",
    "",
    "display\\u004eame",
    "display\\\\Name",
];

fn value() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "null",
        "true",
        "false",
        "0",
        "1",
        "-7",
        "42",
        "1.5",
        "18446744073709551615",
        "\"\"",
        "\"text\"",
        "\"true\"",
        "\"42\"",
        "\"Member\"",
        "\"Memb\\u0065r\"",
        "\"a much longer text, with \\\"quotes\\\"\"",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(3, 12, 3, |inner| {
        let items = prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(",")));
        let names = prop::sample::select(vec!["skuId", "disabledPlans", "id", "displayName", "value", "label", "new"]);
        let member = (names, inner).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        let members = prop::collection::vec(member, 0..3).prop_map(|members| format!("{{{}}}", members.join(",")));
        prop_oneof![items, members]
    })
}

fn rows() -> impl Strategy<Value = String> {
    let member = (prop::sample::select(NAMES), value()).prop_map(|(name, value)| format!("\"{name}\":{value}"));
    let row = prop::collection::vec(member, 0..10).prop_map(|members| format!("{{{}}}", members.join(",")));
    // At least two: one row may be an envelope.
    prop::collection::vec(row, 2..5).prop_map(|rows| format!("[{}]", rows.join(",")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn are_read_as_serde_json_reads_them(json in rows()) {
        let expected: Vec<User> = serde_json::from_str(&json).unwrap();
        let (found, _) = decode::<Listing<User>>(json.as_str()).unwrap();
        prop_assert_eq!(&found.items, &expected);
        prop_assert_eq!(serde_json::to_string(&found.items).unwrap(), serde_json::to_string(&expected).unwrap());
    }
}
