use crate::row::{Row, decode, strict};
use cipp_client::ErrorKind;
use serde_json::json;

#[test]
fn takes_every_shape_of_one_object() {
    for body in [
        r#"{"id":"a"}"#,
        r#"[{"id":"a"}]"#,
        r#"{"Results":{"id":"a"}}"#,
        r#"{"Results":[{"id":"a"}]}"#,
        "\u{feff} {\"id\":\"a\"}",
    ] {
        let (row, warnings) = decode::<Row>(body).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!((row, warnings.count()), (Row::new("a"), 0), "{body}");
    }
}

#[test]
fn members_of_the_envelope_are_kept() {
    let (row, _) = decode::<Row>(r#"{"Metadata":{"Count":1},"Results":{"id":"a","more":2}}"#).unwrap();
    assert_eq!(row.id.as_deref(), Some("a"));
    assert_eq!((&row.extra["more"], &row.extra["Metadata"]), (&json!(2), &json!({"Count":1})));
}

#[test]
fn nothing_is_an_empty_object_with_a_warning() {
    for body in ["", "null", "[]", r#"{"Results":[]}"#] {
        let (row, warnings) = decode::<Row>(body).unwrap();
        assert_eq!((row, warnings.count()), (Row::default(), 1), "{body}");
        assert_eq!(strict::<Row>(body).unwrap_err().kind(), ErrorKind::Decode, "{body}");
    }
}

#[test]
fn a_failure_is_no_empty_object() {
    for body in [
        r#"{"Results":"Failed. Could not get it"}"#,
        "Failed. Could not get it",
        r#"["Failed. Could not get it"]"#,
        r#"{"Results":{"resultText":"Failed. Could not get it","state":"error"}}"#,
        r#"{"resultText":"Failed. Could not get it"}"#,
    ] {
        let error = decode::<Row>(body).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::Action, "Test: Failed. Could not get it"),
            "{body}"
        );
    }
    let (row, warnings) = decode::<Row>(r#"[{"id":"a"},{"id":"b"}]"#).unwrap();
    assert_eq!((row.extra["Results"].as_array().map(Vec::len), warnings.count()), (Some(2), 1));
}
