//! How models are shown and compared: by their tables, written once for every type.

use super::{Model, Ref};
use std::fmt;

/// Shows the fields that are set, by their names in Rust, then `extra`. Secrets show as such.
///
/// # Errors
/// Only what the formatter itself reports.
pub fn debug(model: &dyn Model, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let schema = model.schema();
    let mut shown = f.debug_struct(schema.name);
    for (index, field) in schema.fields.iter().enumerate() {
        match model.get(index) {
            Ref::Absent => {}
            value => {
                shown.field(field.rust, &value);
            }
        }
    }
    if !model.extra().is_empty() {
        shown.field("extra", model.extra());
    }
    shown.finish()
}

impl fmt::Debug for Ref<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Absent => f.write_str("None"),
            Self::Text(text) | Self::Labelled(text, _) => text.fmt(f),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Json(value) => value.fmt(f),
            Self::Object(map) => map.fmt(f),
            Self::Secret(_) => f.write_str(crate::redact::REDACTED),
            Self::Model(model) => debug(model, f),
            Self::List(list) => f.debug_list().entries((0..list.size()).map(|index| list.item(index))).finish(),
            Self::Map(members) => {
                let mut map = f.debug_map();
                members.each(&mut |name, value| {
                    map.entry(&name, &value);
                });
                map.finish()
            }
            Self::Extra(extra) => extra.fmt(f),
        }
    }
}

/// Whether two models of one type hold the same.
#[must_use]
pub fn equal(one: &dyn Model, other: &dyn Model) -> bool {
    // What stands behind the last field is `extra`.
    (0..=one.schema().fields.len()).all(|index| one.get(index) == other.get(index))
}

impl PartialEq for Ref<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Self::Absent, Self::Absent) => true,
            (Self::Text(one), Self::Text(other)) | (Self::Secret(one), Self::Secret(other)) => one == other,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Int(one), Self::Int(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => one == other,
            (Self::Json(one), Self::Json(other)) => one == other,
            (Self::Object(one), Self::Object(other)) => one == other,
            (Self::Labelled(one, label), Self::Labelled(other, its)) => one == other && label == its,
            (Self::Model(one), Self::Model(other)) => equal(one, other),
            (Self::List(one), Self::List(other)) => {
                one.size() == other.size() && (0..one.size()).all(|index| one.item(index) == other.item(index))
            }
            (Self::Map(one), Self::Map(other)) => {
                let mut same = one.size() == other.size();
                one.each(&mut |name, value| same = same && value == other.member(name));
                same
            }
            (Self::Extra(one), Self::Extra(other)) => one == other,
            _ => false,
        }
    }
}
