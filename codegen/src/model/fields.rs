//! What the fields of one type must not be to each other.

use super::ir::{Field, REST, Ty};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::PropertyDecl;
use std::collections::BTreeMap;

/// Refuses two fields with one Rust name.
pub(super) fn collisions<'f>(
    decls: &[PropertyDecl],
    fields: impl IntoIterator<Item = &'f Field>,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: BTreeMap<&str, &PropertyDecl> = BTreeMap::new();
    for (decl, field) in decls.iter().zip(fields) {
        if let Some(first) = seen.insert(&field.rust, decl) {
            let message =
                format!("`{}` and `{}` both become `{}` in Rust", first.name.text, decl.name.text, field.rust);
            diagnostics.push(
                Diagnostic::new(&decl.name.at, message)
                    .also(&first.name.at, "the first one")
                    .help("give one of them another name with `rust:`"),
            );
        }
    }
}

/// A field `*` takes the members that no other field names.
pub(super) fn check_rest(decls: &[PropertyDecl], fields: &[Field], diagnostics: &mut Diagnostics) {
    for (index, (decl, field)) in decls.iter().zip(fields).enumerate().filter(|(_, (_, field))| field.wire == REST) {
        if !matches!(field.ty, Ty::Map(_)) {
            diagnostics.push(
                Diagnostic::new(&decl.name.at, "`*` takes all members that no other field names, so it is a map")
                    .help("write it as `\"*\": { type: { map: T }, rust: name }`"),
            );
        } else if index + 1 != fields.len() {
            diagnostics.push(Diagnostic::new(&decl.name.at, "`*` is the last field of its type"));
        }
    }
}
