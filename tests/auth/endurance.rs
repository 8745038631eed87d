//! Sign-ins over a long time: many tasks, tokens that expire, a sign-in service that fails and comes back.

use crate::fake::{Answer, Fake};
use cipp_client::transport::Phase;
use cipp_client::{Client, ErrorKind, RawRequest};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Entra and CIPP together: tokens that expire, and a sign-in that can be down.
#[derive(Default)]
struct World {
    sign_ins: AtomicUsize,
    failed_sign_ins: AtomicUsize,
    down: AtomicBool,
    life: u64,
    expires: Mutex<Option<Instant>>,
    /// Whether every token is refused.
    refuses: AtomicBool,
}

impl World {
    fn fake(self: &Arc<Self>) -> Arc<Fake> {
        let world = self.clone();
        Fake::with(move |request| {
            if request.url.path().ends_with("/token") {
                if world.down.load(SeqCst) {
                    let number = world.failed_sign_ins.fetch_add(1, SeqCst);
                    return if number.is_multiple_of(2) {
                        Answer::status(500, "x")
                    } else {
                        Answer::fail(Phase::Connect)
                    };
                }
                let number = world.sign_ins.fetch_add(1, SeqCst) + 1;
                *world.expires.lock().unwrap() = Some(Instant::now() + Duration::from_secs(world.life));
                let life = world.life;
                return Answer::ok(format!(r#"{{"access_token":"token-{number}","expires_in":{life}}}"#))
                    .after(Duration::from_millis(200));
            }
            let newest = format!("Bearer token-{}", world.sign_ins.load(SeqCst));
            let good = world.expires.lock().unwrap().is_some_and(|end| Instant::now() < end);
            let known = request.headers["authorization"] == newest || world.life > 3000;
            let good = good && known && !world.refuses.load(SeqCst);
            if good { Answer::ok("1") } else { Answer::status(401, "") }
        })
    }

    fn client(fake: &Arc<Fake>) -> Client {
        fake.builder().client_secret("t", "c", "canary-secret").concurrency(1000).build().unwrap()
    }
}

async fn at_once(client: &Client, tasks: usize) -> Vec<Result<serde_json::Value, cipp_client::Error>> {
    let tasks: Vec<_> =
        (0..tasks).map(|_| tokio::spawn(client.call(RawRequest::post("ExecThing")).into_future())).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

#[tokio::test(start_paused = true)]
async fn five_hundred_tasks_at_start_up_are_one_sign_in() {
    let world = Arc::new(World { life: 3600, ..World::default() });
    let fake = world.fake();
    let client = World::client(&fake);
    assert!(at_once(&client, 500).await.iter().all(Result::is_ok));
    assert_eq!((world.sign_ins.load(SeqCst), fake.count()), (1, 501));
}

#[tokio::test(start_paused = true)]
async fn tokens_that_expire_in_mid_run_cost_one_sign_in_each() {
    // Good for 100 s, renewed after 90 s: in 15 minutes, ten of them.
    let world = Arc::new(World { life: 100, ..World::default() });
    let fake = world.fake();
    let client = World::client(&fake);
    let tasks: Vec<_> = (0..50_u64)
        .map(|task| {
            let client = client.clone();
            tokio::spawn(async move {
                sleep(Duration::from_millis(task * 31)).await;
                for _ in 0..300 {
                    client.call(RawRequest::post("ExecThing")).await.unwrap();
                    sleep(Duration::from_secs(3)).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let sign_ins = world.sign_ins.load(SeqCst);
    assert!((10..=11).contains(&sign_ins), "{sign_ins}");
    // A few calls may have been under way with the old token; each was sent twice at most, and carried out once.
    assert!(fake.count() - sign_ins < 50 * 300 + 50 * sign_ins);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_service_that_comes_back_is_used_again_by_one() {
    let world = Arc::new(World { life: 3600, down: true.into(), ..World::default() });
    let fake = world.fake();
    let client = World::client(&fake);
    let results = at_once(&client, 500).await;
    for error in results.into_iter().map(Result::unwrap_err) {
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Connect, "sign-in"));
        assert!(error.to_string().contains("login.microsoftonline.com"), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    // One sign-in of three tries, for all of them; and no call went out without a token.
    assert_eq!((world.failed_sign_ins.load(SeqCst), fake.count()), (3, 3));
    world.down.store(false, SeqCst);
    assert!(at_once(&client, 500).await.iter().all(Result::is_ok));
    assert_eq!(world.sign_ins.load(SeqCst), 1);

    // Down again while the token is still good, but due for renewal: nobody notices.
    sleep(Duration::from_secs(3400)).await;
    world.down.store(true, SeqCst);
    assert!(at_once(&client, 500).await.iter().all(Result::is_ok));
    sleep(Duration::from_secs(60)).await;
    world.down.store(false, SeqCst);
    assert!(at_once(&client, 500).await.iter().all(Result::is_ok));
    assert_eq!(world.sign_ins.load(SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_every_token_causes_no_loop_of_sign_ins() {
    let world = Arc::new(World { life: 3600, refuses: true.into(), ..World::default() });
    let fake = world.fake();
    let client = World::client(&fake);
    for _ in 0..300 {
        let error = client.call(RawRequest::get("X")).await.unwrap_err();
        assert_eq!((error.kind(), error.status().map(|status| status.as_u16())), (ErrorKind::Auth, Some(401)));
        sleep(Duration::from_millis(200)).await;
    }
    // A minute of refused calls: two at first, then one each half minute.
    let sign_ins = world.sign_ins.load(SeqCst);
    assert!((2..=6).contains(&sign_ins), "{sign_ins}");
    // Once it takes tokens again, a token that it took may be renewed at any time.
    world.refuses.store(false, SeqCst);
    client.call(RawRequest::get("X")).await.unwrap();
    let before = world.sign_ins.load(SeqCst);
    *world.expires.lock().unwrap() = None;
    client.call(RawRequest::get("X")).await.unwrap();
    assert_eq!(world.sign_ins.load(SeqCst), before + 1);
}
