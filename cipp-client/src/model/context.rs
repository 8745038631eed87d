//! What the driver remembers while it decodes one answer.

use super::Schema;
use std::fmt::{self, Write as _};

/// Warnings beyond this number are counted but not kept: a list of 50,000 rows with one odd column must not fill the memory.
const KEPT: usize = 100;

/// A value that did not have the type that the specification promised. The value itself was kept in `extra`, never shown here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeWarning {
    /// Where it stands, such as `$[3].assignedLicenses[0].skuId`.
    pub path: String,
    /// What the specification promised.
    pub expected: &'static str,
    /// What came.
    pub found: &'static str,
}

impl fmt::Display for DecodeWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.path, self.expected, self.found)
    }
}

/// The warnings of one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Warnings {
    kept: Vec<DecodeWarning>,
    count: usize,
}

impl Warnings {
    /// How many there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether there were none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The first hundred of them.
    pub fn iter(&self) -> std::slice::Iter<'_, DecodeWarning> {
        self.kept.iter()
    }
}

/// One step of the way to a value.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Field(&'static str),
    Member(String),
    Item(usize),
}

/// The state of one decoding: where it is, what it noticed, and in which order fields came in earlier rows.
#[derive(Debug, Default)]
pub struct Context {
    warnings: Warnings,
    path: Vec<Step>,
    orders: Vec<(usize, Vec<u16>)>,
}

impl Context {
    /// The warnings, at the end.
    #[must_use]
    pub fn into_warnings(self) -> Warnings {
        self.warnings
    }

    /// The warnings so far.
    pub(crate) fn warnings(&self) -> &Warnings {
        &self.warnings
    }

    /// Adds the warnings of another decoding.
    pub(crate) fn absorb(&mut self, other: &Warnings) {
        self.warnings.count += other.count;
        let room = KEPT.saturating_sub(self.warnings.kept.len());
        self.warnings.kept.extend(other.kept.iter().take(room).cloned());
    }

    /// The way to the current value, as a JSON path.
    #[must_use]
    pub fn path(&self) -> String {
        let mut text = String::from("$");
        for step in &self.path {
            // Writing to a String cannot fail.
            let _ = match step {
                Step::Field(name) => write!(text, ".{name}"),
                Step::Member(name) => write!(text, ".{name}"),
                Step::Item(index) => write!(text, "[{index}]"),
            };
        }
        text
    }

    pub(crate) fn enter(&mut self, step: Step) {
        self.path.push(step);
    }

    pub(crate) fn leave(&mut self) {
        self.path.pop();
    }

    pub(crate) fn warn(&mut self, expected: &'static str, found: &'static str) {
        self.warnings.count += 1;
        if self.warnings.kept.len() < KEPT {
            let path = self.path();
            self.warnings.kept.push(DecodeWarning { path, expected, found });
        }
    }

    /// The number under which the order of a schema's fields is remembered.
    pub(crate) fn order_of(&mut self, schema: &'static Schema) -> usize {
        let key = std::ptr::from_ref(schema) as usize;
        if let Some(found) = self.orders.iter().position(|(known, _)| *known == key) {
            return found;
        }
        self.orders.push((key, vec![0; schema.fields.len() + 1]));
        self.orders.len() - 1
    }

    /// The field that followed `previous` in the row before (0: the start of the object; else number of the field plus one).
    pub(crate) fn guess(&self, order: usize, previous: usize) -> usize {
        self.orders.get(order).and_then(|(_, next)| next.get(previous)).copied().map_or(previous, usize::from)
    }

    /// Remembers that `field` followed `previous`.
    pub(crate) fn learn(&mut self, order: usize, previous: usize, field: usize) {
        if let (Some(place), Ok(field)) =
            (self.orders.get_mut(order).and_then(|(_, next)| next.get_mut(previous)), u16::try_from(field))
        {
            *place = field;
        }
    }
}
