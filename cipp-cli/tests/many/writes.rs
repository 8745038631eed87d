//! What may not go wrong with files, addresses and texts that come from elsewhere.

use crate::support::{Place, end};
use cipp_client::users::ResetPassword;
use cipp_mock::{CONTOSO, FABRIKAM};

#[tokio::test]
async fn addresses_that_would_give_the_token_away_are_refused() {
    let place = Place::new().await;
    for url in
        ["http://cipp.example.com", "https://jane:Canary-5@cipp.example.com", "ftp://cipp.example.com", "nonsense"]
    {
        let child =
            place.command(&format!("users list --tenant {CONTOSO} -o json")).env("CIPP_URL", url).spawn().unwrap();
        let run = end(child).await.ended(2);
        assert!(!run.err.contains("Canary"), "{url}: {run:?}");
    }
    // As people paste them.
    for more in ["/api", "/api/", "/"] {
        let url = format!("{}{more}", place.server.url());
        let child =
            place.command(&format!("users list --tenant {CONTOSO} -o json")).env("CIPP_URL", url).spawn().unwrap();
        end(child).await.ended(0);
    }
}

#[tokio::test]
async fn a_text_stays_one_value_on_the_wire() {
    let place = Place::new().await;
    for text in ["a&tenantFilter=other#x%00", "o'neil", "line\r\nHost: elsewhere", &"long".repeat(3_000)] {
        place.server.clear_requests();
        let child =
            place.command(&format!("users get --tenant {CONTOSO} -o json")).args(["--user-id", text]).spawn().unwrap();
        end(child).await;
        let sent = place.server.requests_to("ListUsers");
        assert_eq!(
            (sent.len(), sent[0].query_value("UserID"), sent[0].query_value("tenantFilter")),
            (1, Some(text), Some(CONTOSO))
        );
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_stops_all() {
    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply("Done.");
    let words = format!("users reset-password --user-id x --tenants {CONTOSO},{FABRIKAM} --yes");
    place.write("notes.txt", "not a journal\n");
    for journal in ["--journal nowhere/a.journal", "--resume notes.txt"] {
        place.run(&format!("{words} {journal}")).await.ended(2);
    }
    assert!(place.server.requests_to("ExecResetPass").is_empty());
    // Nor does the journal of one server count for another.
    place.run(&format!("{words} --journal a.journal")).await.ended(0);
    let other = Place::new().await;
    let journal = place.path("a.journal").display().to_string();
    other.run(&format!("{words} --resume {journal}")).await.ended(2);
    assert!(other.server.requests_to("ExecResetPass").is_empty());
}

#[tokio::test]
async fn rows_are_printed_as_they_end_where_the_format_has_lines() {
    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply("Done.");
    let words =
        format!("users reset-password --user-id x --tenants {CONTOSO},{FABRIKAM} --yes -o ndjson --columns row,state");
    let run = end(place.command(&words).spawn().unwrap()).await.ended(0);
    let mut lines: Vec<&str> = run.out.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, [r#"{"row":1,"state":"done"}"#, r#"{"row":2,"state":"done"}"#]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_told_and_what_was_done_with_it() {
    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply("Done.");
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for format in ["json", "ndjson"] {
        let words = format!("users reset-password --user-id x --tenants {CONTOSO},{FABRIKAM} --yes -o {format}");
        let run = end(place.command(&words).stdout(full()).spawn().unwrap()).await.ended(1);
        assert!(run.err.contains("2 done of 2") && run.err.contains("space"), "{run:?}");
    }
    let run =
        end(place.command(&format!("users list --tenant {CONTOSO}")).stdout(full()).spawn().unwrap()).await.ended(1);
    assert!(run.err.contains("space"), "{run:?}");
}

#[tokio::test]
async fn no_file_is_overwritten() {
    let place = Place::new().await;
    place.write("photo.jpg", "mine");
    place.run(&format!("users list --tenant {CONTOSO} --save photo.jpg")).await.ended(2);
    assert!(place.server.requests().is_empty());
    assert_eq!(std::fs::read(place.path("photo.jpg")).unwrap(), b"mine");
}
