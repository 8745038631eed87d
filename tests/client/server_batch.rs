//! Reads that go out together, by the server's own batch.

use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::{Client, ErrorKind, RawRequest};
use cipp_mock::{Fault, MockServer};
use serde_json::{Value, json};
use std::sync::Arc;

fn client(fake: &Arc<Fake>) -> Client {
    fake.builder().static_token(TOKEN).build().unwrap()
}

fn read(number: u64) -> RawRequest {
    RawRequest::get("ListThing").query("n", number).query("s", 1).query("s", 2)
}

/// Answers a batch, last request first; number 3 fails, number 4 is busy, number 5 is left out.
fn answer(request: &cipp_client::transport::WireRequest) -> Answer {
    let body: Value = serde_json::from_slice(request.body.as_deref().unwrap_or(b"{}")).unwrap();
    let Some(requests) = body["requests"].as_array().filter(|_| request.url.path() == "/api/$batch") else {
        return Answer::ok(r#""alone""#);
    };
    assert!(requests.len() <= 20);
    let responses: Vec<Value> = requests
        .iter()
        .rev()
        .filter(|one| one["query"]["n"] != "5")
        .map(|one| {
            assert_eq!((&one["method"], &one["url"]), (&json!("GET"), &json!("ListThing")));
            assert_eq!(one["query"]["s"], "1,2");
            let (status, body) = match one["query"]["n"].as_str().unwrap() {
                "3" => (500, json!("three")),
                "4" => (503, json!("busy")),
                number => (200, json!([number])),
            };
            json!({ "id": one["id"], "status": status, "body": body })
        })
        .collect();
    Answer::ok(json!({ "responses": responses }).to_string())
}

#[tokio::test(start_paused = true)]
async fn reads_go_out_twenty_at_a_time() {
    let fake = Fake::with(answer);
    let results = client(&fake).batch((0..45).map(read)).server_batch(true).collect().await;
    for (number, result) in results.into_iter().enumerate() {
        match number {
            3 => {
                let error = result.unwrap_err();
                assert_eq!((error.kind(), error.operation()), (ErrorKind::Status, "ListThing"));
                assert!(error.to_string().contains("three"), "{error}");
            }
            4 | 5 => assert_eq!(result.unwrap(), "alone"),
            _ => assert_eq!(result.unwrap(), json!([number.to_string()])),
        }
    }
    assert_eq!(fake.count(), 5);
    // Portions keep their size.
    let results = client(&fake).batch((6..20).map(read)).server_batch(true).size(7).collect().await;
    assert_eq!((results.len(), fake.count()), (14, 7));
}

#[tokio::test(start_paused = true)]
async fn writes_go_out_alone() {
    let fake = Fake::with(answer);
    let requests = [read(0), read(1), RawRequest::post("ExecThing"), read(2), read(6)];
    let results = client(&fake).batch(requests).server_batch(true).concurrency(1).collect().await;
    assert!(results.iter().all(Result::is_ok));
    let paths: Vec<_> = (0..3).map(|index| fake.request(index).url.path().to_owned()).collect();
    assert_eq!(
        (paths, fake.count()),
        (["$batch", "ExecThing", "$batch"].map(|name| format!("/api/{name}")).to_vec(), 3)
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_without_it_is_asked_once() {
    let fake = Fake::with(|request| match request.url.path() {
        "/api/$batch" => Answer::status(404, "Endpoint not found"),
        _ => Answer::ok("1"),
    });
    let client = client(&fake);
    for _ in 0..2 {
        let results = client.batch((0..3).map(read)).server_batch(true).collect().await;
        assert!(results.into_iter().all(|result| result.unwrap() == 1));
    }
    assert_eq!(fake.count(), 7);
}

#[tokio::test]
async fn the_fake_server_has_it() {
    let server = MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    let tenants = [cipp_mock::CONTOSO, cipp_mock::FABRIKAM, cipp_mock::TAILSPIN, "nobody.example.com"];
    let ask = || client.for_each_tenant(tenants, cipp_client::users::ListUsers::new);
    let together = ask().server_batch(true).collect().await;
    assert_eq!((server.requests_to("$batch").len(), server.requests_to("ListUsers").len()), (1, 0));
    let alone = ask().collect().await;
    for (one, other) in together.results.iter().zip(&alone.results) {
        match (&one.result, &other.result) {
            (Ok(one), Ok(other)) => assert_eq!(one.items, other.items),
            (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
            _ => panic!("{one:?} {other:?}"),
        }
    }
    server.clear_requests();
    server.fault(Fault::status(404).body("text/plain", "Endpoint not found").on("$batch"));
    for _ in 0..2 {
        assert_eq!(ask().server_batch(true).collect().await.succeeded().count(), alone.succeeded().count());
    }
    assert_eq!(server.requests_to("$batch").len(), 1);
    let many = json!({ "requests": (0..21).map(|id| json!({ "id": id, "url": "ListUsers" })).collect::<Vec<_>>() });
    server.clear_faults();
    let error = client.call(RawRequest::post("$batch").body(many)).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
}
