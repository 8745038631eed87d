//! The doctor: it works when nothing else does.

use crate::support::{Folder, Ran, SECRET, bare, cipp, log_in, server};
use serde_json::Value;

/// The row of a check.
fn row(ran: &Ran, check: &str) -> Value {
    let rows = ran.json();
    let row = rows.as_array().unwrap().iter().find(|row| row["check"] == check);
    row.unwrap_or_else(|| panic!("no {check}: {rows}")).clone()
}

fn state(ran: &Ran, check: &str) -> String {
    row(ran, check)["state"].as_str().unwrap().to_owned()
}

const WORDS: [&str; 3] = ["doctor", "-o", "json"];

#[tokio::test]
async fn it_runs_with_nothing_at_all() {
    let ran = bare(&WORDS).run().await.ends(0);
    assert_eq!(state(&ran, "configuration-file"), "warn");
    assert_eq!(state(&ran, "secret-store"), "skipped");
    let configuration = row(&ran, "configuration");
    assert_eq!(configuration["state"], "fail");
    assert!(configuration["finding"].as_str().unwrap().contains("CIPP_URL"), "{configuration}");
    assert!(configuration["remedy"].as_str().unwrap().contains("cipp login"), "{configuration}");
}

#[tokio::test]
async fn a_damaged_file_and_a_profile_that_is_not_there_are_told() {
    let folder = Folder::new();
    let ran = cipp(&folder, &WORDS).run().await.ends(0);
    assert_eq!(state(&ran, "configuration-file"), "ok");
    let ran = cipp(&folder, &[&WORDS[..], &["--profile", "nobody"]].concat()).run().await.ends(0);
    assert!(row(&ran, "configuration")["finding"].as_str().unwrap().contains("nobody"));
    folder.write("config.toml", "current = 'one'\n[profile.one\n");
    let ran = cipp(&folder, &WORDS).run().await.ends(0);
    let file = row(&ran, "configuration-file");
    assert_eq!(file["state"], "fail");
    assert!(file["finding"].as_str().unwrap().contains("line 2"), "{file}");
    folder.write("config.toml", "[profile.one]\nurl = 7\n");
    let ran = cipp(&folder, &WORDS).run().await.ends(0);
    assert_eq!(state(&ran, "configuration-file"), "fail", "each profile is looked at");
}

#[tokio::test]
async fn the_store_of_secrets_is_looked_at_and_the_server_too() {
    let (folder, server) = (Folder::new(), server().await);
    log_in(&folder, &server, "acme", &["--store", "file"]).await.ends(0);
    let ran = cipp(&folder, &WORDS).run().await.ends(0);
    for check in
        ["configuration-file", "secret-store", "configuration", "network", "sign-in", "api", "permission", "version"]
    {
        assert_eq!(state(&ran, check), "ok", "{check}: {}", ran.out);
    }
    assert!(row(&ran, "secret-store")["finding"].as_str().unwrap().contains("credentials file"));
    let asked = server.requests().len();
    let ran = cipp(&folder, &[&WORDS[..], &["--offline"]].concat()).run().await.ends(0);
    assert_eq!(server.requests().len(), asked, "offline is offline");
    assert_eq!(state(&ran, "secret-store"), "ok");
    assert_eq!(state(&ran, "network"), "skipped");
    // Without the secret nothing can be asked, and the doctor says so.
    cipp(&folder, &["logout"]).run().await.ends(0);
    let ran = cipp(&folder, &WORDS).run().await.ends(0);
    let store = row(&ran, "secret-store");
    assert!(store["state"] == "fail" || store["state"] == "skipped", "{store}");
    assert!(ran.out.contains("cipp login"), "{}", ran.out);
    // A keyring that is not there is no reason to hang.
    let ran = cipp(&folder, &WORDS).env("CIPP_CLIENT_SECRET", SECRET).run().await.ends(0);
    assert_eq!(state(&ran, "secret-store"), "ok");
}

#[tokio::test]
async fn new_and_missing_functions_are_told_where_the_server_tells_its_functions() {
    let (folder, server) = (Folder::new(), server().await);
    log_in(&folder, &server, "acme", &["--store", "file"]).await.ends(0);
    // The server has each function that is described, less one, and one that nobody knows yet.
    let described: std::collections::BTreeSet<(&str, &str)> =
        cipp_client::catalogue::actions().iter().map(|action| (action.endpoint(), action.role)).collect();
    let mut tree = serde_json::json!({});
    for (name, role) in
        described.into_iter().filter(|(name, _)| *name != "ListUsers").chain([("ListOwls", "Tenant.Owl.Read")])
    {
        let mut parts = role.split('.');
        if let (Some(area), Some(part), Some(access)) = (parts.next(), parts.next(), parts.next()) {
            let list = &mut tree[area][part][access];
            if list.is_null() {
                *list = serde_json::json!([]);
            }
            list.as_array_mut().unwrap().push(serde_json::json!({ "Name": name, "Description": null }));
        }
    }
    server.on_endpoint("ExecAPIPermissionList").any_times().reply_json(tree);
    let found = row(&cipp(&folder, &WORDS).run().await.ends(0), "functions");
    assert_eq!(found["state"], "warn", "{found}");
    let finding = found["finding"].as_str().unwrap();
    assert!(finding.contains("1 that the server does not have: ListUsers;"), "{finding}");
    assert!(finding.contains("1 of the server's is not described: ListOwls"), "{finding}");
    // What the server does not tell is not guessed.
    server.clear_expectations();
    server.deny("CIPP.SuperAdmin.Read");
    let found = row(&cipp(&folder, &WORDS).run().await.ends(0), "functions");
    assert_eq!(found["state"], "skipped", "{found}");
    assert!(found["finding"].as_str().unwrap().contains("not told by the server"), "{found}");
    assert!(found["remedy"].as_str().unwrap().contains("CIPP.SuperAdmin.Read"), "{found}");
    server.allow("CIPP.SuperAdmin.Read");
    for nonsense in [serde_json::json!("Function Error: x"), serde_json::json!([]), serde_json::json!({ "CIPP": 5 })] {
        server.on_endpoint("ExecAPIPermissionList").any_times().reply_json(nonsense);
        assert_eq!(state(&cipp(&folder, &WORDS).run().await.ends(0), "functions"), "skipped");
        server.clear_expectations();
    }
}

#[tokio::test]
async fn for_people_it_says_what_to_do_and_where_to_read() {
    let folder = Folder::new();
    let words = ["doctor", "-o", "table", "--offline"];
    let run = cipp(&folder, &words)
        .env("CIPP_URL", "https://black-sand.3.azurestaticapps.net")
        .env("CIPP_TENANT_ID", "common")
        .env("CIPP_CLIENT_ID", "app")
        .env("CIPP_CLIENT_SECRET", SECRET);
    let ran = run.run().await.ends(0);
    for wanted in [
        "FAIL     configuration",
        "-> Azure Static Web Apps host the portal",
        "errors.md#doctor-configuration",
        "-> set the id of the partner tenant",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}: {}", ran.out);
    }
}
