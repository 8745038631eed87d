//! Many calls from many tasks through faults at random, over loopback: each write happens at most once, each result is accounted
//! for, and memory is flat.
//!
//! An ordinary run makes 2,000 calls. `SOAK=100000 cargo test --release --test soak -- --nocapture` makes more, and prints figures.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

use cipp_client::types::User;
use cipp_client::users::{ListUsers, ResetPassword};
use cipp_client::{Client, ErrorKind, ResultItem, RetryPolicy, Secret};
use cipp_mock::{CONTOSO, Fault, MockServer};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const TASKS: usize = 64;
/// Every so-manieth call is a write.
const WRITES: usize = 4;
/// How much the memory may grow between the first quarter of the run and its end, client and server together.
const GROWTH: usize = 24 * 1024 * 1024;

/// The memory of this process in bytes; `None` where nobody says.
fn memory() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split(' ').nth(1)?.parse::<usize>().ok().map(|pages| pages * 4096)
}

/// How the calls ended, reads and writes apart; the one word for good answers is `ok`.
type Ends = BTreeMap<(&'static str, String), usize>;

struct Run {
    client: Client,
    calls: usize,
    next: AtomicUsize,
    /// How often each write was carried out at the server.
    done: Arc<[AtomicU8]>,
    /// The memory at each quarter.
    memory: [AtomicUsize; 4],
}

impl Run {
    async fn task(&self) -> Ends {
        let mut ends = Ends::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.calls {
                return ends;
            }
            if number > 0 && number.is_multiple_of((self.calls / 4).max(1)) {
                let quarter = number / (self.calls / 4).max(1) - 1;
                self.memory[quarter.min(3)].store(memory().unwrap_or(0), Ordering::Relaxed);
            }
            let (what, end) = if number.is_multiple_of(WRITES) {
                ("write", self.write(number).await)
            } else {
                ("read", self.read().await)
            };
            *ends.entry((what, end.map_or_else(|| "ok".to_owned(), |kind| format!("{kind:?}")))).or_default() += 1;
        }
    }

    async fn read(&self) -> Option<ErrorKind> {
        match self.client.call(ListUsers::new(CONTOSO)).await {
            // Whole or not at all.
            Ok(users) => {
                assert_eq!(users.len(), 3);
                None
            }
            Err(error) => Some(error.kind()),
        }
    }

    async fn write(&self, number: usize) -> Option<ErrorKind> {
        let result = self.client.call(ResetPassword::new(CONTOSO, format!("user{number}"))).await;
        let done = self.done[number].load(Ordering::SeqCst);
        match result {
            Ok(results) => {
                assert!(results.is_ok());
                assert_eq!(done, 1, "write {number} is reported as done");
                None
            }
            Err(error) if error.is_in_doubt() => {
                assert!(done <= 1, "write {number} was done {done} times");
                Some(error.kind())
            }
            Err(error) => {
                assert_eq!(done, 0, "write {number} is reported as not done: {error}");
                Some(error.kind())
            }
        }
    }
}

async fn server(done: &Arc<[AtomicU8]>) -> MockServer {
    let server = MockServer::builder().keep_requests(64).start().await.unwrap();
    let rows: Vec<User> = (0..3)
        .map(|number| {
            let mut user = User::default();
            user.display_name = Some(format!("User {number}"));
            user
        })
        .collect();
    server.on::<ListUsers>().any_times().reply(rows);
    let done = done.clone();
    server.on::<ResetPassword>().any_times().reply_with(move |sent| {
        let mut fields: Vec<&str> = sent.query.iter().map(|(_, value)| value.as_str()).collect();
        let body = sent.body.as_ref().and_then(|body| body.as_object());
        fields.extend(body.into_iter().flat_map(|body| body.values()).filter_map(|value| value.as_str()));
        let number = fields.iter().find_map(|text| text.strip_prefix("user")?.parse::<usize>().ok());
        done[number.expect("the number of the write")].fetch_add(1, Ordering::SeqCst);
        let mut item = ResultItem::default();
        item.text = "Done.".to_owned();
        item.copy_field = Some(Secret::from("Mock-new"));
        item
    });
    for fault in Fault::bad_day() {
        server.fault(fault);
    }
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_through_faults() {
    let calls: usize = std::env::var("SOAK").ok().map_or(2000, |text| text.parse().expect("SOAK is a number"));
    let done: Arc<[AtomicU8]> = (0..calls).map(|_| AtomicU8::new(0)).collect();
    let server = server(&done).await;
    let retry = RetryPolicy::default().attempts(5).first_pause(Duration::from_millis(2));
    let client =
        server.client_builder().concurrency(TASKS).retry(retry).timeout(Duration::from_secs(30)).build().unwrap();
    let run =
        Arc::new(Run { client, calls, next: AtomicUsize::new(0), done: done.clone(), memory: Default::default() });

    let started = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let run = run.clone();
            tokio::spawn(async move { run.task().await })
        })
        .collect();
    let all = async {
        let mut ends = Ends::new();
        for task in tasks {
            for (end, count) in task.await.expect("no task panics") {
                *ends.entry(end).or_default() += count;
            }
        }
        ends
    };
    let limit = Duration::from_secs(60) + Duration::from_millis(10) * u32::try_from(calls).unwrap();
    let ends = tokio::time::timeout(limit, all).await.expect("the run ends in its time");
    let took = started.elapsed();
    run.memory[3].store(memory().unwrap_or(0), Ordering::Relaxed);

    println!("{calls} calls from {TASKS} tasks in {:.1} s", took.as_secs_f32());
    ends.iter().for_each(|((what, end), count)| println!("  {what:5} {end:12} {count}"));
    assert_eq!(ends.values().sum::<usize>(), calls, "each result is accounted for");
    let count = |what: &str, end: &str| {
        ends.get(&(if what == "read" { "read" } else { "write" }, end.to_owned())).copied().unwrap_or(0)
    };
    let written: usize = done.iter().map(|done| usize::from(done.load(Ordering::SeqCst))).sum();
    assert!(done.iter().all(|done| done.load(Ordering::SeqCst) <= 1), "a write was done twice");
    let doubt = count("write", "InDoubt");
    let good = count("write", "ok");
    println!("  writes done at the server: {written}; reported as done: {good}; in doubt: {doubt}");
    assert!(good <= written && written <= good + doubt);
    // The faults did strike, and did not take over.
    assert!(doubt > 0 && good * 10 > calls / WRITES * 8, "{good} of {} writes", calls / WRITES);
    assert!(count("read", "ok") * 100 > (calls - calls / WRITES) * 97, "reads are repeated until they succeed");

    let quarters: Vec<usize> = run.memory.iter().map(|bytes| bytes.load(Ordering::Relaxed)).collect();
    if memory().is_none() {
        println!("  memory is not looked at: there is no /proc/self/statm here");
        return;
    }
    println!(
        "  memory at each quarter: {:?} MiB",
        quarters.iter().map(|bytes| bytes / 1024 / 1024).collect::<Vec<_>>()
    );
    assert!(quarters[3] <= quarters[0] + GROWTH, "memory grew: {quarters:?}");
}
