//! A list page by page, as far as it is wanted.

use super::run::{show_answer, stopped};
use crate::args::{Options, Paged};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use crate::signal::interrupted;
use cipp_client::{ActionRequest, Answer, Client, Listing};
use serde_json::Value;
use std::future::pending;
use std::time::Duration;

/// Reads the pages and shows their rows. What was read is shown even when a later page could not be had, because going on begins
/// behind it.
pub async fn run(client: &Client, request: ActionRequest, paged: &Paged, options: &Options) -> Result<Exit, Failure> {
    let action = request.action();
    let mut read = Listing::<Value>::default();
    read.next_link.clone_from(&paged.from);
    let ended = tokio::select! {
        ended = pages(client, request, paged, options, &mut read) => ended,
        () = interrupted() => Err(stopped(false)),
        () = late(options.waiting.limit) => Err(Failure::new(Exit::Network, "the pages took longer than --timeout allows")),
    };
    let next = read.next_link.take().map(|token| format!("--from-page {}", quoted(&token)));
    if ended.is_err() && read.items.is_empty() {
        return ended.map(|()| Exit::Done);
    }
    let exit = show_answer(action, &Answer::Rows(read), options)?;
    match (ended, next) {
        (Ok(()), None) => Ok(exit),
        (Ok(()), Some(next)) => {
            eprintln!("cipp: there are more rows; the same command with {next} goes on");
            Ok(exit)
        }
        (Err(failure), Some(next)) => Err(failure.hint(format!("the same command with {next} goes on"))),
        (Err(failure), None) => Err(failure),
    }
}

async fn pages(
    client: &Client,
    request: ActionRequest,
    paged: &Paged,
    options: &Options,
    read: &mut Listing<Value>,
) -> Result<(), Failure> {
    let mut pages = client.call(request).pages();
    if let Some(token) = &paged.from {
        pages = pages.after(token);
    }
    for _ in 0..paged.max.unwrap_or(usize::MAX) {
        let Some(page) = pages.next().await else { return Ok(()) };
        let page = page?;
        if let Some(queued) = page.queued.filter(|_| options.waiting.wait) {
            let message = format!("the server collects these rows in the background: {}", show::clean(&queued.message));
            return Err(Failure::new(Exit::Network, message).hint("without --max-pages the command waits for them"));
        }
        read.items.extend(page.items);
        read.next_link = page.next_link;
    }
    Ok(())
}

/// Ends when the time is over; never, where there is no limit.
async fn late(limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep(limit).await,
        None => pending().await,
    }
}

/// A token as a shell takes it. The server chose it, so it may not move the cursor either.
fn quoted(token: &str) -> String {
    format!("'{}'", show::clean(token).replace('\'', r"'\''"))
}
