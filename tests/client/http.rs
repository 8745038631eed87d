//! The built-in transport, against a server of a few lines on this machine.

use cipp_client::{Client, ClientBuilder, ErrorKind, RawRequest};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

/// What the server does with a connection, after it has read a request.
enum Act {
    /// Writes these bytes and closes.
    Write(Vec<u8>),
    /// Writes these bytes and waits for the next request.
    WriteAndStay(&'static str),
}

/// Reads one request; `None` when the other side closed.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_lowercase().strip_prefix("content-length: ").and_then(|length| length.parse().ok())
                })
                .unwrap_or(0);
            if body.len() >= length {
                return Some(text);
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

/// Serves these acts and ends; gives the requests.
fn serve(acts: Vec<Act>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let mut seen = Vec::new();
        let mut open: Option<TcpStream> = None;
        for act in acts {
            loop {
                let mut stream = open.take().unwrap_or_else(|| listener.accept().unwrap().0);
                let Some(request) = read_request(&mut stream) else { continue };
                seen.push(request);
                match &act {
                    Act::Write(bytes) => drop(stream.write_all(bytes)),
                    Act::WriteAndStay(text) => {
                        stream.write_all(text.as_bytes()).unwrap();
                        open = Some(stream);
                    }
                }
                break;
            }
        }
        seen
    });
    (url, thread)
}

fn builder(url: &str) -> ClientBuilder {
    Client::builder(url).static_token("canary").retry(cipp_client::RetryPolicy::none())
}

fn answer(head: &str, body: &[u8]) -> Act {
    let mut bytes =
        format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    Act::Write(bytes)
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap()).collect()
}

/// `[1]`, gzipped without compression.
fn gzipped() -> Vec<u8> {
    unhex("1f8b08000000000002ff010300fcff5b315db8322f4c03000000")
}

/// 400,000 blanks, gzipped.
const BOMB: &str = concat!(
    "1f8b0800000000000203edc13101000000c2a02aeb9fd2147e400100000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000000000000c0df00740b5fbc801a0600",
);

#[tokio::test]
async fn a_call_over_the_wire() {
    let (url, server) = serve(vec![answer("200 OK\r\ncontent-encoding: gzip", &gzipped())]);
    let value = builder(&url).build().unwrap().call(RawRequest::post("ExecThing").field("a", 1)).await.unwrap();
    assert_eq!(value, serde_json::json!([1]));
    let request = server.join().unwrap().remove(0);
    assert!(request.starts_with("POST /api/ExecThing HTTP/1.1\r\n"), "{request}");
    let lower = request.to_lowercase();
    for line in
        ["authorization: bearer canary", "accept-encoding: gzip", "content-type: application/json", "content-length: 7"]
    {
        assert!(lower.contains(&format!("\r\n{line}\r\n")), "{line}: {request}");
    }
    assert!(request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");
}

#[tokio::test]
async fn what_counts_is_the_size_after_decompression() {
    let (url, server) = serve(vec![answer("200 OK\r\ncontent-encoding: gzip", &unhex(BOMB))]);
    let error = builder(&url).max_body(100_000).build().unwrap().call(RawRequest::get("X")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body, "{error}");
    server.join().unwrap();
    for encoding in ["gzip, gzip", "br"] {
        let (url, server) = serve(vec![answer(&format!("200 OK\r\ncontent-encoding: {encoding}"), &gzipped())]);
        let error = builder(&url).build().unwrap().call(RawRequest::get("X")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body, "{error}");
        server.join().unwrap();
    }
    let (url, server) = serve(vec![answer("200 OK\r\ncontent-encoding: gzip", b"no gzip at all")]);
    let error = builder(&url).build().unwrap().call(RawRequest::get("X")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body, "{error}");
    server.join().unwrap();
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let target = format!("302 Found\r\nlocation: http://{}/api/X", elsewhere.local_addr().unwrap());
    let (url, server) = serve(vec![answer(&target, b"")]);
    let client = builder(&url).timeout(std::time::Duration::from_secs(5)).build().unwrap();
    let error = client.call(RawRequest::get("X")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
    server.join().unwrap();
    assert!(elsewhere.accept().is_err(), "the token went to another host");
}

#[tokio::test]
async fn a_short_body_is_no_answer() {
    for (head, text) in [("content-length: 100", "[1,2,3]"), ("transfer-encoding: chunked", "7\r\n[1,2,3]\r\n")] {
        let bytes = || Act::Write(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{text}").into_bytes());
        let (url, server) = serve(vec![bytes(), bytes()]);
        let client = builder(&url).build().unwrap();
        let error = client.call(RawRequest::get("X")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body, "{error}");
        assert!(error.to_string().contains("cut after 7"), "{error}");
        let error = client.call(RawRequest::post("ExecThing")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InDoubt, "{error}");
        server.join().unwrap();
    }
}

#[tokio::test]
async fn a_reset_after_the_request_leaves_a_write_in_doubt() {
    let (url, server) = serve(vec![Act::Write(Vec::new()), Act::Write(Vec::new())]);
    let client = builder(&url).build().unwrap();
    let error = client.call(RawRequest::post("ExecThing")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InDoubt, "{error}");
    let error = client.call(RawRequest::get("X")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert_eq!(server.join().unwrap().len(), 2);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_meanwhile_costs_nothing() {
    // The server closes the connection after the first answer without saying so; the second request needs a new one.
    let stay = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1";
    let (url, server) = serve(vec![answer_open(stay), Act::WriteAndStay(stay)]);
    let client = builder(&url).build().unwrap();
    client.call(RawRequest::post("ExecThing")).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    client.call(RawRequest::post("ExecThing")).await.unwrap();
    assert_eq!(server.join().unwrap().len(), 2);
}

fn answer_open(text: &str) -> Act {
    Act::Write(text.as_bytes().to_vec())
}

#[tokio::test]
async fn what_never_connected_was_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = builder(&url).build().unwrap();
    let error = client.call(RawRequest::post("ExecThing")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().starts_with("ExecThing: 127.0.0.1 cannot be reached: "), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    let error = Client::builder("https://no-such-host.invalid").static_token("t").build().unwrap();
    let error = error.call(RawRequest::post("ExecThing")).retry(cipp_client::RetryPolicy::none()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_says_so() {
    let refusal = || answer("407 Proxy Authentication Required", b"");
    let (url, server) = serve(vec![refusal(), refusal()]);
    let proxy = url.replace("http://", "http://jane:hunter2@");
    for target in ["http://cipp.example.com", "https://cipp.example.com"] {
        let client = builder(target).allow_http(true).proxy(proxy.as_str()).build().unwrap();
        let error = client.call(RawRequest::post("ExecThing")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        assert!(error.to_string().contains("the proxy wants a user name and password"), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    let requests = server.join().unwrap();
    assert!(requests[1].starts_with("CONNECT cipp.example.com:443"), "{}", requests[1]);
    assert!(!requests[1].contains("canary"));
}

#[tokio::test]
async fn a_head_without_end_is_an_error() {
    let mut bytes = b"HTTP/1.1 200 OK\r\n".to_vec();
    (0..5000).for_each(|number| bytes.extend_from_slice(format!("x-{number}: 1\r\n").as_bytes()));
    bytes.extend_from_slice(b"\r\n[]");
    let mut large = b"HTTP/1.1 200 OK\r\nx: ".to_vec();
    large.extend(std::iter::repeat_n(b'a', 2 * 1024 * 1024));
    for bytes in [bytes, large] {
        let (url, server) = serve(vec![Act::Write(bytes)]);
        let error = builder(&url).build().unwrap().call(RawRequest::get("X")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        server.join().unwrap();
    }
}
