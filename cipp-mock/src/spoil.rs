//! Proper answers, spoilt.

use crate::answer::{Finished, headed, respond};
use crate::body::Pieces;
use crate::fault::{Fault, Gzip, Kind};
use crate::wire::Line;
use axum::body::{Body, Bytes};
use axum::http::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// What a client gets of the proper answer; there is none when the action was not carried out.
pub(crate) fn spoil(fault: &Fault, proper: Option<Finished>, line: &Line) -> Response<Body> {
    let Some(mut proper) = proper else {
        if matches!(fault.kind, Kind::Reset | Kind::ResetUnread) {
            line.reset();
        }
        return instead(fault);
    };
    proper.headers.extend(fault.headers.iter().cloned());
    if let (Some((kind, body)), Kind::Slow(..) | Kind::Cut | Kind::CutChunks | Kind::Gzip(_)) =
        (&fault.body, &fault.kind)
    {
        kind.clone_into(&mut proper.kind);
        body.clone_into(&mut proper.body);
    }
    match &fault.kind {
        Kind::Reset | Kind::ResetUnread => {
            line.reset();
            return instead(fault);
        }
        Kind::Status(_) | Kind::Throttle(_) => return instead(fault),
        Kind::Delay | Kind::ExpireToken => {}
        Kind::HangUp => line.hang_up(),
        Kind::Cut => line.cut_body_after(proper.body.len() / 2),
        Kind::CutChunks => {
            proper.body.truncate(proper.body.len() / 2);
            return streamed(proper, Pieces::broken);
        }
        Kind::Endless => return streamed(proper, |_| Pieces::endless()),
        Kind::Slow(piece, every) => return streamed(proper, |body| Pieces::slow(body, *piece, *every)),
        Kind::Label(kind) => kind.clone_into(&mut proper.kind),
        Kind::InvalidUtf8 => {
            let last = proper.body.windows(3).rposition(|window| window == b"\":\"").map(|at| at + 3);
            let at = last.or_else(|| proper.body.iter().position(|byte| *byte == b'"').map(|at| at + 1));
            let at = at.unwrap_or(proper.body.len());
            proper.body.insert(at, 0xff);
        }
        Kind::ByteOrderMark => {
            proper.body.splice(..0, *b"\xEF\xBB\xBF");
        }
        Kind::Gzip(how) => {
            proper.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
            proper.body = gzipped(*how, &proper.body);
        }
        Kind::Headers(count, bytes) => {
            let filler = "x".repeat(*bytes);
            proper.headers.extend((0..*count).map(|number| (format!("x-filler-{number}"), filler.clone())));
        }
    }
    proper.into_response()
}

/// The answer that a fault gives itself.
fn instead(fault: &Fault) -> Response<Body> {
    let status = match fault.kind {
        Kind::Status(status) => status,
        _ => 500,
    };
    let (kind, body) = fault.body.clone().unwrap_or_default();
    respond(status, &kind, &fault.headers, body)
}

fn streamed(proper: Finished, pieces: impl FnOnce(Bytes) -> Pieces) -> Response<Body> {
    let Finished { status, kind, headers, body } = proper;
    headed(status, &kind, &headers, Body::new(pieces(body.into())))
}

fn gzipped(how: Gzip, body: &[u8]) -> Vec<u8> {
    let packed = match how {
        Gzip::Bomb(bytes) => pack(|out| {
            let blanks = vec![b' '; 64 * 1024];
            let mut left = bytes;
            while left > 0 {
                let piece = blanks.get(..left.min(blanks.len())).unwrap_or(&blanks);
                out.write_all(piece)?;
                left -= piece.len();
            }
            out.write_all(b"[]")
        }),
        Gzip::Honest | Gzip::Corrupt => pack(|out| out.write_all(body)),
    };
    // Writing to memory cannot fail.
    let mut packed = packed.unwrap_or_default();
    if how == Gzip::Corrupt {
        // Behind the head, so that it is recognised as gzip and then turns out not to be: no block has this type.
        for byte in packed.iter_mut().skip(10) {
            *byte = 0xff;
        }
    }
    packed
}

fn pack(fill: impl FnOnce(&mut GzEncoder<Vec<u8>>) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    fill(&mut encoder)?;
    encoder.finish()
}
