//! The table: every fault, once and lasting, against every kind of call.

use super::calls::{Away, CALLS, Call, client, effects, run, server, sound};
use super::kinds::{KINDS, SIGN_IN};
use cipp_client::ErrorKind;
use std::time::Duration;

/// Runs a column of the table for each kind of call, all columns at once.
async fn columns<F: Future<Output = ()> + Send + 'static>(column: impl Fn(&'static Call) -> F) {
    let tasks: Vec<_> = CALLS.iter().map(|call| tokio::spawn(column(call))).collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_that_passes() {
    columns(async |call: &'static Call| {
        let (away, server) = (Away::new(), server().await);
        for kind in KINDS {
            let what = format!("{} once, {}", kind.name, call.name);
            let client = client(&server, kind.time);
            server.clear_requests();
            server.clear_faults();
            server.fault((kind.fault)(&away.address()).times(1));
            let parts = run(call, &client, &what).await;
            sound(&server, &client, call, &parts, &what);
            away.was_left_alone(&what);
            let expected = if call.writes.is_empty() { kind.once_for(call) } else { kind.write };
            // It befell one part, whichever came first; the others know nothing of it.
            let ends: Vec<Option<ErrorKind>> = parts.iter().map(|part| part.end).filter(Option::is_some).collect();
            assert_eq!(ends, Vec::from_iter(expected.map(Some)), "{what}");
            if !call.writes.is_empty() {
                let done: usize = parts.iter().map(|part| effects(&server, call, &part.mark)).sum();
                assert_eq!(done, parts.len() - usize::from(!kind.effect), "{what}: writes done");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_that_lasts() {
    columns(async |call: &'static Call| {
        let (away, server) = (Away::new(), server().await);
        for kind in KINDS {
            let what = format!("{} always, {}", kind.name, call.name);
            let client = client(&server, kind.time);
            server.clear_requests();
            server.clear_faults();
            server.fault((kind.fault)(&away.address()));
            let parts = run(call, &client, &what).await;
            sound(&server, &client, call, &parts, &what);
            away.was_left_alone(&what);
            for part in &parts {
                if call.writes.is_empty() {
                    assert_eq!(part.end, kind.always, "{what}");
                }
                assert_eq!(part.end.is_none(), kind.always.is_none(), "{what}");
            }
            // However long it lasts, what is sent is bounded: three tries, and one more with a new token.
            let asked = server.requests().iter().filter(|sent| sent.path.starts_with("/api/")).count();
            assert!(asked <= 4 * call.requests * parts.len(), "{what}: {asked} requests");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_fails_sends_nothing_and_comes_back() {
    // Most of them take until a time is over: all side by side.
    let cells = SIGN_IN.iter().flat_map(|(name, fault)| CALLS.iter().map(move |call| (name, fault, call)));
    let cells = cells.map(|(name, fault, call)| {
        tokio::spawn(async move {
            let (away, server) = (Away::new(), server().await);
            let what = format!("sign-in {name}, {}", call.name);
            let client = client(&server, Duration::from_millis(1500));
            server.fault(fault(&away.address()).on("token"));
            let parts = run(call, &client, &what).await;
            sound(&server, &client, call, &parts, &what);
            away.was_left_alone(&what);
            for part in &parts {
                assert!(part.end.is_some() && part.end != Some(ErrorKind::InDoubt), "{what}: {:?}", part.end);
            }
            assert!(server.requests().iter().all(|sent| !sent.path.starts_with("/api/")), "{what}: a call was sent");
            server.clear_faults();
            server.clear_requests();
            let parts = run(call, &client, &what).await;
            sound(&server, &client, call, &parts, &what);
            assert!(parts.iter().all(|part| part.end.is_none()), "{what}: it did not come back");
        })
    });
    for cell in cells.collect::<Vec<_>>() {
        cell.await.unwrap();
    }
}
