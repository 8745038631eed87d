use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::{Error, ErrorKind, RawRequest, RetryPolicy};

async fn error(answer: Answer) -> Error {
    let fake = Fake::of([answer]);
    let client = fake.builder().static_token(TOKEN).retry(RetryPolicy::none()).build().unwrap();
    client.users().list("contoso.onmicrosoft.com").await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_refused_caller_learns_which_permission_is_missing() {
    let text = "Access to this CIPP API endpoint is not allowed, the API Client does not have the required permission";
    for body in [text.to_owned(), format!("\"{text}\"")] {
        let error = error(Answer::status(403, body)).await;
        assert_eq!(
            error.to_string(),
            "ListUsers: HTTP 403: the API client lacks the permission Identity.User.Read, or its IP range does not include \
             this address"
        );
        assert_eq!((error.kind(), error.role()), (ErrorKind::Auth, Some("Identity.User.Read")));
        assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    }
    let tenant = error(Answer::status(403, "Access to this tenant is not allowed")).await;
    assert!(tenant.to_string().contains("does not include this tenant"), "{tenant}");
    let raw = Fake::of([Answer::status(403, text)]);
    let raw = raw.client().call(RawRequest::get("New")).await.unwrap_err();
    assert!(raw.is_auth() && raw.role().is_none(), "{raw}");
}

#[tokio::test(start_paused = true)]
async fn another_403_is_a_failure_of_the_work() {
    for (body, message) in [
        (r#"["Could not connect to tenant"]"#, "Could not connect to tenant"),
        (r#"{"Results":"Failed to list"}"#, "Failed to list"),
        (
            "Your CIPP subscription has ended. Access to this instance is no longer available.",
            "Your CIPP subscription has ended.",
        ),
    ] {
        let error = error(Answer::status(403, body)).await;
        assert_eq!(error.kind(), ErrorKind::Status, "{body}");
        assert!(error.to_string().starts_with(&format!("ListUsers: HTTP 403: {message}")), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_servers_words_are_found_wherever_they_are() {
    for (body, message) in [
        (r#"{"Results":"Failed it"}"#, "Failed it"),
        (r#"{"Results":["One","Two"]}"#, "One; Two"),
        (r#"{"Results":[{"resultText":"Text","state":"error","copyField":"x"}]}"#, "Te[redacted]t"),
        (r#"{"result":"Lower"}"#, "Lower"),
        (r#"{"error":{"code":"c","message":"Inner"}}"#, "Inner"),
        (r#"{"error":"Words"}"#, "Words"),
        (r#"{"message":"Said"}"#, "Said"),
        (r#"{"Message":"Said"}"#, "Said"),
        (r#"["Only"]"#, "Only"),
        (r#"[{"Status":"Failed trace"}]"#, "Failed trace"),
        (r#""Quoted""#, "Quoted"),
        ("Graph Error: bad - Endpoint: x", "Graph Error: bad - Endpoint: x"),
        ("two\r\n lines \u{1b}[31m", "two lines \\u{1b}[31m"),
        ("", "Internal Server Error, with no explanation"),
    ] {
        let error = error(Answer::status(500, body)).await;
        assert_eq!(
            (error.kind(), error.to_string()),
            (ErrorKind::Status, format!("ListUsers: HTTP 500: {message}")),
            "{body}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_action_and_a_feature_that_is_off_are_told() {
    let missing = error(Answer::status(404, "Endpoint not found")).await;
    assert!(missing.is_status() && missing.to_string().contains("/api/ListUsers is not on this server"), "{missing}");
    let off = error(Answer::status(503, "This feature has been disabled: Best practice analyser")).await;
    assert!(off.is_unavailable() && off.to_string().contains("Best practice analyser"), "{off}");
    let other = error(Answer::status(404, r#"{"Results":"No such user"}"#)).await;
    assert_eq!(other.to_string(), "ListUsers: HTTP 404: No such user");
}

#[tokio::test(start_paused = true)]
async fn pages_and_redirects_are_not_answers() {
    let page = "<!DOCTYPE html><html><head><title>Sign in to your account</title><style>p{}</style></head><body>Hi</body></html>";
    for answer in [
        Answer::ok(page).header("content-type", "text/html"),
        Answer::ok(page).header("content-type", "application/json"),
        Answer::ok(format!("\u{feff}\n {page}")),
        Answer::status(403, page).header("content-type", "text/html"),
        Answer::status(404, page).header("content-type", "text/html"),
        Answer::status(405, page).header("content-type", "text/html"),
    ] {
        let error = error(answer).await;
        assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
        assert!(error.to_string().contains("this is the portal or a sign-in page, not the API URL"), "{error}");
        assert!(error.to_string().contains("it reads: Sign in to your account Hi"), "{error}");
    }
    // What is said counts, not what it is called.
    let json = Answer::ok("\u{feff} [{\"displayName\":\"A\"}]").header("content-type", "text/html");
    assert_eq!(Fake::of([json]).client().users().list("contoso.com").await.unwrap().len(), 1);
    for status in [301, 302, 303, 307, 308] {
        let target = "https://login.microsoftonline.com/x?state=canary";
        let error = error(Answer::status(status, "").header("location", target)).await;
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert!(error.to_string().contains("redirects to login.microsoftonline.com, which is not followed"), "{error}");
        assert!(!error.to_string().contains("canary"));
    }
    // A gateway's own page is no portal.
    let gateway =
        error(Answer::status(502, "<html><h1>Bad Gateway</h1></html>").header("content-type", "text/html")).await;
    assert_eq!(gateway.to_string(), "ListUsers: HTTP 502: Bad Gateway");
    let stopped = error(
        Answer::status(403, "<html>Error 403 - This web app is stopped.</html>").header("content-type", "text/html"),
    )
    .await;
    assert_eq!((stopped.kind(), stopped.to_string().contains("is stopped")), (ErrorKind::Status, true));
}

#[tokio::test(start_paused = true)]
async fn an_error_keeps_a_bounded_body_without_secrets() {
    let secret = "canary-secret-\"1\"";
    let mut body = "x".repeat(8 * 1024 - 8);
    body.push_str("canary-secret-\\\"1\\\" and canary-secret-%221%22 ");
    body.push_str(&"y".repeat(100_000));
    let fake = Fake::of([
        Answer::status(500, body),
        Answer::status(
            500,
            format!(
                r#"{{"Results":"you sent {TOKEN} and canary-secret-\"1\"","x":{{"copyField" : "Pa\"ss" }},"y":"Pa\"ss"}}"#
            ),
        ),
    ]);
    let client = fake.client();
    let request = RawRequest::post("AddThing").field("password", secret).secret(secret);
    let error = client.call(&request).await.unwrap_err();
    let kept = error.body().unwrap();
    assert!(kept.len() <= 8 * 1024 && !kept.contains("canary"), "{}", &kept[kept.len() - 40..]);
    let error = client.call(&request).await.unwrap_err();
    assert_eq!(error.to_string(), "AddThing: HTTP 500: you sent [redacted] and [redacted]");
    let shown = format!("{error:?} {}", error.body().unwrap());
    for canary in [TOKEN, "canary", "Pa\\\"ss"] {
        assert!(!shown.contains(canary), "{shown}");
    }
}

#[test]
fn an_error_is_one_word() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    fn is_shareable<T: Send + Sync + 'static>() {}
    is_shareable::<Error>();
    is_shareable::<cipp_client::Client>();
    let error = Error::config("x", "line one\n\u{202e}line two\u{7}");
    assert_eq!(error.to_string(), "x: line one \\u{202e}line two\\u{7}");
}
