//! Bodies that come slowly, in pieces, or without an end.

use axum::body::{Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// What is sent of a body without an end before it ends after all, so that a client without a limit does not run for ever.
const LONGEST: usize = 4 * 1024 * 1024 * 1024;

/// One piece of an endless body.
static BLANKS: [u8; 64 * 1024] = [b' '; 64 * 1024];

/// A body that is sent piece by piece.
pub(crate) struct Pieces {
    left: Bytes,
    piece: usize,
    pause: Duration,
    resting: Option<Pin<Box<Sleep>>>,
    then: Then,
}

/// What follows the last piece.
enum Then {
    End,
    Break,
    /// So many bytes of blanks.
    Blanks(usize),
}

impl Pieces {
    /// The body with a pause before each piece, under its `Content-Length`.
    pub(crate) const fn slow(body: Bytes, piece: usize, pause: Duration) -> Self {
        Self { left: body, piece, pause, resting: None, then: Then::End }
    }

    /// This much of a body, in a chunk; then the connection breaks.
    pub(crate) fn broken(start: Bytes) -> Self {
        // The pause lets the chunk go out before the connection breaks.
        Self {
            piece: start.len().max(1),
            left: start,
            pause: Duration::from_millis(2),
            resting: None,
            then: Then::Break,
        }
    }

    /// Blanks in chunks.
    pub(crate) const fn endless() -> Self {
        Self { left: Bytes::new(), piece: 1, pause: Duration::ZERO, resting: None, then: Then::Blanks(LONGEST) }
    }

    fn rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.pause.is_zero() {
            return Poll::Ready(());
        }
        let pause = self.pause;
        let resting = self.resting.get_or_insert_with(|| Box::pin(sleep(pause)));
        std::task::ready!(resting.as_mut().poll(cx));
        self.resting = None;
        Poll::Ready(())
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left.is_empty() {
            return match &mut self.then {
                Then::End => Poll::Ready(None),
                Then::Break => {
                    std::task::ready!(self.rest(cx));
                    Poll::Ready(Some(Err(io::Error::from(ErrorKind::ConnectionReset))))
                }
                Then::Blanks(0) => Poll::Ready(None),
                Then::Blanks(left) => {
                    *left = left.saturating_sub(BLANKS.len());
                    Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&BLANKS)))))
                }
            };
        }
        std::task::ready!(self.rest(cx));
        let size = self.piece.min(self.left.len());
        let piece = self.left.split_to(size);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && matches!(self.then, Then::End)
    }

    fn size_hint(&self) -> SizeHint {
        match self.then {
            Then::End => SizeHint::with_exact(u64::try_from(self.left.len()).unwrap_or(u64::MAX)),
            _ => SizeHint::default(),
        }
    }
}
