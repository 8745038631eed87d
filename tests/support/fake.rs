//! A transport that answers from a script and remembers what it was sent.

use bytes::Bytes;
use cipp_client::transport::{BoxFuture, Phase, Transport, TransportError, WireBody, WireReply, WireRequest};
use cipp_client::{Client, ClientBuilder};
use http::{HeaderMap, HeaderName, StatusCode};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// The token of clients made here. No output may contain it.
pub const TOKEN: &str = "canary-token-5f2d";

/// One scripted answer.
pub struct Answer {
    wait: Duration,
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<Step>,
    fail: Option<Phase>,
}

enum Step {
    Chunk(Bytes),
    Wait(Duration),
    Break,
}

impl Answer {
    pub fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let body = vec![Step::Chunk(body.into().into())];
        Self { wait: Duration::ZERO, status, headers: Vec::new(), body, fail: None }
    }

    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200, body)
    }

    pub fn fail(phase: Phase) -> Self {
        Self { fail: Some(phase), ..Self::ok("") }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Answers so much later.
    pub fn after(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Pauses before the next chunk.
    pub fn pause(mut self, wait: Duration) -> Self {
        self.body.push(Step::Wait(wait));
        self
    }

    pub fn chunk(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body.push(Step::Chunk(bytes.into().into()));
        self
    }

    /// Breaks the connection after the body so far.
    pub fn cut(mut self) -> Self {
        self.body.push(Step::Break);
        self
    }
}

type Script = dyn FnMut(&WireRequest) -> Answer + Send;

/// The transport.
pub struct Fake {
    script: Mutex<Box<Script>>,
    seen: Mutex<Vec<(Instant, WireRequest)>>,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fake")
    }
}

impl Fake {
    /// Answers with these, in order; a request beyond them fails the test.
    pub fn of(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        let mut answers: VecDeque<Answer> = answers.into_iter().collect();
        Self::with(move |request| answers.pop_front().unwrap_or_else(|| panic!("one request too many: {request:?}")))
    }

    pub fn with(script: impl FnMut(&WireRequest) -> Answer + Send + 'static) -> Arc<Self> {
        Arc::new(Self {
            script: Mutex::new(Box::new(script)),
            seen: Mutex::default(),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        })
    }

    /// A client that sends here, with a token.
    pub fn client(self: &Arc<Self>) -> Client {
        self.builder().static_token(TOKEN).build().unwrap()
    }

    pub fn builder(self: &Arc<Self>) -> ClientBuilder {
        Client::builder("https://cipp.example.com").transport(self.clone())
    }

    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    pub fn request(&self, index: usize) -> WireRequest {
        self.seen.lock().unwrap()[index].1.clone()
    }

    pub fn times(&self) -> Vec<Instant> {
        self.seen.lock().unwrap().iter().map(|(time, _)| *time).collect()
    }

    /// The largest number of requests that were under way at once.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Transport for Fake {
    fn send(&self, request: WireRequest) -> BoxFuture<'_, Result<WireReply, TransportError>> {
        Box::pin(async move {
            let answer = (self.script.lock().unwrap())(&request);
            self.seen.lock().unwrap().push((Instant::now(), request));
            let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(running, Ordering::SeqCst);
            let _running = Running(&self.running);
            tokio::time::sleep(answer.wait).await;
            if let Some(phase) = answer.fail {
                return Err(TransportError::new(phase, "scripted"));
            }
            let headers: HeaderMap = answer
                .headers
                .iter()
                .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()))
                .collect();
            Ok(WireReply::new(
                StatusCode::from_u16(answer.status).unwrap(),
                headers,
                Box::new(Body(answer.body.into())),
            ))
        })
    }
}

struct Running<'a>(&'a AtomicUsize);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Body(VecDeque<Step>);

impl WireBody for Body {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        Box::pin(async move {
            loop {
                match self.0.pop_front() {
                    None => return Ok(None),
                    Some(Step::Chunk(bytes)) => return Ok(Some(bytes)),
                    Some(Step::Wait(wait)) => tokio::time::sleep(wait).await,
                    Some(Step::Break) => return Err(TransportError::new(Phase::Receive, "scripted")),
                }
            }
        })
    }
}
