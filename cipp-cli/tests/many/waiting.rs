//! Waiting for what the server does in the background.

use crate::support::Place;
use cipp_mock::CONTOSO;
use serde_json::Value;

#[tokio::test]
async fn queued_rows_are_waited_for_unless_told_otherwise() {
    let place = Place::new().await;
    let words = "users list-mfa --tenant AllTenants";
    let run = place.run(&format!("{words} --no-wait")).await.ended(0);
    assert_eq!(run.json(), Value::Array(Vec::new()), "there are none yet");
    // A limit below the first pause: nothing is waited for that cannot come in time.
    let run = place.run(&format!("{words} --timeout 1")).await.ended(5);
    assert_eq!(run.error()["kind"], "NotReady");
    place.server.finish_queues();
    let run = place.run(words).await.ended(0);
    assert!(!run.json().as_array().unwrap().is_empty());
}

#[tokio::test]
async fn background_work_is_listed_and_followed() {
    let place = Place::new().await;
    place.run("users list-mfa --tenant AllTenants --no-wait").await.ended(0);
    let list = place.run("queue list").await.ended(0);
    let id = list.column("RowKey")[0].clone();
    assert_eq!(list.column("Status"), ["Running"]);
    let run = place.run(&format!("queue follow {id} --timeout 1")).await;
    assert_eq!((run.code, &run.error()["kind"]), (5, &Value::from("NotReady")), "{run:?}");
    place.server.finish_queues();
    let run = place.run(&format!("queue follow {id}")).await.ended(0);
    assert_eq!((&run.json()["status"], &run.json()["id"]), (&Value::from("Completed"), &Value::from(id)));
    place.run("queue follow no-such-work").await.ended(1);
    place.run("queue").await.ended(2);
}

#[tokio::test]
async fn a_task_is_followed_to_its_end() {
    let place = Place::new().await;
    let id = cipp_client::new_task_id();
    let words = format!(
        "tools add-scheduled-item --tenant {CONTOSO} --name Backup --command New-CIPPBackup --task-id {id} --run-now"
    );
    place.run(&words).await.ended(0);
    place.server.run_tasks();
    let run = place.run(&format!("task follow {id}")).await;
    assert!(matches!(run.code, 0 | 6), "{run:?}");
    assert!(!run.json().as_array().unwrap().is_empty(), "{run:?}");
    place.run(&format!("task follow {} --no-wait", cipp_client::new_task_id())).await.ended(1);
}

#[tokio::test]
async fn rows_that_are_still_queued_are_no_success() {
    let place = Place::new().await;
    let run =
        place.feed("users list-mfa --from -", "tenantFilter\nAllTenants\ncontoso.onmicrosoft.com\n").await.ended(3);
    assert_eq!(run.error()["rows"][0]["state"], "queued");
    assert!(run.json().as_array().unwrap().iter().all(|row| row["Row"] == 2));
}
