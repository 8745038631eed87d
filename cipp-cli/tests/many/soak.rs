//! Five thousand rows through faults: each is done exactly once, or listed as in doubt; resumed to the end.

use crate::support::{Place, Run};
use cipp_client::users::ResetPassword;
use cipp_mock::{CONTOSO, Fault, MockServer};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const ROWS: usize = 5_000;
/// In each run fewer rows fail, so a few are enough.
const RUNS: usize = 12;

/// The rows of a state, by number from 0.
fn rows(run: &Run, state: &str) -> BTreeSet<usize> {
    run.column("state").iter().enumerate().filter(|(_, found)| *found == state).map(|(index, _)| index).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_rows_are_each_done_once_or_listed_as_in_doubt() {
    let place = Place::with(MockServer::builder().keep_requests(16).start().await.unwrap());
    let done: Arc<[AtomicU8]> = (0..ROWS).map(|_| AtomicU8::new(0)).collect();
    let counts = Arc::clone(&done);
    place.server.on::<ResetPassword>().any_times().reply_with(move |sent| {
        let id = sent.body.as_ref().and_then(|body| body["ID"].as_str()).unwrap_or_default().to_owned();
        counts[id.strip_prefix("user").unwrap().parse::<usize>().unwrap()].fetch_add(1, Ordering::SeqCst);
        "Done."
    });
    // The sign-in is left alone: when it fails, every row waits, and that is tested elsewhere.
    Fault::bad_day().into_iter().for_each(|fault| place.server.fault(fault.on("ExecResetPass")));
    let text: String =
        (0..ROWS).map(|number| format!("user{number};{}\n", if number % 2 == 0 { "yes" } else { "" })).collect();
    place.write("people.csv", format!("\u{feff}ID;must-change\n{text}"));
    let count = |row: usize| done[row].load(Ordering::SeqCst);

    let mut finished = BTreeSet::new();
    let mut doubtful = BTreeSet::new();
    for number in 0..RUNS {
        let journal = if number == 0 { "--journal" } else { "--resume" };
        let run = place.run(&format!("users reset-password --tenant {CONTOSO} --from people.csv --yes -q --concurrency 16 {journal} done.journal")).await;
        let states = run.column("state");
        assert_eq!(states.len(), ROWS);
        let failed = rows(&run, "failed");
        finished.extend(rows(&run, "done"));
        let now = rows(&run, "in doubt");
        assert!(now.is_superset(&doubtful), "what is in doubt stays so");
        doubtful = now;
        for (row, state) in states.iter().enumerate() {
            match state.as_str() {
                "done" | "already done" => assert_eq!(count(row), 1, "row {row} is reported as {state}"),
                "in doubt" => assert!(count(row) <= 1, "row {row} was done {} times", count(row)),
                "failed" => assert_eq!(count(row), 0, "row {row} is reported as not done"),
                other => panic!("row {row} is {other}"),
            }
        }
        let code = match (doubtful.is_empty(), failed.is_empty()) {
            (false, _) => 7,
            (true, false) => 3,
            (true, true) => 0,
        };
        assert_eq!(run.code, code, "run {number}");
        if !doubtful.is_empty() {
            let listed: BTreeSet<usize> = run.error()["rows"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|row| row["state"] == "in doubt")
                .map(|row| usize::try_from(row["row"].as_u64().unwrap()).unwrap() - 1)
                .collect();
            assert_eq!(listed, doubtful);
        }
        if failed.is_empty() {
            assert_eq!(finished.len() + doubtful.len(), ROWS);
            assert!(!doubtful.is_empty(), "the faults had no effect");
            return;
        }
    }
    panic!("rows still failed after {RUNS} runs");
}
