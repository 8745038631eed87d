//! A server that repeats secrets, in every kind of answer, finds no echo in what a program could print.

use super::calls::{CALLS, PASSWORD, SECRET, client, run, server, sound};
use cipp_mock::Fault;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn what_the_server_repeats_is_not_shown() {
    let said = format!("Failed with {PASSWORD} and Bearer mock-token-1");
    let item =
        json!({ "Results": [{ "resultText": "It is canary-copy-1", "state": "error", "copyField": "canary-copy-1" }] });
    let bodies = [
        ("text/plain", said.clone()),
        ("application/json", json!({ "Results": said }).to_string()),
        ("application/json", json!([said]).to_string()),
        ("application/json", json!({ "error": { "code": "x", "message": said } }).to_string()),
        ("text/html", format!("<html><body>{said}</body></html>")),
        ("application/json", item.to_string()),
    ];
    // Only this call sends the password, so only it can know what to hide.
    let call = CALLS.iter().find(|call| call.name == "write with a secret").unwrap();
    for status in [400, 401, 403, 404, 429, 500, 502, 503] {
        for (kind, body) in &bodies {
            let what = format!("{status} {kind} {body}");
            // The token that the body repeats is the one in use, because each server counts its tokens from 1.
            let server = server().await;
            let client = client(&server, Duration::from_secs(20));
            // The repeated sign-in after a 401 gives a second token, and the first is the one that is hidden then.
            server.fault(Fault::status(status).body(*kind, body.as_str()).times(1));
            let parts = run(call, &client, &what).await;
            if status != 401 {
                assert!(parts[0].end.is_some(), "{what}");
            }
            sound(&server, &client, call, &parts, &what);
        }
    }
}

#[tokio::test]
async fn a_sign_in_that_repeats_the_secret_is_not_shown() {
    for status in [200, 400, 401, 500] {
        for body in [
            format!(r#"{{"error":"invalid_client","error_description":"AADSTS7000215: not {SECRET}"}}"#),
            format!("<html><body>{SECRET}</body></html>"),
            SECRET.to_owned(),
        ] {
            let what = format!("{status} {body}");
            let server = server().await;
            let client = client(&server, Duration::from_secs(20));
            server.fault(Fault::status(status).body("application/json", body.as_str()).on("token"));
            let parts = run(&CALLS[0], &client, &what).await;
            assert!(parts[0].end.is_some(), "{what}");
            sound(&server, &client, &CALLS[0], &parts, &what);
        }
    }
}
