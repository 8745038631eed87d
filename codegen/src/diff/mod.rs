//! What differs between two descriptions of the API, or between a description and the specification.

mod compare;
mod ours;
mod render;

pub use compare::diff;
pub use ours::{facts_of, without_known};
pub use render::{json, markdown};

use crate::upstream::Property;

/// What differs.
#[derive(Debug, Default)]
pub struct Diff {
    /// How many operations there were, and are.
    pub counts: (usize, usize),
    /// How many endpoints are in both.
    pub shared: usize,
    /// Endpoints that are new, with method and permission.
    pub added: Vec<Added>,
    /// Endpoints that are gone, with their method.
    pub removed: Vec<(String, String)>,
    /// Endpoints that seem to be the same under another name. They count as removed and added, too.
    pub renamed: Vec<Renamed>,
    /// Endpoints in both that differ.
    pub changed: Vec<Changed>,
}

/// An endpoint that is new.
#[derive(Debug)]
pub struct Added {
    /// Its name.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// Permission.
    pub role: String,
}

/// A name that became another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
    /// Whether only capitals and small letters differ; else it is a guess, by similarity.
    pub case: bool,
}

/// An endpoint that differs.
#[derive(Debug, Default)]
pub struct Changed {
    /// Its name.
    pub endpoint: String,
    /// The methods, before and after, where they differ.
    pub method: Option<(String, String)>,
    /// The permissions, before and after, where they differ.
    pub role: Option<(String, String)>,
    /// Whether the body takes members that are not listed, before and after, where that differs.
    pub open: Option<(bool, bool)>,
    /// Properties that are new.
    pub added: Vec<Property>,
    /// Properties that are gone.
    pub removed: Vec<Property>,
    /// Properties that seem to be the same under another name. They do not count as removed and added.
    pub renamed: Vec<(bool, Renamed)>,
    /// Properties that moved: to the query, or else to the body.
    pub moved: Vec<(String, bool)>,
    /// Properties of another type: where, name, before, after.
    pub types: Vec<(bool, String, String, String)>,
    /// Properties that are now required, or no longer.
    pub required: Vec<(bool, String, bool)>,
}

impl Changed {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.method.is_none()
            && self.role.is_none()
            && self.open.is_none()
            && self.added.is_empty()
            && self.removed.is_empty()
            && self.renamed.is_empty()
            && self.moved.is_empty()
            && self.types.is_empty()
            && self.required.is_empty()
    }
}

impl Diff {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// How many endpoints have another method.
    #[must_use]
    pub fn methods(&self) -> usize {
        self.changed.iter().filter(|changed| changed.method.is_some()).count()
    }
}
