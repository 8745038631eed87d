//! Tables of fields, written as one text each and read when a type is first used.
//!
//! As constants of their own, the tables of all types took more of the compiler's time and of the library than the types.

use super::{Field, Schema};
use crate::catalogue::Type;
use std::fmt;
use std::sync::OnceLock;

/// Between the parts of a table.
pub(crate) const PART: char = '\u{1c}';
/// Between the parts of a part.
pub(crate) const PIECE: char = '\u{1d}';

/// The table of a model's fields, as generated code writes it.
///
/// `text` is the name of the type and then its fields, each as its name on the wire, its name in Rust (none where it is the
/// same) and the code of its type.
pub struct Table {
    #[doc(hidden)]
    pub text: &'static str,
    #[doc(hidden)]
    pub types: &'static [Type],
    #[doc(hidden)]
    pub bare: Option<usize>,
    #[doc(hidden)]
    pub read: OnceLock<Schema>,
}

impl Table {
    /// The names and types of the fields.
    #[must_use]
    #[inline(never)]
    pub fn schema(&'static self) -> &'static Schema {
        self.read.get_or_init(|| self.parse())
    }

    #[cold]
    fn parse(&'static self) -> Schema {
        let mut parts = self.text.split(PART);
        let name = parts.next().unwrap_or_default();
        let fields: Vec<Field> = parts
            .map(|part| {
                let mut pieces = part.split(PIECE);
                let mut piece = || pieces.next().unwrap_or_default();
                let (name, rust, code) = (piece(), piece(), piece());
                Field { name, rust: or(rust, name), ty: type_of(code, self.types) }
            })
            .collect();
        // Read once in the life of a program, and kept for all of it.
        Schema { name, fields: fields.leak(), bare: self.bare }
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Its fields may refer to it.
        f.debug_tuple("Table").field(&self.text.split(PART).next().unwrap_or_default()).finish()
    }
}

/// The one text, or the other where it is empty.
pub(crate) fn or(text: &'static str, other: &'static str) -> &'static str {
    if text.is_empty() { other } else { text }
}

/// A type by its code: a letter, `L` and the code of a list's items, `P` and the code of a map's members, or a number among `types`.
pub(crate) fn type_of(code: &str, types: &[Type]) -> Type {
    let inner = || &*Box::leak(Box::new(type_of(code.get(1..).unwrap_or_default(), types)));
    match code.chars().next() {
        Some('T') => Type::Text,
        Some('B') => Type::Bool,
        Some('I') => Type::Int,
        Some('F') => Type::Float,
        Some('O') => Type::Object,
        Some('N') => Type::Tenant,
        Some('U') => Type::UnixTime,
        Some('Y') => Type::Day,
        Some('M') => Type::Timestamp,
        Some('S') => Type::Secret,
        Some('L') => Type::List(inner()),
        Some('P') => Type::Map(inner()),
        _ => code.parse().ok().and_then(|number: usize| types.get(number)).copied().unwrap_or(Type::Json),
    }
}
