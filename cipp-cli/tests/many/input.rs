//! Rows from files: everything is checked before anything is sent.

use crate::support::Place;
use cipp_client::users::ResetPassword;
use cipp_mock::{CONTOSO, FABRIKAM};
use serde_json::{Value, json};

async fn place() -> Place {
    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply("Done.");
    place
}

/// The bodies of what was sent to reset passwords, in the order of the ids.
fn sent(place: &Place) -> Vec<Value> {
    let mut bodies: Vec<Value> =
        place.server.requests_to("ExecResetPass").iter().map(|sent| sent.body.clone().unwrap()).collect();
    bodies.sort_by_key(|body| body["ID"].as_str().unwrap().to_owned());
    place.server.clear_requests();
    bodies
}

const RESET: &str = "users reset-password --yes";

#[tokio::test]
async fn a_query_may_be_a_file() {
    let place = place().await;
    let words = format!("users list --tenant {CONTOSO}");
    place.write("names.jmespath", "[?department == 'Sales'].displayName\n");
    place.write("names.jq", "# who sells\nmap(select(.department == \"Sales\") | .displayName)\n");
    let one = place.run(&format!("{words} --query @names.jmespath")).await.ended(0);
    let other = place.run(&format!("{words} --jq @names.jq")).await.ended(0);
    assert!(one.json().as_array().is_some_and(|names| !names.is_empty()), "{one:?}");
    assert_eq!(one.json(), other.json());
    for language in ["--query", "--jq"] {
        let run = place.run(&format!("{words} {language} @nowhere")).await.ended(2);
        assert!(run.err.contains("nowhere cannot be read"), "{run:?}");
    }
}

#[tokio::test]
async fn spreadsheets_are_read_as_they_are_saved() {
    let place = place().await;
    // Byte-order mark, semicolons, quotes with signs and lines in them, empty cells, an empty line, the rest of a table.
    let text = "\u{feff}ID;tenantFilter;must-change;displayName\r\na@x;contoso.onmicrosoft.com;yes;\"Doe; \"\"Jane\"\"\nII\"\r\n\r\nb@x;fabrikam.onmicrosoft.com;;\r\n;;;\r\n";
    place.write("people.csv", text);
    let run = place.run(&format!("{RESET} --from people.csv --display-name Somebody")).await.ended(0);
    assert_eq!(run.column("state"), ["done", "done"]);
    assert_eq!(run.column("tenant"), [CONTOSO, FABRIKAM]);
    assert_eq!(run.column("row"), ["1", "2"]);
    let bodies = sent(&place);
    assert_eq!(bodies[0]["displayName"], "Doe; \"Jane\"\nII");
    assert_eq!(bodies[0]["MustChange"], true);
    // What is empty comes from the flags, or is not sent.
    assert_eq!(bodies[1]["displayName"], "Somebody");
    assert_eq!(bodies[1].get("MustChange"), None);
    // The same by other names, with tabs, from standard input.
    let run = place
        .feed(&format!("{RESET} --from - --tenant {CONTOSO}"), "--user-id\tMUSTCHANGE\nc@x\tfalse\n")
        .await
        .ended(0);
    assert_eq!(run.column("tenant"), [CONTOSO]);
    assert_eq!(sent(&place)[0]["ID"], "c@x");
    // Rows for each of several tenants.
    let run = place.feed(&format!("{RESET} --from - --tenants {CONTOSO},{FABRIKAM}"), "ID\na\nb\n").await.ended(0);
    assert_eq!(run.column("tenant"), [CONTOSO, FABRIKAM, CONTOSO, FABRIKAM]);
    // Who is asked says who may not be named twice.
    place.feed(&format!("{RESET} --from - --tenants {CONTOSO}"), "ID,tenantFilter\na,b\n").await.ended(2);
}

#[tokio::test]
async fn json_lines_and_lists_of_objects_are_rows_too() {
    let place = place().await;
    place.write(
        "people.jsonl",
        "{\"ID\": \"a\", \"MustChange\": true, \"displayName\": null}\n\n{\"user_id\": \"b\"}\n",
    );
    place.run(&format!("{RESET} --tenant {CONTOSO} --from people.jsonl")).await.ended(0);
    let bodies = sent(&place);
    assert_eq!((bodies.len(), &bodies[0]["MustChange"]), (2, &json!(true)));
    place.feed(&format!("{RESET} --tenant {CONTOSO} --from -"), "[{\"ID\": \"a\"}, {\"ID\": \"b\"}]").await.ended(0);
    assert_eq!(sent(&place).len(), 2);
    let run = place
        .feed(
            &format!("{RESET} --tenant {CONTOSO} --from -"),
            "{\"ID\": \"a\"}\n{\"ID\": \"b\", \"MustChange\": \"maybe\"}\n{\n[]\n",
        )
        .await
        .ended(2);
    let message = run.error()["message"].as_str().unwrap().to_owned();
    for part in [
        "standard input:2: column 2 (MustChange)",
        "standard input:3: this is no JSON",
        "standard input:4: this is no object",
    ] {
        assert!(message.contains(part), "{part} is not in {message}");
    }
    assert!(sent(&place).is_empty());
}

#[tokio::test]
async fn all_mistakes_are_told_with_their_places_and_nothing_is_sent() {
    let place = place().await;
    let text = "ID,MustChange,dispayName,ID\na,maybe,x,\n\n,yes,y,\nc,no\nd,perhaps,z,\n";
    place.write("people.csv", text);
    let run = place.run(&format!("{RESET} --tenant {CONTOSO} --from people.csv")).await.ended(2);
    let message = run.error()["message"].as_str().unwrap().to_owned();
    let parts = [
        "people.csv:1: column 3 (dispayName): Reset Password has no such property; did you mean displayName?",
        "people.csv:1: column 4 (ID): another column gives the same property",
        "people.csv:2: column 2 (MustChange): this should be true or false, not 'maybe'",
        "people.csv:5: 2 cells, where the head has 4",
        "people.csv:6: column 2 (MustChange): this should be true or false, not 'perhaps'",
    ];
    for part in parts {
        assert!(message.contains(part), "{part} is not in {message}");
    }
    // What is required and missing; a tenant that the action does not take.
    place.write("people.csv", "ID,tenantFilter,displayName\n,contoso.onmicrosoft.com,x\nb,AllTenants,y\nc,,z\n");
    let run = place.run(&format!("{RESET} --from people.csv")).await.ended(2);
    let message = run.error()["message"].as_str().unwrap().to_owned();
    for part in ["people.csv:2: there is no ID", "people.csv:3: ", "people.csv:4: there is no tenantFilter"] {
        assert!(message.contains(part), "{part} is not in {message}");
    }
    for content in [&b"ID\n\xe4\n"[..], b"\xff\xfeI\0D\0", b""] {
        place.write("people.csv", content);
        place.run(&format!("{RESET} --tenant {CONTOSO} --from people.csv")).await.ended(2);
    }
    place.run(&format!("{RESET} --tenant {CONTOSO} --from nowhere.csv")).await.ended(2);
    assert!(place.server.requests().is_empty());
    // No rows are no mistake.
    place.write("people.csv", "ID\n");
    let run = place.run(&format!("{RESET} --tenant {CONTOSO} --from people.csv")).await.ended(0);
    assert_eq!(run.json(), json!([]));
}

#[tokio::test]
async fn a_cell_is_data_and_never_names_a_file() {
    let place = place().await;
    place.write("secret.txt", "Canary-12");
    place.feed(&format!("{RESET} --tenant {CONTOSO} --from -"), "ID,displayName\n@secret.txt,@-\n").await.ended(0);
    let bodies = sent(&place);
    assert_eq!((&bodies[0]["ID"], &bodies[0]["displayName"]), (&json!("@secret.txt"), &json!("@-")));
    // Nor does it change what is asked for.
    place
        .feed(&format!("{RESET} --tenant {CONTOSO} --from -"), "ID,displayName\n\"a&x=1#%00\r\nHost: y\",'\n")
        .await
        .ended(0);
    assert_eq!(sent(&place)[0]["ID"], "a&x=1#%00\r\nHost: y");
}

#[tokio::test]
async fn nested_values_and_lists_are_typed_by_the_specification() {
    let place = place().await;
    let run = place
        .feed(
            "users offboard --dry-run --tenant contoso.onmicrosoft.com --from -",
            "user,ConvertToShared,OOO,forward.value,forward.label,postExecution.email\na@x; b@x,true,007,c@x,C,yes\n",
        )
        .await;
    let run = run.ended(0);
    let body: Value = serde_json::from_str(run.out.trim().lines().last().unwrap()).unwrap();
    assert_eq!(body["user"], json!([{ "label": "a@x", "value": "a@x" }, { "label": "b@x", "value": "b@x" }]));
    assert_eq!(body["forward"], json!({ "label": "C", "value": "c@x" }));
    assert_eq!((&body["ConvertToShared"], &body["OOO"]), (&json!(true), &json!("007")), "a text stays one");
    assert_eq!(body["PostExecution"], json!({ "email": true }));
    // What is wrong deep inside has its column, too.
    let run = place
        .feed(
            "users offboard --dry-run --tenant contoso.onmicrosoft.com --from -",
            "user,postExecution.email,forward.value.x\na,perhaps,1\n",
        )
        .await
        .ended(2);
    let message = run.error()["message"].as_str().unwrap().to_owned();
    for part in ["input:2: column 2 (postExecution.email)", "input:2: column 3 (forward.value.x)"] {
        assert!(message.contains(part), "{part} is not in {message}");
    }
}

#[tokio::test]
async fn a_secret_in_a_cell_is_sent_and_never_shown() {
    let place = Place::new().await;
    let csv = "username,primary-domain,displayName,password,MustChangePass\nx,contoso.com,Jane,Canary-Aa31!,perhaps\n";
    let with = |words: &str| format!("users add --tenant {CONTOSO} --from - {words}");
    let wrong = place.feed(&with(""), csv).await.ended(2);
    let right = csv.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned() + "\n").collect::<String>();
    let dry = place.feed(&with("--dry-run"), &right).await.ended(0);
    assert!(dry.out.contains("Jane"));
    let sent = place.feed(&with("--yes --journal a.journal"), &right).await;
    let body = place.server.requests_to("AddUser")[0].body.clone().unwrap();
    assert!(body.to_string().contains("Canary-Aa31!"), "{body}");
    let journal = std::fs::read_to_string(place.path("a.journal")).unwrap();
    for text in [&wrong.out, &wrong.err, &dry.out, &dry.err, &sent.out, &sent.err, &journal] {
        assert!(!text.contains("Canary"), "{text}");
    }
}
