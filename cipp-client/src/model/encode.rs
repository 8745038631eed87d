//! The driver that writes models as JSON.

use super::{Model, Ref};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// Writes a model: the fields that are set, in their order, then `extra`.
///
/// # Errors
/// Only what the serializer itself reports.
pub fn serialize<S: Serializer>(model: &dyn Model, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (index, field) in model.schema().fields.iter().enumerate() {
        match model.get(index) {
            Ref::Absent => {}
            Ref::Map(members) if field.takes_the_rest() => {
                let mut outcome = Ok(());
                members.each(&mut |name, value| {
                    if outcome.is_ok() {
                        outcome = map.serialize_entry(name, &value);
                    }
                });
                outcome?;
            }
            value => map.serialize_entry(field.name, &value)?,
        }
    }
    for (name, value) in model.extra().iter() {
        // Where part of a list did not fit its field, the field speaks.
        let spoken = model.schema().fields.iter().position(|field| field.name == name);
        if !spoken.is_some_and(|index| !matches!(model.get(index), Ref::Absent)) {
            map.serialize_entry(name, value)?;
        }
    }
    map.end()
}

impl Serialize for Ref<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Absent => serializer.serialize_unit(),
            Self::Text(text) | Self::Secret(text) | Self::Labelled(text, _) => serializer.serialize_str(text),
            Self::Bool(value) => serializer.serialize_bool(value),
            Self::Int(value) => serializer.serialize_i64(value),
            Self::Float(value) => serializer.serialize_f64(value),
            Self::Json(value) => value.serialize(serializer),
            Self::Object(map) => map.serialize(serializer),
            Self::Extra(extra) => extra.serialize(serializer),
            Self::Model(model) => serialize(model, serializer),
            Self::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.size()))?;
                for index in 0..list.size() {
                    seq.serialize_element(&list.item(index))?;
                }
                seq.end()
            }
            Self::Map(members) => {
                let mut map = serializer.serialize_map(None)?;
                let mut outcome = Ok(());
                members.each(&mut |name, value| {
                    if outcome.is_ok() {
                        outcome = map.serialize_entry(name, &value);
                    }
                });
                outcome?;
                map.end()
            }
        }
    }
}
