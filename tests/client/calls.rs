use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::{ErrorKind, RawRequest, Request, State};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_get_carries_a_query_and_no_body() {
    let fake = Fake::of([Answer::ok(r#"{"Results":[]}"#)]);
    let request =
        RawRequest::get("ListGraphRequest").query("$filter", "name eq 'O''Neil & Söhne+1'").query("empty", "");
    fake.client().call(&request).await.unwrap();
    let sent = fake.request(0);
    assert_eq!(sent.method, "GET");
    assert_eq!(sent.body, None);
    let query = "%24filter=name+eq+%27O%27%27Neil+%26+S%C3%B6hne%2B1%27&empty=";
    assert_eq!(sent.url.as_str(), format!("https://cipp.example.com/api/ListGraphRequest?{query}"));
    let error = fake.client().call(RawRequest::get("ListX").field("a", 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test(start_paused = true)]
async fn a_post_always_carries_json() {
    let fake = Fake::with(|_| Answer::ok("{}"));
    let client = fake.client();
    client.call(RawRequest::post("ExecThing")).await.unwrap();
    client.call(RawRequest::post("ExecThing").field("a", "ü").query("q", "1")).await.unwrap();
    assert_eq!(fake.request(0).body.as_deref(), Some(&b"{}"[..]));
    assert_eq!(fake.request(1).body.as_deref(), Some(r#"{"a":"ü"}"#.as_bytes()));
    assert_eq!(fake.request(1).headers["content-type"], "application/json");
    assert_eq!(fake.request(1).url.query(), Some("q=1"));
}

#[tokio::test(start_paused = true)]
async fn a_path_stays_a_path() {
    let fake = Fake::of([Answer::ok("1")]);
    let client = fake.client();
    for path in ["ListUsers?x=1", "../.auth/me", "a/../../b", "%2e%2e/x", "a\\b", "", "a b", "a#b", "ünï", "/"] {
        let error = client.call(RawRequest::get(path)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{path}");
    }
    client.call(RawRequest::get("$batch")).await.unwrap();
    assert_eq!(fake.request(0).url.path(), "/api/$batch");
}

#[tokio::test(start_paused = true)]
async fn a_typed_call_gives_a_typed_answer() {
    let fake = Fake::of([
        Answer::ok(r#"[{"userPrincipalName":"jane@contoso.com","somethingNew":1}]"#)
            .header("content-type", "text/plain"),
        Answer::ok(r#"{"Results":[{"resultText":"Done","state":"success"}]}"#),
    ]);
    let client = fake.client();
    let users = client.users().list("contoso.onmicrosoft.com").await.unwrap();
    assert_eq!(users[0].user_principal_name.as_deref(), Some("jane@contoso.com"));
    assert_eq!(users[0].extra["somethingNew"], 1);
    let response = client
        .users()
        .offboard("contoso.onmicrosoft.com", ["jane@contoso.com"])
        .with(|request| request.convert_to_shared(true))
        .with_meta()
        .await
        .unwrap();
    assert_eq!(response.value.items[0].state, State::Success);
    assert_eq!((response.meta.status.as_u16(), response.meta.attempts), (200, 1));
    assert!(response.meta.warnings.is_empty());
    let body: Value = serde_json::from_slice(fake.request(1).body.as_deref().unwrap()).unwrap();
    assert_eq!(body["ConvertToShared"], json!(true));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_sent_says_why() {
    let fake = Fake::of([]);
    let client = fake.client();
    let call = client.users().list("AllTenants");
    assert!(call.dry_run().to_string().starts_with("cannot be sent: ListUsers: "), "{}", call.dry_run());
    assert_eq!(call.dry_run().error().unwrap().kind(), ErrorKind::Config);
    assert_eq!(call.await.unwrap_err().kind(), ErrorKind::Config);
    assert_eq!(fake.count(), 0);
}

#[test]
fn a_dry_run_is_the_request_without_its_secrets() {
    let fake = Fake::of([]);
    let secret = "p\"ä ß&1";
    let request =
        RawRequest::post("AddThing").query("q", secret).query("t", "contoso").field("password", secret).secret(secret);
    let run = fake.client().call(&request).header("x-trace", "7").dry_run();
    assert_eq!(
        run.to_string(),
        concat!(
            "POST /api/AddThing?q=[redacted]&t=contoso HTTP/1.1\n",
            "host: cipp.example.com\n",
            "accept: application/json\n",
            "authorization: Bearer [redacted]\n",
            "content-type: application/json\n",
            "user-agent: cipp-client/0.1.0\n",
            "x-trace: 7\n",
            "\n",
            r#"{"password":"[redacted]"}"#,
        )
    );
    assert_eq!((run.method(), run.body()), ("POST", Some(r#"{"password":"[redacted]"}"#)));
    assert_eq!(run.url(), "https://cipp.example.com/api/AddThing?q=[redacted]&t=contoso");
    assert!(request.parts().is_ok() && fake.count() == 0);
}

#[tokio::test(start_paused = true)]
async fn raw_gives_the_answer_whatever_its_status() {
    let fake = Fake::of([
        Answer::status(418, "[\"tea\"]").header("x-y", "z"),
        Answer::fail(cipp_client::transport::Phase::Connect),
    ]);
    let client = fake.builder().static_token(TOKEN).retry(cipp_client::RetryPolicy::none()).build().unwrap();
    let reply = client.call(RawRequest::get("X")).raw().await.unwrap();
    assert_eq!(
        (reply.status.as_u16(), &*reply.text(), &reply.headers["x-y"]),
        (418, "[\"tea\"]", &"z".parse().unwrap())
    );
    assert!(client.call(RawRequest::get("X")).raw().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn strict_is_per_client_and_per_call() {
    let fake = Fake::with(|_| Answer::ok(r#"[{"accountEnabled":"maybe"}]"#));
    let lenient = fake.client();
    assert_eq!(lenient.users().list("c").with_meta().await.unwrap().meta.warnings.count(), 1);
    let error = lenient.users().list("c").strict(true).await.unwrap_err();
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("$[0].accountEnabled")));
    let strict = fake.builder().static_token(TOKEN).strict(true).build().unwrap();
    assert!(strict.users().list("c").await.is_err());
    assert!(strict.users().list("c").strict(false).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_at_once_than_allowed_and_waiting_costs_no_time() {
    let fake = Fake::with(|_| Answer::ok("1").after(Duration::from_secs(60)));
    let client = fake.builder().static_token(TOKEN).concurrency(3).timeout(Duration::from_secs(90)).build().unwrap();
    let calls: Vec<_> = (0..12).map(|_| tokio::spawn(client.call(RawRequest::get("X")).into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((fake.most(), fake.count()), (3, 12));
}

#[tokio::test(start_paused = true)]
async fn a_body_is_read_up_to_the_limit() {
    let fake = Fake::with(|request| match request.url.path() {
        "/api/Endless" => (0..1000).fold(Answer::ok(""), |answer, _| answer.chunk(vec![b' '; 1000])),
        "/api/Announced" => Answer::ok("x").header("content-length", "99999999"),
        "/api/Nested" => Answer::ok("x").header("content-encoding", "gzip"),
        _ => Answer::ok("[1,").chunk("2,").chunk("3]"),
    });
    let client = fake.builder().static_token(TOKEN).max_body(100_000).build().unwrap();
    assert_eq!(client.call(RawRequest::get("Parts")).await.unwrap(), json!([1, 2, 3]));
    for path in ["Endless", "Announced", "Nested"] {
        let error = client.call(RawRequest::get(path)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Body, 1), "{path}: {error}");
    }
}
