//! The kinds of calls: the columns of the table. A new kind is one more entry in [`CALLS`].

use super::kinds::MAX_BODY;
use cipp_client::transport::{BoxFuture, HttpTransport};
use cipp_client::users::{AddUser, ListUsers, ResetPassword};
use cipp_client::{Client, Error, ErrorKind, Request, ResultItem, RetryPolicy, Secret, Tenant};
use cipp_mock::{CONTOSO, FABRIKAM, MockServer, TAILSPIN};
use std::error::Error as _;
use std::fmt::Debug;
use std::future::Future;
use std::net::TcpListener;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

pub const SECRET: &str = "canary-client-secret";
pub const PASSWORD: &str = "canary-password";
/// What the fake server's tokens and new passwords start with.
const TOKEN: &str = "mock-token-";
const NEW_PASSWORD: &str = "Mock-";
/// What no output may contain.
pub const CANARIES: [&str; 5] = [SECRET, PASSWORD, TOKEN, NEW_PASSWORD, "canary-copy"];

/// How many users the fake server has in the tenant of the calls.
const CONTOSO_USERS: usize = 20;

/// No call may take longer, whatever happens to it.
const DEADLINE: Duration = Duration::from_secs(60);

pub struct Call {
    pub name: &'static str,
    /// The endpoint at which its writes are counted; empty for reads.
    pub writes: &'static str,
    pub run: fn(Client) -> BoxFuture<'static, Vec<Part>>,
    /// How many requests it makes for each part when all goes well.
    pub requests: usize,
    /// Whether it hands an answer on while it arrives, so that it cannot ask again once the answer has begun.
    pub hands_on: bool,
}

impl Call {
    const fn new(name: &'static str, writes: &'static str, run: fn(Client) -> BoxFuture<'static, Vec<Part>>) -> Self {
        Self { name, writes, run, requests: 1, hands_on: false }
    }
}

/// What came of one part of a call: how it ended, and under which mark its write is found at the server.
pub struct Part {
    pub mark: String,
    pub end: Option<ErrorKind>,
    /// All that a program could print of it.
    pub shown: String,
}

pub const CALLS: &[Call] = &[
    Call::new("read", "", |client| Box::pin(async move { vec![one(client.users().counts(CONTOSO), "").await] })),
    Call::new("list", "", |client| Box::pin(async move { vec![one(client.users().list(CONTOSO), "").await] })),
    Call { hands_on: true, ..Call::new("stream", "", |client| Box::pin(async move { vec![streamed(client).await] })) },
    Call { requests: 3, ..Call::new("wait", "", |client| Box::pin(async move { vec![waited(client).await] })) },
    Call::new("write", "ExecResetPass", |client| {
        Box::pin(async move { vec![one(client.call(reset(0)), &name(0)).await] })
    }),
    Call::new("write with a secret", "AddUser", |client| {
        Box::pin(async move {
            let request = AddUser::new(CONTOSO, name(0), "contoso.com", "Max Power").password(PASSWORD);
            vec![one(client.call(request), &name(0)).await]
        })
    }),
    Call::new("batch of writes", "ExecResetPass", |client| {
        Box::pin(async move {
            let batch = client.batch((0..5).map(reset)).size(3).concurrency(2);
            let shown = format!("{batch:?}");
            let results = batch.collect().await;
            assert_eq!(results.len(), 5);
            results.iter().enumerate().map(|(number, result)| part(result, &name(number), &shown)).collect()
        })
    }),
    Call::new("each tenant", "", |client| {
        Box::pin(async move {
            let each = client.for_each_tenant([CONTOSO, FABRIKAM, TAILSPIN], ListUsers::new).concurrency(2);
            let shown = format!("{each:?}");
            let report = each.collect().await;
            assert_eq!(report.results.len(), 3);
            let shown = format!("{shown} {report:?}");
            report.results.iter().map(|entry| part(&entry.result, "", &shown)).collect()
        })
    }),
];

/// Reads all rows of a list as they come. It ends at the first error, and only there or at the end.
async fn streamed(client: Client) -> Part {
    let mut rows = client.users().list(CONTOSO).stream();
    let mut shown = format!("{rows:?}");
    let mut count = 0;
    let end = loop {
        match rows.next().await {
            Some(Ok(row)) => {
                count += 1;
                shown.push_str(&format!("{row:?}"));
            }
            Some(Err(error)) => break Err(error),
            None => break Ok(count),
        }
    };
    assert!(rows.next().await.is_none(), "the stream goes on after its end");
    assert!(end.as_ref().is_err() || count == CONTOSO_USERS, "{count} rows without an error");
    part(&end, "", &shown)
}

/// Waits for a list of all tenants, which the server puts off at first. A placeholder is never a row.
async fn waited(client: Client) -> Part {
    let wait = client.users().list_mfa(Tenant::All).wait().interval(Duration::from_millis(1));
    let shown = format!("{wait:?}");
    let rows = wait.await;
    if let Ok(rows) = &rows {
        assert!(rows.len() > 1 && rows.iter().all(|row| row.upn.as_ref().is_some_and(|upn| upn.contains('@'))));
    }
    part(&rows, "", &shown)
}

fn name(number: usize) -> String {
    format!("user{number}")
}

fn reset(number: usize) -> ResetPassword {
    ResetPassword::new(CONTOSO, name(number))
}

async fn one<R: Request<Output: Debug> + Debug>(call: cipp_client::Call<R>, mark: &str) -> Part {
    let dry = call.dry_run();
    let shown = format!("{call:?} {:?} {dry} {dry:?}", call.request());
    part(&call.await, mark, &shown)
}

/// Keeps everything that a program could print of a result.
fn part<T: Debug>(result: &Result<T, Error>, mark: &str, shown: &str) -> Part {
    let mut shown = format!("{shown} {result:?}");
    if let Err(error) = result {
        shown.push_str(&format!(" {error} {error:#?} {:?}", error.body()));
        let mut source = error.source();
        while let Some(cause) = source {
            shown.push_str(&format!(" {cause} {cause:?}"));
            source = cause.source();
        }
    }
    Part { mark: mark.to_owned(), end: result.as_ref().err().map(Error::kind), shown }
}

/// A server in which each write can be repeated and is counted, so that a doubled one shows.
pub async fn server() -> Server {
    let server = MockServer::builder().credentials("partner", "client", SECRET).start().await.unwrap();
    server.on::<AddUser>().any_times().reply_with(|_| answer());
    server.on::<ResetPassword>().any_times().reply_with(|_| answer());
    Server { server, transport: Arc::new(HttpTransport::new().unwrap()) }
}

/// A server, and the transport of its clients: setting one up takes longer than most calls.
pub struct Server {
    server: MockServer,
    transport: Arc<HttpTransport>,
}

impl Deref for Server {
    type Target = MockServer;

    fn deref(&self) -> &MockServer {
        &self.server
    }
}

fn answer() -> Vec<ResultItem> {
    let mut item = ResultItem::default();
    item.text = "The new password is canary-copy-field".to_owned();
    item.copy_field = Some(Secret::from("canary-copy-field"));
    vec![item]
}

pub fn client(server: &Server, time: Duration) -> Client {
    let retry = RetryPolicy::default().first_pause(Duration::from_millis(2));
    server
        .client_builder()
        .transport(server.transport.clone())
        .timeout(time)
        .max_body(MAX_BODY)
        .retry(retry)
        .build()
        .unwrap()
}

/// Makes a call, and sees to it that it ends.
pub async fn run(call: &Call, client: &Client, what: &str) -> Vec<Part> {
    bounded((call.run)(client.clone()), what).await
}

pub async fn bounded<T>(future: impl Future<Output = T>, what: &str) -> T {
    tokio::time::timeout(DEADLINE, future).await.unwrap_or_else(|_| panic!("{what}: hangs"))
}

/// How often the write of this mark was carried out.
pub fn effects(server: &MockServer, call: &Call, mark: &str) -> usize {
    let sent = server.requests_to(call.writes);
    let marked = |sent: &&cipp_mock::Recorded| {
        let body = sent.body.as_ref().map(ToString::to_string).unwrap_or_default();
        let query = sent.query.iter().any(|(_, value)| value == mark);
        query || body.contains(&format!("\"{mark}\""))
    };
    sent.iter().filter(|sent| sent.carried_out).filter(marked).count()
}

/// What holds whatever happened: no write twice, a good answer means done, and a plain error means not done.
pub fn sound(server: &MockServer, client: &Client, call: &Call, parts: &[Part], what: &str) {
    for part in parts {
        if !call.writes.is_empty() {
            let done = effects(server, call, &part.mark);
            match part.end {
                None => assert_eq!(done, 1, "{what}: {} was reported as done", part.mark),
                Some(ErrorKind::InDoubt) => assert!(done <= 1, "{what}: {} was done twice", part.mark),
                Some(kind) => assert_eq!(done, 0, "{what}: {} was reported as {kind:?}", part.mark),
            }
        }
        discreet(&part.shown, what);
    }
    discreet(&format!("{client:?} {server:?} {:?} {:?}", server.requests(), server.verify()), what);
}

/// No secret is in what is shown.
pub fn discreet(shown: &str, what: &str) {
    for canary in CANARIES {
        if let Some(at) = shown.find(canary) {
            let from = (0..=at.saturating_sub(200)).rev().find(|at| shown.is_char_boundary(*at)).unwrap_or(0);
            panic!("{what}: {canary} is shown: ...{}", &shown[from..at + canary.len()]);
        }
    }
}

/// A listener to which no client may ever connect.
pub struct Away(TcpListener);

impl Away {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    pub fn address(&self) -> String {
        format!("http://{}/api/ListUsers", self.0.local_addr().unwrap())
    }

    pub fn was_left_alone(&self, what: &str) {
        assert!(self.0.accept().is_err(), "{what}: a redirect was followed");
    }
}
