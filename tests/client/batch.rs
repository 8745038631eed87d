use crate::fake::{Answer, Fake, TOKEN};
use cipp_client::{ErrorKind, RawRequest};
use std::sync::Arc;
use std::time::Duration;

/// Answers with the number in the query, the later the smaller it is, and fails for 3.
fn numbers() -> Arc<Fake> {
    Fake::with(|request| {
        let number: u64 = request.url.query_pairs().find(|(name, _)| name == "n").unwrap().1.parse().unwrap();
        let answer = if number == 3 { Answer::status(500, "three") } else { Answer::ok(number.to_string()) };
        answer.after(Duration::from_secs(100 - number))
    })
}

fn request(number: u64) -> RawRequest {
    RawRequest::get("Number").query("n", number)
}

#[tokio::test(start_paused = true)]
async fn results_come_in_the_order_of_the_requests() {
    let fake = numbers();
    let client = fake.builder().static_token(TOKEN).concurrency(5).build().unwrap();
    let results = client.batch((0..17).map(request)).collect().await;
    assert_eq!(results.len(), 17);
    for (number, result) in results.into_iter().enumerate() {
        match result {
            Ok(value) => assert_eq!(value, number),
            Err(error) => assert_eq!((error.kind(), number), (ErrorKind::Status, 3)),
        }
    }
    assert_eq!((fake.most(), fake.count()), (5, 17));
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_bounded_by_itself_and_by_the_client() {
    for (client_limit, batch_limit, expected) in [(10, 2, 2), (3, 50, 3)] {
        let fake = numbers();
        let client = fake.builder().static_token(TOKEN).concurrency(client_limit).build().unwrap();
        client.batch((4..20).map(request)).concurrency(batch_limit).collect().await;
        assert_eq!(fake.most(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn portions_have_a_rest_between_them() {
    let fake = Fake::with(|_| Answer::ok("1").after(Duration::from_secs(1)));
    let client = fake.builder().static_token(TOKEN).concurrency(10).build().unwrap();
    let started = tokio::time::Instant::now();
    let results = client.batch((0..7).map(request)).size(3).interval(Duration::from_secs(5)).collect().await;
    assert_eq!((results.len(), fake.most()), (7, 3));
    let starts: Vec<u64> = fake.times().iter().map(|time| (*time - started).as_secs()).collect();
    assert_eq!(starts, [0, 0, 0, 6, 6, 6, 12]);
    assert_eq!(started.elapsed().as_secs(), 13);
    assert!(client.batch(Vec::<RawRequest>::new()).interval(Duration::from_secs(5)).collect().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_dropped_batch_sends_nothing_more() {
    let fake = Fake::with(|_| Answer::ok("1").after(Duration::from_secs(10)));
    let client = fake.builder().static_token(TOKEN).concurrency(2).build().unwrap();
    let batch = client.batch((0..100).map(request)).collect();
    assert!(tokio::time::timeout(Duration::from_secs(15), batch).await.is_err());
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!(fake.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn each_tenant_has_its_own_result() {
    let fake = Fake::with(|request| {
        let tenant = request.url.query_pairs().find(|(name, _)| name == "tenantFilter").unwrap().1.into_owned();
        if tenant == "b.com" {
            Answer::status(500, "no")
        } else {
            Answer::ok(format!(r#"[{{"displayName":"{tenant}"}}]"#))
        }
    });
    let client = fake.client();
    let report = client
        .for_each_tenant(["a.com", "b.com", "c.com"], cipp_client::users::ListUsers::new)
        .concurrency(2)
        .collect()
        .await;
    assert!(!report.is_ok());
    assert_eq!(report.failed().map(|(tenant, _)| *tenant).collect::<Vec<_>>(), ["b.com"]);
    let names: Vec<_> =
        report.succeeded().map(|(tenant, users)| (*tenant, users[0].display_name.clone().unwrap())).collect();
    assert_eq!(names, [("a.com", "a.com".to_owned()), ("c.com", "c.com".to_owned())]);
    assert_eq!(report.into_iter().map(|entry| entry.tenant).collect::<Vec<_>>(), ["a.com", "b.com", "c.com"]);
}

#[tokio::test]
async fn the_futures_can_move_to_other_tasks() {
    let fake = Fake::with(|_| Answer::ok("1"));
    let client = fake.client();
    let batch = tokio::spawn(client.batch((0..3).map(request)).collect());
    let each = tokio::spawn(client.for_each_tenant(["a"], |tenant| RawRequest::get("X").query("t", tenant)).collect());
    assert_eq!(batch.await.unwrap().len(), 3);
    assert!(each.await.unwrap().is_ok());
}
