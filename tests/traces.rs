//! Spans and events, as a subscriber sees them. A program of its own, because tracing asks once per process what is listened to.

#![cfg(feature = "tracing")]
#![allow(missing_docs, unreachable_pub, dead_code, clippy::restriction, reason = "a test may stop where it stands")]

#[path = "support/fake.rs"]
mod fake;

use cipp_client::RawRequest;
use cipp_client::transport::Phase;
use fake::{Answer, Fake, TOKEN};
use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::sync::Once;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes everything down for the thread in which it happens, which is that of the test: a line for each span with its fields,
/// and for each event.
struct Recorder;

thread_local!(static STATE: RefCell<State> = RefCell::default());

fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    STATE.with(|state| work(&mut state.borrow_mut()))
}

#[derive(Default)]
struct State {
    spans: Vec<String>,
    entered: Vec<u64>,
    events: Vec<String>,
}

struct Line<'l>(&'l mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Recorder {
    fn start() -> Self {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| tracing::subscriber::set_global_default(Self).unwrap());
        Self
    }

    fn spans(&self) -> Vec<String> {
        with(|state| state.spans.clone())
    }

    fn events(&self) -> Vec<String> {
        with(|state| state.events.clone())
    }

    fn everything(&self) -> String {
        format!("{:?} {:?}", self.spans(), self.events())
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "cipp_client"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        with(|state| {
            let parent = state.entered.last().map_or(String::new(), |id| format!(" in {id}"));
            let mut line = format!("{}{parent}:", span.metadata().name());
            span.record(&mut Line(&mut line));
            state.spans.push(line);
            Id::from_u64(state.spans.len() as u64)
        })
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        with(|state| values.record(&mut Line(&mut state.spans[span.into_u64() as usize - 1])));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        with(|state| {
            let inside = state.entered.last().copied().unwrap_or_default();
            let mut line = format!("{} in {inside}:", event.metadata().level());
            event.record(&mut Line(&mut line));
            state.events.push(line);
        });
    }

    fn enter(&self, span: &Id) {
        with(|state| state.entered.push(span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        with(|state| assert_eq!(state.entered.pop(), Some(span.into_u64())));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_and_its_attempts_are_spans_with_the_names_of_opentelemetry() {
    let recorder = Recorder::start();
    let fake = Fake::of([Answer::status(503, "busy"), Answer::ok(r#"[{"accountEnabled":"maybe"}]"#)]);
    fake.client().users().list("contoso.com").await.unwrap();
    let attempt = "cipp.attempt in 1: otel.name=GET /api/ListUsers otel.kind=\"client\" http.request.method=\"GET\" \
                   url.path=\"/api/ListUsers\" server.address=\"cipp.example.com\" server.port=443";
    assert_eq!(
        recorder.spans(),
        [
            "cipp.call: cipp.operation=\"ListUsers\" cipp.kind=\"read\" http.response.status_code=200 \
             http.request.resend_count=1"
                .to_owned(),
            format!("{attempt} http.response.status_code=503 error.type=\"503\""),
            format!("{attempt} http.request.resend_count=1 http.response.status_code=200"),
        ]
    );
    let events = recorder.events();
    assert_eq!(events.len(), 3, "{events:#?}");
    assert_eq!(events[0], "DEBUG in 1: message=a token was got");
    let retry = "WARN in 1: message=the request will be sent again error.type=status http.response.status_code=503 \
                 cipp.attempts=1 cipp.wait_ms=";
    assert!(events[1].starts_with(retry), "{events:#?}");
    assert_eq!(
        events[2],
        "WARN in 1: message=the answer differs from the specification cipp.decode_warnings=1 \
         cipp.paths=$[0].accountEnabled: expected boolean, found string"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_by_its_kind() {
    let recorder = Recorder::start();
    let fake = Fake::of([Answer::fail(Phase::Send), Answer::ok("{")]);
    fake.client().call(RawRequest::post("AddThing")).await.unwrap_err();
    fake.client().call(RawRequest::get("ListThing")).await.unwrap_err();
    let spans = recorder.spans();
    assert!(spans[0].ends_with("cipp.kind=\"write\" error.type=in_doubt"), "{spans:#?}");
    assert!(spans[1].ends_with("error.type=in_doubt"), "{spans:#?}");
    // The request went well; what came cannot be read.
    assert!(spans[2].ends_with("http.response.status_code=200 error.type=decode"), "{spans:#?}");
    assert!(spans[3].ends_with("http.response.status_code=200"), "{spans:#?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_of_a_request_or_answer_is_recorded() {
    let recorder = Recorder::start();
    let fake = Fake::with(|request| match request.url.path() {
        "/api/Refused" => {
            Answer::status(400, r#"{"Results":[{"resultText":"canary-body","copyField":"canary-copy"}]}"#)
        }
        "/api/Busy" => Answer::status(429, "canary-body").header("retry-after", "1"),
        _ => Answer::ok(r#"[{"accountEnabled":"canary-body"}]"#),
    });
    let client = fake.client();
    let call = |path: &str| {
        let request = RawRequest::post(path).query("q", "canary-query").field("p", "canary-secret");
        client.call(request.secret("canary-secret").kind(cipp_client::catalogue::Kind::Read))
    };
    call("Refused").await.unwrap_err();
    call("Busy").await.unwrap_err();
    call("Fine").header("x-note", "canary-header").await.unwrap();
    call("X?password=canary-path").await.unwrap_err();
    call("canary-secret").await.unwrap();
    client.users().list("canary-query.com").await.unwrap();
    let everything = recorder.everything();
    assert!(everything.contains("Refused") && everything.contains("error.type"), "{everything}");
    assert!(!everything.contains("canary") && !everything.contains(TOKEN), "{everything}");
}
