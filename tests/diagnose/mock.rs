//! The diagnosis over real sockets, against the fake server.

use cipp_client::{CheckState, Diagnosis};
use cipp_mock::{Fault, MockServer};

fn failed(diagnosis: &Diagnosis) -> Vec<&str> {
    diagnosis.failed().map(|check| check.name).collect()
}

#[tokio::test]
async fn the_fake_server_is_healthy() {
    let server = MockServer::builder().live(true).start().await.unwrap();
    let client = server.client().unwrap();
    let diagnosis = client.diagnose().await;
    assert!(diagnosis.is_ok(), "{diagnosis}");
    assert!(diagnosis.check("version").unwrap().finding.contains("10.8.2"), "{diagnosis}");
    let sent: Vec<(String, String)> =
        server.requests().iter().map(|request| (request.method.clone(), request.endpoint().to_owned())).collect();
    let reads: Vec<&str> = sent.iter().filter(|(method, _)| method == "GET").map(|(_, name)| name.as_str()).collect();
    assert_eq!(reads, ["PublicPing", "PublicPing", "GetVersion"]);
    assert_eq!(sent.len(), 4);
}

#[tokio::test]
async fn a_wrong_secret_and_a_wrong_tenant_are_told() {
    let server = MockServer::start().await.unwrap();
    for (tenant, secret, part) in [
        (server.tenant_id(), "wrong-canary", "AADSTS7000215"),
        ("99999999-0000-0000-0000-000000000000", server.client_secret(), "AADSTS90002"),
    ] {
        let builder = server.client_builder().client_secret(tenant, server.client_id(), secret);
        let diagnosis = builder.diagnose().await;
        assert_eq!(failed(&diagnosis), ["sign-in"], "{diagnosis}");
        assert!(diagnosis.check("sign-in").unwrap().finding.contains(part), "{diagnosis}");
        assert!(!diagnosis.to_string().contains("canary"));
    }
}

#[tokio::test]
async fn a_denied_role_and_a_feature_that_is_off_are_told() {
    let server = MockServer::start().await.unwrap();
    let text = "Access to this CIPP API endpoint is not allowed, the API Client does not have the required permission";
    server.fault(Fault::status(403).body("text/plain", text).times(1).on("GetVersion"));
    let diagnosis = server.client().unwrap().diagnose().await;
    assert_eq!(failed(&diagnosis), ["permission"], "{diagnosis}");
    let remedy = diagnosis.check("permission").unwrap().remedy.clone().unwrap();
    assert!(remedy.contains("role lacks") && remedy.contains("IP range"), "{diagnosis}");

    server.disable("GetVersion");
    let diagnosis = server.client().unwrap().diagnose().await;
    assert_eq!(failed(&diagnosis), ["permission"], "{diagnosis}");
    assert!(diagnosis.check("permission").unwrap().remedy.as_ref().unwrap().contains("switch it on"), "{diagnosis}");
}

#[tokio::test]
async fn nobody_there_a_page_and_a_refusal_are_told() {
    let server = MockServer::start().await.unwrap();
    server.fault(Fault::html().times(2).on("PublicPing"));
    let diagnosis = server.client().unwrap().diagnose().await;
    assert_eq!(failed(&diagnosis), ["api"], "{diagnosis}");
    assert_eq!(diagnosis.check("version").unwrap().state, CheckState::Skipped);

    let diagnosis = server.client_builder().static_token("revoked").diagnose().await;
    assert!(diagnosis.check("api").unwrap().remedy.as_ref().unwrap().contains("Save to Azure"), "{diagnosis}");

    let builder = server.client_builder();
    server.stop().await;
    let diagnosis = builder.diagnose().await;
    assert_eq!(failed(&diagnosis), ["network", "sign-in"], "{diagnosis}");
}
