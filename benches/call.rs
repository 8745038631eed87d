//! One small call on loopback: the client against the same call written by hand on reqwest, with serde derive: the same address, token
//! and limit of time.
//!
//! `cargo bench --bench call` prints the processor time that each takes on the calling thread, the median of some rounds taken in
//! turns, and the ratio. The server is a thread of its own that sends the same bytes each time. Linux only: it reads the thread's
//! processor time from `/proc`. `CALLS` and `ROUNDS` make it smaller; `ONLY=ours` and `ONLY=hand` make a round of calls of one kind,
//! for a profiler. `benches/call.sh` counts instructions in place of time.

#![allow(missing_docs, clippy::restriction, reason = "a measurement may stop where it stands")]

use cipp_client::auth::StaticToken;
use cipp_client::{Client, instance};
use serde::Deserialize;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

const BODY: &str = r#"{"LocalCIPPVersion":"10.8.2","RemoteCIPPVersion":"10.8.2","LocalCIPPAPIVersion":"10.8.2","RemoteCIPPAPIVersion":"10.8.2","OutOfDateCIPP":false,"OutOfDateCIPPAPI":false}"#;

/// The same answer, as somebody would write it by hand.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(dead_code, reason = "only decoded")]
struct Version {
    #[serde(rename = "LocalCIPPVersion")]
    local: Option<String>,
    #[serde(rename = "RemoteCIPPVersion")]
    remote: Option<String>,
    #[serde(rename = "LocalCIPPAPIVersion")]
    local_api: Option<String>,
    #[serde(rename = "RemoteCIPPAPIVersion")]
    remote_api: Option<String>,
    #[serde(rename = "OutOfDateCIPP")]
    out_of_date: Option<bool>,
    #[serde(rename = "OutOfDateCIPPAPI")]
    out_of_date_api: Option<bool>,
}

/// Answers every request with the same bytes until the program ends.
fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            stream.set_nodelay(true).expect("no delay");
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().expect("the connection"));
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}",
                    BODY.len()
                );
                let mut line = String::new();
                while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
                    if line == "\r\n" && stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                    line.clear();
                }
            });
        }
    });
    address
}

/// Nanoseconds that this thread has spent on a processor.
fn spent() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the thread's processor time, from Linux");
    text.split_whitespace().next().and_then(|first| first.parse().ok()).expect("a number of nanoseconds")
}

fn setting(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let (calls, rounds) = (setting("CALLS", 2000), setting("ROUNDS", 15));
    let address = serve();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = Client::builder(format!("http://{address}"))
            .allow_http(true)
            .token_provider(Arc::new(StaticToken::new("token")))
            .build()
            .expect("a client");
        let by_hand = reqwest::Client::builder().timeout(Duration::from_secs(300)).build().expect("a client by hand");
        let ours = async || {
            let before = spent();
            for _ in 0..calls {
                let version =
                    client.call(instance::GetVersion::new().frontend_version("10.8.2")).await.expect("a version");
                assert_eq!(black_box(version).frontend_out_of_date, Some(false));
            }
            (spent() - before) / calls as u64
        };
        let hand = async || {
            let before = spent();
            for _ in 0..calls {
                let url = format!("http://{address}/api/GetVersion");
                let request = by_hand.get(url).query(&[("LocalVersion", "10.8.2")]).bearer_auth("token");
                let reply = request.send().await.and_then(reqwest::Response::error_for_status).expect("an answer");
                let version: Version = reply.json().await.expect("a version");
                assert_eq!(black_box(version).out_of_date, Some(false));
            }
            (spent() - before) / calls as u64
        };
        match std::env::var("ONLY").as_deref() {
            Ok("ours") => return println!("{}", ours().await),
            Ok(_) => return println!("{}", hand().await),
            Err(_) => {}
        }
        let (mut us, mut them) = (Vec::new(), Vec::new());
        ours().await;
        hand().await;
        for _ in 0..rounds {
            us.push(ours().await);
            them.push(hand().await);
        }
        let (us, them) = (median(us), median(them));
        println!("one call, processor time on the calling thread, {rounds} rounds of {calls}");
        println!("  cipp-client              {:8.1} µs", us as f64 / 1e3);
        println!("  by hand on reqwest       {:8.1} µs", them as f64 / 1e3);
        println!("  ratio                    {:8.3}   limit 1.05", us as f64 / them as f64);
    });
}
