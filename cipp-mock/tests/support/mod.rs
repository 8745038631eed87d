//! What the tests share.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use cipp_client::{Client, RawRequest, Reply};
use cipp_mock::MockServer;
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A strict server and a client of it that tries once.
pub(crate) async fn start() -> (MockServer, Client) {
    let server = MockServer::start().await.expect("the server starts");
    let client = client(&server);
    (server, client)
}

pub(crate) fn client(server: &MockServer) -> Client {
    server.client_builder().timeout(Duration::from_secs(20)).build().expect("the client builds")
}

/// The answer to a request, whatever its status.
pub(crate) async fn raw(client: &Client, request: RawRequest) -> Reply {
    client.call(request).raw().await.expect("an answer of any status")
}

/// Status and JSON of an answer.
pub(crate) async fn json(client: &Client, request: RawRequest) -> (u16, Value) {
    let reply = raw(client, request).await;
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
}

/// What is under `Results`.
pub(crate) async fn results(client: &Client, request: RawRequest) -> (u16, Value) {
    let (status, body) = json(client, request).await;
    (status, body.get("Results").cloned().unwrap_or(body))
}

/// Sends bytes, and returns all that comes back until the connection ends.
pub(crate) async fn exchange(server: &MockServer, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
