//! Lists that come page by page.

use crate::fake::{Answer, Fake};
use cipp_client::{ErrorKind, RawRequest};
use serde_json::{Value, json};

fn page(ids: &[u32], next: Option<&str>) -> Answer {
    let rows: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    Answer::ok(json!({ "Results": rows, "Metadata": { "nextLink": next } }).to_string())
}

fn graph() -> RawRequest {
    RawRequest::get("ListGraphRequest").query("Endpoint", "users").paging("nextLink", [("manualPagination", true)])
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_asked_for_as_the_request_says() {
    let link = "https://graph.microsoft.com/beta/users?$skiptoken=a&b=1#c";
    let fake = Fake::of([page(&[1, 2], Some(link)), page(&[], Some("second")), page(&[3], None)]);
    let mut pages = fake.client().call(graph()).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().len());
    }
    assert_eq!(sizes, [2, 0, 1]);
    let query =
        |index: usize| -> Vec<(String, String)> { fake.request(index).url.query_pairs().into_owned().collect() };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(query(0), [pair("Endpoint", "users"), pair("manualPagination", "true")]);
    assert_eq!(query(1), [pair("Endpoint", "users"), pair("manualPagination", "true"), pair("nextLink", link)]);
    assert_eq!(query(2)[2], pair("nextLink", "second"));
    for index in 0..3 {
        let url = fake.request(index).url;
        assert_eq!((url.host_str(), url.path()), (Some("cipp.example.com"), "/api/ListGraphRequest"));
    }
}

#[tokio::test(start_paused = true)]
async fn rows_come_one_by_one_over_all_pages_and_page_numbers_work_too() {
    let request = RawRequest::post("ListMailQuarantine").kind(cipp_client::catalogue::Kind::Read);
    let request = request.field("Page", "1").paging("page", [("all", false)]);
    let fake = Fake::of([page(&[1, 2], Some("2")), page(&[3], None)]);
    let mut rows = fake.client().call(request).rows();
    let mut ids = Vec::new();
    while let Some(row) = rows.next().await {
        ids.push(row.unwrap()["id"].as_u64().unwrap());
    }
    assert_eq!(ids, [1, 2, 3]);
    // Names that differ in case only would break the server's reading.
    let body: Value = serde_json::from_slice(&fake.request(1).body.unwrap()).unwrap();
    assert_eq!(body, json!({ "all": false, "page": "2" }));
}

#[cfg(feature = "full")]
#[tokio::test(start_paused = true)]
async fn an_action_pages_as_the_specification_says() {
    let link = "https://graph.microsoft.com/beta/users?$skiptoken=a";
    let fake = Fake::of([page(&[1, 2], Some(link)), page(&[3], None)]);
    let request = cipp_client::graph::ListGraphRequest::new("contoso.onmicrosoft.com", "users");
    let mut rows = fake.client().call(request).rows();
    let mut ids = Vec::new();
    while let Some(row) = rows.next().await {
        ids.push(row.unwrap()["id"].as_u64().unwrap());
    }
    assert_eq!(ids, [1, 2, 3]);
    let sent = |index: usize, name: &str| {
        let url = fake.request(index).url;
        url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    assert_eq!((sent(0, "manualPagination").as_deref(), sent(0, "nextLink")), (Some("true"), None));
    assert_eq!((sent(1, "manualPagination").as_deref(), sent(1, "nextLink").as_deref()), (Some("true"), Some(link)));
    let mut quarantine = Fake::of([page(&[1], None)]).client().quarantine().list("contoso.onmicrosoft.com").pages();
    assert_eq!(quarantine.next().await.unwrap().unwrap().len(), 1);
}

#[cfg(feature = "full")]
#[tokio::test(start_paused = true)]
async fn an_action_by_name_pages_too_and_goes_on_where_an_earlier_run_stopped() {
    let link = "https://graph.microsoft.com/beta/users?$skiptoken=a";
    let fake = Fake::of([page(&[3], Some("third")), page(&[4], Some(link))]);
    let action = cipp_client::catalogue::find("ListGraphRequest").unwrap();
    let values = json!({ "tenantFilter": "contoso.onmicrosoft.com", "Endpoint": "users" });
    let request = cipp_client::ActionRequest::new(action).with_all(values.as_object().unwrap().clone()).unwrap();
    let mut pages = fake.client().call(request).pages().after(link);
    assert_eq!(pages.next().await.unwrap().unwrap()[0]["id"], 3);
    let sent = |index: usize| {
        let url = fake.request(index).url;
        url.query_pairs().find(|(known, _)| known == "nextLink").map(|(_, value)| value.into_owned())
    };
    assert_eq!(sent(0).as_deref(), Some(link));
    // The page that it began with is not a new one either.
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 1);
    assert!(pages.next().await.unwrap().unwrap_err().to_string().contains("repeats itself"));
    let mut none = fake.client().call(RawRequest::get("ListUsers")).pages().after("2");
    assert_eq!(none.next().await.unwrap().unwrap_err().kind(), ErrorKind::Config);
    assert!(none.next().await.is_none() && fake.count() == 2);
}

#[tokio::test(start_paused = true)]
async fn paging_that_never_ends_is_ended() {
    // In circles.
    let fake = Fake::of([page(&[1], Some("a")), page(&[2], Some("b")), page(&[1], Some("a"))]);
    let mut rows = fake.client().call(graph()).rows();
    let mut got = Vec::new();
    let error = loop {
        match rows.next().await.unwrap() {
            Ok(row) => got.push(row),
            Err(error) => break error,
        }
    };
    assert_eq!((got.len(), error.kind(), fake.count()), (3, ErrorKind::Body, 3));
    assert!(error.to_string().contains("repeats itself"), "{error}");
    assert!(rows.next().await.is_none());
    // On and on.
    let endless = || {
        let mut number = 0;
        Fake::with(move |_| {
            number += 1;
            page(&[number, number], Some(&number.to_string()))
        })
    };
    let fake = endless();
    let mut pages = fake.client().call(graph()).pages().max_pages(5);
    let mut last = None;
    while let Some(page) = pages.next().await {
        last = Some(page);
    }
    assert!(last.unwrap().unwrap_err().to_string().contains("more than 5 pages"));
    assert_eq!(fake.count(), 5);
    let fake = endless();
    let mut rows = fake.client().call(graph()).rows().max_rows(7);
    let mut count = 0;
    while let Some(Ok(_)) = rows.next().await {
        count += 1;
    }
    assert_eq!((count, fake.count()), (8, 4));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_paged_is_told() {
    let fake = Fake::of([page(&[1], Some("next"))]);
    let mut pages = fake.client().call(RawRequest::get("ListThings")).pages();
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 1);
    assert_eq!(pages.next().await.unwrap().unwrap_err().kind(), ErrorKind::Config);
    assert!(pages.next().await.is_none());
    // A failing page ends the stream; the pages before it were given out.
    let fake = Fake::of([page(&[1], Some("next")), Answer::status(400, "Graph Error: no - Endpoint: users")]);
    let mut rows = fake.client().call(graph()).rows();
    assert!(rows.next().await.unwrap().is_ok());
    assert_eq!(rows.next().await.unwrap().unwrap_err().kind(), ErrorKind::Status);
    assert!(rows.next().await.is_none());
    // "Not yet" is not "none".
    let queued = json!({ "Results": [], "Metadata": { "QueueMessage": "Loading", "QueueId": "q" } });
    let fake = Fake::of([Answer::ok(queued.to_string())]);
    let mut rows = fake.client().call(graph()).rows();
    assert_eq!(rows.next().await.unwrap().unwrap_err().kind(), ErrorKind::NotReady);
    assert!(rows.next().await.is_none());
}
