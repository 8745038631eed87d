//! Runs inside the copy: calls the added actions, typed, against the fake server, which knows them from the same specification.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

use cipp_client::LabelValue;
use cipp_client::tools::{
    OddBody, OddBodyRows, OddNames, OddNamesMode, OddNamesOne, OddNamesOneTwo, OddNamesOneTwoThree, OddNamesOneTwoThreeFour,
};
use cipp_mock::MockServer;
use serde_json::json;

#[tokio::test]
async fn added_actions_work() {
    let server = MockServer::builder().samples_only(true).start().await.expect("the fake server starts");
    let client = server.client().expect("a client");

    let bottom = OddNamesOneTwoThreeFour::new().five("deep");
    let one = OddNamesOne::new().two(OddNamesOneTwo::new().three(OddNamesOneTwoThree::new().four([bottom])));
    let request = OddNames::new("contoso.onmicrosoft.com", "a type")
        .self_("me")
        .itself("Me")
        .filter("startswith(displayName, 'a')")
        .odata_type("#microsoft.graph.user")
        ._2fa(true)
        .upper_id("UPPER")
        .id("lower")
        .a_b(12)
        .with_a_space("spaced")
        .имя("кириллица")
        .extra_("more")
        .new_("newer")
        .mode(OddNamesMode::ADD_2)
        .one(one)
        .choices([LabelValue::from("x").with_label("X"), LabelValue::from("y")])
        .both("twice");
    assert_eq!(OddNamesMode::EMPTY.as_str(), "");
    assert_eq!(OddNamesMode::ADD.as_str(), "add");
    assert_eq!(OddNamesMode::ADD_2.as_str(), "Add");
    let meta = client.call(&request).strict(true).with_meta().await.expect("the call succeeds").meta;
    assert!(meta.warnings.is_empty());
    let sent = server.requests_to("ExecOddNames").remove(0);
    assert_eq!(
        sent.query,
        [
            ("$filter".to_owned(), "startswith(displayName, 'a')".to_owned()),
            ("both".to_owned(), "twice".to_owned())
        ]
    );
    assert_eq!(
        sent.body,
        Some(json!({
            "tenantFilter": "contoso.onmicrosoft.com",
            "type": "a type",
            "self": "me",
            "Self": "Me",
            "@odata.type": "#microsoft.graph.user",
            "2fa": true,
            "ID": "UPPER",
            "id": "lower",
            "a.b": 12,
            "with a space": "spaced",
            "имя": "кириллица",
            "extra": "more",
            "new": "newer",
            "mode": "Add",
            "one": { "two": { "three": { "four": [{ "five": "deep" }] } } },
            "choices": [{ "label": "X", "value": "x" }, { "label": "y", "value": "y" }],
            "both": "twice",
        }))
    );

    client.call(OddBody::new([OddBodyRows::new().name("first").r#type("t")])).strict(true).await.expect("a list as body");
    assert_eq!(server.requests_to("ExecOddBody").remove(0).body, Some(json!([{ "name": "first", "type": "t" }])));

    let rows = client.tools().nothing().strict(true).await.expect("an action without properties");
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| row.odata_type.is_some()));
}
