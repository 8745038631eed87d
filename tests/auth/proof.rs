//! Signing in with something else than a secret, and elsewhere than in the public cloud.

use crate::fake::{Answer, Fake};
use cipp_client::auth::Cloud;
use cipp_client::{Client, ClientBuilder, ErrorKind, RawRequest};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// No output may contain it.
const TOKEN: &str = "eyJcanary.federated.token";

pub fn form(fake: &Fake, index: usize) -> HashMap<String, String> {
    let body = fake.request(index).body.unwrap();
    url::form_urlencoded::parse(&body).into_owned().collect()
}

/// A server that gives tokens that are good for one call each.
fn server() -> Arc<Fake> {
    Fake::with(|request| {
        let sign_in = request.url.path().ends_with("/token");
        Answer::ok(if sign_in { r#"{"access_token":"abc","expires_in":0}"# } else { "1" })
    })
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("cipp-client-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test(start_paused = true)]
async fn a_federated_token_is_read_anew_for_every_sign_in() {
    let path = file("anew", &format!("{TOKEN}-1\n"));
    let fake = server();
    let client = fake.builder().federated_token_file("tenant", "client", &path).build().unwrap();
    client.call(RawRequest::get("X")).await.unwrap();
    std::fs::write(&path, format!("{TOKEN}-2")).unwrap();
    client.call(RawRequest::get("X")).await.unwrap();
    for (index, token) in [(0, "1"), (2, "2")] {
        let form = form(&fake, index);
        assert_eq!(form["client_assertion"], format!("{TOKEN}-{token}"));
        assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assert_eq!((&*form["grant_type"], &*form["client_id"]), ("client_credentials", "client"));
        assert_eq!(form["scope"], "api://client/.default");
        assert!(!form.contains_key("client_secret"));
    }
    assert!(!format!("{client:?} {:?}", fake.request(0)).contains("canary"));

    // The file goes away, is emptied, or holds something else: nothing is sent, and the path is named.
    let sent = fake.count();
    let secret_page = format!("{TOKEN} {TOKEN}");
    let large = "x".repeat(100_000);
    for (text, part) in [
        (None, "cannot be read"),
        (Some(" \n"), "is empty"),
        (Some(&*secret_page), "one token"),
        (Some(&*large), "too long"),
    ] {
        match text {
            None => std::fs::remove_file(&path).unwrap(),
            Some(text) => std::fs::write(&path, text).unwrap(),
        }
        let error = client.call(RawRequest::get("X")).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert!(shown.contains(part) && shown.contains("AZURE_FEDERATED_TOKEN_FILE"), "{shown}");
        assert!(shown.contains(path.to_str().unwrap()) && !shown.contains("canary"), "{shown}");
    }
    assert_eq!(fake.count(), sent);
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_refused_federated_token_is_not_shown() {
    let path = file("refused", TOKEN);
    let fake = Fake::with(|_| {
        let text = format!(r#"{{"error":"x","error_codes":[700213],"error_description":"AADSTS700213: {TOKEN}"}}"#);
        Answer::status(401, text)
    });
    let client = fake.builder().federated_token_file("tenant", "client", &path).build().unwrap();
    let error = client.call(RawRequest::get("X")).await.unwrap_err();
    assert!(error.to_string().contains("subject") && error.to_string().contains("AADSTS700213"), "{error}");
    assert!(!format!("{error} {error:?} {:?}", error.body()).contains("canary"));
    assert_eq!(fake.count(), 1);
    std::fs::remove_file(&path).unwrap();
}

/// Where the sign-in of these variables goes, and as whom.
async fn from_vars(vars: &[(&str, &str)]) -> Result<(String, HashMap<String, String>), String> {
    let vars: HashMap<String, String> = vars.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let fake = server();
    let client = ClientBuilder::from_vars(|name| vars.get(name).cloned())
        .and_then(|builder| builder.transport(fake.clone()).build())
        .map_err(|error| error.to_string())?;
    client.call(RawRequest::get("X")).await.map_err(|error| error.to_string())?;
    Ok((fake.request(0).url.to_string(), form(&fake, 0)))
}

#[tokio::test(start_paused = true)]
async fn the_environment_of_azure_workload_identity_is_understood() {
    let path = file("env", TOKEN);
    let other = file("env-ours", "ours");
    let url = ("CIPP_URL", "https://cipp.example.com");
    let azure = [
        url,
        ("AZURE_FEDERATED_TOKEN_FILE", path.to_str().unwrap()),
        ("AZURE_TENANT_ID", "azure-tenant"),
        ("AZURE_CLIENT_ID", "azure-client"),
        ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/"),
    ];
    let (to, form) = from_vars(&azure).await.unwrap();
    assert_eq!(to, "https://login.microsoftonline.us/azure-tenant/oauth2/v2.0/token");
    assert_eq!((&*form["client_assertion"], &*form["client_id"]), (TOKEN, "azure-client"));

    // Ours win over Azure's.
    let ours = [
        ("CIPP_FEDERATED_TOKEN_FILE", other.to_str().unwrap()),
        ("CIPP_TENANT_ID", "t"),
        ("CIPP_CLIENT_ID", "c"),
        ("CIPP_AUTHORITY", "https://login.example.com"),
    ];
    let (to, form) = from_vars(&[&azure[..], &ours].concat()).await.unwrap();
    assert_eq!(to, "https://login.example.com/t/oauth2/v2.0/token");
    assert_eq!((&*form["client_assertion"], &*form["client_id"]), ("ours", "c"));

    // And a secret of ours over any file.
    let (to, form) = from_vars(&[&azure[..], &ours, &[("CIPP_CLIENT_SECRET", "s")]].concat()).await.unwrap();
    assert_eq!(to, "https://login.example.com/t/oauth2/v2.0/token");
    assert_eq!(form["client_secret"], "s");

    let error = from_vars(&azure[..2]).await.unwrap_err();
    assert_eq!(error, "environment: not set: CIPP_TENANT_ID, CIPP_CLIENT_ID");
    let error = from_vars(&[url, ("CIPP_CLIENT_CERTIFICATE", "/no/such/file"), ours[1], ours[2]]).await.unwrap_err();
    assert!(error.contains("CIPP_CLIENT_CERTIFICATE"), "{error}");
    std::fs::remove_file(&path).unwrap();
    std::fs::remove_file(&other).unwrap();
}

#[tokio::test(start_paused = true)]
async fn every_cloud_signs_in_at_its_own_authority() {
    for (cloud, host) in [
        (Cloud::Public, "login.microsoftonline.com"),
        (Cloud::UsGovernment, "login.microsoftonline.us"),
        (Cloud::China, "login.partner.microsoftonline.cn"),
    ] {
        assert!(Cloud::ALL.contains(&cloud));
        let fake = server();
        let client: Client = fake.builder().client_secret("t", "c", "s").authority(cloud).build().unwrap();
        client.call(RawRequest::get("X")).await.unwrap();
        assert_eq!(fake.request(0).url.as_str(), format!("https://{host}/t/oauth2/v2.0/token"));
    }
}
