use crate::fake::{Answer, Fake};
use cipp_client::transport::Phase;
use cipp_client::{Error, ErrorKind, RawRequest};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const SECRET: &str = "canary~secret&1";

/// A server that answers sign-ins with this, and calls with 1.
fn server(mut token: impl FnMut() -> Answer + Send + 'static) -> Arc<Fake> {
    Fake::with(move |request| if request.url.path().ends_with("/token") { token() } else { Answer::ok("1") })
}

async fn refusal(answer: Answer) -> Error {
    let mut answer = Some(answer);
    let fake = server(move || answer.take().expect("one sign-in only"));
    let client = fake.builder().client_secret("tenant", "client", SECRET).build().unwrap();
    let error = client.call(RawRequest::get("X")).await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.body());
    assert!(!shown.contains("canary") && !shown.contains("eyJ"), "{shown}");
    assert_eq!(error.operation(), "sign-in");
    error
}

#[tokio::test(start_paused = true)]
async fn the_form_is_what_entra_reads() {
    let fake = server(|| Answer::ok(r#"{"access_token":"abc","expires_in":3599,"token_type":"Bearer"}"#));
    let client = fake.builder().client_secret(" ten/ant ", "client\n", SECRET).build().unwrap();
    client.call(RawRequest::get("X")).await.unwrap();
    let sent = fake.request(0);
    assert_eq!(
        (sent.method.as_str(), sent.url.as_str()),
        ("POST", "https://login.microsoftonline.com/ten%2Fant/oauth2/v2.0/token")
    );
    assert_eq!(
        sent.body.as_deref(),
        Some(
            &b"grant_type=client_credentials&client_id=client&client_secret=canary%7Esecret%261&scope=api%3A%2F%2Fclient%2F.default"[..]
        )
    );
    assert_eq!(sent.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(!sent.headers.contains_key("authorization"));
    assert!(!format!("{sent:?}").contains("canary"));
    assert_eq!(fake.request(1).headers["authorization"], "Bearer abc");

    let fake = server(|| Answer::ok(r#"{"access_token":"abc"}"#));
    let client =
        fake.builder().client_secret("t", "c", "s").authority("https://login.microsoftonline.us/").scope("x/.default");
    client.build().unwrap().call(RawRequest::get("X")).await.unwrap();
    assert_eq!(fake.request(0).url.as_str(), "https://login.microsoftonline.us/t/oauth2/v2.0/token");
    assert!(fake.request(0).body.unwrap().ends_with(b"scope=x%2F.default"));
}

#[tokio::test(start_paused = true)]
async fn codes_become_words_with_a_next_step() {
    for (code, part) in [
        (7_000_215, "copy the secret's value, not its id"),
        (7_000_222, "has expired"),
        (700_016, "partner tenant"),
        (90_002, "tenant does not exist"),
        (900_023, "neither a GUID nor a domain"),
        (500_011, "Repair URI"),
        (50_194, "one tenant only"),
        (53_003, "Conditional Access"),
    ] {
        let by_code =
            json!({ "error": "x", "error_codes": [code], "error_description": format!("for {SECRET}") }).to_string();
        let by_text =
            json!({ "error": "x", "error_description": format!("AADSTS{code}: Words.\r\nTrace ID: 1") }).to_string();
        for body in [by_code, by_text] {
            let error = refusal(Answer::status(401, body)).await;
            assert_eq!(error.kind(), ErrorKind::Auth);
            assert!(
                error.to_string().contains(part) && error.to_string().contains(&format!("(AADSTS{code})")),
                "{error}"
            );
        }
    }
    let unknown =
        json!({ "error": "invalid_client", "error_description": format!("AADSTS1: No {SECRET}.\r\nTrace ID: 1") });
    let error = refusal(Answer::status(400, unknown.to_string())).await;
    assert_eq!(error.to_string(), "sign-in: login.microsoftonline.com refused: invalid_client AADSTS1: No [redacted].");
    let bare = refusal(Answer::status(400, r#"{"error":"invalid_request"}"#)).await;
    assert!(bare.to_string().contains("Application ID URI"), "{bare}");
}

#[tokio::test(start_paused = true)]
async fn something_else_than_a_token_is_told() {
    let page = "<html><title>Guest Wi-Fi</title></html>";
    for answer in [
        Answer::ok(page),
        Answer::ok(page).header("content-type", "text/html"),
        Answer::status(302, "").header("location", "http://portal.example.com"),
        Answer::status(403, page).header("content-type", "text/html"),
    ] {
        let error = refusal(answer).await;
        assert!(error.is_auth() && error.to_string().contains("captive portal or a proxy"), "{error}");
    }
    for body in ["{}", "[]", "", r#"{"access_token":""}"#, r#"{"access_token":7}"#, r#"{"id_token":"eyJcanary"}"#] {
        let error = refusal(Answer::ok(body)).await;
        assert!(error.is_auth() && error.to_string().contains("without a token"), "{error}");
    }
    let error = refusal(Answer::ok(r#"{"access_token":"a\nb"}"#)).await;
    assert!(error.to_string().contains("no header can carry"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_service_that_is_down_is_asked_again_a_little() {
    for (make, kind) in [
        ((|| Answer::fail(Phase::Connect)) as fn() -> Answer, ErrorKind::Connect),
        (|| Answer::status(500, "x"), ErrorKind::Connect),
        (|| Answer::status(429, "{}"), ErrorKind::RateLimited),
        (|| Answer::status(400, r#"{"error":"temporarily_unavailable","error_codes":[90033]}"#), ErrorKind::Connect),
    ] {
        let fake = server(make);
        let client = fake.builder().client_secret("t", "c", SECRET).build().unwrap();
        let error = client.call(RawRequest::get("X")).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts(), fake.count()), (kind, 3, 3), "{error}");
        assert!(error.to_string().contains("login.microsoftonline.com"), "{error}");
    }
    let mut answers = vec![Answer::ok(r#"{"access_token":"abc"}"#), Answer::fail(Phase::Receive)];
    let fake = server(move || answers.pop().unwrap());
    let client = fake.builder().client_secret("t", "c", SECRET).build().unwrap();
    client.call(RawRequest::get("X")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_silent_sign_in_does_not_outlast_the_call() {
    let fake = server(|| Answer::ok("").after(Duration::from_secs(1000)));
    let client = fake.builder().client_secret("t", "c", SECRET).timeout(Duration::from_secs(30)).build().unwrap();
    let error = client.call(RawRequest::post("ExecThing")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("the call was not sent"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_life_of_a_token_is_read_in_every_form() {
    // Calls half a minute apart; how many sign-ins do ten of them take?
    for (expires, sign_ins) in [
        (r#","expires_in":3599"#, 1),
        (r#","expires_in":"3599""#, 1),
        ("", 2),
        (r#","expires_in":null"#, 2),
        (r#","expires_in":100"#, 4),
        (r#","expires_in":0"#, 10),
        (r#","expires_in":-1"#, 10),
        (r#","expires_in":1e30"#, 2),
    ] {
        let fake = server(move || Answer::ok(format!(r#"{{"access_token":"abc"{expires}}}"#)));
        let client = fake.builder().client_secret("t", "c", SECRET).build().unwrap();
        for _ in 0..10 {
            client.call(RawRequest::get("X")).await.unwrap();
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
        assert_eq!(fake.count() - 10, sign_ins, "{expires}");
    }
}
