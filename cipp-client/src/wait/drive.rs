//! The loop that asks until an answer is there. Written once, for every type of answer.

use super::queue::{self, QueueState};
use super::ticket::{self, Look};
use super::watch::{Plan, Watch};
use crate::Error;
use crate::catalogue::Kind;
use crate::client::{CallOptions, Client};
use crate::error::ErrorKind;
use crate::reply::{Queued, Readiness, Reply};
use crate::request::Parts;
use std::time::Duration;

/// How the waiting went.
pub(super) struct Report {
    pub(super) polls: u32,
    pub(super) elapsed: Duration,
    pub(super) queue: Option<QueueState>,
}

/// Reads an answer, keeps it, and says whether it is there.
pub(super) type Take<'t> = dyn FnMut(Reply) -> Result<Readiness, Error> + Send + 't;

/// How a queue ended.
enum End {
    Done(QueueState),
    /// The server does not know it any more.
    Gone,
    /// This caller may not, or cannot, ask for it.
    Unknown,
}

/// Makes the call, and asks until `take` says that the answer is there.
pub(super) async fn drive(
    client: &Client,
    parts: Parts,
    options: CallOptions,
    plan: Plan,
    take: &mut Take<'_>,
) -> Result<Report, Error> {
    let mut watch = Watch::start(plan, &parts.operation);
    // What is cancelled already is not begun.
    watch.within(std::future::ready(Ok(()))).await?;
    let first = client.execute(parts.clone(), options.clone());
    // A write on its way is not broken off: nobody would know whether it happened.
    let mut reply = if parts.kind == Kind::Read { watch.within(first).await? } else { first.await? };
    let mut again = (parts.kind == Kind::Read).then(|| parts.clone());
    let mut ended: Option<QueueState> = None;
    let mut gone: Option<String> = None;
    let mut blind = false;
    loop {
        let Some(queued) = look(&parts, &mut again, reply, take)? else {
            return Ok(Report { polls: watch.polls, elapsed: watch.elapsed(), queue: ended });
        };
        match queued.id.as_deref().filter(|_| !blind) {
            Some(id) => match follow(client, &mut watch, &queued, id).await? {
                End::Done(state) => ended = Some(state),
                // The rows should be there. Where they are not, and the server names the same queue again, they never come.
                End::Gone if gone.as_deref() == Some(id) => {
                    let message =
                        "the server no longer knows the work behind the answer, and the answer is still not there";
                    return Err(Error::new(ErrorKind::NotReady, &parts.operation, message).with_queued(queued));
                }
                End::Gone => {
                    gone = Some(id.to_owned());
                    ended = Some(QueueState { id: id.to_owned(), ..QueueState::default() });
                }
                End::Unknown => blind = true,
            },
            None if again.is_some() => watch.pause(&queued.message, None).await?,
            None => {}
        }
        match &again {
            Some(again) => reply = watch.ask(client, again, &options).await?,
            // A write is made once; what it answered is its value.
            None => return Ok(Report { polls: watch.polls, elapsed: watch.elapsed(), queue: ended }),
        }
    }
}

/// What is waited for, or nothing when the answer is there. A ticket is put into the next question.
fn look(parts: &Parts, again: &mut Option<Parts>, reply: Reply, take: &mut Take<'_>) -> Result<Option<Queued>, Error> {
    if let Some(name) = &parts.ticket {
        let waiting = match ticket::look(&reply, name) {
            Look::Ticket { id, waiting } => {
                // With its ticket, the same request only asks.
                let next = again.get_or_insert_with(|| parts.clone());
                next.set(next.method == crate::catalogue::Method::Get, name, &id);
                next.kind = Kind::Read;
                waiting
            }
            Look::Waiting(message) => again.is_some().then_some(message),
            Look::Ready => None,
        };
        if let Some(message) = waiting {
            return Ok(Some(Queued { message, id: None }));
        }
    }
    Ok(match take(reply)? {
        Readiness::Ready => None,
        // An id alone is that of a queue which a write has started. A read that has its rows may repeat an old one.
        Readiness::Queued(queued) if again.is_some() && queued.message.trim().is_empty() => None,
        Readiness::Queued(queued) => Some(queued),
    })
}

/// Asks for a queue until it ends.
async fn follow(client: &Client, watch: &mut Watch, queued: &Queued, id: &str) -> Result<End, Error> {
    let question = queue::question(id)?;
    let mut message = queued.message.clone();
    let mut percent = None;
    loop {
        watch.pause(&message, percent).await?;
        let reply = match watch.ask(client, &question, &CallOptions::default()).await {
            Ok(reply) => reply,
            // The role may lack this one permission. The data itself can be asked for all the same.
            Err(error) if matches!(error.kind(), ErrorKind::Auth | ErrorKind::Status | ErrorKind::Unavailable) => {
                return Ok(End::Unknown);
            }
            Err(error) => return Err(error),
        };
        let Some(state) = queue::state(&reply, id)? else { return Ok(End::Gone) };
        if state.is_done() {
            return Ok(End::Done(state));
        }
        if state.is_failed() {
            let message = format!("the background work failed: {}", state.words());
            return Err(Error::new(ErrorKind::Action, question.operation, message));
        }
        message = state.words();
        percent = state.percent;
    }
}
