//! The blocking client, over the fake server and over a scripted transport.

use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::blocking::Client;
use cipp_client::users::ListUsers;
use cipp_client::{ErrorKind, RawRequest, RetryPolicy, Tenant};
use cipp_mock::{CONTOSO, FABRIKAM};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

fn client(fake: &std::sync::Arc<Fake>) -> Client {
    fake.builder().static_token(TOKEN).build_blocking().unwrap()
}

#[test]
fn has_the_same_names_and_options() {
    let fake = Fake::with(|request| match request.url.path() {
        "/api/ListUsers" => Answer::ok(r#"[{"id":"1","accountEnabled":"maybe"}]"#),
        _ => Answer::status(418, "tea"),
    });
    let client = client(&fake);
    let call = client.users().list("contoso.com").timeout(Duration::from_secs(9)).header("x-trace", "7");
    assert!(call.dry_run().to_string().contains("x-trace: 7"));
    assert_eq!(call.clone().send().unwrap()[0].id.as_deref(), Some("1"));
    assert_eq!(call.clone().with_meta().unwrap().meta.warnings.count(), 1);
    assert_eq!(call.strict(true).send().unwrap_err().kind(), ErrorKind::Decode);
    let raw = client.call(RawRequest::get("Tea")).retry(RetryPolicy::none()).raw().unwrap();
    assert_eq!((raw.status.as_u16(), &*raw.text()), (418, "tea"));
    assert_eq!((client.stats().calls, client.as_async().stats().calls), (4, 4));
    assert_eq!(fake.request(0).headers["x-trace"], "7");
}

#[test]
fn reaches_a_real_server_again_and_again() {
    // The server runs on a runtime of its own, as it does in another process.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(cipp_mock::MockServer::start()).unwrap();
    let client = server.client_builder().build_blocking().unwrap();
    for _ in 0..3 {
        assert!(!client.tenants().list().send().unwrap().is_empty());
    }
    assert_eq!((server.requests_to("ListTenants").len(), client.stats().token_requests), (3, 1));
    drop(client);
    runtime.block_on(server.stop());
}

#[test]
fn serves_many_threads_at_once() {
    let fake = Fake::with(|_| Answer::ok("1").after(Duration::from_millis(100)));
    let client = client(&fake);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| client.call(RawRequest::get("X")).send().unwrap());
        }
    });
    assert_eq!((fake.count(), fake.most()), (4, 4));
}

#[tokio::test]
async fn inside_async_it_is_an_error_and_no_panic() {
    let fake = Fake::of([Answer::ok("1")]);
    let client = client(&fake);
    let error = client.call(RawRequest::get("X")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("cipp_client::Client"), "{error}");
    assert_eq!(fake.count(), 0);
    // In a thread of one's own it works, and the last clone may be dropped anywhere.
    let other = client.clone();
    assert_eq!(thread::spawn(move || other.call(RawRequest::get("X")).send()).join().unwrap().unwrap(), json!(1));
    drop(client);
}

#[test]
fn async_code_runs_on_it() {
    let fake = Fake::with(|_| Answer::ok("2"));
    let client = client(&fake);
    let call = client.as_async().call(RawRequest::get("A"));
    assert_eq!(client.block_on(call.into_future()).unwrap().unwrap(), json!(2));
}

#[test]
fn what_is_more_than_one_call_has_the_same_names_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(cipp_mock::MockServer::start()).unwrap();
    let client = server.client_builder().build_blocking().unwrap();
    let listed = client.users().list(CONTOSO).send().unwrap().len();
    let mut rows = client.users().list(CONTOSO).stream();
    let streamed: Vec<_> = rows.by_ref().map(|user| user.unwrap().user_principal_name).collect();
    assert_eq!(streamed.len(), listed);
    assert!(rows.next().is_none() && rows.inner().unwrap().warnings().is_empty());
    assert_eq!(client.users().list(CONTOSO).rows().count(), listed);
    assert_eq!(client.users().list(CONTOSO).pages().map(|page| page.unwrap().len()).sum::<usize>(), listed);
    let told = Arc::new(AtomicU32::new(0));
    let count = told.clone();
    let waited = client.users().list_mfa(Tenant::All).wait().with(|wait| wait.interval(Duration::from_millis(1)));
    let waited = waited.with(|wait| wait.on_progress(move |_| count.store(1, Ordering::SeqCst)));
    assert!(waited.send().unwrap().len() > 1 && told.load(Ordering::SeqCst) > 0);
    let names = client.batch([CONTOSO, FABRIKAM].map(ListUsers::new)).with(|batch| batch.concurrency(2)).collect();
    assert_eq!(names.unwrap().iter().filter(|users| users.as_ref().is_ok_and(|users| !users.is_empty())).count(), 2);
    let report = client.for_each_tenant([CONTOSO, FABRIKAM], ListUsers::new).collect().unwrap();
    assert!(report.is_ok());
    assert!(client.diagnose().unwrap().is_ok());
    assert_eq!(
        client.follow_task("no-such-task").with(|task| task.interval(Duration::ZERO)).send().unwrap_err().kind(),
        ErrorKind::Status
    );
    drop((client, rows));
    runtime.block_on(server.stop());
}

#[tokio::test]
async fn iterating_inside_async_gives_one_error() {
    let fake = Fake::of([Answer::ok("[1,2]")]);
    let mut rows = client(&fake).call(RawRequest::get("X")).stream();
    assert_eq!(rows.next().unwrap().unwrap_err().kind(), ErrorKind::Config);
    assert!(rows.next().is_none() && fake.count() == 0);
}

#[test]
fn a_panic_in_the_callers_own_code_is_an_error_in_doubt() {
    let fake =
        Fake::with(|request| if request.url.path() == "/api/Bad" { panic!("scripted") } else { Answer::ok("3") });
    let client = client(&fake);
    let error = client.call(RawRequest::post("Bad")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InDoubt, "{error}");
    let error = client.call(RawRequest::get("Good")).send();
    // The script's lock is poisoned by the panic; what counts is that the client's thread still answers.
    assert!(error.is_err());
}
