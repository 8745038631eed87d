//! What came of one row, and how far the whole has come.

use crate::Error;
use crate::error::ErrorKind;

/// One row of a batch: a request, and what came of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchRow<O> {
    /// Which request it was, counted from 0 in the order in which they were given.
    pub index: usize,
    /// What the journal calls it: a hash of the request, without its secrets. Empty where the request could not be made.
    pub key: String,
    /// The caller's own name for it; see [`Batch::label_by`](crate::Batch::label_by).
    pub label: Option<String>,
    /// What came of it.
    pub outcome: RowOutcome<O>,
}

/// What came of a row.
#[derive(Debug)]
#[non_exhaustive]
pub enum RowOutcome<O> {
    /// It was answered. [`Results`](crate::Results) may still tell of parts that failed.
    Done(O),
    /// It failed. A write was not carried out, as far as the server's word goes.
    Failed(Error),
    /// A write that may or may not have been carried out, now or in the run that the journal tells of. Look before you repeat it.
    InDoubt(Error),
    /// The journal says that it was done in an earlier run. Nothing was sent; the answer of then was not kept.
    AlreadyDone,
    /// The batch was stopped before it was sent. Nothing happened.
    NotStarted,
}

impl<O> BatchRow<O> {
    /// The answer, or an error: [`ErrorKind::AlreadyDone`] for a row of an earlier run, [`ErrorKind::Cancelled`] for one that was
    /// not started.
    ///
    /// # Errors
    /// Whenever there is no answer.
    pub fn into_result(self) -> Result<O, Error> {
        match self.outcome {
            RowOutcome::Done(value) => Ok(value),
            RowOutcome::Failed(error) | RowOutcome::InDoubt(error) => Err(error),
            RowOutcome::AlreadyDone => {
                let message = "the journal says that this was done in an earlier run, so nothing was sent";
                Err(Error::new(ErrorKind::AlreadyDone, "batch", message))
            }
            RowOutcome::NotStarted => {
                Err(Error::new(ErrorKind::Cancelled, "batch", "the batch was stopped before this was sent"))
            }
        }
    }
}

/// How far a batch has come. All numbers count rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// All there are.
    pub total: usize,
    /// Under way now.
    pub running: usize,
    /// Answered, or done in an earlier run.
    pub done: usize,
    /// Failed.
    pub failed: usize,
    /// In doubt.
    pub in_doubt: usize,
    /// Not started, because the batch was stopped.
    pub not_started: usize,
}

impl Progress {
    pub(crate) fn count<O>(&mut self, outcome: &RowOutcome<O>) {
        let place = match outcome {
            RowOutcome::Done(_) | RowOutcome::AlreadyDone => &mut self.done,
            RowOutcome::Failed(_) => &mut self.failed,
            RowOutcome::InDoubt(_) => &mut self.in_doubt,
            RowOutcome::NotStarted => &mut self.not_started,
        };
        *place += 1;
    }

    /// How many rows are dealt with, in whatever way.
    #[must_use]
    pub fn ended(&self) -> usize {
        self.done + self.failed + self.in_doubt + self.not_started
    }
}
