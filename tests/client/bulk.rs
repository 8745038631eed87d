//! Many calls: as they end, stopped, and gone on with from a journal.

use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::transport::Phase;
use cipp_client::{BatchRow, Client, ErrorKind, JournalSync, RawRequest, RowOutcome};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn write(number: u64) -> RawRequest {
    RawRequest::post("ExecThing").field("n", number).field("password", "hunter2").secret("hunter2")
}

fn read(number: u64) -> RawRequest {
    RawRequest::get("ListThing").query("n", number)
}

fn number(request: &cipp_client::transport::WireRequest) -> u64 {
    match &request.body {
        Some(body) => serde_json::from_slice::<Value>(body).unwrap()["n"].as_u64().unwrap(),
        None => request.url.query_pairs().find(|(name, _)| name == "n").unwrap().1.parse().unwrap(),
    }
}

fn client(fake: &Arc<Fake>) -> Client {
    fake.builder().static_token(TOKEN).concurrency(2).build().unwrap()
}

/// A path of a file that is not there, in a folder that goes with it.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("cipp-journal-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("a.journal")
    }

    fn lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.file()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn states(&self) -> Vec<String> {
        self.lines()[1..].iter().map(|line| line["state"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn shown<O>(rows: &[BatchRow<O>]) -> Vec<&'static str> {
    rows.iter()
        .map(|row| match row.outcome {
            RowOutcome::Done(_) => "done",
            RowOutcome::Failed(_) => "failed",
            RowOutcome::InDoubt(_) => "in doubt",
            RowOutcome::AlreadyDone => "already done",
            RowOutcome::NotStarted => "not started",
            _ => "?",
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn rows_come_as_they_end() {
    let fake = Fake::with(|request| Answer::ok("1").after(seconds(10 - number(request))));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let batch = client(&fake)
        .batch((0..4).map(read))
        .label_by(|request| format!("{request:?}").len().to_string())
        .on_progress(move |progress| note.lock().unwrap().push(*progress));
    let mut rows = batch.rows();
    assert_eq!(fake.count(), 0);
    let mut order = Vec::new();
    // Giving up waiting loses nothing.
    assert!(timeout(seconds(1), rows.next()).await.is_err());
    while let Some(row) = rows.next().await {
        assert_eq!(row.key.len(), 32);
        assert!(row.label.is_some());
        order.push(row.index);
    }
    assert_eq!(order, [1, 0, 2, 3]);
    assert!(rows.next().await.is_none());
    let progress = rows.progress();
    assert_eq!((progress.total, progress.done, progress.running, progress.ended()), (4, 4, 0, 4));
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 8);
    assert_eq!((seen[1].running, seen[1].done, seen[7].done), (2, 0, 4));
}

#[tokio::test(start_paused = true)]
async fn a_stopped_batch_waits_for_what_is_under_way() {
    let fake = Fake::with(|_| Answer::ok("1").after(seconds(8)));
    let place = Place::new();
    let batch = client(&fake).batch((0..6).map(write)).journal(place.file());
    let handle = batch.handle();
    let started = Instant::now();
    let stopper = tokio::spawn(async move {
        sleep(seconds(9)).await;
        handle.cancel();
    });
    let rows = batch.collect_rows().await;
    stopper.await.unwrap();
    assert_eq!(shown(&rows), ["done", "done", "done", "done", "not started", "not started"]);
    assert_eq!((started.elapsed().as_secs(), fake.count()), (16, 4));
    assert_eq!(place.states().iter().filter(|state| *state == "done").count(), 4);
    let error = rows.into_iter().next_back().unwrap().into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_in_time_is_in_doubt_and_said_to_be() {
    let fake = Fake::with(|_| Answer::ok("1").after(seconds(200)));
    for (make, expected, lines) in [
        (write as fn(u64) -> RawRequest, ["in doubt", "in doubt", "not started"], ["in_doubt", "in_doubt"]),
        (read, ["failed", "failed", "not started"], ["failed", "failed"]),
    ] {
        let place = Place::new();
        let batch = client(&fake).batch((0..3).map(make)).journal(place.file()).stop_within(seconds(5));
        let handle = batch.handle();
        tokio::spawn(async move {
            sleep(seconds(1)).await;
            handle.cancel();
        });
        let started = Instant::now();
        let rows = batch.collect_rows().await;
        assert_eq!((shown(&rows), started.elapsed().as_secs()), (expected.to_vec(), 6));
        assert_eq!(place.states()[2..], lines);
    }
    // What only waits for its turn was not sent, and so is not in doubt.
    let client = fake.builder().static_token(TOKEN).concurrency(1).build().unwrap();
    let batch = client.batch((0..3).map(write)).concurrency(2).stop_within(Duration::ZERO);
    let handle = batch.handle();
    let mut rows = batch.rows();
    assert!(timeout(seconds(1), rows.next()).await.is_err());
    handle.cancel();
    let mut all = Vec::new();
    while let Some(row) = rows.next().await {
        all.push(row);
    }
    all.sort_by_key(|row| row.index);
    assert_eq!(shown(&all), ["in doubt", "not started", "not started"]);
}

#[tokio::test(start_paused = true)]
async fn a_journal_says_what_is_left_to_do() {
    let place = Place::new();
    // 0 and 1 are done, 2 fails, 3 is cut off, and the program dies while 4 and 5 are under way.
    let fake = Fake::with(|request| match number(request) {
        0 | 1 => Answer::ok("1"),
        2 => Answer::status(500, "the new password is hunter3"),
        3 => Answer::fail(Phase::Receive),
        _ => Answer::ok("1").after(seconds(100)),
    });
    let batch = client(&fake).batch((0..8).map(write)).journal(place.file()).label_by(|_| "offboarding".to_owned());
    assert!(timeout(seconds(50), batch.collect_rows()).await.is_err());
    assert_eq!(fake.count(), 6);
    let text = std::fs::read_to_string(place.file()).unwrap();
    for secret in ["hunter", TOKEN, "password"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(place.lines()[0], json!({ "journal": 1, "server": "https://cipp.example.com/" }));
    let failed = place.lines().into_iter().find(|line| line["state"] == "failed").unwrap();
    assert_eq!((&failed["error"], &failed["label"]), (&json!("Status, HTTP 500"), &json!("offboarding")));
    assert_eq!(failed["operation"], "ExecThing");

    // Without asking, nothing is repeated that may have been done; other rows may come and go.
    let again = Fake::with(|_| Answer::ok("1"));
    let resume = |numbers: Vec<u64>| {
        client(&again).batch(numbers.into_iter().map(write)).resume(place.file()).label_by(|_| "offboarding".to_owned())
    };
    // It can be known beforehand, without touching anything.
    let before = std::fs::read(place.file()).unwrap();
    let plan = resume(vec![9, 0, 1, 2, 3, 4, 5]).plan().await.unwrap();
    assert_eq!(
        (plan.sent, plan.already_done, plan.in_doubt, plan.unusable),
        (vec![0, 3], vec![1, 2], vec![4, 5, 6], vec![])
    );
    assert_eq!(resume(vec![3]).repeat_in_doubt(true).plan().await.unwrap().sent, [0]);
    assert_eq!(client(&again).batch([write(0)]).resume(place.file()).plan().await.unwrap().sent, [0]);
    assert_eq!(client(&again).batch([write(0)]).plan().await.unwrap().sent, [0]);
    assert_eq!(std::fs::read(place.file()).unwrap(), before);
    assert_eq!(again.count(), 0);
    let rows = resume(vec![9, 0, 1, 2, 3, 4, 5]).collect_rows().await;
    let expected = ["done", "already done", "already done", "done", "in doubt", "in doubt", "in doubt"];
    assert_eq!(shown(&rows), expected);
    assert_eq!(again.count(), 2);
    let results = resume(vec![0, 4]).collect().await;
    let kinds: Vec<_> = results.into_iter().map(|result| result.unwrap_err().kind()).collect();
    assert_eq!(kinds, [ErrorKind::AlreadyDone, ErrorKind::InDoubt]);
    let rows = resume((0..8).collect()).repeat_in_doubt(true).collect_rows().await;
    assert_eq!(rows.iter().filter(|row| matches!(row.outcome, RowOutcome::Done(_))).count(), 5);
    assert_eq!(again.count(), 7);
    let rows = resume((0..8).collect()).collect_rows().await;
    assert!(rows.iter().all(|row| matches!(row.outcome, RowOutcome::AlreadyDone)));
    // Another label is other work.
    let rows = client(&again).batch([write(0)]).resume(place.file()).collect_rows().await;
    assert_eq!(shown(&rows), ["done"]);
}

#[tokio::test(start_paused = true)]
async fn reads_that_were_cut_off_are_simply_repeated() {
    let place = Place::new();
    let fake = Fake::with(|_| Answer::ok("1").after(seconds(100)));
    let run = || client(&fake).batch((0..2).map(read)).resume(place.file()).journal_sync(JournalSync::Always);
    assert!(timeout(seconds(50), run().collect_rows()).await.is_err());
    assert_eq!(place.states(), ["started", "started"]);
    assert_eq!(shown(&run().collect_rows().await), ["done", "done"]);
    assert_eq!(fake.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_tells_of_failures_is_not_done() {
    let place = Place::new();
    let fake = Fake::of([
        Answer::ok(r#"{"Results":[{"resultText":"no","state":"error"}]}"#),
        Answer::ok(r#"{"Results":[{"resultText":"no","state":"error"},{"resultText":"yes","state":"success"}]}"#),
        Answer::ok(r#"{"Results":"#),
        Answer::ok(r#"{"Results":"yes"}"#),
    ]);
    let users = ["a@b.c", "d@b.c", "e@b.c"].map(|user| cipp_client::users::OffboardUser::new("b.c", [user]));
    let one_by_one = |users: Vec<_>| client(&fake).batch(users).concurrency(1).resume(place.file());
    let mut rows = one_by_one(users.to_vec()).rows();
    let mut seen = Vec::new();
    while let Some(row) = rows.next().await {
        seen.push(row);
    }
    assert_eq!(shown(&seen), ["done", "done", "in doubt"]);
    assert_eq!((rows.progress().failed, rows.progress().in_doubt), (2, 1));
    assert_eq!(place.states(), ["started", "failed", "started", "in_doubt", "started", "in_doubt"]);
    assert_eq!(place.lines()[4]["error"], "1 of 2 parts failed");
    let rows = one_by_one(users.to_vec()).collect_rows().await;
    assert_eq!(shown(&rows), ["done", "in doubt", "in doubt"]);
}

#[tokio::test(start_paused = true)]
async fn a_journal_survives_a_crash_in_the_middle_of_a_line() {
    let place = Place::new();
    let fake = Fake::with(|_| Answer::ok("1"));
    let run = |place: &Place| client(&fake).batch((0..2).map(write)).concurrency(1).resume(place.file()).collect_rows();
    run(&place).await;
    let whole = std::fs::read(place.file()).unwrap();
    let ends: Vec<usize> = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    for cut in 0..whole.len() {
        std::fs::write(place.file(), &whole[..cut]).unwrap();
        let before = fake.count();
        let rows = run(&place).await;
        // A line without its end counts when it is whole but for that.
        let lines = ends.iter().filter(|end| **end <= cut).count();
        let expected: &[&str] = match lines {
            0 | 1 => &["done", "done"],
            2 => &["in doubt", "done"],
            3 => &["already done", "done"],
            4 => &["already done", "in doubt"],
            _ => &["already done", "already done"],
        };
        assert_eq!(shown(&rows), expected, "cut at {cut}");
        assert_eq!(fake.count() - before, expected.iter().filter(|state| **state == "done").count());
        // And what comes of it can be read again.
        let done = rows.iter().filter(|row| !matches!(row.outcome, RowOutcome::InDoubt(_))).count();
        assert_eq!(place.states().iter().filter(|state| *state == "done").count(), done);
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_cannot_be_used_stops_everything() {
    let fake = Fake::with(|_| Answer::ok("1"));
    let refused = |rows: Vec<BatchRow<Value>>| {
        let errors: Vec<_> = rows.into_iter().map(|row| row.into_result().unwrap_err()).collect();
        assert!(errors.iter().all(|error| error.kind() == ErrorKind::Config), "{errors:?}");
        errors[0].to_string()
    };
    let place = Place::new();
    let batch = || client(&fake).batch((0..3).map(write));
    std::fs::write(place.file(), "my diary\nis here\n").unwrap();
    assert!(refused(batch().journal(place.file()).collect_rows().await).contains("there is a journal already"));
    assert!(refused(batch().resume(place.file()).collect_rows().await).contains("line 1 is not one of a journal"));
    std::fs::write(place.file(), "my diary").unwrap();
    assert!(refused(batch().resume(place.file()).collect_rows().await).contains("not a journal"));
    assert_eq!(std::fs::read_to_string(place.file()).unwrap(), "my diary");
    for first in [r#"{"journal":1,"server":"https://other.example.com/"}"#, r#"{"journal":2,"server":"x"}"#] {
        std::fs::write(place.file(), format!("{first}\n")).unwrap();
        refused(batch().resume(place.file()).collect_rows().await);
    }
    refused(batch().resume(place.0.join("no/such/folder/a.journal")).collect_rows().await);
    assert_eq!(fake.count(), 0);
    #[cfg(unix)]
    {
        let place = Place::new();
        batch().journal(place.file()).collect_rows().await;
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(place.file()).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    #[cfg(target_os = "linux")]
    {
        let before = fake.count();
        let rows = batch().resume("/dev/zero").collect_rows().await;
        assert!(refused(rows).contains("no ordinary file"));
        assert_eq!(fake.count(), before);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_stays_the_same() {
    let fake = Fake::with(|_| Answer::ok("1"));
    let keys = |requests: Vec<RawRequest>| {
        let batch = client(&fake).batch(requests);
        async { batch.collect_rows().await.into_iter().map(|row| row.key).collect::<Vec<_>>() }
    };
    let post =
        || RawRequest::post("ExecThing").field("b", 1).field("a", json!({ "y": 1, "x": [1, null] })).query("q", 1);
    let same = keys(vec![post(), post()]).await;
    // These two stand in journals of users: when they change, rows are done twice.
    assert_eq!(same, ["090f5c883f8d71e5710a3cd9bf8489ae".to_owned(), format!("{}-2", same[0])]);
    let other = keys(vec![
        post().query("q", 2),
        post().field("b", 2),
        RawRequest::post("ExecOther").field("b", 1),
        RawRequest::get("ListThing").query("a", "b").query("c", "d"),
        RawRequest::get("ListThing").query("a", "b=c").query("d", ""),
    ])
    .await;
    let mut all: Vec<_> = other.iter().chain(&same).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 7);
    // Order and secrets do not count.
    let one = RawRequest::get("X").query("a", 1).query("b", "s1").secret("s1");
    let two = RawRequest::get("X").query("b", "s2").query("a", 1).secret("s2");
    assert_eq!(keys(vec![one]).await, keys(vec![two]).await);
}

#[tokio::test(start_paused = true)]
async fn tenants_have_all_of_it() {
    let place = Place::new();
    let fake = Fake::with(|_| Answer::ok(r#"{"Results":"done"}"#));
    let make = |tenant: &'static str| cipp_client::users::OffboardUser::new(tenant, ["a@b.c"]);
    let each = |tenants: Vec<&'static str>| {
        client(&fake).for_each_tenant(tenants, make).resume(place.file()).label_by(|tenant| (*tenant).to_owned())
    };
    let mut rows = each(vec!["a.com", "b.com"]).rows();
    let mut seen = Vec::new();
    while let Some(row) = rows.next().await {
        seen.push((row.tenant, row.row.label.unwrap()));
    }
    // Rows come as they end, in any order.
    seen.sort();
    assert_eq!(seen, [("a.com", "a.com".to_owned()), ("b.com", "b.com".to_owned())]);
    let report = each(vec!["b.com", "c.com"]).collect().await;
    assert_eq!(report.succeeded().map(|(tenant, _)| *tenant).collect::<Vec<_>>(), ["c.com"]);
    assert!(report.failed().all(|(tenant, error)| *tenant == "b.com" && error.is_already_done()));
    assert_eq!(fake.count(), 3);
}
