use crate::row::{Row, decode, reply, strict};
use cipp_client::alerts::AuditLogRecord;
use cipp_client::copilot::Agent365Package;
use cipp_client::{DecodeContext, Error, ErrorKind, Listing, Output};
use serde_json::{Value, json};

fn listing(body: &str) -> Listing<Row> {
    decode(body).unwrap_or_else(|error| panic!("{body}: {error}")).0
}

#[test]
fn takes_every_shape_of_rows() {
    let one = vec![Row::new("a")];
    let two = vec![Row::new("a"), Row::new("b")];
    let none = Vec::new();
    let cases = [
        (r#"[{"id":"a"},{"id":"b"}]"#, &two),
        (r#"{"Results":[{"id":"a"},{"id":"b"}]}"#, &two),
        (r#"{"Results":[{"id":"a"},{"id":"b"}],"Metadata":{"Count":2}}"#, &two),
        (r#"{"Metadata":{"Count":2},"Results":[{"id":"a"},{"id":"b"}]}"#, &two),
        (r#"{"results":[{"id":"a"},{"id":"b"}]}"#, &two),
        (r#"{"Results":{"id":"a"}}"#, &one),
        (r#"{"id":"a"}"#, &one),
        (r#"[{"id":"a"}]"#, &one),
        ("[null]", &none),
        (r#"[null,{"id":"a"}]"#, &one),
        (r#"{"Results":null}"#, &none),
        (r#"{"Results":[]}"#, &none),
        ("null", &none),
        ("[]", &none),
        ("", &none),
        ("  \r\n", &none),
    ];
    for (body, expected) in cases {
        assert_eq!(&listing(body).items, expected, "{body}");
    }
}

#[test]
fn a_byte_order_mark_and_utf16_are_read() {
    assert_eq!(listing("\u{feff}[{\"id\":\"a\"}]").items, [Row::new("a")]);
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        let body: Vec<u8> = "\u{feff}[{\"id\":\"é😀\"}]".encode_utf16().flat_map(unit).collect();
        assert_eq!(decode::<Listing<Row>>(body).unwrap().0.items, [Row::new("é😀")]);
    }
}

#[test]
fn damaged_text_is_replaced_with_a_warning_and_an_error_when_strict() {
    let bad: &[u8] = b"[{\"id\":\"a\xffb\"}]";
    let (rows, warnings) = decode::<Listing<Row>>(bad).unwrap();
    assert_eq!(rows.items, [Row::new("a\u{fffd}b")]);
    assert_eq!(warnings.count(), 1);
    assert_eq!(strict::<Listing<Row>>(bad).unwrap_err().kind(), ErrorKind::Decode);
}

#[test]
fn halves_of_surrogate_pairs_are_replaced() {
    for (body, expected) in [
        (r#"[{"id":"a\ud800"}]"#, "a\u{fffd}"),
        (r#"[{"id":"\ud83d\ude00\udc00x\\ud800"}]"#, "😀\u{fffd}x\\ud800"),
        (r#"[{"id":"\ud83dA\n"}]"#, "\u{fffd}A\n"),
        (r#"[{"id":"\uD83D\uD83D\uDE00"}]"#, "\u{fffd}😀"),
    ] {
        let (rows, warnings) = decode::<Listing<Row>>(body).unwrap();
        assert_eq!(rows.items, [Row::new(expected)], "{body}");
        assert_eq!(warnings.count(), 1, "{body}");
    }
}

#[test]
fn what_the_server_says_about_rows_is_kept() {
    let rows = listing(
        r#"{"Results":[],"Metadata":{"QueueMessage":"Loading data for all tenants","QueueId":"q-1","TenantFilter":"AllTenants"},"Extra":1}"#,
    );
    assert!(rows.is_queued() && rows.is_empty());
    let queued = rows.queued.unwrap();
    assert_eq!((queued.message.as_str(), queued.id.as_deref()), ("Loading data for all tenants", Some("q-1")));
    assert_eq!(rows.metadata["TenantFilter"], "AllTenants");
    assert_eq!(rows.extra["Extra"], 1);

    // An id without a message is that of work that ended.
    assert!(listing(r#"{"Results":[{"id":"a"}],"Metadata":{"QueueId":"q-1"}}"#).queued.is_none());
    assert!(listing(r#"{"Results":[],"Metadata":{"QueueMessage":null}}"#).queued.is_none());
    assert!(listing(r#"{"Metadata":{"QueueMessage":"later"}}"#).is_queued());

    let page = listing(r#"{"Results":[],"Metadata":{"nextLink":"https://graph.microsoft.com/x"}}"#);
    assert_eq!(page.next_link.as_deref(), Some("https://graph.microsoft.com/x"));
    assert_eq!(listing(r#"{"Results":[],"Metadata":{"nextLink":2}}"#).next_link.as_deref(), Some("2"));
}

#[test]
fn a_row_of_another_type_is_kept_and_reported() {
    let body = r#"{"Results":[{"id":"a"},"Any",{"id":"b","count":"x"}]}"#;
    let (rows, warnings) = decode::<Listing<Row>>(body).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows.strays, [json!("Any")]);
    assert_eq!(rows[1].extra["count"], "x");
    let paths: Vec<&str> = warnings.iter().map(|warning| warning.path.as_str()).collect();
    assert_eq!(paths, ["$.Results[1]", "$.Results[2].count"]);

    let error = strict::<Listing<Row>>(body).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("$.Results[1]"));
    assert_eq!(
        error.to_string(),
        "Test: the answer differs from the specification: $.Results[1]: expected object, found string (and 1 more)"
    );
}

#[test]
fn a_text_in_place_of_rows_is_no_empty_list() {
    for body in [
        r#"{"Results":"Failed. No such device"}"#,
        r#""Failed. No such device""#,
        "Failed. No such device",
        r#"["Failed. No such device"]"#,
        r#"{"Results":[{"resultText":"Failed. No such device","state":"error"}]}"#,
        r#"{"Results":{"resultText":"Failed. No such device"}}"#,
    ] {
        let error = decode::<Listing<Row>>(body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Action, "{body}");
        assert_eq!(error.to_string(), "Test: Failed. No such device", "{body}");
    }
    let (rows, warnings) = decode::<Listing<Row>>(r#"{"Results":"Nothing to show"}"#).unwrap();
    assert_eq!((rows.strays.len(), warnings.count()), (1, 1));
}

#[test]
fn rows_may_be_texts_or_any_json() {
    assert_eq!(decode::<Listing<String>>(r#"{"Results":["a","b"]}"#).unwrap().0.items, ["a", "b"]);
    assert_eq!(decode::<Listing<String>>(r#"{"Results":"a"}"#).unwrap().0.items, ["a"]);
    assert_eq!(decode::<Listing<String>>("plain words").unwrap().0.items, ["plain words"]);
    assert_eq!(decode::<Listing<Value>>(r#"[1,{"a":2},[3]]"#).unwrap().0.items, [json!(1), json!({"a":2}), json!([3])]);
}

#[test]
fn damage_is_told_with_its_place() {
    let error = decode::<Listing<Row>>(r#"{"Results":[{"id":"a"},{"id":"b","count":NaN}]}"#).unwrap_err();
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("$.Results[1].count")));
    let cut = decode::<Listing<Row>>(r#"[{"id":"a"},{"id":"#).unwrap_err();
    assert_eq!((cut.kind(), cut.json_path()), (ErrorKind::Decode, Some("$[1].id")));
    assert!(cut.to_string().contains("ends in the middle"), "{cut}");
    assert_eq!(decode::<Listing<Row>>(r#"[{"id":"a"}] trailing"#).unwrap_err().kind(), ErrorKind::Decode);
    // Too deep is an error, not a crash; the bytes are still there.
    let deep = "[".repeat(100_000);
    let error = decode::<Listing<Value>>(deep.as_str()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.body().unwrap().len() <= 8 * 1024);
}

#[test]
fn odd_values_are_kept_as_sent() {
    let body = r#"[{"id":12345678901234567890123,"count":"12","a":-0,"A":1e999,"b":[-12345678901234567890,1.5e3],"c":"9,12345678901234567890"}]"#;
    let rows = listing(body);
    assert_eq!((rows[0].id.as_deref(), rows[0].count), (Some("12345678901234567890123"), Some(12)));
    assert_eq!((&rows[0].extra["a"], &rows[0].extra["A"]), (&json!(-0.0), &json!("1e999")));
    assert_eq!(rows[0].extra["b"], json!(["-12345678901234567890", 1500.0]));
    assert_eq!(rows[0].extra["c"], json!("9,12345678901234567890"));
    let rows = listing(r#"[{"id":18446744073709551615,"count":"12","x":1,"X":2,"":3,"__proto__":4,"x":5}]"#);
    assert_eq!(rows[0].id.as_deref(), Some("18446744073709551615"));
    assert_eq!(rows[0].count, Some(12));
    assert_eq!((&rows[0].extra["x"], &rows[0].extra["X"], &rows[0].extra[""]), (&json!(5), &json!(2), &json!(3)));
}

#[test]
fn placeholder_rows_are_no_data() {
    let action =
        cipp_client::catalogue::actions().iter().find(|action| action.name == "ListMfaUsers").copied().unwrap();
    let cx = DecodeContext::new("ListMfaUsers").with_action(Some(action));
    let decode = |body: &str| Listing::<cipp_client::users::MfaUser>::decode(&reply(body), &cx).map(|(rows, _)| rows);
    let queued =
        decode(r#"[{"UPN":"Loading data for all tenants. Please check back after the job completes"}]"#).unwrap();
    assert!(queued.is_empty());
    assert!(queued.queued.unwrap().message.starts_with("Loading data"));
    let real = decode(r#"[{"UPN":"jane@contoso.com"}]"#).unwrap();
    assert_eq!((real.len(), real.queued), (1, None));

    let action = cipp_client::catalogue::actions().iter().find(|action| action.name == "ListUsers").copied().unwrap();
    let cx = DecodeContext::new("ListUsers").with_action(Some(action));
    let body = r#"[{"Message":"This function has been deprecated for all users. Use another"}]"#;
    let error = Listing::<Value>::decode(&reply(body), &cx).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Action);
    assert!(error.to_string().starts_with("ListUsers: This function has been deprecated"), "{error}");
}

/// Some endpoints report what failed as a row, or an object, with a status of 200 and nothing but a reason.
#[test]
fn a_row_that_has_only_a_reason_is_a_failure() {
    fn decode<T: Output>(action: &'static str, body: &str) -> Result<T, Error> {
        let cx = DecodeContext::new(action).with_action(cipp_client::catalogue::find(action));
        T::decode(&reply(body), &cx).map(|(value, _)| value)
    }
    let exchange = |body: &str| decode::<Listing<Value>>("ListExoRequest", body);
    for body in [r#"{"Results":[{"Error":"no such cmdlet"}]}"#, r#"[{"error":null,"Error":"no such cmdlet"}]"#] {
        let error = exchange(body).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Action, "ListExoRequest: no such cmdlet"));
    }
    // A row that has more is one of Exchange's own, whatever its Error says.
    for body in [
        r#"{"Results":[{"Error":"a mailbox is full","Identity":"jane"}]}"#,
        r#"{"Results":[{"Error":""}]}"#,
        r#"{"Results":[{"Error":null,"Identity":"jane"}]}"#,
        r#"{"Results":[{"Error":"one"},{"Error":"two"}]}"#,
    ] {
        assert!(!exchange(body).unwrap().is_empty(), "{body}");
    }

    let records = |body: &str| decode::<Listing<AuditLogRecord>>("ListAuditLogSearchResults", body);
    let error = records(r#"{"Results":{"Error":"no such search"},"Metadata":{"SearchId":"1"}}"#).unwrap_err();
    assert!(error.to_string().ends_with("no such search"), "{error}");
    assert_eq!(records(r#"{"Results":[{"id":"1","Error":"kept"}]}"#).unwrap().len(), 1);

    let package = |body: &str| decode::<Agent365Package>("ListAgent365PackageDetail", body);
    assert_eq!(package(r#"{"error":"no licence"}"#).unwrap_err().kind(), ErrorKind::Action);
    assert_eq!(package(r#"{"id":"1","error":"kept"}"#).unwrap().extra["error"], json!("kept"));
}

#[test]
fn a_listing_reads_like_a_slice() {
    let rows = listing(r#"[{"id":"a"},{"id":"b"}]"#);
    assert_eq!(rows.first().and_then(|row| row.id.as_deref()), Some("a"));
    assert_eq!((&rows).into_iter().count(), 2);
    assert_eq!(serde_json::to_value(&rows).unwrap(), json!({"items":[{"id":"a"},{"id":"b"}]}));
    assert_eq!(rows.into_iter().map(|row| row.id.unwrap()).collect::<Vec<_>>(), ["a", "b"]);
}
