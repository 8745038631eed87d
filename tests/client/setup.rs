use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::{Client, ClientBuilder, ErrorKind, RawRequest};
use std::collections::HashMap;
use std::time::Duration;

fn url(text: &str) -> Result<String, String> {
    let fake = Fake::of([]);
    let built = Client::builder(text).transport(fake).static_token(TOKEN).build();
    built
        .map(|client| client.call(RawRequest::get("GetVersion")).dry_run().url().to_owned())
        .map_err(|error| error.to_string())
}

#[test]
fn addresses_are_read_as_people_paste_them() {
    let plain = "https://cipp.example.com/api/GetVersion";
    for (text, expected) in [
        ("https://cipp.example.com", plain),
        ("https://cipp.example.com/", plain),
        ("  https://cipp.example.com//  ", plain),
        ("https://cipp.example.com/api", plain),
        ("https://cipp.example.com/api/", plain),
        ("https://cipp.example.com/API/api//", plain),
        ("https://CIPP.example.com:443", plain),
        ("https://cipp.example.com:8443/api", "https://cipp.example.com:8443/api/GetVersion"),
        ("https://cipp.example.com/behind/proxy/api", "https://cipp.example.com/behind/proxy/api/GetVersion"),
        ("https://cipp.example.com/myapi", "https://cipp.example.com/myapi/api/GetVersion"),
        ("http://localhost:7071/api", "http://localhost:7071/api/GetVersion"),
        ("http://127.0.0.1:7071", "http://127.0.0.1:7071/api/GetVersion"),
        ("http://[::1]:7071", "http://[::1]:7071/api/GetVersion"),
    ] {
        assert_eq!(url(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn addresses_that_cannot_be_right_are_refused_with_the_reason() {
    for (text, part) in [
        ("", "empty"),
        ("cipp.example.com", "https://"),
        ("localhost:7071", "https://"),
        ("http://cipp.example.com", "in the clear"),
        ("http://127.0.0.1.evil.example.com", "in the clear"),
        ("ftp://cipp.example.com", "ftp"),
        ("https://jane:hunter2@cipp.example.com", "user name"),
        ("https://cipp.example.com/api?code=1", "?"),
        ("https://cipp.example.com/#x", "#"),
        ("https://", "no URL"),
    ] {
        let error = url(text).unwrap_err();
        assert!(error.starts_with("url: ") && error.contains(part), "{text}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let built =
        Client::builder("http://cipp.internal").allow_http(true).static_token(TOKEN).transport(Fake::of([])).build();
    assert!(built.is_ok());
    let authority = Fake::of([]).builder().client_secret("t", "c", "s").authority("http://login.example.com").build();
    assert_eq!(authority.unwrap_err().kind(), ErrorKind::Config);
    let authority = Fake::of([]).builder().client_secret("t", "c", "s").authority("http://127.0.0.1:99/x/").build();
    assert!(authority.is_ok());
}

#[test]
fn every_missing_variable_is_named() {
    let read = |vars: &[(&str, &str)]| {
        let vars: HashMap<String, String> =
            vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        ClientBuilder::from_vars(|name| vars.get(name).cloned())
            .and_then(ClientBuilder::build)
            .map_err(|error| error.to_string())
    };
    assert_eq!(
        read(&[("CIPP_CLIENT_ID", "x"), ("CIPP_TENANT_ID", "  ")]).unwrap_err(),
        "environment: not set: CIPP_URL, CIPP_TENANT_ID, CIPP_CLIENT_SECRET (or set CIPP_TOKEN in place of the sign-in)"
    );
    assert_eq!(read(&[("CIPP_TOKEN", "x")]).unwrap_err(), "environment: not set: CIPP_URL");
    let url = ("CIPP_URL", "https://cipp.example.com");
    assert!(read(&[url, ("CIPP_TOKEN", "x"), ("CIPP_TIMEOUT", "12.5")]).is_ok());
    assert!(read(&[url, ("CIPP_TOKEN", "x"), ("CIPP_TIMEOUT", "soon")]).unwrap_err().contains("CIPP_TIMEOUT"));
    assert!(read(&[url, ("CIPP_TENANT_ID", "t"), ("CIPP_CLIENT_ID", "c"), ("CIPP_CLIENT_SECRET", "s")]).is_ok());
    let proxy = read(&[url, ("CIPP_TOKEN", "x"), ("CIPP_PROXY", "user:hunter2@proxy")]).unwrap_err();
    assert!(proxy.starts_with("proxy: ") && !proxy.contains("hunter2"), "{proxy}");
}

#[test]
fn headers_that_would_do_harm_are_refused() {
    for name in ["X-CIPP-Version", "x-cipp-impersonate-role", "Authorization", "content-type", "host", "Content-Length"]
    {
        let error = Fake::of([]).builder().static_token(TOKEN).header(name, "1").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{name}");
        assert!(error.to_string().contains(&name.to_lowercase()), "{error}");
    }
    let error = Fake::of([]).builder().static_token(TOKEN).header("x-cipp-version", "1").build().unwrap_err();
    assert!(error.to_string().contains("version of its web interface"), "{error}");
    for (name, value) in [("x-fine", "a\r\nx-evil: 1"), ("x bad", "1"), ("x-fine", "\0")] {
        assert!(Fake::of([]).builder().static_token(TOKEN).header(name, value).build().is_err(), "{name}: {value:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn headers_of_one_call_are_checked_too() {
    let fake = Fake::of([Answer::ok("{}")]);
    let client = fake.builder().static_token(TOKEN).header("x-all", "1").header("x-both", "client").build().unwrap();
    let call = || client.call(RawRequest::get("GetVersion"));
    let error = call().header("X-CIPP-Version", "10.8.2").await.unwrap_err();
    assert_eq!((error.kind(), fake.count()), (ErrorKind::Config, 0));
    call().header("x-both", "call").await.unwrap();
    let headers = fake.request(0).headers;
    assert_eq!((&headers["x-all"], &headers["x-both"]), (&"1".parse().unwrap(), &"call".parse().unwrap()));
    assert_eq!(headers["user-agent"], concat!("cipp-client/", env!("CARGO_PKG_VERSION")));
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["authorization"], format!("Bearer {TOKEN}"));
    assert!(!headers.contains_key("content-type"));
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let builder = || Fake::of([]).builder();
    assert!(builder().build().unwrap_err().to_string().contains("client_secret"));
    assert!(builder().static_token(TOKEN).timeout(Duration::ZERO).build().is_err());
    assert!(builder().static_token(TOKEN).concurrency(0).build().is_err());
    assert!(builder().client_secret("t", " ", "s").build().unwrap_err().to_string().contains("client id is empty"));
    // What is for the built-in transport is not silently ignored on another one.
    assert!(builder().static_token(TOKEN).danger_accept_invalid_certs(true).build().is_err());
    assert!(builder().static_token(TOKEN).proxy("http://proxy:1").build().is_err());
}

#[test]
fn the_built_in_transport_takes_its_settings() {
    let builder = || Client::builder("https://cipp.example.com").static_token(TOKEN);
    assert!(builder().build().is_ok());
    assert!(builder().proxy("http://jane:hunter2@proxy.example.com:8080").build().is_ok());
    assert!(builder().danger_accept_invalid_certs(true).build().is_ok());
    let error = builder().ca_certificate("no certificate").build().unwrap_err();
    assert!(error.to_string().starts_with("ca_certificate: "), "{error}");
}

#[test]
fn nothing_shows_a_secret() {
    let builder = Client::builder("https://u:hunter2@cipp.example.com")
        .client_secret("tenant", "client", "hunter2")
        .proxy("http://jane:hunter2@proxy:1")
        .header("x-functions-key", "hunter2");
    assert!(!format!("{builder:?}").contains("hunter2"));
    let client = Client::builder("https://cipp.example.com")
        .client_secret("tenant", "client", "hunter2")
        .proxy("http://jane:hunter2@proxy:1")
        .header("x-functions-key", "hunter2")
        .build()
        .unwrap();
    let call = client.call(RawRequest::post("AddThing").field("password", "hunter2").secret("hunter2"));
    let call = call.header("x-api-key", "hunter2");
    let shown = format!("{client:?} {call:?} {} {:?}", call.dry_run(), call.dry_run());
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("client_id: \"client\""), "{shown}");
}
