//! What a test says that it expects, and what it hears when that does not happen.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod support;

use cipp_client::types::User;
use cipp_client::{Listing, Queued, RawRequest, ResultItem, Secret, State, tenants, users};
use cipp_mock::{CONTOSO, FABRIKAM, Quirk};
use serde_json::json;
use support::{raw, start};

fn user(name: &str) -> User {
    let mut user = User::default();
    user.display_name = Some(name.to_owned());
    user.extra.insert("custom".to_owned(), json!({ "kept": true }));
    user
}

#[tokio::test]
async fn rows_come_back_as_they_were_given() {
    let (server, client) = start().await;
    let expected = server.on::<users::ListUsers>().reply(vec![user("Ada"), user("Jane")]);
    let users = client.users().list(CONTOSO).await.unwrap();
    assert_eq!(users.items, [user("Ada"), user("Jane")]);
    assert_eq!(expected.calls(), 1);
    // Other actions are the world's.
    assert_eq!(client.tenants().list().await.unwrap().len(), 3);
    server.verify().unwrap();
    // The oddities of the real server apply.
    server.clear_expectations();
    server.on::<users::ListUsers>().reply([user("Ada")]);
    server.quirk(Quirk::OneAsObject);
    assert!(raw(&client, RawRequest::get("ListUsers").query("tenantFilter", CONTOSO)).await.text().starts_with('{'));
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_listing_brings_what_is_said_about_it() {
    let (server, client) = start().await;
    let mut listing = Listing::default();
    let mut queued = Queued::default();
    queued.message = "Loading data".to_owned();
    queued.id = Some("7".to_owned());
    listing.queued = Some(queued.clone());
    server.on::<users::ListUsers>().reply(listing);
    assert_eq!(client.users().list(CONTOSO).await.unwrap().queued, Some(queued));
}

#[tokio::test]
async fn results_are_texts_or_items() {
    let (server, client) = start().await;
    let remove = || client.users().remove(CONTOSO, "jane.doe@contoso.com");
    let mut item = ResultItem::default();
    item.text = "The new password is Mock-1".to_owned();
    item.state = State::Warning;
    item.copy_field = Some(Secret::from("Mock-1"));
    server.on::<users::RemoveUser>().times(1).reply("Removed.");
    server.on::<users::RemoveUser>().times(1).reply(["One went.", "Failed to remove the other."]);
    server.on::<users::RemoveUser>().times(1).reply(vec![item.clone()]);
    server.on::<users::RemoveUser>().times(1).reply("Failed.").reply_status(400);
    assert_eq!(remove().await.unwrap().items[0].text, "Removed.");
    assert_eq!(remove().await.unwrap().errors().count(), 1);
    assert_eq!(remove().await.unwrap().items, [item]);
    assert_eq!(remove().await.unwrap_err().status().unwrap().as_u16(), 400);
    server.verify().unwrap();
    // All of them have had their calls, so this is one too many, and the world's.
    assert!(remove().await.is_ok());
    let report = server.verify().unwrap_err().to_string();
    assert_eq!(report, "not as expected:\n  - RemoveUser: 1 call expected, 2 came");
}

#[tokio::test]
async fn a_matcher_chooses_and_the_report_shows_what_did_not_fit() {
    let (server, client) = start().await;
    server
        .on::<users::ListUsers>()
        .reply(vec![user("Ada")])
        .with(|sent| sent.query_value("tenantFilter") == Some(FABRIKAM))
        .times(2);
    server.on::<tenants::ListTenants>().times(0);
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 20);
    assert_eq!(client.users().list(FABRIKAM).await.unwrap().len(), 1);
    client.tenants().list().await.unwrap();
    let report = server.verify().unwrap_err();
    assert_eq!(
        report.to_string(),
        "not as expected:\n  - ListUsers: 2 calls expected, 1 came; 1 more did not fit:\n      \
         GET /api/ListUsers?tenantFilter=contoso.onmicrosoft.com\n  - ListTenants: 0 calls expected, 1 came"
    );
    assert_eq!(format!("{report:?}"), report.to_string());
    assert_eq!(report.lines().len(), 2);
    server.clear_expectations();
    server.verify().unwrap();
}

#[tokio::test]
async fn answers_can_depend_on_the_request() {
    let (server, client) = start().await;
    let mut calls = 0;
    server.on::<users::ListUsers>().reply_with(move |sent| {
        calls += 1;
        vec![user(&format!("{} {calls}", sent.query_value("tenantFilter").unwrap_or_default()))]
    });
    client.users().list(CONTOSO).await.unwrap();
    let users = client.users().list(FABRIKAM).await.unwrap();
    assert_eq!(users[0].display_name.as_deref(), Some("fabrikam.onmicrosoft.com 2"));
}

#[tokio::test]
async fn an_endpoint_may_be_unknown() {
    let (server, client) = start().await;
    server.on_endpoint("ListBrandNewThing").reply_json(json!({ "Results": [1, 2] }));
    server.on_endpoint("ListGone").reply_status(410).any_times();
    let answer = client.call(RawRequest::get("ListBrandNewThing")).await.unwrap();
    assert_eq!(answer, json!({ "Results": [1, 2] }));
    assert_eq!(raw(&client, RawRequest::get("listgone")).await.status.as_u16(), 410);
    server.verify().unwrap();
}

#[tokio::test]
async fn without_a_reply_the_world_answers_and_calls_are_counted() {
    let (server, client) = start().await;
    let expected = server.on::<users::ListUsers>();
    assert!(server.verify().is_err());
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 20);
    assert_eq!(expected.calls(), 1);
    server.verify().unwrap();
}

#[tokio::test]
async fn sign_in_permissions_and_checks_come_first() {
    let (server, client) = start().await;
    let expected = server.on::<users::ListUsers>().reply(vec![user("Ada")]);
    server.deny("Identity.User.Read");
    assert!(client.users().list(CONTOSO).await.unwrap_err().is_auth());
    server.allow("Identity.User.Read");
    assert_eq!(raw(&client, RawRequest::get("ListUsers")).await.status.as_u16(), 400);
    assert_eq!(expected.calls(), 0);
}

#[tokio::test]
async fn secrets_are_hidden_where_requests_are_shown() {
    let (server, client) = start().await;
    let request = users::AddUser::new(CONTOSO, "max", "contoso.com", "Max Power").password("canary-password");
    server.on::<users::AddUser>().with(|_| false);
    let _ = client.call(request).await;
    let sent = server.requests_to("AddUser");
    assert_eq!(sent[0].body_value("password"), Some(&json!("canary-password")));
    let shown = format!("{sent:?} {server:?} {}", server.verify().unwrap_err());
    assert!(!shown.contains("canary") && shown.contains("AddUser"), "{shown}");
    assert!(!shown.contains(server.client_secret()), "{shown}");
}

#[tokio::test]
async fn only_the_last_requests_are_kept_where_that_was_asked_for() {
    let server = cipp_mock::MockServer::builder().keep_requests(3).start().await.unwrap();
    let client = support::client(&server);
    for _ in 0..5 {
        client.users().list(CONTOSO).await.unwrap();
    }
    assert_eq!(server.requests().len(), 3);
    assert!(server.requests().iter().all(|sent| sent.carried_out && sent.status == 200));
}
