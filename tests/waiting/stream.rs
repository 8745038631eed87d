//! Rows that are read while they are downloaded.

use crate::fake::{Answer, Fake};
use cipp_client::transport::Phase;
use cipp_client::{Error, ErrorKind, RawRequest, Tenant};
use serde_json::{Value, json};
use std::time::Duration;

fn list() -> RawRequest {
    RawRequest::get("ListThings")
}

/// The body in chunks of this size.
fn chunks(body: &str, size: usize) -> Answer {
    body.as_bytes().chunks(size).fold(Answer::ok(""), |answer, chunk| answer.chunk(chunk))
}

async fn all(answer: Answer) -> (Vec<Value>, Option<Error>) {
    let fake = Fake::of([answer]);
    let mut stream = fake.client().call(list()).stream();
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                assert!(stream.next().await.is_none(), "a stream ends after an error");
                return (rows, Some(error));
            }
        }
    }
    (rows, None)
}

#[tokio::test(start_paused = true)]
async fn rows_are_the_same_however_the_bytes_are_cut() {
    let tricky =
        json!([{ "a": "]}[{,\\\" \u{1f600}é" }, { "b": [[1, 2], { "c": "x]" }] }, "text", 7, [1, [2]], { "d": {} }]);
    let rows = tricky.as_array().unwrap().clone();
    for body in [
        tricky.to_string(),
        format!("\u{feff} {tricky:#} \n"),
        json!({ "Results": tricky, "Metadata": { "nextLink": "n" } }).to_string(),
        json!({ "Metadata": { "Results": [1, 2], "x": "Results" }, "results": tricky }).to_string(),
    ] {
        for size in [1, 2, 3, 7, 64, 100_000] {
            let (got, error) = all(chunks(&body, size)).await;
            assert!(error.is_none(), "{error:?} {body}");
            assert_eq!(got, rows, "{size} {body}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn few_rows_none_and_lone_ones_read_as_in_a_listing() {
    for (body, wanted) in [
        ("[]", json!([])),
        ("", json!([])),
        ("null", json!([])),
        ("[null]", json!([])),
        (r#"{"Results":[]}"#, json!([])),
        (r#"[{"id":1}]"#, json!([{ "id": 1 }])),
        (r#"{"Results":[{"id":1}],"Metadata":{}}"#, json!([{ "id": 1 }])),
        (r#"{"Results":{"id":1}}"#, json!([{ "id": 1 }])),
        (r#"{"id":1}"#, json!([{ "id": 1 }])),
        (r#"[{"id":1},null,{"id":2}]"#, json!([{ "id": 1 }, { "id": 2 }])),
        (
            r#"[{"id":123456789012345678901},{"id":1e999,"b":"3e456"}]"#,
            json!([{ "id": "123456789012345678901" }, { "id": "1e999", "b": "3e456" }]),
        ),
        (r#"{"Resul\u0074s":[{"id":1},{"id":2}]}"#, json!([{ "id": 1 }, { "id": 2 }])),
    ] {
        let (rows, error) = all(chunks(body, 4)).await;
        assert!(error.is_none(), "{body} {error:?}");
        assert_eq!(Value::Array(rows), wanted, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_damaged_is_an_error_and_the_rows_before_it_were_given_out() {
    for (body, rows, kind) in [
        (r#"[{"id":1},{"id":2},{"id":"#, 2, ErrorKind::Body),
        (r#"[{"id":1},{"id":2},"#, 2, ErrorKind::Body),
        (r#"{"Results":[{"id":1},{"id":2}]"#, 2, ErrorKind::Decode),
        (r#"[{"id":1},{"id":2},]"#, 2, ErrorKind::Decode),
        (r#"[{"id":1},{"id":2}] more"#, 2, ErrorKind::Decode),
        (r#"[{"id":1} {"id":2},{"id":3}]"#, 0, ErrorKind::Decode),
        (r#"[{"id":1},{"id":2},{"id":NaN}]"#, 2, ErrorKind::Decode),
        (r#"[{"id":1},{"id":2},{"id":3}}]"#, 2, ErrorKind::Decode),
    ] {
        let (got, error) = all(chunks(body, 5)).await;
        assert_eq!((got.len(), error.as_ref().map(Error::kind)), (rows, Some(kind)), "{body} {error:?}");
    }
    let (_, error) = all(chunks(r#"{"Results":[{"id":1},{"id":2},{"id":{"a":NaN}}]}"#, 9)).await;
    assert_eq!(error.unwrap().json_path(), Some("$.Results[2]"));
    let deep = format!("[1,2,{}1{}]", "[".repeat(100_000), "]".repeat(100_000));
    let (got, error) = all(chunks(&deep, 4096)).await;
    assert_eq!((got.len(), error.unwrap().kind()), (2, ErrorKind::Decode));
    // A connection that breaks.
    let cut = chunks(r#"[{"id":1},{"id":2},{"id":3},{"#, 10).header("content-length", "4000").cut();
    let (got, error) = all(cut).await;
    let error = error.unwrap();
    assert_eq!((got.len(), error.kind()), (3, ErrorKind::Body));
    assert!(error.to_string().contains("of 4000 bytes"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn faults_before_the_first_byte_are_repeated_and_statuses_judged() {
    let fake = Fake::of([Answer::fail(Phase::Connect), Answer::status(503, ""), chunks("[1,2]", 2)]);
    let mut stream = fake.client().call(list()).stream();
    assert_eq!((stream.next().await.unwrap().unwrap(), fake.count()), (json!(1), 3));
    let (rows, error) = all(Answer::status(403, "Access to this CIPP API endpoint is not allowed")).await;
    assert_eq!((rows.len(), error.unwrap().kind()), (0, ErrorKind::Auth));
    let (_, error) = all(chunks("<!DOCTYPE html><html>sign in</html>", 20)).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Auth);
    let fake = Fake::of([Answer::ok(r#"{"Results":"Failed to list users"}"#)]);
    let error = fake.client().users().list_mfa(Tenant::All).stream().next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Action);
}

#[tokio::test(start_paused = true)]
async fn a_placeholder_is_an_error_not_a_row() {
    let loading = r#"[{"UPN":"Loading data for all tenants. Please check back in 10 minutes"}]"#;
    let queued = r#"{"Results":[],"Metadata":{"QueueMessage":"Loading","QueueId":"q"}}"#;
    for body in [loading, queued] {
        let fake = Fake::of([Answer::ok(body)]);
        let mut users = fake.client().users().list_mfa(Tenant::All).stream();
        let error = users.next().await.unwrap().unwrap_err();
        assert!(error.is_not_ready() && error.queued().is_some() && users.next().await.is_none(), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn leniency_is_counted_with_the_number_of_the_row() {
    let body =
        r#"{"Results":[{"UPN":"a"},{"UPN":"b","PerUser":["odd"]},null,"text",{"UPN":"c\ud800"}],"Metadata":{"x":1}}"#;
    let fake = Fake::of([chunks(body, 11), chunks(body, 11)]);
    let mut users = fake.client().users().list_mfa(Tenant::All).stream();
    let mut names = Vec::new();
    while let Some(user) = users.next().await {
        names.push(user.unwrap().upn.unwrap());
    }
    assert_eq!(names, ["a", "b", "c\u{fffd}"]);
    let paths: Vec<&str> = users.warnings().iter().map(|warning| warning.path.as_str()).collect();
    assert!(
        paths.contains(&"$.Results[2]") && paths.contains(&"$.Results[3]") && paths.contains(&"$.Results[4]"),
        "{paths:?}"
    );
    assert_eq!(users.metadata()["x"], 1);
    let mut strict = fake.client().users().list_mfa(Tenant::All).strict(true).stream();
    let mut last = None;
    while let Some(row) = strict.next().await {
        last = Some(row);
    }
    assert_eq!(last.unwrap().unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test(start_paused = true)]
async fn memory_is_that_of_a_row_not_of_the_list() {
    const ROWS: usize = 20_000;
    let row = json!({ "id": "x".repeat(400) }).to_string();
    let body = format!("[{}]", vec![row.as_str(); ROWS].join(","));
    let fake = Fake::of([chunks(&body, 4096)]);
    // The limit holds for a row, so the list may be larger than it.
    let client = fake.builder().static_token("t").max_body(10_000).build().unwrap();
    let mut stream = client.call(list()).stream();
    let mut count = 0;
    while let Some(row) = stream.next().await {
        row.unwrap();
        count += 1;
    }
    assert_eq!(count, ROWS);
    let bound = 4096 + 2 * row.len() + 100;
    assert!(stream.largest_held() <= bound, "{} > {bound}", stream.largest_held());
    // A row without an end is cut off.
    let fake = Fake::of([chunks(&format!("[\"{}", "x".repeat(100_000)), 4096)]);
    let client = fake.builder().static_token("t").max_body(10_000).build().unwrap();
    assert_eq!(client.call(list()).stream().next().await.unwrap().unwrap_err().kind(), ErrorKind::Body);
}

#[tokio::test(start_paused = true)]
async fn time_counts_while_the_server_is_waited_for() {
    let slow = |pause: u64| {
        (0..100).fold(Answer::ok("[1,2"), |answer, _| answer.pause(Duration::from_secs(pause)).chunk(",3"))
    };
    let fake = Fake::of([slow(10), slow(1).chunk("]")]);
    let started = tokio::time::Instant::now();
    let mut stream = fake.client().call(list()).stream();
    let mut last = None;
    while let Some(row) = stream.next().await {
        last = Some(row);
    }
    assert_eq!(last.unwrap().unwrap_err().kind(), ErrorKind::Timeout);
    assert!(started.elapsed() <= Duration::from_secs(301));
    // A slow receiver does not use it up.
    let mut stream = fake.client().call(list()).stream();
    let mut count = 0;
    while let Some(row) = stream.next().await {
        row.unwrap();
        count += 1;
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    assert_eq!(count, 102);
}

#[tokio::test]
async fn the_fake_servers_rows_are_those_of_a_listing() {
    let server = cipp_mock::MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    let users = client.users().list(cipp_mock::CONTOSO).await.unwrap();
    let mut stream = client.users().list(cipp_mock::CONTOSO).stream();
    let mut count = 0;
    while let Some(user) = stream.next().await {
        assert_eq!(user.unwrap(), users[count]);
        count += 1;
    }
    assert_eq!(count, users.len());
}
