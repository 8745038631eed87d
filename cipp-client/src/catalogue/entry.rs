//! Entries of the catalogue, written as one text each and read when an action is first used.
//!
//! As constants, they took more of the compiler's time and of the library than the requests themselves; and a program that sends
//! one request need not hold the tables of all others.

use super::{
    Action, Completion, Fixed, FixedValue, Form, Kind, Method, OutcomeRule, OutputShape, Outputs, Paging, Place,
    Property, RowMeaning, RowRule, TenantMode, Type,
};
use crate::model::{PART, PIECE, or, type_of};
use std::sync::OnceLock;

/// Before each item of a list.
const ITEM: char = '\u{1e}';

/// Where the entries of a category are kept after they were read. One for all of them: a place of its own for each is paid for by every
/// program, in the library as a symbol and in memory as room for an action that is never used.
pub(crate) struct Shelf {
    places: OnceLock<Vec<OnceLock<Action>>>,
    size: usize,
}

impl Shelf {
    /// Places for this many entries.
    pub(crate) const fn new(size: usize) -> Self {
        Self { places: OnceLock::new(), size }
    }

    /// The action of this number. The text holds the parts in the order of [`Action`]'s fields, with the types as codes: letters, or
    /// numbers among `types`.
    #[inline(never)]
    pub(crate) fn action(&'static self, number: usize, types: &'static [Type], text: &'static str) -> &'static Action {
        let places = self.places.get_or_init(|| std::iter::repeat_with(OnceLock::new).take(self.size).collect());
        match places.get(number) {
            Some(place) => place.get_or_init(|| Action::read(types, text)),
            // The generator counts right, so that this is never seen; were it otherwise, nothing would be wrong but the memory.
            None => Box::leak(Box::new(Action::read(types, text))),
        }
    }
}

impl Action {
    #[cold]
    fn read(types: &'static [Type], text: &'static str) -> Self {
        let mut parts = Pieces(text.split(PART));
        Self {
            name: parts.next(),
            title: parts.next(),
            category: parts.next(),
            module: parts.next(),
            call: parts.next(),
            method: if parts.next() == "GET" { Method::Get } else { Method::Post },
            path: parts.next(),
            kind: match parts.next() {
                "read" => Kind::Read,
                "write" => Kind::Write,
                _ => Kind::Destructive,
            },
            role: parts.next(),
            tenant: match parts.next() {
                "none" => TenantMode::None,
                "optional" => TenantMode::Optional,
                "single" => TenantMode::Single,
                "many" => TenantMode::Many,
                "all" => TenantMode::All,
                _ => TenantMode::AllQueued,
            },
            completion: match parts.next() {
                "queued" => Completion::Queued,
                "scheduled" => Completion::Scheduled,
                "ticket" => Completion::Ticket,
                _ => Completion::Immediate,
            },
            summary: parts.next(),
            details: parts.next(),
            use_cases: list(parts.next(), |item| item),
            troubleshooting: list(parts.next(), |item| item),
            properties: list(parts.next(), |item| property(item, types)),
            fixed: list(parts.next(), fixed),
            outputs: outputs(parts.next(), types),
            rows: list(parts.next(), row),
            outcome: OutcomeRule { failed: list(parts.next(), |item| item), ok: list(parts.next(), |item| item) },
            paging: paging(parts.next(), parts.next()),
            schema: OnceLock::new(),
        }
    }
}

/// Texts one after the other; empty ones behind the last.
struct Pieces<I>(I);

impl<I: Iterator<Item = &'static str>> Pieces<I> {
    fn next(&mut self) -> &'static str {
        self.0.next().unwrap_or_default()
    }
}

fn pieces(text: &'static str) -> Pieces<impl Iterator<Item = &'static str>> {
    Pieces(text.split(PIECE))
}

/// A list, kept for the life of the program.
fn list<T>(text: &'static str, read: impl FnMut(&'static str) -> T) -> &'static [T] {
    // Before the first item's sign stands nothing.
    text.split(ITEM).skip(1).map(read).collect::<Vec<T>>().leak()
}

fn property(text: &'static str, types: &[Type]) -> Property {
    let mut pieces = pieces(text);
    let (name, rust, code, place) = (pieces.next(), pieces.next(), pieces.next(), pieces.next());
    let (form, marks) = (pieces.next(), pieces.next());
    Property {
        name,
        rust: or(rust, name),
        ty: type_of(code, types),
        place: self::place(place),
        form: match form {
            "label" => Form::LabelValue,
            "json" => Form::JsonText,
            "csv" => Form::Csv,
            "lines" => Form::Lines,
            "text" => Form::Text,
            _ => Form::Plain,
        },
        required: marks.contains('r'),
        secret: marks.contains('s'),
        send_false: marks.contains('f'),
        doc: pieces.next(),
        default: pieces.next(),
        label: pieces.next(),
        sample: pieces.next(),
    }
}

fn place(text: &str) -> Place {
    match text {
        "query" => Place::Query,
        "body" => Place::Body,
        "query and body" => Place::QueryAndBody,
        _ => Place::Root,
    }
}

fn fixed(text: &'static str) -> Fixed {
    let mut pieces = pieces(text);
    let (name, place, kind, value) = (pieces.next(), pieces.next(), pieces.next(), pieces.next());
    let value = match kind {
        "bool" => FixedValue::Bool(value == "true"),
        "int" => value.parse().map_or(FixedValue::Text(value), FixedValue::Int),
        _ => FixedValue::Text(value),
    };
    Fixed { name, place: self::place(place), value }
}

fn outputs(text: &'static str, types: &[Type]) -> Outputs {
    let mut pieces = pieces(text);
    let (shape, code) = (pieces.next(), pieces.next());
    let shape = match shape {
        "list" => OutputShape::List(type_of(code, types)),
        "object" => OutputShape::Object(type_of(code, types)),
        "value" => OutputShape::Value,
        "text" => OutputShape::Text,
        "bytes" => OutputShape::Bytes,
        "redirect" => OutputShape::Redirect,
        _ => OutputShape::Results,
    };
    Outputs { shape, enveloped: pieces.next() == "Results", doc: pieces.next() }
}

fn row(text: &'static str) -> RowRule {
    let mut pieces = pieces(text);
    RowRule {
        field: pieces.next(),
        starts: pieces.next(),
        means: if pieces.next() == "failed" { RowMeaning::Failed } else { RowMeaning::Queued },
    }
}

fn paging(rule: &'static str, with: &'static str) -> Option<Paging> {
    let mut pieces = pieces(rule);
    let (next, place) = (pieces.next(), pieces.next());
    (!next.is_empty()).then(|| Paging { next, place: self::place(place), with: list(with, fixed) })
}
