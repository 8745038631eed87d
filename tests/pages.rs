//! The two pages of the node that the project started from, met property by property, with the options that the node gives every
//! action: batching, certificate checks, proxy, timeout.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

use cipp_client::request::Described;
use cipp_client::users::{ClearImmutableId, OffboardUser, RevokeSessions};
use cipp_client::{Client, LabelValue, Schedule, SingleTenant, State, UnixTime};
use cipp_mock::{CONTOSO, MockServer};
use serde_json::json;
use std::time::Duration;

/// The names that a page lists under "Properties", without the request options, which are no property of the request.
const OFFBOARD_USER: &[&str] = &[
    "ConvertToShared",
    "RemoveLicenses",
    "ResetPass",
    "DeleteUser",
    "RemoveMFADevices",
    "RevokeSessions",
    "RemoveGroups",
    "removePermissions",
    "RemoveMobile",
    "RemoveRules",
    "DisableSignIn",
    "HideFromGAL",
    "removeCalendarInvites",
    "ClearImmutableId",
    "disableForwarding",
    "KeepCopy",
    "Scheduled",
    "tenantLabel",
    "tenantDomain",
    "forward",
    "userName",
    "userEmail",
];
const CLEAR_IMMUTABLE_ID: &[&str] = &["User ID", "Tenant Filter"];

/// The names of the page that no property has for its label. Two names of the page may be the halves of one property.
fn unmet<R: Described>(page: &[&'static str]) -> Vec<&'static str> {
    let labels: Vec<&str> = R::action().properties.iter().flat_map(|property| property.label.split(" / ")).collect();
    page.iter().copied().filter(|name| !labels.contains(name)).collect()
}

#[test]
fn every_property_of_the_pages_is_there() {
    assert_eq!(unmet::<OffboardUser>(OFFBOARD_USER), Vec::<&str>::new());
    assert_eq!(unmet::<ClearImmutableId>(CLEAR_IMMUTABLE_ID), Vec::<&str>::new());
}

#[tokio::test]
async fn offboarding_sends_every_option_as_the_server_reads_it() {
    let server = MockServer::start().await.expect("the fake server starts");
    let client = server.client().expect("a client");
    let user = client.users().list(CONTOSO).await.expect("users").into_items().remove(3);
    let upn = user.user_principal_name.expect("a sign-in name");
    let date = UnixTime::from_secs(server.now() + 3600);
    let request = OffboardUser::new(
        SingleTenant::from(CONTOSO).with_label("Contoso"),
        [LabelValue::from(upn.as_str()).with_label("The Leaver")],
    )
    .convert_to_shared(true)
    .remove_licenses(true)
    .reset_password(true)
    .delete_user(false)
    .remove_mfa_devices(true)
    .revoke_sessions(true)
    .remove_groups(true)
    .remove_mailbox_permissions(true)
    .remove_mobile_devices(true)
    .remove_rules(true)
    .disable_sign_in(true)
    .hide_from_address_list(true)
    .cancel_meetings(true)
    .clear_immutable_id(true)
    .disable_forwarding(false)
    .forward_to(upn.as_str())
    .keep_copy(true)
    .schedule(Schedule::at(date));
    client.call(request).await.expect("an answer").into_result().expect("a task");
    let sent = server.requests_to("ExecOffboardUser").remove(0);
    assert_eq!(sent.query, []);
    assert_eq!(
        sent.body,
        Some(json!({
            "tenantFilter": { "label": "Contoso", "value": CONTOSO },
            "user": [{ "label": "The Leaver", "value": upn }],
            "ConvertToShared": true, "RemoveLicenses": true, "ResetPass": true, "DeleteUser": false, "RemoveMFADevices": true,
            "RevokeSessions": true, "RemoveGroups": true, "removePermissions": true, "RemoveMobile": true, "RemoveRules": true,
            "DisableSignIn": true, "HideFromGAL": true, "removeCalendarInvites": true, "ClearImmutableId": true,
            "disableForwarding": false, "forward": { "label": upn, "value": upn }, "KeepCopy": true,
            "Scheduled": { "enabled": true, "date": date.as_secs() },
        }))
    );
}

#[tokio::test]
async fn the_request_options_of_the_node() {
    let server = MockServer::start().await.expect("the fake server starts");
    // Timeout, certificate checks and proxy are settings of the client. (The proxy is not used for loopback here: NO_PROXY.)
    let client = server
        .client_builder()
        .timeout(Duration::from_secs(20))
        .danger_accept_invalid_certs(true)
        .build()
        .expect("a client");
    let with_proxy = Client::builder("https://cipp.example.com")
        .static_token("not a real token")
        .proxy("http://somebody:hunter2@proxy.example.com:8080")
        .build()
        .expect("a client behind a proxy");
    assert!(!format!("{with_proxy:?}").contains("hunter2"));

    // Batching: so many at once, then a pause.
    let users = client.users().list(CONTOSO).await.expect("users").into_items();
    let requests: Vec<RevokeSessions> =
        users.iter().take(5).map(|user| RevokeSessions::new(CONTOSO, user.id.as_deref().expect("an id"))).collect();
    let started = std::time::Instant::now();
    let outcomes = client.batch(requests).size(2).interval(Duration::from_millis(40)).collect().await;
    assert_eq!(outcomes.len(), 5);
    for outcome in outcomes {
        let results = outcome.expect("an answer");
        assert!(results.items.iter().all(|item| item.state != State::Error), "{results:?}");
    }
    assert!(started.elapsed() >= Duration::from_millis(80), "two pauses between three batches");
    assert_eq!(server.requests_to("ExecRevokeSessions").len(), 5);
}
