//! Scheduled tasks.

use crate::fake::{Answer, Fake};
use cipp_client::{ErrorKind, new_task_id};
use serde_json::{Value, json};
use std::time::Duration;

const ID: &str = "7a5c0000-0000-4000-8000-000000000001";

fn task(state: &str) -> Answer {
    with(state, "Once", Value::Null)
}

fn with(state: &str, recurrence: &str, executed: Value) -> Answer {
    let row = json!({ "RowKey": ID, "Name": "Offboard jane", "TaskState": state, "Recurrence": recurrence,
        "ExecutedTime": executed, "Results": "short words", "Tenant": { "value": "contoso" } });
    Answer::ok(json!([row]).to_string())
}

fn details(results: Value) -> Answer {
    let run = json!({ "Timestamp": "2026-06-15T09:00:00Z", "Tenant": "contoso", "Results": results });
    Answer::ok(json!({ "Task": {}, "Details": [run] }).to_string())
}

#[tokio::test(start_paused = true)]
async fn a_task_is_followed_through_its_states_and_its_steps_are_judged() {
    let steps = json!([
        { "resultText": "Revoked sessions", "state": "success" },
        "Failed to convert the mailbox",
        { "resultText": "The new password is canary-pass-1", "state": "success", "copyField": "canary-pass-1" },
    ]);
    let states = ["Planned", "Pending", "Processing", "Running", "Completed"];
    let fake = Fake::of(states.map(task).into_iter().chain([details(steps)]));
    let report = fake.client().follow_task(ID).await.unwrap();
    assert_eq!((report.task.state.as_str(), report.runs.len()), ("Completed", 1));
    let run = &report.runs[0];
    assert_eq!((run.tenant.as_deref(), run.results.items.len()), (Some("contoso"), 3));
    assert_eq!(report.errors().count(), 1);
    assert!(run.results.errors().next().unwrap().guessed);
    assert!(!report.is_ok() && !format!("{report:?}").contains("canary-pass"));
    let error = report.into_result().unwrap_err();
    assert!(error.is_action() && error.to_string().contains("Failed to convert"), "{error}");
    assert_eq!(fake.request(0).url.query(), Some(format!("Id={ID}").as_str()));
    let last = fake.request(5).url;
    assert_eq!((last.path(), last.query()), ("/api/ListScheduledItemDetails", Some(format!("RowKey={ID}").as_str())));
}

#[tokio::test(start_paused = true)]
async fn a_failed_task_is_no_success_and_short_words_stand_in_for_details() {
    let fake = Fake::of([task("Failed"), Answer::status(404, "Task not found")]);
    let report = fake.client().follow_task(ID).await.unwrap();
    assert_eq!(report.runs[0].results.items[0].text, "short words");
    assert!(report.errors().next().is_none() && report.into_result().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_task_may_be_late_to_show_up_but_not_for_ever() {
    let none = || Answer::ok("[]");
    let fake = Fake::of([none(), none(), task("Completed"), details(json!(["done"]))]);
    assert!(fake.client().follow_task(ID).await.unwrap().is_ok());
    let fake = Fake::of([none(), none(), none()]);
    assert!(fake.client().follow_task(ID).await.unwrap_err().to_string().contains("knows no such task"));
    let fake = Fake::of([task("Running"), none()]);
    assert!(fake.client().follow_task(ID).await.unwrap_err().to_string().contains("deleted"));
}

#[tokio::test(start_paused = true)]
async fn a_recurring_task_is_over_when_a_run_is() {
    let planned = |time: &str| with("Planned", "1d", json!(time));
    let fake = Fake::of([planned("monday"), planned("monday"), planned("tuesday"), details(json!("done"))]);
    assert!(fake.client().follow_task(ID).await.unwrap().is_ok());
    let fake = Fake::with(|_| planned_for_ever());
    let error = fake.client().follow_task(ID).deadline(Duration::from_secs(120)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotReady);
}

fn planned_for_ever() -> Answer {
    with("Planned", "1d", Value::Null)
}

#[test]
fn task_ids_are_guids_and_differ() {
    let ids: std::collections::HashSet<String> = (0..1000).map(|_| new_task_id()).collect();
    assert_eq!(ids.len(), 1000);
    for id in ids {
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
        assert!(id.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit()));
        assert!(&id[14..15] == "4" && "89ab".contains(&id[19..20]), "{id}");
    }
}

#[tokio::test]
async fn a_task_of_a_chosen_id_is_followed_on_the_fake_server() {
    let server = cipp_mock::MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    let id = new_task_id();
    let task = cipp_client::tools::AddScheduledItem::new(cipp_mock::CONTOSO, "Backup", "New-CIPPBackup");
    client.call(task.task_id(&id).run_now(true)).await.unwrap().into_result().unwrap();
    let report = client.follow_task(&id).interval(Duration::from_millis(5)).await.unwrap();
    assert_eq!((report.task.id.as_str(), report.task.state.as_str()), (id.as_str(), "Completed"));
    assert!(report.is_ok() && report.runs[0].results.items[0].text.contains("backup"));
    assert!(client.task("no such task").get().await.unwrap().is_none());
}
