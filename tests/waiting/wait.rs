//! Answers that are not there at once.

use crate::fake::{Answer, Fake};
use cipp_client::catalogue::Kind;
use cipp_client::transport::Phase;
use cipp_client::{Cancel, ErrorKind, RawRequest, Tenant};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const GUID: &str = "5f2d0000-0000-4000-8000-000000000001";

fn queued(id: &str) -> Answer {
    let metadata = json!({ "Queued": true, "QueueMessage": "Loading data for all tenants", "QueueId": id });
    Answer::ok(json!({ "Results": [], "Metadata": metadata }).to_string())
}

fn queue(status: &str, percent: u32) -> Answer {
    let row = json!({ "RowKey": GUID, "Name": "Users - all tenants", "Status": status, "PercentComplete": percent });
    Answer::ok(json!([row]).to_string())
}

fn rows() -> Answer {
    Answer::ok(json!({ "Results": [{ "id": "1" }], "Metadata": { "QueueId": GUID } }).to_string())
}

fn list() -> RawRequest {
    RawRequest::get("ListGraphRequest").query("tenantFilter", "AllTenants").query("Endpoint", "users")
}

#[tokio::test(start_paused = true)]
async fn the_queue_is_asked_and_then_the_identical_call_is_made_again() {
    let fake = Fake::of([queued(GUID), queue("Queued", 0), queue("Running", 40), queue("Completed", 100), rows()]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let tell = move |progress: &cipp_client::WaitProgress| told.lock().unwrap().push(progress.clone());
    let waited = fake.client().call(list()).wait().on_progress(tell).with_report().await.unwrap();
    assert_eq!(waited.value["Results"][0]["id"], "1");
    assert_eq!(waited.queue.unwrap().status, "Completed");
    for poll in 1..4 {
        let url = fake.request(poll).url;
        assert_eq!((url.path(), url.query()), ("/api/ListCippQueue", Some(format!("QueueId={GUID}").as_str())));
    }
    assert_eq!(fake.request(0).url, fake.request(4).url);
    assert_eq!(fake.request(0).body, fake.request(4).body);
    // The first pause is 3 s, and each further one longer by half.
    let times = fake.times();
    let pauses: Vec<u128> = times.windows(2).map(|pair| (pair[1] - pair[0]).as_millis()).collect();
    for (pause, wanted) in pauses.iter().zip([3000_u128, 4500, 6750, 0]) {
        assert!(pause.abs_diff(wanted) <= 10, "{pauses:?}");
    }
    let seen = seen.lock().unwrap();
    let percents: Vec<_> = seen.iter().map(|progress| (progress.polls, progress.percent)).collect();
    assert_eq!(percents, [(0, None), (1, Some(0.0)), (2, Some(40.0))]);
    assert!(seen[0].message.contains("Loading data for all tenants") && seen[2].message.contains("Running"));
}

#[tokio::test(start_paused = true)]
async fn background_work_is_followed_by_its_id() {
    let fake = Fake::of([queue("Running", 40), queue("Completed (with errors)", 100)]);
    let state = fake.client().follow_queue(GUID).await.unwrap();
    assert_eq!((state.id.as_str(), state.status.as_str()), (GUID, "Completed (with errors)"));
    assert!(state.has_errors());
    assert_eq!(fake.times().len(), 2);
    // Forgotten once it has ended; never known; failed; too slow.
    let none = || Answer::ok("[]");
    let state = Fake::of([queue("Running", 40), none()]).client().follow_queue(GUID).await.unwrap();
    assert_eq!((state.status.as_str(), state.name.as_str()), ("", "Users - all tenants"));
    let kind = |answers: Vec<Answer>| async move {
        let fake = Fake::of(answers);
        fake.client().follow_queue(GUID).deadline(Duration::from_secs(2)).await.unwrap_err().kind()
    };
    assert_eq!(kind(vec![none()]).await, ErrorKind::Status);
    assert_eq!(kind(vec![queue("Failed", 10)]).await, ErrorKind::Action);
    assert_eq!(kind(vec![queue("Running", 10)]).await, ErrorKind::NotReady);
}

#[tokio::test(start_paused = true)]
async fn without_waiting_the_server_is_taken_at_its_word() {
    let fake = Fake::of([queued(GUID)]);
    let value = fake.client().call(list()).await.unwrap();
    assert_eq!(value["Metadata"]["QueueId"], GUID);
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_vanished_has_ended_and_the_data_is_asked_for_once() {
    let fake = Fake::of([queued(GUID), Answer::ok("[]"), rows()]);
    let waited = fake.client().call(list()).wait().with_report().await.unwrap();
    assert_eq!((waited.value["Results"][0]["id"].as_str(), waited.queue.unwrap().status.as_str()), (Some("1"), ""));
    // Where the rows are not there either, waiting ends.
    let fake = Fake::of([queued(GUID), Answer::ok("[]"), queued(GUID), Answer::ok("null")]);
    let error = fake.client().call(list()).wait().await.unwrap_err();
    assert_eq!((error.kind(), fake.count()), (ErrorKind::NotReady, 4), "{error}");
    assert_eq!(error.queued().unwrap().id.as_deref(), Some(GUID));
}

#[tokio::test(start_paused = true)]
async fn work_that_fails_in_whole_or_in_part_is_told() {
    let tasks = json!([{ "Name": "contoso", "Status": "Failed" }, { "Name": "fabrikam", "Status": "Completed" }]);
    let row =
        |status: &str| json!([{ "RowKey": GUID, "Status": status, "FailedTasks": 1, "Tasks": tasks }]).to_string();
    let fake = Fake::of([queued(GUID), Answer::ok(row("Completed (with errors)")), rows()]);
    let waited = fake.client().call(list()).wait().with_report().await.unwrap();
    let queue = waited.queue.unwrap();
    assert!(queue.has_errors());
    assert_eq!((queue.failed, queue.failed_count), (vec!["contoso".to_owned()], 1));
    let fake = Fake::of([queued(GUID), Answer::ok(row("Failed"))]);
    let error = fake.client().call(list()).wait().await.unwrap_err();
    assert!(error.is_action() && error.to_string().contains("failed: contoso"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_at_its_deadline() {
    let fake =
        Fake::with(|request| if request.url.path().ends_with("Queue") { queue("Running", 1) } else { queued(GUID) });
    let started = tokio::time::Instant::now();
    let error = fake.client().call(list()).wait().deadline(Duration::from_secs(600)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotReady);
    assert!(error.to_string().contains("600 s") && error.to_string().contains("Running"), "{error}");
    let elapsed = started.elapsed().as_secs();
    assert!((569..=600).contains(&elapsed), "{elapsed}");
    // Pauses grow to 30 s: 600 s are some 25 questions, not 200.
    assert!((20..30).contains(&fake.count()), "{}", fake.count());
    // An answer that never comes does not outlast it either.
    let mut first = Some(queued(GUID));
    let fake = Fake::with(move |_| first.take().unwrap_or_else(|| Answer::ok("[]").after(Duration::from_secs(290))));
    let started = tokio::time::Instant::now();
    let error = fake.client().call(list()).wait().deadline(Duration::from_secs(60)).await.unwrap_err();
    assert_eq!((error.kind(), started.elapsed().as_secs()), (ErrorKind::NotReady, 60));
}

#[tokio::test(start_paused = true)]
async fn waiting_can_be_given_up() {
    let fake =
        Fake::with(|request| if request.url.path().ends_with("Queue") { queue("Running", 1) } else { queued(GUID) });
    let cancel = Cancel::new();
    let wait = fake.client().call(list()).wait().cancel(cancel.clone());
    let task = tokio::spawn(wait.into_future());
    tokio::time::sleep(Duration::from_secs(10)).await;
    cancel.cancel();
    let started = tokio::time::Instant::now();
    assert_eq!(task.await.unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(started.elapsed().as_secs(), 0);
    // What is given up before it begins is not sent.
    let fake = Fake::of([]);
    let call = fake.client().call(RawRequest::post("ExecThing"));
    assert!(call.wait().cancel(cancel.clone()).await.unwrap_err().is_cancelled());
    assert_eq!(fake.count(), 0);
    // A write that is being sent is not broken off.
    let fake = Fake::of([Answer::ok(r#"{"Results":"done"}"#).after(Duration::from_secs(20))]);
    let when = tokio::time::sleep(Duration::from_secs(5));
    let done = fake.client().call(RawRequest::post("ExecThing")).wait().cancel(when).await.unwrap();
    assert_eq!(done["Results"], "done");
}

#[tokio::test(start_paused = true)]
async fn a_write_is_never_made_twice() {
    let started = json!({ "Results": "Sync started", "Metadata": { "QueueId": GUID, "QueueMessage": "on its way" } });
    let fake = Fake::of([Answer::ok(started.to_string()), queue("Running", 50), queue("Completed", 100)]);
    let value = fake.client().call(RawRequest::post("ExecCIPPDBCache")).wait().await.unwrap();
    assert_eq!(value["Results"], "Sync started");
    let paths: Vec<String> = (0..fake.count()).map(|index| fake.request(index).url.path().to_owned()).collect();
    assert_eq!(paths, ["/api/ExecCIPPDBCache", "/api/ListCippQueue", "/api/ListCippQueue"]);
}

#[tokio::test(start_paused = true)]
async fn faults_that_pass_do_not_end_a_long_wait_and_a_missing_permission_is_worked_around() {
    let outage = [queued(GUID)]
        .into_iter()
        .chain((0..3).map(|_| Answer::fail(Phase::Connect)))
        .chain([queue("Completed", 100), rows()]);
    let fake = Fake::of(outage);
    assert!(fake.client().call(list()).wait().await.is_ok());
    let lasting = [queued(GUID)].into_iter().chain((0..9).map(|_| Answer::fail(Phase::Connect)));
    let fake = Fake::of(lasting);
    let error = fake.client().call(list()).wait().await.unwrap_err();
    assert_eq!((error.kind(), fake.count()), (ErrorKind::Connect, 10));
    let refused = Answer::status(403, "Access to this CIPP API endpoint is not allowed");
    let fake = Fake::of([queued(GUID), refused, queued(GUID), rows()]);
    assert!(fake.client().call(list()).wait().await.is_ok());
    assert!(fake.request(3).url.path().ends_with("ListGraphRequest"));
}

#[tokio::test(start_paused = true)]
async fn a_placeholder_is_no_row() {
    let loading = r#"[{"UPN":"Loading data for all tenants. Please check back in 10 minutes"}]"#;
    let fake = Fake::of([Answer::ok(loading), Answer::ok(loading), Answer::ok(r#"[{"UPN":"jane@contoso.com"}]"#)]);
    let client = fake.client();
    let now = client.users().list_mfa(Tenant::All).await.unwrap();
    assert!(now.is_empty() && now.is_queued());
    let users = client.users().list_mfa(Tenant::All).wait().await.unwrap();
    assert_eq!(users[0].upn.as_deref(), Some("jane@contoso.com"));
    assert_eq!(fake.request(1).url, fake.request(2).url);
    // Nor is it by name, where no specification says so.
    let loading = r#"[{"MetaData":"Loading data..."}]"#;
    let fake = Fake::of([Answer::ok(loading), Answer::ok("[]")]);
    assert_eq!(fake.client().call(RawRequest::get("ListBasicAuth")).wait().await.unwrap(), json!([]));
}

#[tokio::test(start_paused = true)]
async fn an_object_says_in_its_error_that_it_is_not_ready() {
    let waiting = json!({ "Results": null, "Metadata": { "QueueMessage": "Alerts are collected", "QueueId": GUID } });
    let ready = json!({ "Results": { "MSResults": [] }, "Metadata": {} });
    let answers = [waiting.to_string(), waiting.to_string(), queue_text("Completed"), ready.to_string()];
    let fake = Fake::of(answers.map(Answer::ok));
    let client = fake.client();
    let error = client.security().list_alerts(Tenant::All).await.unwrap_err();
    assert_eq!((error.kind(), error.queued().unwrap().id.as_deref()), (ErrorKind::NotReady, Some(GUID)));
    assert!(client.security().list_alerts(Tenant::All).wait().await.is_ok());
    assert_eq!(fake.count(), 4);
}

fn queue_text(status: &str) -> String {
    json!([{ "RowKey": GUID, "Status": status }]).to_string()
}

#[tokio::test(start_paused = true)]
async fn a_ticket_is_handed_back_until_there_is_more_than_a_ticket() {
    let result = json!({ "GUID": GUID, "NewRules": [], "ExtractedAt": "now" });
    let answers = [json!({ "GUID": GUID }), json!({ "Waiting": true }), json!({ "Waiting": true }), result];
    let fake = Fake::of(answers.map(|value| Answer::ok(value.to_string())));
    let request = RawRequest::get("ExecBECCheck").query("userid", "jane").ticket("GUID");
    let value = fake.client().call(request).wait().await.unwrap();
    assert_eq!(value["ExtractedAt"], "now");
    assert_eq!(fake.request(0).url.query(), Some("userid=jane"));
    for poll in 1..4 {
        assert_eq!(fake.request(poll).url.query(), Some(format!("userid=jane&GUID={GUID}").as_str()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_deployment_is_followed_to_its_end_and_started_once() {
    let job = |status: &str| {
        Answer::ok(json!({ "Results": [{ "DeploymentId": 7, "Status": status, "Steps": [] }] }).to_string())
    };
    let fake = Fake::of([job("queued"), job("running"), job("failed")]);
    let request = RawRequest::post("ExecSharePointTemplate").field("Action", "Deploy").ticket("DeploymentId");
    let value = fake.client().call(request.kind(Kind::Write)).wait().await.unwrap();
    assert_eq!(value["Results"][0]["Status"], "failed");
    let body = |index: usize| serde_json::from_slice::<Value>(&fake.request(index).body.unwrap()).unwrap();
    assert_eq!(body(0), json!({ "Action": "Deploy" }));
    assert_eq!(body(1), json!({ "Action": "Deploy", "DeploymentId": 7 }));
    assert_eq!(body(2), body(1));
}

#[tokio::test]
async fn the_fake_server_makes_everybody_wait() {
    let server = cipp_mock::MockServer::start().await.unwrap();
    let client = server.client().unwrap();
    let policies = client.tenants().list_conditional_access_policies(Tenant::All);
    let ready = policies.wait().interval(Duration::from_millis(5)).await.unwrap();
    assert!(!ready.is_queued() && !ready.is_empty());
    assert!(!server.requests_to("ListCippQueue").is_empty());
    let users = client.users().list_mfa(Tenant::All).wait().interval(Duration::from_millis(5)).await.unwrap();
    assert!(users.iter().all(|user| user.upn.as_deref().is_some_and(|upn| upn.contains('@'))));
}
