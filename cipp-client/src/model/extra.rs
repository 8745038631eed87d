//! Members of an object that its type has no field for.

use serde_json::{Map, Value};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

/// The members of a JSON object that its type has no field for, or whose value had another type than the field.
///
/// Reads like a [`Map`]. `Debug` shows names and kinds but no values, because nobody knows whether an unknown member is a secret.
#[derive(Clone, Default)]
pub struct Extra(
    // Most have none, and each row has an `Extra`, as has each object in it: one word where there is nothing to keep.
    Option<Box<Map<String, Value>>>,
);

impl Extra {
    /// What generated types begin with: of a constant, their metadata holds less than of a call.
    pub(crate) const NONE: Self = Self(None);

    /// The members as an owned map.
    #[must_use]
    pub fn into_map(self) -> Map<String, Value> {
        self.0.map_or_else(Map::new, |map| *map)
    }
}

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Extra {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.get_or_insert_default()
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(map: Map<String, Value>) -> Self {
        Self((!map.is_empty()).then(|| Box::new(map)))
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(name, value)| (name, Kind(kind_of(value))))).finish()
    }
}

/// Shows a word without quotes, so that a kind does not look like a value.
struct Kind(&'static str);

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The kind of a JSON value, in a word.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
