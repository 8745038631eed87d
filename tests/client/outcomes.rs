//! What is success and what is failure: one row for each way in which the server is known to say it, through the whole client.

use crate::fake::{Answer, Fake};
use cipp_client::{Client, Error, ErrorKind, RawRequest, Results, State};
use serde_json::json;
use std::sync::Arc;

fn client(status: u16, body: &str) -> (Arc<Fake>, Client) {
    let body = body.to_owned();
    let fake = Fake::with(move |_| Answer::status(status, body.clone()));
    let client = fake.builder().static_token("token").retry(cipp_client::RetryPolicy::none()).build().unwrap();
    (fake, client)
}

/// The states of the items.
fn states(results: &Results) -> Vec<State> {
    results.items.iter().map(|item| item.state).collect()
}

/// The shapes in which actions report, each with an action that uses it: (name of the row, body, states).
#[tokio::test(start_paused = true)]
async fn every_shape_of_results_is_read_per_item() {
    use State::{Error, Success, Warning};
    let rows: &[(&str, &str, &[State])] = &[
        ("a text", r#"{"Results":"Successfully disabled"}"#, &[Success]),
        ("texts", r#"{"Results":["Granted a","Failed to grant b"]}"#, &[Success, Error]),
        (
            "objects and texts",
            r#"{"Results":[{"resultText":"a","state":"success"},"b",{"resultText":"c","state":"error"}],"CopyFrom":{"Success":[],"Error":[],"Skipped":[]},"User":{}}"#,
            &[Success, Success, Error],
        ),
        ("one object", r#"{"Results":{"resultText":"Reset","state":"success","copyField":"pass-1"}}"#, &[Success]),
        ("a state in capitals", r#"{"Results":{"ResultText":"x","State":"Error"}}"#, &[Error]),
        ("a warning", r#"{"Results":[{"resultText":"failed, but only half","state":"warning"}]}"#, &[Warning]),
        ("bare objects", r#"[{"resultText":"Made","state":"success","copyField":"secret-1"}]"#, &[Success]),
        ("the key in small letters", r#"{"results":["Failed"]}"#, &[Error]),
        ("the key without s", r#"{"Result":"Failed"}"#, &[Error]),
        ("both keys, by name", r#"{"Results":["Done"],"Result":"Failed"}"#, &[Error, Success]),
        (
            "results in results",
            r#"{"Results":[{"Results":["a",{"Result":"Failed b"}]},{"Results":"c"}],"Metadata":{"error":"no result"}}"#,
            &[Success, Error, Success],
        ),
        ("an error text", r#"{"error":"no luck"}"#, &[Error]),
        ("an error object", r#"{"error":{"code":"x","message":"no luck"}}"#, &[Error]),
        ("an error beside results", r#"{"Results":["Done"],"error":{"message":"no luck"}}"#, &[Success, Error]),
        ("an error beside no results", r#"{"Results":[],"error":"no luck"}"#, &[Error]),
        ("an error beside a text", r#"{"Results":[{"resultText":"Tried","error":"no luck"}]}"#, &[Error]),
        ("an empty error says nothing", r#"{"Results":["Done"],"error":null,"Error":""}"#, &[Success]),
        ("a failure by the words alone", r#"{"Results":"Could not: invalid_grant"}"#, &[Error]),
        ("a failure in bare text", "Failed to do it", &[Error]),
        ("a list of one as a lone value", r#"{"Results":{"resultText":"a"}}"#, &[Success]),
        ("nothing", "", &[]),
        ("null", "null", &[]),
        ("a list of null", "[null]", &[]),
        ("an empty list", r#"{"Results":[]}"#, &[]),
    ];
    for (row, body, expected) in rows {
        let results = client(200, body).1.users().offboard("contoso.com", ["jane"]).await.unwrap();
        assert_eq!(states(&results), *expected, "{row}: {results:?}");
        assert_eq!(results.is_ok(), !expected.contains(&Error), "{row}");
        assert_eq!(results.warnings().count(), expected.iter().filter(|state| **state == Warning).count(), "{row}");
        assert_eq!(results.into_result().is_err(), expected.contains(&Error), "{row}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_other_shapes_become_rows_objects_files_and_redirects() {
    let of = |body: &str| client(200, body).1;
    assert_eq!(of(r#"[{"id":"1"}]"#).users().list("c.com").await.unwrap().len(), 1, "bare array");
    assert_eq!(of(r#"{"id":"1"}"#).users().list("c.com").await.unwrap().len(), 1, "array of one, unrolled");
    let logs = of(r#"{"Results":[{"Id":"1"}],"Metadata":{"Count":1,"Filter":"x"}}"#);
    let logs = logs.tenants().list_audit_logs("c.com").await.unwrap();
    assert_eq!((logs.len(), &logs.metadata["Count"]), (1, &json!(1)), "results with metadata");
    for nothing in ["[]", "null", "[null]", "", r#"{"Results":[]}"#, r#"{"Results":null}"#] {
        assert_eq!(of(nothing).users().list("c.com").await.unwrap().len(), 0, "{nothing}");
    }
}

/// An answer whose status is no success is a failure, in whatever words and shape.
#[tokio::test(start_paused = true)]
async fn no_other_status_is_ever_success() {
    let rows = [
        (400, "Task removed successfully.", "Task removed successfully."),
        (400, r#"{"Results":"Task removed successfully."}"#, "Task removed successfully."),
        (400, r#"{"Results":[{"resultText":"Done","state":"success"}]}"#, "Done"),
        (400, r#"{"Results":"Failed to set"}"#, "Failed to set"),
        (500, r#"{"Results":["Failed a","Failed b"]}"#, "Failed a; Failed b"),
        (403, r#"["no mailbox"]"#, "no mailbox"),
        (500, r#"["no group"]"#, "no group"),
        (400, "Graph Error: x - Endpoint: y", "Graph Error: x - Endpoint: y"),
        (500, r#"[{"Status":"Failed to trace"}]"#, "Failed to trace"),
        (500, r#"{"error":{"code":"c","message":"no answer"}}"#, "no answer"),
        (500, r#"{"error":"plain"}"#, "plain"),
        (500, r#"{"message":"plain"}"#, "plain"),
        (500, r#"[{"id":"1","displayName":"a row like any other"}]"#, "HTTP 500"),
        (304, "", "HTTP 304"),
        (412, "not processed", "not processed"),
        (404, "[]", "HTTP 404"),
    ];
    for (status, body, words) in rows {
        let (_, client) = client(status, body);
        let write = client.admin().remove_scheduled_item("7b1c2f1e-0000-4000-8000-000000000000").await.unwrap_err();
        let list = client.users().list("c.com").await.unwrap_err();
        let raw = client.call(RawRequest::get("ListThings")).await.unwrap_err();
        for error in [write, list, raw] {
            assert_eq!(error.kind(), ErrorKind::Status, "{status} {body}: {error}");
            assert_eq!(error.status().unwrap(), status);
            assert!(error.to_string().contains(words), "{status} {body}: {error}");
        }
    }
    let mixed = client(207, r#"{"Results":["Added a","Failed to add b"]}"#).1;
    let mixed = mixed.users().offboard("c.com", ["jane"]).await.unwrap();
    assert_eq!(states(&mixed), [State::Success, State::Error], "207 is a success with a failed item");
}

/// A 200 that hides a failure.
#[tokio::test(start_paused = true)]
async fn failures_inside_a_200_are_seen() {
    fn failed<T: std::fmt::Debug>(row: &str, result: Result<T, Error>) {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Action, "{row}: {error}");
    }
    let of = |body: &str| client(200, body).1;
    let fake_tenant =
        r#"[{"displayName":"Failed to retrieve tenants, x","customerId":"","defaultDomainName":"","Results":"x"}]"#;
    failed("the fake tenant", of(fake_tenant).tenants().list().await);
    let deprecated = r#"[{"Message":"This function has been deprecated for all users. Use ListGraphRequest"}]"#;
    failed("users of all tenants", of(deprecated).users().list("c.com").await);
    failed("words in place of rows", of(r#"{"Results":"Failed to get it"}"#).users().list("c.com").await);
    failed("words in place of an object", of(r#"{"Results":"Failed to get it"}"#).users().list("c.com").await);

    let laps = of(r#"{"Results":"Failed. No LAPS password found for x"}"#);
    failed("no local password", laps.intune().get_local_admin_password("c.com", "d").await.unwrap().into_result());
    let per_item = of(r#"{"Results":["Granted a","Error processing b"]}"#);
    let per_item = per_item.users().offboard("c.com", ["j"]).await.unwrap();
    assert_eq!(states(&per_item), [State::Success, State::Error], "one permission of two");
    let stated = of(r#"{"Results":{"resultText":"The client","state":"error"}}"#);
    failed("a state of error", stated.users().offboard("c.com", ["j"]).await.unwrap().into_result());
    let exo = of(r#"{"Results":[{"Error":"no cmdlet"}]}"#);
    failed("an error as a row", exo.users().offboard("c.com", ["j"]).await.unwrap().into_result());
    let unknown = of(r#"{"Results":"Invalid action"}"#);
    failed("an unknown action", unknown.admin().list_api_clients("List").await);

    let loading = of(r#"[{"UPN":"Loading data for all tenants. Please check back"}]"#);
    let loading = loading.users().list_mfa("AllTenants").await.unwrap();
    assert!(loading.is_queued() && loading.is_empty(), "a placeholder is no user");
}

const CANARY: &str = "Canary-pass-77!";

/// Every place in which an answer holds a new password, and every place in which it repeats it.
#[tokio::test(start_paused = true)]
async fn what_is_offered_for_copying_is_never_shown() {
    let bodies = [
        r#"{"Results":[{"resultText":"Failed: the password is Canary-pass-77!","state":"error","copyField":"Canary-pass-77!"}]}"#,
        // In another item than the one that offers it.
        r#"{"Results":[{"resultText":"Made","copyField":"Canary-pass-77!","state":"success"},"Failed to mail Canary-pass-77!"]}"#,
        r#"{"Results":["Failed: Canary-pass-77!",{"resultText":"x","temporaryAccessPass":"Canary-pass-77!","state":"success"}]}"#,
        r#"{"Results":"Failed after the password became Canary-pass-77!","copyField":"Canary-pass-77!"}"#,
        r#"[{"resultText":"Failed: Canary-pass-77!","state":"error","CopyField":["Canary-pass-77!"]}]"#,
        r#"{"Results":{"Results":{"resultText":"Failed: Canary-pass-77!","state":"error","details":{"password":"Canary-pass-77!"}}}}"#,
        r#"{"Results":[{"copyField":"Canary-pass-77!","more":1},"Failed: Canary-pass-77!"]}"#,
        r#"{"resultText":"Failed: Canary-pass-77!","copyField":"Canary-pass-77!","state":"error"}"#,
    ];
    for body in bodies {
        let results = client(200, body).1.users().reset_password("c.com", "jane").await.unwrap();
        let mut shown = format!("{results:?}");
        for item in &results {
            shown.push_str(&item.redacted_text());
        }
        let error = results.into_result().unwrap_err();
        shown.push_str(&format!("{error} {error:?} {:?}", error.body()));
        for status in [400, 500] {
            let error = client(status, body).1.users().reset_password("c.com", "jane").await.unwrap_err();
            shown.push_str(&format!("{error} {error:?} {:?}", error.body()));
        }
        let rows = client(200, body).1.users().list("c.com").await;
        shown.push_str(&format!("{rows:?} {:?}", rows.as_ref().err().and_then(Error::body)));
        assert!(!shown.contains(CANARY), "{body}\n{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_in_a_broken_or_flattened_answer_is_not_shown_either() {
    let bodies = [
        r#"{"Results":[{"copyField":"Canary-pass-77!","resultText":"Canary-pass-77!"#.to_owned(),
        r#"{"Results":["@{resultText=Canary-pass-77!; copyField=Canary-pass-77!; state=error}"]}"#.to_owned(),
        r#"{"Results":"{\"copyField\":\"Canary-pass-77!\",\"text\":\"Canary-pass-77!\"}"}"#.to_owned(),
        // Offered behind what an error keeps of the answer.
        format!(r#"{{"Results":["Canary-pass-77!","{}"],"copyField":"Canary-pass-77!"}}"#, "x".repeat(20_000)),
    ];
    for body in &bodies {
        for status in [200, 500] {
            let reply = client(status, body).1.users().reset_password("c.com", "jane").await;
            let shown = format!("{reply:?} {:?}", reply.as_ref().err().and_then(Error::body));
            assert!(!shown.contains(CANARY), "{body}\n{shown}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_passwords_of_the_request_are_not_repeated() {
    let (fake, client) = client(200, r#"{"Results":["Failed to set the password Canary-pass-77!"]}"#);
    let call = client.users().add("c.com", "jane", "c.com", "Jane").with(|request| request.password(CANARY));
    assert!(!call.dry_run().to_string().contains(CANARY));
    let results = call.await.unwrap();
    let shown = format!("{results:?} {}", results.clone().into_result().unwrap_err());
    assert!(!shown.contains(CANARY), "{shown}");
    // Reading it is an explicit step.
    assert!(results.items[0].text.contains(CANARY) && fake.count() == 1);
}

#[test]
fn a_dry_run_hides_what_was_copied_from_an_answer() {
    let (_, client) = client(200, "");
    let request = RawRequest::post("AddThing").field("item", json!({ "copyField": CANARY, "resultText": CANARY }));
    let run = client.call(request).dry_run();
    assert!(!run.to_string().contains(CANARY), "{run}");
}
