//! The connections, below HTTP: the layer that can break them. An HTTP library cannot send half an answer on purpose; this can.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections, each with a [`Line`] by which it can be broken.
pub(crate) struct Wire {
    listener: TcpListener,
    accepted: u64,
}

impl Wire {
    pub(crate) const fn new(listener: TcpListener) -> Self {
        Self { listener, accepted: 0 }
    }
}

impl Listener for Wire {
    type Io = Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Io, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    // Small answers must not wait for each other: tests make thousands of them.
                    let _ = stream.set_nodelay(true);
                    self.accepted += 1;
                    let line = Line { end: Arc::default(), number: self.accepted };
                    return (Io { stream, line }, address);
                }
                // Out of file handles, mostly: give those in use time to be closed.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// How a connection is to end. The handler of a request holds one end, the connection the other.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    end: Arc<Mutex<End>>,
    /// By which connections are told apart.
    pub(crate) number: u64,
}

#[derive(Debug, Clone, Copy, Default)]
enum End {
    /// In its own time.
    #[default]
    Open,
    /// At the next write, with a reset.
    Reset,
    /// After so many bytes of the body of the answer that comes next.
    Body(usize),
    /// After so many bytes more.
    Bytes(usize),
    /// After the answer that comes next, without a word.
    HangUp,
    /// The answer was written; now.
    Gone,
}

impl Line {
    /// Breaks the connection before anything more is written.
    pub(crate) fn reset(&self) {
        self.set(End::Reset);
    }

    /// Breaks the connection after so many bytes of the next body.
    pub(crate) fn cut_body_after(&self, bytes: usize) {
        self.set(End::Body(bytes));
    }

    /// Closes the connection after the next answer, without saying so.
    pub(crate) fn hang_up(&self) {
        self.set(End::HangUp);
    }

    fn set(&self, end: End) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }

    fn get(&self) -> End {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, Wire>> for Line {
    fn connect_info(stream: IncomingStream<'_, Wire>) -> Self {
        stream.io().line.clone()
    }
}

/// A connection that can be broken.
pub(crate) struct Io {
    stream: TcpStream,
    line: Line,
}

impl Io {
    fn broken(&self) -> io::Error {
        // Without lingering, closing sends a reset instead of a proper end.
        let _ = self.stream.set_zero_linger();
        io::Error::from(ErrorKind::ConnectionReset)
    }
}

impl AsyncRead for Io {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Io {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = match self.line.get() {
            End::Open => return Pin::new(&mut self.stream).poll_write(cx, bytes),
            End::HangUp => {
                let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
                if matches!(written, Poll::Ready(Ok(count)) if count == bytes.len()) {
                    self.line.set(End::Gone);
                    // At once, while the client believes that the connection is kept. Nothing that fails here matters.
                    let _ = Pin::new(&mut self.stream).poll_shutdown(cx);
                }
                return written;
            }
            End::Reset => return Poll::Ready(Err(self.broken())),
            End::Body(of_body) => match bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                Some(head) => head + 4 + of_body,
                None => return Pin::new(&mut self.stream).poll_write(cx, bytes),
            },
            // An ordinary end, so that what was written arrives.
            End::Bytes(0) | End::Gone => return Poll::Ready(Err(io::Error::from(ErrorKind::BrokenPipe))),
            End::Bytes(left) => left,
        };
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes.get(..allowed).unwrap_or(bytes));
        if let Poll::Ready(Ok(count)) = written {
            self.line.set(End::Bytes(allowed.saturating_sub(count)));
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.line.get() {
            End::Reset => Poll::Ready(Err(self.broken())),
            _ => Pin::new(&mut self.stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.line.get() {
            End::Reset => Poll::Ready(Err(self.broken())),
            _ => Pin::new(&mut self.stream).poll_shutdown(cx),
        }
    }
}
