use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::auth::{AccessToken, TokenProvider};
use cipp_client::transport::BoxFuture;
use cipp_client::{Client, Error, ErrorKind, RawRequest};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

/// Gives `token-1`, `token-2`, .. with a life, after a while; or fails.
#[derive(Debug, Default)]
struct Provider {
    life: Option<Duration>,
    wait: Duration,
    asked: AtomicUsize,
    dropped: AtomicUsize,
    down: AtomicBool,
}

impl TokenProvider for Provider {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async move {
            let number = self.asked.fetch_add(1, SeqCst) + 1;
            tokio::time::sleep(self.wait).await;
            if self.down.load(SeqCst) {
                return Err(Error::auth(format!("down {number}")));
            }
            Ok(AccessToken::new(format!("token-{number}"), self.life))
        })
    }

    fn invalidate(&self) {
        self.dropped.fetch_add(1, SeqCst);
    }
}

fn client(fake: &Arc<Fake>, provider: &Arc<Provider>) -> Client {
    fake.builder().token_provider(provider.clone()).concurrency(1000).build().unwrap()
}

fn call() -> RawRequest {
    RawRequest::get("X")
}

async fn all(client: &Client, count: usize) -> Vec<Result<serde_json::Value, Error>> {
    client.batch((0..count).map(|_| call())).concurrency(count).collect().await
}

#[tokio::test(start_paused = true)]
async fn many_calls_cause_one_sign_in() {
    let fake = Fake::with(|_| Answer::ok("1"));
    let provider = Arc::new(Provider { wait: Duration::from_secs(1), ..Provider::default() });
    let client = client(&fake, &provider);
    assert!(all(&client, 500).await.iter().all(Result::is_ok));
    assert_eq!((provider.asked.load(SeqCst), fake.count()), (1, 500));
}

#[tokio::test(start_paused = true)]
async fn a_failed_sign_in_is_shared_by_those_who_waited_for_it() {
    let fake = Fake::with(|_| Answer::ok("1"));
    let provider = Arc::new(Provider { wait: Duration::from_secs(1), down: true.into(), ..Provider::default() });
    let client = client(&fake, &provider);
    let results = all(&client, 500).await;
    assert!(results.iter().all(|result| result.as_ref().unwrap_err().to_string() == "sign-in: down 1"));
    assert_eq!(provider.asked.load(SeqCst), 1);
    // Whoever comes later asks anew.
    provider.down.store(false, SeqCst);
    client.call(call()).await.unwrap();
    assert_eq!((provider.asked.load(SeqCst), fake.count()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_waiting_call_that_is_dropped_holds_nobody_up() {
    let fake = Fake::with(|_| Answer::ok("1"));
    let provider = Arc::new(Provider { wait: Duration::from_secs(10), ..Provider::default() });
    let client = client(&fake, &provider);
    let first = tokio::time::timeout(Duration::from_secs(5), client.call(call()).into_future());
    let (first, second) = tokio::join!(first, client.call(call()).into_future());
    assert!(first.is_err() && second.is_ok());
    assert_eq!(provider.asked.load(SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_expires() {
    // An hour: five minutes early. Ten minutes: one minute early.
    for (life, early) in [(3600, 300), (600, 60)] {
        let fake = Fake::with(|_| Answer::ok("1"));
        let provider = Arc::new(Provider { life: Some(Duration::from_secs(life)), ..Provider::default() });
        let client = client(&fake, &provider);
        client.call(call()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(life - early - 1)).await;
        client.call(call()).await.unwrap();
        assert_eq!(provider.asked.load(SeqCst), 1, "{life}");
        tokio::time::sleep(Duration::from_secs(2)).await;
        client.call(call()).await.unwrap();
        assert_eq!(provider.asked.load(SeqCst), 2, "{life}");
        assert_eq!(fake.request(2).headers["authorization"], "Bearer token-2");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_still_good_serves_while_the_sign_in_is_down() {
    let fake = Fake::with(|_| Answer::ok("1"));
    let provider = Arc::new(Provider { life: Some(Duration::from_secs(3600)), ..Provider::default() });
    let client = client(&fake, &provider);
    client.call(call()).await.unwrap();
    provider.down.store(true, SeqCst);
    tokio::time::sleep(Duration::from_secs(3400)).await;
    for _ in 0..20 {
        client.call(call()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    // Not every call tried again.
    assert!((2..=6).contains(&provider.asked.load(SeqCst)), "{provider:?}");
    tokio::time::sleep(Duration::from_secs(200)).await;
    assert_eq!(client.call(call()).await.unwrap_err().kind(), ErrorKind::Auth);
}

#[tokio::test(start_paused = true)]
async fn others_go_on_with_the_old_token_while_one_renews_it() {
    let fake = Fake::with(|_| Answer::ok("1"));
    let provider = Arc::new(Provider {
        life: Some(Duration::from_secs(3600)),
        wait: Duration::from_secs(60),
        ..Provider::default()
    });
    let client = client(&fake, &provider);
    client.call(call()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3400)).await;
    let started = tokio::time::Instant::now();
    let (_, quick) = tokio::join!(client.call(call()).into_future(), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        client.call(call()).await.unwrap();
        started.elapsed()
    });
    assert!(quick < Duration::from_secs(2));
    assert_eq!(provider.asked.load(SeqCst), 2);
}

/// A server that takes one token only.
fn picky(good: &'static str) -> Arc<Fake> {
    Fake::with(move |request| {
        let good = request.headers["authorization"] == format!("Bearer {good}");
        if good { Answer::ok("1") } else { Answer::status(401, "") }.after(Duration::from_secs(1))
    })
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_even_for_a_write() {
    let fake = picky("token-2");
    let provider = Arc::new(Provider::default());
    let client = client(&fake, &provider);
    client.call(RawRequest::post("ExecThing")).await.unwrap();
    assert_eq!((provider.asked.load(SeqCst), provider.dropped.load(SeqCst), fake.count()), (2, 1, 2));

    let fake = picky("token-9");
    let provider = Arc::new(Provider::default());
    let error = self::client(&fake, &provider).call(call()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), fake.count()), (ErrorKind::Auth, 2, 2));
    assert!(error.to_string().contains("saved to Azure"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn many_refused_calls_renew_the_token_once() {
    let fake = picky("token-2");
    let provider = Arc::new(Provider { wait: Duration::from_secs(1), ..Provider::default() });
    let client = client(&fake, &provider);
    assert!(all(&client, 200).await.iter().all(Result::is_ok));
    assert_eq!((provider.asked.load(SeqCst), fake.count()), (2, 400));
}

#[tokio::test(start_paused = true)]
async fn a_token_without_another_is_not_sent_twice() {
    let fake = picky("another");
    let error = fake.client().call(call()).await.unwrap_err();
    assert_eq!((error.kind(), fake.count()), (ErrorKind::Auth, 1));
    assert!(!format!("{error} {error:?}").contains(TOKEN));
}

#[tokio::test(start_paused = true)]
async fn a_403_renews_nothing() {
    let fake = Fake::with(|_| Answer::status(403, "Access to this CIPP API endpoint is not allowed"));
    let provider = Arc::new(Provider::default());
    let error = client(&fake, &provider).call(call()).await.unwrap_err();
    assert_eq!((error.kind(), fake.count(), provider.asked.load(SeqCst)), (ErrorKind::Auth, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_renewal_counts_as_no_repeat() {
    let mut answers = vec![Answer::ok("1"), Answer::status(503, ""), Answer::status(503, ""), Answer::status(401, "")];
    let fake = Fake::with(move |_| answers.pop().unwrap());
    let provider = Arc::new(Provider::default());
    client(&fake, &provider).call(call()).await.unwrap();
    assert_eq!(fake.count(), 4);
}

#[test]
fn a_copied_token_loses_its_line_break() {
    let client = Fake::of([]).builder().static_token("abc\n").build().unwrap();
    assert!(!format!("{client:?}").contains("abc"));
}
