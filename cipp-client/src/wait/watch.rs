//! The clock of everything that waits: pauses, deadline, progress, cancelling, and patience with passing faults.

use crate::Error;
use crate::client::{CallOptions, Client};
use crate::error::ErrorKind;
use crate::redact::one_line;
use crate::reply::Reply;
use crate::request::Parts;
use crate::transport::BoxFuture;
use std::fmt;
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// As the web interface asks.
const INTERVAL: Duration = Duration::from_secs(3);
/// Pauses do not grow beyond this.
const LONGEST: Duration = Duration::from_secs(30);
const DEADLINE: Duration = Duration::from_secs(30 * 60);
/// A question that fails this often in a row, each time with the repeats of its own, ends the waiting.
const FAULTS: u32 = 3;

type Tell = Box<dyn FnMut(&WaitProgress) + Send>;

/// How something that is waited for stands, as told to [`Wait::on_progress`](crate::Wait::on_progress) before each pause.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WaitProgress {
    /// The server's words, or ours where it says nothing; one line.
    pub message: String,
    /// How often the server was asked so far whether it is done.
    pub polls: u32,
    /// Time since the first call.
    pub elapsed: Duration,
    /// How much is done, from 0 to 100, where the server tells.
    pub percent: Option<f64>,
}

/// How to wait.
pub(super) struct Plan {
    pub(super) interval: Duration,
    pub(super) deadline: Duration,
    pub(super) progress: Option<Tell>,
    pub(super) cancel: Option<BoxFuture<'static, ()>>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { interval: INTERVAL, deadline: DEADLINE, progress: None, cancel: None }
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("interval", &self.interval)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// Waiting under way.
pub(super) struct Watch {
    plan: Plan,
    operation: String,
    started: Instant,
    end: Instant,
    pause: Duration,
    cancelled: bool,
    message: String,
    pub(super) polls: u32,
}

impl Watch {
    pub(super) fn start(plan: Plan, operation: &str) -> Self {
        let started = Instant::now();
        let end = started.checked_add(plan.deadline).unwrap_or_else(|| started + Duration::from_secs(u32::MAX.into()));
        let pause = plan.interval;
        let message = "no answer yet".to_owned();
        Self { plan, operation: operation.to_owned(), started, end, pause, cancelled: false, message, polls: 0 }
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Tells how things stand, and pauses.
    pub(super) async fn pause(&mut self, message: &str, percent: Option<f64>) -> Result<(), Error> {
        self.message = one_line(message);
        if self.message.is_empty() {
            self.message = "the server is still at work".to_owned();
        }
        let progress =
            WaitProgress { message: self.message.clone(), polls: self.polls, elapsed: self.elapsed(), percent };
        if let Some(tell) = &mut self.plan.progress {
            tell(&progress);
        }
        let pause = self.pause;
        self.pause = pause.saturating_mul(3).checked_div(2).unwrap_or(LONGEST).min(LONGEST.max(self.plan.interval));
        if Instant::now().checked_add(pause).is_none_or(|end| end > self.end) {
            return Err(self.late());
        }
        self.within(async {
            sleep(pause).await;
            Ok(())
        })
        .await
    }

    /// Runs something that changes nothing, until the deadline or until waiting is given up.
    pub(super) async fn within<T>(&mut self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        if self.cancelled {
            return Err(self.given_up());
        }
        let mut work = std::pin::pin!(timeout_at(self.end, work));
        let cancel = &mut self.plan.cancel;
        let outcome = poll_fn(|cx| {
            if cancel.as_mut().is_some_and(|cancel| cancel.as_mut().poll(cx).is_ready()) {
                return Poll::Ready(None);
            }
            work.as_mut().poll(cx).map(Some)
        })
        .await;
        match outcome {
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(self.late()),
            None => {
                self.cancelled = true;
                Err(self.given_up())
            }
        }
    }

    /// Asks something, and bears with faults that pass: in half an hour of waiting, a server restarts.
    pub(super) async fn ask(&mut self, client: &Client, parts: &Parts, options: &CallOptions) -> Result<Reply, Error> {
        self.polls += 1;
        let mut faults = 0;
        loop {
            let error = match self.within(client.execute(parts.clone(), options.clone())).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            faults += 1;
            if faults >= FAULTS || !passes(&error) {
                return Err(error);
            }
            self.pause(&format!("asking again after a fault: {error}"), None).await?;
        }
    }

    fn late(&self) -> Error {
        let message = format!(
            "not ready within {} s, after {} questions; the server's last word: {}",
            self.plan.deadline.as_secs(),
            self.polls,
            self.message
        );
        let queued = crate::reply::Queued { message: self.message.clone(), id: None };
        Error::new(ErrorKind::NotReady, &self.operation, message).with_queued(queued)
    }

    fn given_up(&self) -> Error {
        let message = "waiting was given up; what the server has begun goes on";
        Error::new(ErrorKind::Cancelled, &self.operation, message)
    }
}

fn passes(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::RateLimited | ErrorKind::Body => true,
        ErrorKind::Status => error.status().is_some_and(|status| matches!(status.as_u16(), 502..=504)),
        _ => false,
    }
}
