//! JSON beside the rows of answers: small, and read and made as it comes.
//!
//! In one place, because each way to read or collect it would stand in the library once more: a map that is collected, for one, brings
//! a sort along.

use serde_json::{Map, Value};

/// Reads JSON, before which there may be a byte order mark.
pub(crate) fn read(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text)).ok()
}

/// An object of these members.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in members {
        object.insert(name.to_owned(), value);
    }
    object
}

/// A member, whatever the case of its name.
pub(crate) fn member<'v>(members: &'v Map<String, Value>, name: &str) -> Option<(&'v String, &'v Value)> {
    members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
}

/// Takes a member out, whatever the case of its name.
pub(crate) fn take(members: &mut Map<String, Value>, name: &str) -> Option<(String, Value)> {
    let (name, _) = member(members, name)?;
    let name = name.clone();
    members.remove_entry(&name)
}
