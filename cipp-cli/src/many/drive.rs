//! Making the calls: progress for people, and a stop in good order when they have seen enough.

use super::outcome::Told;
use crate::failure::Failure;
use crate::signal::interrupted;
use cipp_client::{ActionRequest, Batch};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

/// How it went.
pub struct Driven {
    /// What came of each row. Missing are only rows that a second Ctrl-C left behind.
    pub told: Vec<Option<Told>>,
    /// Whether all that was to be shown could be.
    pub shown: Result<(), Failure>,
    /// Whether somebody stopped it.
    pub interrupted: bool,
}

/// Makes the calls. With `stream`, tells of each row as it ends.
pub async fn drive(
    batch: Batch<ActionRequest>,
    count: usize,
    strict: bool,
    quiet: bool,
    stream: bool,
    mut each: impl FnMut(usize, &Told) -> Result<(), Failure>,
) -> Driven {
    let bar = bar(count, quiet);
    let progress = bar.clone();
    let batch = batch.on_progress(move |now| {
        progress.set_position(u64::try_from(now.ended()).unwrap_or(u64::MAX));
        let trouble = [(now.failed, "failed"), (now.in_doubt, "in doubt")];
        let words: Vec<String> =
            trouble.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        progress.set_message(words.join(", "));
    });
    let stop = batch.handle();
    let mut rows = batch.rows();
    let mut told: Vec<Option<Told>> = (0..count).map(|_| None).collect();
    let mut signal = Box::pin(interrupted());
    // What cannot be shown is no reason to leave rows undone, or to forget what came of them.
    let mut shown = Ok(());
    loop {
        let row = tokio::select! {
            row = rows.next() => row,
            () = &mut signal => {
                if stop.is_cancelled() {
                    break;
                }
                stop.cancel();
                signal = Box::pin(interrupted());
                let running = rows.progress().running;
                bar.suspend(|| say(&format!("stopping: no new rows; waiting for {running} under way (Ctrl-C again does not wait)")));
                continue;
            }
        };
        let Some(row) = row else { break };
        let index = row.index;
        let row = Told::of(row.outcome, strict);
        if shown.is_ok() {
            shown = if stream { bar.suspend(|| each(index, &row)) } else { Ok(()) };
        }
        if let Some(place) = told.get_mut(index) {
            *place = Some(row);
        }
    }
    bar.finish_and_clear();
    Driven { told, shown, interrupted: stop.is_cancelled() }
}

/// A line for people. Where nobody can read it, it does not matter.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "cipp: {line}");
}

fn bar(count: usize, quiet: bool) -> ProgressBar {
    if quiet || count < 2 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(u64::try_from(count).ok(), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}  {elapsed}, {eta} left  {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
