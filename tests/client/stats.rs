//! What is counted.

use crate::fake::{Answer, Fake};
use cipp_client::auth::{AccessToken, TokenProvider};
use cipp_client::transport::{BoxFuture, Phase};
use cipp_client::{Error, ErrorKind, RawRequest};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Gives another token each time.
#[derive(Debug, Default)]
struct Tokens(AtomicU64);

impl TokenProvider for Tokens {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Ok(AccessToken::new(format!("token {number}"), None)) })
    }
}

#[tokio::test(start_paused = true)]
async fn every_call_is_accounted_for() {
    let fake = Fake::of([
        Answer::ok(r#"[{"accountEnabled":"maybe","id":[]}]"#),
        Answer::status(503, "busy"),
        Answer::ok("[1]"),
        Answer::status(401, ""),
        Answer::ok("{"),
        Answer::fail(Phase::Send),
        Answer::status(400, "[\"no\"]"),
    ]);
    let client = fake.builder().token_provider(Arc::new(Tokens::default())).build().unwrap();
    assert_eq!(client.stats(), cipp_client::Stats::default());

    client.users().list("contoso.com").await.unwrap();
    assert_eq!((client.stats().calls, client.stats().bytes_received, client.stats().decode_warnings), (1, 36, 2));
    client.call(RawRequest::get("Busy")).await.unwrap();
    client.call(RawRequest::get("NoJson")).await.unwrap_err();
    client.call(RawRequest::post("Broken")).await.unwrap_err();
    client.clone().call(RawRequest::get("Bad")).await.unwrap_err();
    client.users().list("AllTenants").await.unwrap_err();

    let stats = client.stats();
    assert_eq!((stats.calls, stats.attempts, stats.retries, stats.token_requests), (6, 7, 2, 2), "{stats:?}");
    assert_eq!(stats.bytes_received, 36 + 4 + 3 + 1 + 6);
    let kinds = [ErrorKind::Config, ErrorKind::Decode, ErrorKind::InDoubt, ErrorKind::Status];
    assert_eq!(kinds.map(|kind| stats.failed_with(kind)), [1, 1, 1, 1], "{stats:?}");
    assert_eq!((stats.failed(), stats.in_flight, stats.abandoned), (4, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn calls_under_way_and_dropped_calls_are_counted() {
    let fake = Fake::with(|_| Answer::ok("1").after(Duration::from_secs(60)));
    let client = fake.client();
    // Never polled: never begun.
    drop(client.call(RawRequest::get("X")).send());
    let calls: Vec<_> = (0..6).map(|_| tokio::spawn(client.call(RawRequest::get("X")).send())).collect();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!((client.stats().calls, client.stats().in_flight), (6, 6));
    for (number, call) in calls.into_iter().enumerate() {
        if number < 2 {
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
        } else {
            call.await.unwrap().unwrap();
        }
    }
    let stats = client.stats();
    assert_eq!((stats.calls, stats.in_flight, stats.abandoned, stats.failed()), (6, 0, 2, 0));
}
