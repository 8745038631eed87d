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
    compares_names: bool,
}

impl Context {
    /// The context of a deserializer that compares the name that is expected itself: one that calls `visit_unit` where a name is
    /// that of the newtype it is asked for.
    pub(crate) fn comparing_names() -> Self {
        Self { compares_names: true, ..Self::default() }
    }

    pub(crate) fn compares_names(&self) -> bool {
        self.compares_names
    }

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

    /// Takes out which field followed which in the object of this type that was read before: by the number of the field plus one,
    /// and 0 for the first. The number is for [`keep_order`](Self::keep_order).
    pub(crate) fn take_order(&mut self, schema: &'static Schema) -> (usize, Vec<u16>) {
        let key = std::ptr::from_ref(schema) as usize;
        if let Some((number, (_, order))) = self.orders.iter_mut().enumerate().find(|(_, (known, _))| *known == key) {
            return (number, std::mem::take(order));
        }
        self.orders.push((key, Vec::new()));
        (self.orders.len() - 1, (0..=u16::MAX).take(schema.fields.len() + 1).collect())
    }

    /// Puts an order back.
    pub(crate) fn keep_order(&mut self, number: usize, order: Vec<u16>) {
        if let Some((_, kept)) = self.orders.get_mut(number) {
            *kept = order;
        }
    }
}
