//! Reads rows one by one while the answer arrives, with the same leniency as a [`Listing`] that is read at once.

use super::cursor::Cursor;
use super::envelope::has_results_field;
use super::listing::{Listing, Queued};
use super::splitter::{Found, Splitter};
use super::text::text_of;
use super::{Answer, DecodeContext, Output, Reply};
use crate::Error;
use crate::error::ErrorKind;
use crate::model::{Context, Extra, Fill, Filled, Shape, Slot, Step, Warnings, kind_of};
use bytes::Bytes;
use serde::de::DeserializeSeed;
use serde_json::Value;

/// An answer that is made of rows: a [`Listing`], or JSON of unknown shape, whose rows are JSON.
pub trait Rows: Output {
    /// A row.
    type Row: Shape + Send + 'static;
}

impl<T: Shape + Send + 'static> Rows for Listing<T> {
    type Row = T;
}

impl Rows for Value {
    type Row = Value;
}

/// Rows where the specification says that the action gives rows; the pages of any other are empty or an error.
impl Rows for Answer {
    type Row = Value;
}

/// What an answer says beside its rows.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) queued: Option<Queued>,
    pub(crate) next_link: Option<String>,
    pub(crate) metadata: Extra,
}

/// Reads rows out of chunks.
pub(crate) struct RowReader<T> {
    splitter: Splitter,
    chunk: Bytes,
    /// The answer without its body, for errors.
    head: Reply,
    cx: DecodeContext,
    context: Context,
    limit: usize,
    /// How many rows ended so far.
    count: usize,
    /// The first row, until it is known that there are more: a lone row may be no data.
    first: Option<Vec<u8>>,
    /// A row that was read and is to be given out next.
    ready: Option<T>,
    largest: usize,
    begun: bool,
}

impl<T: Shape + Send + 'static> RowReader<T> {
    /// `limit` is how many bytes one row, or what surrounds the rows, may have.
    pub(crate) fn new(head: Reply, cx: DecodeContext, limit: usize) -> Self {
        let bare = has_results_field(T::slot(&mut None));
        Self {
            splitter: Splitter::new(!bare),
            chunk: Bytes::new(),
            head,
            cx,
            context: Context::comparing_names(),
            limit,
            count: 0,
            first: None,
            ready: None,
            largest: 0,
            begun: false,
        }
    }

    /// The next chunk. The last one must be used up.
    pub(crate) fn feed(&mut self, chunk: Bytes) -> Result<(), Error> {
        self.chunk = chunk;
        if !self.begun {
            self.begun = true;
            match &*self.chunk {
                [0xef, 0xbb, 0xbf, ..] => drop(self.chunk.split_to(3)),
                [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
                    let message = "the answer is UTF-16, which is not read row by row: await the call instead";
                    return Err(self.cx.error(ErrorKind::Decode, message, &self.head));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The next row of the chunk; `None` when the chunk is used up.
    pub(crate) fn next(&mut self) -> Result<Option<T>, Error> {
        if let Some(row) = self.ready.take() {
            return Ok(Some(row));
        }
        loop {
            let (taken, found) = self.splitter.scan(&self.chunk);
            drop(self.chunk.split_to(taken));
            let held = self.splitter.row.len() + self.splitter.rest.len() + self.first.as_ref().map_or(0, Vec::len);
            self.largest = self.largest.max(held + self.chunk.len());
            if held > self.limit {
                let message = format!("row {} is larger than {} MiB", self.count, self.limit.div_ceil(1024 * 1024));
                return Err(self.cx.error(ErrorKind::Body, message, &self.head));
            }
            if found == Found::More {
                return Ok(None);
            }
            self.count += 1;
            let row = std::mem::take(&mut self.splitter.row);
            if self.count == 1 {
                self.first = Some(row);
                continue;
            }
            let earlier = self.first.take();
            let one = match earlier {
                Some(first) => {
                    let one = self.read(&first, 0)?;
                    let two = self.read(&row, 1)?;
                    match one {
                        Some(one) => {
                            self.ready = two;
                            Some(one)
                        }
                        None => two,
                    }
                }
                None => self.read(&row, self.count - 1)?,
            };
            // The next row takes the same room.
            self.splitter.row = row;
            self.splitter.row.clear();
            if one.is_some() {
                return Ok(one);
            }
        }
    }

    /// Reads one row; `None` when it is no row, which is a warning.
    fn read(&mut self, bytes: &[u8], number: usize) -> Result<Option<T>, Error> {
        let member = self.splitter.under.clone();
        let depth = 1 + usize::from(member.is_some());
        if let Some(member) = member {
            self.context.enter(Step::Member(member));
        }
        self.context.enter(Step::Item(number));
        let (text, replaced) = text_of(bytes);
        if replaced {
            self.context.warn("UTF-8", "other bytes");
        }
        let mut row = None;
        fill(&text, T::slot(&mut row), &mut self.context).map_err(|error| {
            let path = self.context.path();
            let message = format!("the answer is no valid JSON at {path}: {error}");
            self.cx.error(ErrorKind::Decode, message, &self.head).with_json_path(path)
        })?;
        for _ in 0..depth {
            self.context.leave();
        }
        if self.cx.is_strict() {
            self.cx.finish(std::mem::replace(&mut self.context, Context::comparing_names()), &self.head)?;
        }
        Ok(row)
    }

    /// The end of the body: what is left is read as any answer is, together with the lone row, if there was but one.
    pub(crate) fn finish(&mut self) -> Result<(Vec<T>, Rest), Error> {
        if self.splitter.is_among_rows() {
            let member = self.splitter.under.as_ref().map_or_else(String::new, |name| format!(".{name}"));
            let path = format!("${member}[{}]", self.count);
            let message =
                format!("the answer ends in the middle of its JSON, after {} bytes, at {path}", self.splitter.read);
            return Err(self.cx.error(ErrorKind::Body, message, &self.head).with_json_path(path));
        }
        let mut body = std::mem::take(&mut self.splitter.rest);
        if let Some(first) = self.first.take() {
            let hole = self.splitter.hole.min(body.len());
            drop(body.splice(hole..hole, first));
        }
        let reply = Reply { body: body.into(), ..self.head.clone() };
        let (listing, warnings) = Listing::<T>::decode(&reply, &self.cx)?;
        self.context.absorb(&warnings);
        let Listing { items, queued, next_link, metadata, .. } = listing;
        Ok((items, Rest { queued, next_link, metadata }))
    }

    pub(crate) fn warnings(&self) -> &Warnings {
        self.context.warnings()
    }

    pub(crate) fn largest(&self) -> usize {
        self.largest
    }
}

/// Reads one row into its place; what is no row becomes a warning, as it does in a listing.
fn fill(json: &str, slot: Slot<'_>, context: &mut Context) -> Result<(), serde_json::Error> {
    let expected = slot.expected();
    let mut cursor = Cursor::new(json);
    let filled = Fill { slot, context: &mut *context }.deserialize(&mut cursor)?;
    cursor.end()?;
    if cursor.replaced() {
        context.warn("text", "half of a surrogate pair");
    }
    match filled {
        Filled::Done => {}
        Filled::Null => context.warn(expected, "null"),
        Filled::Stray(value) => context.warn(expected, kind_of(&value)),
    }
    Ok(())
}
