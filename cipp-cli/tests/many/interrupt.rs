//! Ctrl-C in the middle of many writes, and going on later.

use crate::support::{Place, end};
use cipp_client::users::ResetPassword;
use cipp_mock::{CONTOSO, Fault};
use std::collections::BTreeMap;
use std::time::Duration;

const ROWS: usize = 30;

fn counts(place: &Place) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for sent in place.server.requests_to("ExecResetPass") {
        *counts.entry(sent.body.unwrap()["ID"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

async fn place() -> Place {
    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply("Done.");
    let rows: String = (0..ROWS).map(|number| format!("user{number}\n")).collect();
    place.write("people.csv", format!("ID\n{rows}"));
    place
}

fn words(more: &str) -> String {
    format!("users reset-password --tenant {CONTOSO} --from people.csv --yes --concurrency 2 {more}")
}

/// Sends the signal once so many rows were seen by the server.
async fn interrupt(place: &Place, id: u32, signal: &str, seen: usize) {
    while place.server.requests_to("ExecResetPass").len() < seen {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let status = std::process::Command::new("kill").args([format!("-{signal}"), id.to_string()]).status().unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn it_stops_in_good_order_and_goes_on_where_it_stopped() {
    for signal in ["INT", "TERM"] {
        let place = place().await;
        place.server.fault(Fault::delay(Duration::from_millis(60)).on("ExecResetPass"));
        let child = place.command(&words("--journal done.journal -o json")).spawn().unwrap();
        interrupt(&place, child.id().unwrap(), signal, 5).await;
        let run = end(child).await.ended(130);
        let states = run.column("state");
        assert_eq!(states.len(), ROWS);
        let done = states.iter().filter(|state| *state == "done").count();
        let left = states.iter().filter(|state| *state == "not started").count();
        assert!((5..ROWS).contains(&done), "those under way were waited for: {states:?}");
        assert_eq!(done + left, ROWS, "{states:?}");
        assert_eq!(counts(&place).len(), done, "what is done was sent, and nothing else");
        assert!(run.error()["hint"].as_str().unwrap().contains("--resume done.journal"));
        // The journal is not begun anew by mistake, nor is another name taken for it.
        place.run(&words("--journal done.journal")).await.ended(2);
        place.run(&words("--resume other.journal")).await.ended(2);
        place.server.clear_faults();
        let run = place.run(&words("--resume done.journal")).await.ended(0);
        let states = run.column("state");
        assert_eq!(states.iter().filter(|state| *state == "already done").count(), done);
        let counts = counts(&place);
        assert_eq!(counts.len(), ROWS);
        assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    }
}

#[tokio::test]
async fn who_does_not_wait_leaves_rows_in_doubt_which_are_not_repeated() {
    let place = place().await;
    place.server.fault(Fault::delay(Duration::from_secs(60)).skip(2).on("ExecResetPass"));
    let child = place.command(&words("--journal done.journal -o json")).spawn().unwrap();
    let id = child.id().unwrap();
    interrupt(&place, id, "INT", 4).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    interrupt(&place, id, "INT", 4).await;
    let run = end(child).await.ended(130);
    let doubtful: Vec<usize> = run
        .column("state")
        .iter()
        .enumerate()
        .filter(|(_, state)| *state == "in doubt")
        .map(|(index, _)| index)
        .collect();
    assert_eq!(doubtful.len(), 2, "{run:?}");
    let listed = run.error()["message"].as_str().unwrap().matches("in doubt  ").count();
    assert_eq!(listed, 2, "{run:?}");
    // Nobody can be asked, so they stay in doubt; all others are done.
    place.server.clear_faults();
    let run = place.run(&words("--resume done.journal")).await.ended(7);
    let states = run.column("state");
    for (index, state) in states.iter().enumerate() {
        assert_eq!(state == "in doubt", doubtful.contains(&index), "row {index}: {state}");
    }
    assert!(counts(&place).values().all(|count| *count == 1));
    // Until somebody who looked says so.
    place.run(&words("--resume done.journal --repeat-in-doubt")).await.ended(0);
    let twice = counts(&place).values().filter(|count| **count == 2).count();
    assert_eq!((counts(&place).len(), twice), (ROWS, 2));
}

#[tokio::test]
async fn a_killed_run_is_gone_on_with() {
    let place = place().await;
    place.server.fault(Fault::delay(Duration::from_millis(40)).on("ExecResetPass"));
    let mut child = place.command(&words("--journal done.journal -o json")).spawn().unwrap();
    while place.server.requests_to("ExecResetPass").len() < 6 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().await.unwrap();
    place.server.clear_faults();
    let run = place.run(&words("--resume done.journal")).await;
    assert!(matches!(run.code, 0 | 7), "{run:?}");
    let counts = counts(&place);
    let unsure = run.column("state").iter().filter(|state| *state == "in doubt").count();
    assert!(unsure <= 2, "only what was under way is in doubt");
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    assert!(counts.len() + unsure >= ROWS);
}

#[tokio::test]
async fn waiting_can_be_given_up() {
    let place = Place::new().await;
    let child = place.command("users list-mfa --tenant AllTenants -o json").spawn().unwrap();
    while place.server.requests_to("ListMFAUsers").is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let status = std::process::Command::new("kill").args(["-INT", &child.id().unwrap().to_string()]).status().unwrap();
    assert!(status.success());
    let run = end(child).await.ended(130);
    assert_eq!(run.out, "");
}

#[tokio::test]
async fn a_single_write_that_is_broken_off_is_said_to_be_in_doubt() {
    for (more, presses) in [("--no-wait", 1), ("", 2)] {
        let place = place().await;
        place.server.fault(Fault::delay(Duration::from_secs(60)).on("ExecResetPass"));
        let child = place
            .command(&format!("users reset-password --tenant {CONTOSO} --user-id x --yes -o json {more}"))
            .spawn()
            .unwrap();
        let id = child.id().unwrap();
        for _ in 0..presses {
            interrupt(&place, id, "INT", 1).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        let run = end(child).await.ended(130);
        assert!(run.error()["message"].as_str().unwrap().contains("may or may not have been carried out"), "{run:?}");
    }
}
