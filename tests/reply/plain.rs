use crate::row::decode;
use cipp_client::{DecodeContext, Download, ErrorKind, Output, Redirect, Reply};
use http::{HeaderMap, HeaderName, StatusCode};
use serde_json::{Value, json};

fn with_headers(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Reply {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect();
    Reply::new(StatusCode::from_u16(status).unwrap(), headers, body.into())
}

#[test]
fn any_json_and_text() {
    for (body, expected) in [
        (r#"{"a":[1]}"#, json!({"a":[1]})),
        ("12", json!(12)),
        (r#""words""#, json!("words")),
        ("plain words", json!("plain words")),
        ("", Value::Null),
        ("true", json!(true)),
    ] {
        assert_eq!(decode::<Value>(body).unwrap().0, expected, "{body}");
    }
    assert_eq!(decode::<Value>("[1,").unwrap_err().kind(), ErrorKind::Decode);
    for (body, expected) in [("plain", "plain"), (r#""quo\"ted""#, "quo\"ted"), ("", ""), (r#"{"a":1}"#, r#"{"a":1}"#)]
    {
        assert_eq!(decode::<String>(body).unwrap().0, expected, "{body}");
    }
}

#[test]
fn files() {
    let cx = DecodeContext::new("Photo");
    let headers = [("content-type", "image/jpeg; x=y"), ("content-disposition", "attachment; filename=\"a b.jpg\"")];
    let (file, _) = Download::decode(&with_headers(200, &headers, [0xff, 0xd8, 0x00]), &cx).unwrap();
    assert_eq!((file.content_type.as_str(), file.file_name.as_deref()), ("image/jpeg", Some("a b.jpg")));
    assert_eq!(&file.bytes[..], [0xff, 0xd8, 0x00]);
    assert!(format!("{file:?}").contains("bytes: 3"));

    let said = with_headers(200, &[("content-type", "application/json")], r#"{"Results":"Photo not found"}"#);
    assert_eq!(Download::decode(&said, &cx).unwrap_err().to_string(), "Photo: Photo not found");
}

#[test]
fn redirects() {
    let cx = DecodeContext::new("Admin");
    let target = |status, headers: &[(&str, &str)], body: &str| {
        Redirect::decode(&with_headers(status, headers, body), &cx).map(|(redirect, _)| redirect.location.to_string())
    };
    assert_eq!(target(302, &[("location", "https://a.sharepoint.com/x")], "").unwrap(), "https://a.sharepoint.com/x");
    assert_eq!(target(200, &[], r#"{"AdminUrl":"https://a.sharepoint.com"}"#).unwrap(), "https://a.sharepoint.com/");
    assert_eq!(target(302, &[("location", "http://localhost/x")], "").unwrap(), "http://localhost/x");
    for bad in ["http://evil.example.com/", "javascript:alert(1)", "/relative", "file:///etc/passwd"] {
        assert_eq!(target(302, &[("location", bad)], "").unwrap_err().kind(), ErrorKind::Decode, "{bad}");
    }
}
