//! Every fault does what its documentation says, seen on the wire or through a client.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod support;

use cipp_client::{ErrorKind, RawRequest, RetryPolicy};
use cipp_mock::{CONTOSO, Fault, MockServer};
use std::io::ErrorKind::ConnectionReset;
use std::time::{Duration, Instant};
use support::{exchange, json, start};

const PORTAL: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// The portal's page with a fault, as it stands on the wire.
async fn page(fault: Fault) -> String {
    let server = MockServer::start().await.unwrap();
    server.fault(fault);
    exchange(&server, PORTAL).await.unwrap()
}

async fn statuses(server: &MockServer, client: &cipp_client::Client, calls: usize) -> Vec<u16> {
    let from = server.requests_to("ListTenants").len();
    for _ in 0..calls {
        let _ = json(client, RawRequest::get("ListTenants")).await;
    }
    server.requests_to("ListTenants")[from..].iter().map(|sent| sent.status).collect()
}

async fn once() -> (MockServer, cipp_client::Client) {
    let server = MockServer::start().await.unwrap();
    let client = server.client_builder().retry(RetryPolicy::none()).timeout(ms(20_000)).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn answers_break_off_in_two_ways() {
    let whole = page(Fault::delay(Duration::ZERO)).await;
    let cut = page(Fault::cut()).await;
    assert!(cut.contains("content-length") && cut.len() < whole.len(), "{cut}");
    let chunks = page(Fault::cut_chunks()).await;
    assert!(chunks.contains("transfer-encoding: chunked") && chunks.contains("<!DOCTYPE"), "{chunks}");
    assert!(!chunks.ends_with("0\r\n\r\n"), "no last chunk: {chunks}");
}

#[tokio::test]
async fn bodies_come_slowly_and_whole() {
    let started = Instant::now();
    let slow = page(Fault::slow(40, ms(30))).await;
    assert!(slow.ends_with("</html>") && slow.contains("content-length"), "{slow}");
    assert!(started.elapsed() >= ms(60), "{:?}", started.elapsed());
}

#[tokio::test]
async fn connections_are_reset_before_or_after_the_request_is_read() {
    for (fault, body) in [(Fault::reset_unread(), false), (Fault::reset(), true)] {
        let server = MockServer::start().await.unwrap();
        server.fault(fault);
        let post =
            "POST /api/ExecX HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(exchange(&server, post).await.unwrap_err().kind(), ConnectionReset);
        assert_eq!(server.requests()[0].body.is_some(), body);
        assert!(!server.requests()[0].carried_out);
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_says_nothing_before() {
    let server = MockServer::start().await.unwrap();
    server.fault(Fault::hang_up());
    // Without `connection: close`, only the server can end this.
    let answer = tokio::time::timeout(ms(5000), exchange(&server, "GET / HTTP/1.1\r\nhost: x\r\n\r\n")).await;
    let answer = answer.expect("the server closes").unwrap();
    assert!(answer.ends_with("</html>") && !answer.contains("connection: close"), "{answer}");
    // A client opens another connection, for writes too.
    let client = server.client().unwrap();
    for _ in 0..5 {
        client
            .call(RawRequest::post("ExecDisableUser").body(serde_json::json!({
                "tenantFilter": CONTOSO, "ID": "jane.doe@contoso.com", "Enable": true
            })))
            .await
            .unwrap();
        tokio::time::sleep(ms(20)).await;
    }
    assert_eq!(server.requests_to("ExecDisableUser").len(), 5);
}

#[tokio::test]
async fn labels_and_bytes_are_wrong_on_demand() {
    assert!(page(Fault::content_type("image/png")).await.contains("content-type: image/png"));
    assert!(page(Fault::byte_order_mark()).await.contains("\u{feff}<!DOCTYPE"));
    assert!(page(Fault::invalid_utf8()).await.contains('\u{fffd}'));
    assert_eq!(page(Fault::many_headers(50)).await.matches("x-filler-").count(), 50);
    assert!(page(Fault::huge_header(10_000)).await.len() > 10_000);
    let redirect = page(Fault::redirect("https://elsewhere.example.com/x")).await;
    assert!(redirect.starts_with("HTTP/1.1 302") && redirect.contains("location: https://elsewhere.example.com/x"));
    let (server, client) = once().await;
    server.fault(Fault::invalid_utf8().times(1));
    let users = client.users().list(CONTOSO).with_meta().await.unwrap();
    assert!(!users.meta.warnings.is_empty() && users.value.len() == 20);
    server.fault(Fault::content_type("application/octet-stream").times(1));
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 20, "content counts, not its label");
}

#[tokio::test]
async fn compression_is_honest_corrupt_or_a_bomb() {
    let server = MockServer::start().await.unwrap();
    let client =
        server.client_builder().retry(RetryPolicy::none()).max_body(1_000_000).timeout(ms(20_000)).build().unwrap();
    let list = async || client.users().list(CONTOSO).await;
    server.fault(Fault::gzip().times(1));
    assert_eq!(list().await.unwrap().len(), 20);
    server.fault(Fault::corrupt_gzip().times(1));
    assert_eq!(list().await.unwrap_err().kind(), ErrorKind::Body);
    server.fault(Fault::gzip_bomb(2_000_000).times(1));
    let error = list().await.unwrap_err();
    assert!(error.is_body() && error.to_string().contains("larger than"), "{error}");
    server.fault(Fault::gzip_bomb(500_000).times(1));
    assert_eq!(list().await.unwrap().len(), 0, "below the limit it is blanks and an empty list");
    server.fault(Fault::endless().times(1));
    assert!(list().await.unwrap_err().is_body());
    server.fault(Fault::delay(Duration::ZERO).header("content-encoding", "br").times(1));
    assert!(list().await.unwrap_err().is_body());
}

#[tokio::test]
async fn a_token_expires_in_the_middle_of_a_run() {
    let (server, client) = once().await;
    server.fault(Fault::expire_token().nth(3).on("ListTenants"));
    assert_eq!(statuses(&server, &client, 4).await, [200, 200, 401, 200, 200]);
    assert_eq!(server.requests_to("token").len(), 2);
}

#[tokio::test]
async fn faults_choose_by_number_and_dice() {
    let (server, client) = once().await;
    server.fault(Fault::status(500).every(3));
    assert_eq!(statuses(&server, &client, 7).await, [200, 200, 500, 200, 200, 500, 200]);
    server.clear_faults();
    server.fault(Fault::status(500).nth(2));
    assert_eq!(statuses(&server, &client, 4).await, [200, 500, 200, 200]);
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let (server, client) = once().await;
        server.fault(Fault::status(500).chance(0.5, seed));
        runs.push(statuses(&server, &client, 40).await);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let failed = runs[0].iter().filter(|status| **status == 500).count();
    assert!((10..=30).contains(&failed), "{failed} of 40");
}

#[tokio::test]
async fn faults_have_their_time() {
    let (server, client) = once().await;
    server.advance(Duration::from_secs(1000));
    server.fault(Fault::status(500).during(Duration::from_secs(60)..Duration::from_secs(120)));
    for (advance, status) in [(0, 200), (59, 200), (1, 500), (59, 500), (1, 200)] {
        server.advance(Duration::from_secs(advance));
        assert_eq!(statuses(&server, &client, 1).await, [status], "{advance}");
    }
}

#[tokio::test]
async fn a_client_that_waits_passes_the_throttle_and_one_that_does_not_is_told_on() {
    let (server, client) = start().await;
    server.fault(Fault::throttle(2, ms(700)).on("ListTenants"));
    for _ in 0..3 {
        client.tenants().list().await.unwrap();
    }
    let seen: Vec<u16> = server.requests_to("ListTenants").iter().map(|sent| sent.status).collect();
    assert_eq!(seen, [200, 200, 429, 200]);
    server.verify().unwrap();

    // A client keeps all its calls back; three programs that know nothing of each other do not.
    let (server, first) = once().await;
    server.fault(Fault::throttle(1, Duration::from_secs(30)));
    let mut seen = statuses(&server, &first, 1).await;
    for _ in 0..2 {
        // Long enough after the 429 that nobody was under way with the call then.
        tokio::time::sleep(ms(400)).await;
        let other = server.client_builder().retry(RetryPolicy::none()).build().unwrap();
        seen.extend(statuses(&server, &other, 1).await);
    }
    assert_eq!(seen, [200, 429, 429]);
    let report = server.verify().unwrap_err().to_string();
    assert!(report.contains("ListTenants was called") && report.contains("after a 429"), "{report}");
    // When the time is over, by the server's clock, it is no longer early.
    server.clear_expectations();
    server.advance(Duration::from_secs(31));
    assert_eq!(statuses(&server, &first, 1).await, [200]);
    server.verify().unwrap();
}
