//! Lists that come page by page, as far as they are wanted.

use crate::support::{Place, Run};
use cipp_mock::{CONTOSO, Fault};
use serde_json::json;

/// A quarantine of so many pages of two messages each, which are told apart by their number.
async fn quarantine(pages: u64) -> Place {
    let place = Place::new().await;
    for page in 1..=pages {
        let next = (page < pages).then(|| format!("it's page {}", page + 1));
        let mine = if page == 1 { None } else { Some(format!("it's page {page}")) };
        let rows = [1, 2].map(|row| json!({ "Subject": format!("{}", (page - 1) * 2 + row) }));
        place
            .server
            .on_endpoint("ListMailQuarantine")
            .with(move |asked| {
                asked.query_value("manualPagination").is_some() && asked.query_value("nextLink") == mine.as_deref()
            })
            .any_times()
            .reply_json(json!({ "Results": rows, "Metadata": { "nextLink": next } }));
    }
    place
}

fn words(more: &str) -> String {
    format!("quarantine list --tenant {CONTOSO} {more}")
}

/// The words behind which a run goes on, as a shell would read them.
fn token(run: &Run) -> String {
    let (_, rest) = run.err.split_once("--from-page '").unwrap_or_else(|| panic!("no token: {run:?}"));
    rest.split_once("' goes on").unwrap().0.replace(r"'\''", "'")
}

async fn from(place: &Place, token: &str, more: &str) -> Run {
    let mut command = place.command(&words(more));
    command.args(["-o", "json", "--from-page", token]);
    crate::support::end(command.spawn().unwrap()).await
}

#[tokio::test]
async fn a_list_ends_where_it_should_and_goes_on_from_there() {
    let place = quarantine(4).await;
    let first = place.run(&words("--max-pages 2")).await.ended(0);
    assert_eq!(first.column("Subject"), ["1", "2", "3", "4"]);
    assert_eq!(place.server.requests_to("ListMailQuarantine").len(), 2, "no page is read for nothing");
    assert_eq!(token(&first), "it's page 3");
    let second = from(&place, &token(&first), "--max-pages 1").await.ended(0);
    assert_eq!(second.column("Subject"), ["5", "6"]);
    let last = from(&place, &token(&second), "").await.ended(0);
    assert_eq!(last.column("Subject"), ["7", "8"]);
    assert_eq!(last.err, "", "there is nothing to go on with");
    let all = place.run(&words("--max-pages 9 --sort -Subject --limit 1")).await.ended(0);
    assert_eq!(all.column("Subject"), ["8"], "what is chosen is chosen from all pages");
}

#[tokio::test]
async fn a_page_that_cannot_be_had_costs_no_other() {
    let place = quarantine(3).await;
    place.server.fault(Fault::status(400).nth(2).on("ListMailQuarantine"));
    let broken = place.run(&words("--max-pages 3")).await.ended(1);
    assert_eq!(broken.column("Subject"), ["1", "2"]);
    let hint = broken.error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains(r"--from-page 'it'\''s page 2'"), "{hint}");
    let rest = from(&place, "it's page 2", "").await.ended(0);
    assert_eq!(rest.column("Subject"), ["3", "4", "5", "6"]);
}

#[tokio::test]
async fn pages_are_for_one_call_of_an_action_that_has_them() {
    let place = quarantine(1).await;
    for wrong in
        ["--max-pages 0", "--max-pages 1 --tenants a,b", "--from-page x --all-tenants", "--max-pages 2 --dry-run"]
    {
        place.run(&format!("quarantine list {wrong}")).await.ended(2);
    }
    place.run(&format!("users list --tenant {CONTOSO} --max-pages 2")).await.ended(2);
    assert!(place.server.requests().is_empty(), "nothing is sent");
}

#[tokio::test]
async fn an_endless_list_is_bounded_by_time_too() {
    let place = Place::new().await;
    place.server.fault(Fault::delay(std::time::Duration::from_millis(400)).on("ListMailQuarantine"));
    for page in 0..20 {
        let mine = if page == 0 { None } else { Some(page.to_string()) };
        place
            .server
            .on_endpoint("ListMailQuarantine")
            .with(move |asked| asked.query_value("nextLink") == mine.as_deref())
            .any_times()
            .reply_json(json!({ "Results": [{ "Subject": page }], "Metadata": { "nextLink": page + 1 } }));
    }
    let run = place.run(&words("--max-pages 20 --timeout 2")).await.ended(5);
    let rows = run.column("Subject").len();
    assert!((1..20).contains(&rows), "{rows} of 20 pages in two seconds");
    assert!(run.error()["hint"].as_str().unwrap().contains(&format!("--from-page '{rows}'")), "{run:?}");
}
