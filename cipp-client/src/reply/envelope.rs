//! The object that the server puts around an answer, or does not: `{Results, Metadata, ..}`.

use super::cursor::Cursor;
use super::json::visit;
use super::listing::Queued;
use crate::json::{member, take};
use crate::model::{Context, Fill, Filled, ListSlot, Slot, Step, kind_of};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// The names under which the server puts what it answers.
pub(crate) fn is_results(name: &str) -> bool {
    name.eq_ignore_ascii_case("Results") || name.eq_ignore_ascii_case("Result")
}

/// Whether a type has a field of such a name itself, so that the name says nothing about an envelope.
pub(crate) fn has_results_field(slot: Slot<'_>) -> bool {
    match slot {
        Slot::Model(slot) => {
            slot.make().is_some_and(|model| model.schema().fields.iter().any(|field| is_results(field.name)))
        }
        _ => false,
    }
}

/// What stands around rows or an object.
#[derive(Debug, Default)]
pub(crate) struct Around {
    /// Members beside the results.
    pub(crate) others: Map<String, Value>,
    /// What stood among the rows and is no row.
    pub(crate) strays: Vec<Value>,
}

impl Around {
    /// Takes the metadata out.
    pub(crate) fn take_metadata(&mut self) -> Map<String, Value> {
        take_metadata(&mut self.others)
    }
}

/// Takes the metadata out of an envelope.
pub(crate) fn take_metadata(members: &mut Map<String, Value>) -> Map<String, Value> {
    match take(members, "Metadata") {
        Some((_, Value::Object(metadata))) => metadata,
        Some((_, Value::Null)) | None => Map::new(),
        Some((name, other)) => {
            members.insert(name, other);
            Map::new()
        }
    }
}

/// A member of the metadata as text; nothing for null and empty text.
pub(crate) fn text_of(members: &Map<String, Value>, name: &str) -> Option<String> {
    match member(members, name)?.1 {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        value => Some(value.to_string()),
    }
}

/// What the metadata says about rows that are still being collected. The id alone says nothing: it may be that of work that ended.
pub(crate) fn queued(metadata: &Map<String, Value>) -> Option<Queued> {
    text_of(metadata, "QueueMessage").map(|message| Queued { message, id: text_of(metadata, "QueueId") })
}

/// Reads rows from a bare array, from under `Results`, or from a lone value. `bare` says that the row type has a field `Results`.
pub(crate) fn read_rows(
    cursor: &mut Cursor<'_>,
    rows: &mut dyn ListSlot,
    bare: bool,
    context: &mut Context,
) -> Result<Around, serde_json::Error> {
    rows.clear();
    let mut around = Around::default();
    let found = visit(cursor, Rows { rows: &mut *rows, bare, around: &mut around, context: &mut *context })?;
    let only_metadata = around.others.keys().all(|name| name.eq_ignore_ascii_case("Metadata"));
    if !found && !only_metadata {
        // A lone row, without anything around it.
        let row = Value::Object(std::mem::take(&mut around.others));
        fill(row, rows, &mut around, context)?;
    }
    Ok(around)
}

/// Reads one value into rows.
pub(crate) fn fill(
    value: Value,
    rows: &mut dyn ListSlot,
    around: &mut Around,
    context: &mut Context,
) -> Result<(), serde_json::Error> {
    let filled = Fill { slot: Slot::List(rows), context: &mut *context }.deserialize(value)?;
    around.stray(filled, context);
    Ok(())
}

impl Around {
    fn stray(&mut self, filled: Filled, context: &mut Context) {
        match filled {
            // The list itself has warned about each of these.
            Filled::Stray(Value::Array(values)) => self.strays.extend(values),
            Filled::Stray(value) => {
                context.warn("array", kind_of(&value));
                self.strays.push(value);
            }
            Filled::Done | Filled::Null => {}
        }
    }
}

/// Reads the outermost value. Gives whether the rows were found.
struct Rows<'r> {
    rows: &'r mut dyn ListSlot,
    bare: bool,
    around: &'r mut Around,
    context: &'r mut Context,
}

impl Rows<'_> {
    fn scalar<E: serde::de::Error>(self, value: Value) -> Result<bool, E> {
        fill(value, self.rows, self.around, self.context).map_err(E::custom)?;
        Ok(true)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<bool, A::Error> {
        let filled = Fill { slot: Slot::List(self.rows), context: &mut *self.context }.visit_seq(seq)?;
        self.around.stray(filled, self.context);
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let Self { rows, bare, around, context } = self;
        let mut found = false;
        while let Some(name) = map.next_key::<String>()? {
            if !bare && is_results(&name) {
                context.enter(Step::Member(name));
                if found {
                    context.warn("one member of this name", "another");
                }
                found = true;
                let filled = map.next_value_seed(Fill { slot: Slot::List(&mut *rows), context: &mut *context })?;
                around.stray(filled, context);
                context.leave();
            } else {
                let value = map.next_value()?;
                around.others.insert(name, value);
            }
        }
        Ok(found)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<bool, E> {
        self.scalar(Value::from(text))
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<bool, E> {
        self.scalar(Value::from(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<bool, E> {
        self.scalar(Value::from(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<bool, E> {
        self.scalar(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<bool, E> {
        self.scalar(Value::from(value))
    }
}

/// Reads one object, bare or from under `Results`. Gives what became of it, and the members beside it.
pub(crate) fn read_object(
    cursor: &mut Cursor<'_>,
    slot: Slot<'_>,
    enveloped: bool,
    context: &mut Context,
) -> Result<(Filled, Map<String, Value>), serde_json::Error> {
    if !enveloped {
        return Fill { slot, context }.deserialize(cursor).map(|filled| (filled, Map::new()));
    }
    visit(cursor, Inner { slot, context })
}

/// Reads what is under `Results`.
struct Inner<'s, 'c> {
    slot: Slot<'s>,
    context: &'c mut Context,
}

impl<'de> Visitor<'de> for Inner<'_, '_> {
    type Value = (Filled, Map<String, Value>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with Results")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut slot = Some(self.slot);
        let mut filled = Filled::Null;
        let mut others = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if is_results(&name)
                && let Some(slot) = slot.take()
            {
                self.context.enter(Step::Member(name));
                filled = map.next_value_seed(Fill { slot, context: &mut *self.context })?;
                self.context.leave();
            } else {
                others.insert(name, map.next_value()?);
            }
        }
        Ok((filled, others))
    }
}

/// Whether the outermost value is an object whose `Results` is an object or list, so that the object meant is in there.
pub(crate) fn has_envelope(json: &str) -> bool {
    // Most objects name no result anywhere, and looking for that word costs a fifth of looking at their members.
    names_result(json.as_bytes()) && visit(&mut Cursor::new(json), Scan).unwrap_or(false)
}

/// Whether the word stands anywhere.
fn names_result(mut json: &[u8]) -> bool {
    while let Some(at) = json.iter().position(|byte| matches!(byte, b'R' | b'r')) {
        json = json.get(at + 1..).unwrap_or_default();
        if json.get(..5).is_some_and(|rest| rest.eq_ignore_ascii_case(b"esult")) {
            return true;
        }
    }
    false
}

/// Looks at the names of the outermost members only.
struct Scan;

impl<'de> Visitor<'de> for Scan {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(name) = map.next_key::<String>()? {
            if is_results(&name) {
                // Reading it twice costs little: this is one object, not a list of thousands.
                let value: Value = map.next_value()?;
                found = value.is_object() || value.is_array();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
