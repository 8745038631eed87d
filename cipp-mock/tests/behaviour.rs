//! Sign-in, permissions, strictness, faults and oddities.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod support;

use cipp_client::RawRequest;
use cipp_mock::{CONTOSO, Fault, MockServer, Quirk};
use serde_json::json;
use std::time::{Duration, Instant};
use support::{exchange, json, raw, results, start};

fn users() -> RawRequest {
    RawRequest::get("ListUsers").query("tenantFilter", CONTOSO)
}

#[tokio::test]
async fn wrong_credentials_are_refused_as_entra_does() {
    let server = MockServer::start().await.unwrap();
    let (tenant, app, secret) = (server.tenant_id(), server.client_id(), server.client_secret());
    let token = async |tenant: &str, app: &str, secret: &str, scope: &str| {
        let form = format!("grant_type=client_credentials&client_id={app}&client_secret={secret}&scope={scope}");
        let head = format!(
            "POST /{tenant}/oauth2/v2.0/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            form.len()
        );
        exchange(&server, &format!("{head}{form}")).await.unwrap()
    };
    let scope = format!("api%3A%2F%2F{app}%2F.default");
    assert!(token(tenant, app, secret, &scope).await.contains("\"access_token\":\"mock-token-1\""));
    for (tenant, app, secret, scope, status, code) in [
        (tenant, app, "wrong", scope.as_str(), "401", "AADSTS7000215"),
        (tenant, "11111111-1111-4111-a111-111111111111", secret, scope.as_str(), "400", "AADSTS700016"),
        ("22222222-2222-4222-a222-222222222222", app, secret, scope.as_str(), "400", "AADSTS90002"),
        (tenant, app, secret, "api%3A%2F%2Felse%2F.default", "400", "AADSTS500011"),
    ] {
        let answer = token(tenant, app, secret, scope).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(code), "{answer}");
    }
    // Secrets are not in the records.
    assert!(!format!("{:?}", server.requests()).contains(secret));
}

#[tokio::test]
async fn without_a_live_token_nothing_is_said() {
    let (server, client) = start().await;
    let answer =
        exchange(&server, "GET /api/ListUsers HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "no body: {answer}");
    assert_eq!(json(&client, users()).await.0, 200);
    // The client signs in again by itself.
    server.expire_tokens();
    assert_eq!(json(&client, users()).await.0, 200);
    assert_eq!(server.requests_to("token").len(), 2);
    server.advance(Duration::from_secs(4000));
    assert_eq!(json(&client, users()).await.0, 200);
    assert_eq!(server.requests_to("token").len(), 3);
}

#[tokio::test]
async fn permissions_flags_and_unknown_paths_are_bare_texts() {
    let (server, client) = start().await;
    server.deny("identity.user.read");
    let reply = raw(&client, users()).await;
    assert_eq!(reply.status.as_u16(), 403);
    assert!(reply.text().starts_with("Access to this") && reply.text().contains("Identity.User.Read"));
    server.allow("Identity.User.Read");
    assert_eq!(json(&client, users()).await.0, 200);
    server.disable("ListUsers");
    let reply = raw(&client, users()).await;
    assert_eq!(reply.status.as_u16(), 503);
    assert!(reply.text().contains("disabled"));
    let reply = raw(&client, RawRequest::get("ListNothing")).await;
    assert_eq!((reply.status.as_u16(), reply.text().as_ref()), (404, "Endpoint not found"));
    assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
    server.enable("ListUsers");
    assert_eq!(json(&client, RawRequest::get("listUSERS").query("TENANTfilter", CONTOSO)).await.0, 200);
}

#[tokio::test]
async fn a_strict_server_names_what_is_wrong() {
    let (server, client) = start().await;
    let wrong = async |request: RawRequest, word: &str| {
        let (status, said) = results(&client, request).await;
        assert!(status == 400 && said.as_str().unwrap_or_default().contains(word), "{word}: {status} {said}");
    };
    wrong(users().query("graphFilters", "x"), "graphFilters").await;
    wrong(RawRequest::get("ListUsers"), "tenantFilter").await;
    wrong(RawRequest::post("ListUsers").field("tenantFilter", CONTOSO), "POST").await;
    let disable = |body| RawRequest::post("ExecDisableUser").body(body);
    wrong(disable(json!({ "tenantFilter": CONTOSO, "ID": "x", "Enable": "false" })), "Enable").await;
    wrong(disable(json!({ "tenantFilter": CONTOSO, "id": "x", "Enable": false })), "spelt ID").await;
    wrong(
        disable(json!({ "tenantFilter": CONTOSO, "ID": "x", "Enable": false })).query("ID", "x"),
        "belongs into the body",
    )
    .await;
    wrong(
        RawRequest::get("ListMFAUsers").query("tenantFilter", CONTOSO).query("UseReportDB", "false"),
        "counts as set",
    )
    .await;
    let forward = json!({ "tenantFilter": CONTOSO, "userID": "ada.lovelace@contoso.com", "forwardOption": "internalAddress",
        "ForwardInternal": "jane.doe@contoso.com" });
    wrong(RawRequest::post("ExecEmailForward").body(forward.clone()), "silently ignored").await;
    // A lenient one ignores it, silently, as the real one does.
    server.set_strict(false);
    let (status, said) = results(&client, RawRequest::post("ExecEmailForward").body(forward)).await;
    assert_eq!((status, said), (200, json!(null)));
    assert_eq!(json(&client, RawRequest::post("ListUsers").field("tenantFilter", CONTOSO)).await.0, 200);
}

#[tokio::test]
async fn faults_strike_where_and_as_often_as_they_should() {
    let (server, client) = start().await;
    server.fault(Fault::status(503).retry_after("0").body("text/plain", "busy").skip(1).times(2).on("listusers"));
    assert_eq!(json(&client, users()).await.0, 200);
    assert_eq!(json(&client, RawRequest::get("ListTenants")).await.0, 200);
    server.clear_requests();
    // The client repeats a read.
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 20);
    let seen: Vec<u16> = server.requests_to("ListUsers").iter().map(|request| request.status).collect();
    assert_eq!(seen, [503, 503, 200]);

    server.fault(Fault::delay(Duration::from_millis(150)).times(1));
    let start = Instant::now();
    assert_eq!(json(&client, users()).await.0, 200);
    assert!(start.elapsed() >= Duration::from_millis(150));

    server.fault(Fault::html().times(1));
    assert!(client.users().list(CONTOSO).await.is_err());
    // The sign-in has faults of its own; the others leave it alone.
    server.clear_requests();
    server.expire_tokens();
    server.fault(Fault::status(500));
    server.fault(Fault::status(400).body("application/json", "{\"error\":\"invalid_client\"}").on("token"));
    assert!(client.users().list(CONTOSO).await.is_err());
    server.clear_faults();
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 20);
}

#[tokio::test]
async fn connections_break_on_demand() {
    let server = MockServer::start().await.unwrap();
    let get = "GET /api/ListUsers HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    server.fault(Fault::reset().times(1));
    let error = exchange(&server, get).await.expect_err("a reset");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    let portal = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let whole = exchange(&server, portal).await.unwrap();
    server.fault(Fault::cut().times(1));
    let half = exchange(&server, portal).await.unwrap();
    assert!(half.len() < whole.len() && half.contains("content-length"), "{half}");
}

#[tokio::test]
async fn a_lost_answer_leaves_the_work_done() {
    let (server, client) = start().await;
    server.fault(Fault::reset().after_effect().times(1).on("RemoveUser"));
    let request = cipp_client::users::RemoveUser::new(CONTOSO, "jane.doe@contoso.com");
    let error = client.call(request).await.unwrap_err();
    assert!(error.is_in_doubt(), "{error}");
    assert_eq!(server.requests_to("RemoveUser").len(), 1);
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 19);
}

#[tokio::test]
async fn oddities_change_the_shape() {
    let (server, client) = start().await;
    let one =
        || RawRequest::get("ListUsers").query("tenantFilter", CONTOSO).query("UserID", "ada.lovelace@contoso.com");
    let none = || RawRequest::get("ListApplicationQueue");
    server.quirk(Quirk::OneAsObject);
    assert!(json(&client, one()).await.1.is_object());
    server.clear_quirk(Quirk::OneAsObject);
    assert!(json(&client, one()).await.1.is_array());
    server.quirk(Quirk::EmptyAsNullRow);
    assert_eq!(raw(&client, none()).await.text(), "[null]");
    server.clear_quirk(Quirk::EmptyAsNullRow);
    server.quirk(Quirk::EmptyAsNothing);
    assert_eq!(raw(&client, none()).await.text(), "");
    server.quirk(Quirk::ByteOrderMark);
    server.quirk(Quirk::PlainTextType);
    let reply = raw(&client, one()).await;
    assert!(reply.body.starts_with(b"\xEF\xBB\xBF"));
    assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    server.quirk(Quirk::NumbersAsText);
    server.quirk(Quirk::UnknownField);
    let users = client.users().list(CONTOSO).await.unwrap();
    assert_eq!(users[0].account_enabled, Some(true));
    assert!(users[0].extra.contains_key("mockAddition"));
    server.quirk(Quirk::TenantListFails);
    assert!(client.tenants().list().await.unwrap_err().is_action());
}

#[tokio::test]
async fn requests_are_recorded() {
    let (server, client) = start().await;
    client.users().list(CONTOSO).await.unwrap();
    let seen = server.requests_to("listusers");
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].method, "GET");
    assert_eq!(seen[0].path, "/api/ListUsers");
    assert_eq!(seen[0].query_value("tenantfilter"), Some(CONTOSO));
    assert_eq!(seen[0].header("authorization"), Some("[hidden]"));
    assert_eq!(seen[0].status, 200);
    server.clear_requests();
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn the_server_stops() {
    let (server, client) = start().await;
    client.users().list(CONTOSO).await.unwrap();
    let address = server.url().trim_start_matches("http://").to_owned();
    tokio::time::timeout(Duration::from_secs(5), server.stop()).await.expect("it stops although a client is connected");
    assert!(tokio::net::TcpStream::connect(&address).await.is_err());
}
