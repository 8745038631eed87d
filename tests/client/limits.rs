//! What the calls of a client share: the pause that the server asks for, the number at once, the budget of repeats.

use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::transport::Phase;
use cipp_client::{Client, Error, ErrorKind, RawRequest, RetryPolicy};
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, sleep};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn throttled(after: &str) -> Answer {
    Answer::status(429, "").header("retry-after", after)
}

fn client(fake: &Arc<Fake>, concurrency: usize) -> Client {
    fake.builder().static_token(TOKEN).concurrency(concurrency).build().unwrap()
}

/// Makes so many calls at once.
async fn storm(client: &Client, calls: usize) -> Vec<Result<Value, Error>> {
    let tasks: Vec<_> = (0..calls).map(|_| tokio::spawn(client.call(RawRequest::get("X")).into_future())).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

/// Answers with these first, and then well after a second.
fn first(answers: Vec<Answer>) -> Arc<Fake> {
    let mut answers = answers.into_iter();
    Fake::with(move |_| answers.next().unwrap_or_else(|| Answer::ok("1").after(seconds(1))))
}

#[tokio::test(start_paused = true)]
async fn retry_after_holds_the_whole_client_back() {
    for (request, sent) in [(RawRequest::get("A"), 7), (RawRequest::post("ExecA"), 6)] {
        let fake = first(vec![throttled("7")]);
        let client = client(&fake, 8);
        let started = Instant::now();
        let one = tokio::spawn(client.call(request).into_future());
        sleep(seconds(1)).await;
        assert!(storm(&client, 5).await.iter().all(Result::is_ok));
        // A write is not repeated, but what it was told holds for all.
        assert_eq!(one.await.unwrap().is_ok(), sent == 7);
        let times = fake.times();
        assert_eq!(times.len(), sent);
        assert!(times[1..].iter().all(|time| *time - started >= seconds(7)), "{times:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_storm_is_not_fed() {
    for after in ["7", "", "abc", "0", "86400"] {
        let fake = Fake::with(move |_| if after.is_empty() { Answer::status(429, "") } else { throttled(after) });
        let client = client(&fake, 4);
        let started = Instant::now();
        let results = storm(&client, 50).await;
        for result in results {
            assert_eq!(result.unwrap_err().kind(), ErrorKind::RateLimited);
        }
        assert!(fake.count() <= 60, "{after}: {} requests", fake.count());
        assert!(started.elapsed() < seconds(120), "{after}: {:?}", started.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_429_fewer_calls_are_under_way_and_then_more_again() {
    let fake = first((0..8).map(|_| throttled("5").after(seconds(1))).collect());
    let client = client(&fake, 8);
    let results = storm(&client, 50).await;
    assert!(results.iter().all(Result::is_ok), "{:?}", results.iter().find(|result| result.is_err()));
    assert!(fake.count() <= 60, "{}", fake.count());
    let times = fake.times();
    let at_once = |index: usize| times.iter().filter(|time| **time == times[index]).count();
    // Eight at first; eight answers of one round are one reason to halve them.
    assert_eq!((at_once(0), at_once(8)), (8, 4));
    assert_eq!(at_once(times.len() - 8), 8, "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn many_failures_of_other_kinds_empty_the_budget_too() {
    let fake = Fake::with(|_| Answer::fail(Phase::Receive));
    let client = client(&fake, 4);
    assert_eq!(storm(&client, 100).await.len(), 100);
    assert!(fake.count() <= 120, "{}", fake.count());
    // A policy can do without the budget, and a while without faults fills it.
    let before = fake.count();
    let free = RetryPolicy::default().budget(false);
    assert_eq!(client.call(RawRequest::get("X")).retry(free).await.unwrap_err().attempts(), 3);
    assert_eq!(client.call(RawRequest::get("X")).await.unwrap_err().attempts(), 1);
    sleep(seconds(301)).await;
    assert_eq!(client.call(RawRequest::get("X")).await.unwrap_err().attempts(), 3);
    assert_eq!(fake.count() - before, 7);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_limit_is_told_and_not_slept() {
    let fake = first(vec![throttled("86400")]);
    let client = client(&fake, 4);
    let started = Instant::now();
    let error = client.call(RawRequest::get("X")).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(seconds(86_400)));
    let at = error.retry_at().unwrap().duration_since(SystemTime::now()).unwrap();
    assert!((86_390..=86_400).contains(&at.as_secs()), "{at:?}");
    // The others learn it without asking, writes too; nothing was sent of them.
    sleep(seconds(10)).await;
    let error = client.call(RawRequest::post("ExecX")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 0));
    assert_eq!(error.retry_after(), Some(seconds(86_390)));
    assert!(error.to_string().contains("was not sent; try again after 86390 s"), "{error}");
    assert_eq!((fake.count(), started.elapsed()), (1, seconds(10)));
    // A day is long for what may be a mistake: after a minute one may ask again.
    sleep(seconds(55)).await;
    assert_eq!(client.call(RawRequest::get("X")).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_gives_its_turn_back_while_it_waits_and_goes_first_then() {
    let mut seen = 0;
    let fake = Fake::with(move |_| {
        seen += 1;
        if seen == 1 { Answer::status(503, "") } else { Answer::ok("1").after(seconds(60)) }
    });
    let client = client(&fake, 1);
    let calls: Vec<_> = ["A", "B", "C"]
        .map(|name| tokio::spawn(client.call(RawRequest::get(name)).into_future()))
        .into_iter()
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let names: Vec<_> = (0..4).map(|index| fake.request(index).url.path().to_owned()).collect();
    assert_eq!(names, ["/api/A", "/api/B", "/api/A", "/api/C"]);
}

#[tokio::test(start_paused = true)]
async fn a_closed_connection_is_replaced_once_for_every_request() {
    for request in [RawRequest::get("X"), RawRequest::post("ExecX")] {
        for policy in [RetryPolicy::none(), RetryPolicy::default()] {
            let fake = Fake::of([Answer::fail(Phase::Stale), Answer::ok("7")]);
            let started = Instant::now();
            assert_eq!(fake.client().call(request.clone()).retry(policy.clone()).await.unwrap(), 7);
            assert_eq!(started.elapsed(), Duration::ZERO);
            let fake = Fake::of([Answer::fail(Phase::Stale), Answer::fail(Phase::Stale)]);
            let error = fake.client().call(request.clone()).retry(policy).await.unwrap_err();
            assert_eq!((error.kind(), fake.count()), (ErrorKind::Connect, 2));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_gave_up_is_asked_once_more() {
    for status in [502, 504] {
        let bad = || Answer::status(status, "");
        let fake = Fake::of([bad(), Answer::ok("7")]);
        assert_eq!(fake.client().call(RawRequest::get("X")).await.unwrap(), 7);
        let fake = Fake::of([bad(), bad()]);
        let error = fake.client().call(RawRequest::get("X")).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 2));
        let fake = Fake::of([bad()]);
        assert_eq!(fake.client().call(RawRequest::post("ExecX")).await.unwrap_err().kind(), ErrorKind::InDoubt);
    }
}

#[tokio::test(start_paused = true)]
async fn the_caller_knows_better_than_the_kind() {
    for first in [|| Answer::fail(Phase::Receive), || Answer::status(504, ""), || Answer::ok("[").cut()] {
        let fake = Fake::of([first(), Answer::ok("7")]);
        assert_eq!(fake.client().call(RawRequest::post("ExecX")).idempotent(true).await.unwrap(), 7);
        let fake = Fake::of([first()]);
        assert!(fake.client().call(RawRequest::get("X")).idempotent(false).await.is_err());
        // What is left of it in the end is still a write of which nobody knows.
        let fake = Fake::with(move |_| first());
        let error = fake.client().call(RawRequest::post("ExecX")).idempotent(true).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts() > 1), (ErrorKind::InDoubt, true));
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_gives_up_leaves_no_turn_behind() {
    let fake = Fake::with(|_| Answer::ok("1").after(seconds(10)));
    let client = client(&fake, 2);
    for _ in 0..3 {
        let calls: Vec<_> = (0..20).map(|_| tokio::spawn(client.call(RawRequest::get("X")).into_future())).collect();
        sleep(seconds(1)).await;
        calls.iter().for_each(tokio::task::JoinHandle::abort);
        sleep(seconds(1)).await;
    }
    assert_eq!(fake.count(), 6);
    assert_eq!(storm(&client, 4).await.len(), 4);
    assert_eq!(fake.most(), 2);
}

#[tokio::test]
async fn a_server_that_throttles_is_served_in_the_end() {
    let server = cipp_mock::MockServer::start().await.unwrap();
    server.fault(cipp_mock::Fault::status(429).retry_after("1").times(2).on("ListUsers"));
    let client = server.client().unwrap();
    let started = std::time::Instant::now();
    let tenants = [cipp_mock::CONTOSO, cipp_mock::FABRIKAM, cipp_mock::TAILSPIN];
    let report = client.for_each_tenant(tenants, cipp_client::users::ListUsers::new).collect().await;
    assert!(report.is_ok(), "{report:?}");
    assert!(started.elapsed() >= seconds(1));
    assert_eq!(server.requests_to("ListUsers").len(), 5);
    // A write that was cut off is not done twice.
    server.clear_requests();
    server.fault(cipp_mock::Fault::reset().after_effect().times(1));
    let error = client.call(RawRequest::post("ExecThing")).await.unwrap_err();
    assert_eq!((error.kind(), server.requests_to("ExecThing").len()), (ErrorKind::InDoubt, 1));
}
