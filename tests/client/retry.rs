use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::transport::Phase;
use cipp_client::{Error, ErrorKind, RawRequest, RetryPolicy};
use std::sync::Arc;
use std::time::Duration;

fn read() -> RawRequest {
    RawRequest::get("ListThings")
}

fn write() -> RawRequest {
    RawRequest::post("ExecThing")
}

/// Makes one call against the answers, and tells how many were asked for.
async fn run(
    request: RawRequest,
    answers: impl IntoIterator<Item = Answer>,
) -> (Result<serde_json::Value, Error>, Arc<Fake>) {
    let fake = Fake::of(answers);
    let result = fake.client().call(request).await;
    (result, fake)
}

#[tokio::test(start_paused = true)]
async fn reads_are_repeated_after_what_passes() {
    for first in [
        || Answer::fail(Phase::Connect),
        || Answer::fail(Phase::Receive),
        || Answer::fail(Phase::Send),
        || Answer::status(429, ""),
        || Answer::status(503, ""),
        || Answer::ok("[1,").cut(),
    ] {
        let (result, fake) = run(read(), [first(), first(), Answer::ok("7")]).await;
        assert_eq!((result.unwrap(), fake.count()), (7.into(), 3));
        let (result, fake) = run(read(), [first(), first(), first()]).await;
        let error = result.unwrap_err();
        assert_eq!((error.attempts(), fake.count()), (3, 3));
        assert!(error.to_string().ends_with("(tried 3 times)"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_repeated_after_what_lasts() {
    for status in [400, 403, 404, 500, 501] {
        let (result, fake) = run(read(), [Answer::status(status, "no")]).await;
        assert_eq!((result.unwrap_err().kind(), fake.count()), (ErrorKind::Status, 1), "{status}");
    }
    let (result, _) = run(read(), [Answer::status(503, "This feature has been disabled: x")]).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn a_write_is_repeated_only_when_it_was_not_sent() {
    for phase in [Phase::Connect, Phase::Tls, Phase::Proxy] {
        let (result, fake) = run(write(), [Answer::fail(phase), Answer::ok("7")]).await;
        assert_eq!((result.unwrap(), fake.count()), (7.into(), 2));
    }
    for phase in [Phase::Send, Phase::Receive, Phase::Timeout, Phase::Other] {
        let (result, fake) = run(write(), [Answer::fail(phase)]).await;
        let error = result.unwrap_err();
        assert_eq!((error.kind(), fake.count()), (ErrorKind::InDoubt, 1), "{phase:?}");
        assert!(error.to_string().contains("before you repeat it"), "{error}");
    }
    for (status, kind) in
        [(429, ErrorKind::RateLimited), (503, ErrorKind::Status), (502, ErrorKind::InDoubt), (504, ErrorKind::InDoubt)]
    {
        let (result, fake) = run(write(), [Answer::status(status, "")]).await;
        assert_eq!((result.unwrap_err().kind(), fake.count()), (kind, 1), "{status}");
    }
    let (result, _) = run(write(), [Answer::ok("{").cut()]).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::InDoubt);
}

#[tokio::test(start_paused = true)]
async fn a_scheduled_write_in_doubt_says_where_to_look() {
    let fake = Fake::of([Answer::fail(Phase::Receive)]);
    let error = fake.client().users().offboard("contoso.onmicrosoft.com", ["jane@contoso.com"]).await.unwrap_err();
    assert!(error.is_in_doubt() && error.to_string().contains("among the scheduled items"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn time_is_bounded() {
    let slow = || Answer::ok("7").after(Duration::from_secs(400));
    let (result, fake) = run(read(), [slow()]).await;
    assert_eq!((result.unwrap_err().kind(), fake.count()), (ErrorKind::Timeout, 1));
    let (result, _) = run(write(), [slow()]).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::InDoubt);
    // Silence for minutes is no fault by itself.
    let (result, _) = run(read(), [Answer::ok("7").after(Duration::from_secs(200))]).await;
    assert_eq!(result.unwrap(), 7);
    // One byte now and then does not go on for ever.
    let drip = (0..100).fold(Answer::ok("["), |answer, _| answer.pause(Duration::from_secs(10)).chunk("1,"));
    let started = tokio::time::Instant::now();
    let (result, _) = run(read(), [drip]).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(started.elapsed() <= Duration::from_secs(301));

    let fake = Fake::with(|_| Answer::ok("7").after(Duration::from_secs(60)));
    let call = fake.client().call(read()).timeout(Duration::from_secs(59));
    assert!(call.await.unwrap_err().to_string().contains("within 59 s"));
}

#[tokio::test(start_paused = true)]
async fn the_servers_wait_is_obeyed_up_to_a_limit() {
    let wait = |value: &str, date: Option<&str>| {
        let answer = Answer::status(429, "").header("retry-after", value);
        match date {
            Some(date) => answer.header("date", date),
            None => answer,
        }
    };
    let date = Some("Wed, 21 Oct 2026 07:28:00 GMT");
    for (answer, least, most) in [
        (wait("7", None), 7000, 9000),
        (wait("Wed, 21 Oct 2026 07:28:30 GMT", date), 30_000, 32_000),
        (wait("Wed, 21 Oct 2026 07:27:00 GMT", date), 0, 500),
        (wait("-5", None), 0, 500),
        (wait("abc", None), 0, 500),
        (Answer::status(503, "").header("retry-after", "3"), 3000, 5000),
    ] {
        let (result, fake) = run(read(), [answer, Answer::ok("7")]).await;
        assert_eq!(result.unwrap(), 7);
        let times = fake.times();
        let waited = (times[1] - times[0]).as_millis();
        assert!((least..=most).contains(&waited), "{waited} not in {least}..{most}");
    }
    let (result, fake) = run(read(), [wait("86400", None)]).await;
    let error = result.unwrap_err();
    assert_eq!(
        (error.kind(), error.retry_after(), fake.count()),
        (ErrorKind::RateLimited, Some(Duration::from_secs(86_400)), 1)
    );
    // Not even a policy without limits overflows.
    let policy = RetryPolicy::default().attempts(u32::MAX).first_pause(Duration::MAX).longest_wait(Duration::MAX);
    for answer in [wait("18446744073709551615", None), Answer::status(502, "")] {
        let fake = Fake::of([answer, Answer::ok("7")]);
        let call = fake.client().call(read()).retry(policy.clone()).timeout(Duration::from_secs(7200)).await;
        assert!(call.is_err_and(|error| error.is_rate_limited()) || fake.count() == 2);
    }
    // A wait beyond the deadline is not begun.
    let fake = Fake::of([wait("50", None)]);
    let started = tokio::time::Instant::now();
    let error = fake.client().call(read()).timeout(Duration::from_secs(20)).await.unwrap_err();
    assert_eq!((error.kind(), started.elapsed().as_secs()), (ErrorKind::RateLimited, 0));
}

#[tokio::test(start_paused = true)]
async fn the_policy_can_be_set() {
    let fake = Fake::with(|_| Answer::status(503, ""));
    let client = fake.builder().static_token(TOKEN).retry(RetryPolicy::none()).build().unwrap();
    assert_eq!(client.call(read()).await.unwrap_err().attempts(), 1);
    let policy = RetryPolicy::default().attempts(6).first_pause(Duration::from_millis(10));
    assert_eq!(client.call(read()).retry(policy).await.unwrap_err().attempts(), 6);
    assert_eq!(fake.count(), 7);
}

#[tokio::test(start_paused = true)]
async fn raw_repeats_too_and_gives_the_last_answer() {
    let fake = Fake::with(|_| Answer::status(503, "busy"));
    let reply = fake.client().call(read()).raw().await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.attempts, fake.count()), (503, 3, 3));
}

#[tokio::test(start_paused = true)]
async fn a_post_that_reads_is_a_read() {
    let request = write().kind(cipp_client::catalogue::Kind::Read);
    let (result, fake) = run(request, [Answer::fail(Phase::Receive), Answer::ok("7")]).await;
    assert_eq!((result.unwrap(), fake.count()), (7.into(), 2));
}
