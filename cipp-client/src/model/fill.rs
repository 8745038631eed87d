//! How a value, of whatever type, is put into a field of any other.

use super::context::Step;
use super::extra::kind_of;
use super::members::drive;
use super::scalar::{to_bool, to_float, to_int};
use super::{Check, Context, Held, Scalar, Slot};
use crate::catalogue::Type;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// What became of a value.
pub(crate) enum Filled {
    /// It is in its field.
    Done,
    /// It was null.
    Null,
    /// The field does not take it, in whole or in part. Whoever owns the field keeps it.
    Stray(Value),
}

/// Reads any JSON value into a slot.
pub(crate) struct Fill<'s, 'c> {
    pub(crate) slot: Slot<'s>,
    pub(crate) context: &'c mut Context,
}

impl<'de> DeserializeSeed<'de> for Fill<'_, '_> {
    type Value = Filled;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Filled, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Fill<'_, '_> {
    /// Reads a scalar. Apart from the visits, so that the one of a text, which nearly all are, stays small enough to be in line.
    #[inline(never)]
    fn scalar(self, scalar: Scalar<'_>) -> Filled {
        let Self { slot, context } = self;
        let taken = match slot {
            Slot::Text(field) => {
                *field = scalar.to_text();
                return Filled::Done;
            }
            Slot::Json(field) => {
                *field = Some(scalar.into());
                return Filled::Done;
            }
            Slot::Bool(field) => match to_bool(scalar) {
                Some(value) => {
                    *field = Some(value);
                    true
                }
                None => false,
            },
            Slot::Int(field) => match to_int(scalar) {
                Some(value) => {
                    *field = Some(value);
                    true
                }
                None => false,
            },
            Slot::Float(field) => match to_float(scalar) {
                Some(value) => {
                    *field = Some(value);
                    true
                }
                None => false,
            },
            Slot::Scalar(field) => field.set(scalar),
            Slot::Model(field) => {
                let taken =
                    matches!(scalar, Scalar::Text(text) if field.make().is_some_and(|model| model.read_text(text)));
                if !taken {
                    field.clear();
                }
                taken
            }
            Slot::List(list) => {
                // A lone value is a list of one.
                let value = Value::from(scalar);
                list.begin();
                let mut stray = true;
                list.item(&mut |slot| {
                    let inner: Result<Filled, serde_json::Error> =
                        Fill { slot, context: &mut *context }.deserialize(value.clone());
                    stray = !matches!(inner, Ok(Filled::Done));
                });
                if !stray {
                    return Filled::Done;
                }
                list.clear();
                return Filled::Stray(value);
            }
            Slot::Held(field, ty, check) => return hold(field, ty, check, scalar.into()),
            Slot::Nothing | Slot::Object(_) | Slot::Map(_) | Slot::Extra(_) => false,
        };
        if taken { Filled::Done } else { Filled::Stray(scalar.into()) }
    }
}

impl<'de> Visitor<'de> for Fill<'_, '_> {
    type Value = Filled;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slot.expected())
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<Filled, E> {
        // Nearly all there is.
        if let Slot::Text(field) = self.slot {
            *field = Some(text.to_owned());
            return Ok(Filled::Done);
        }
        Ok(self.scalar(Scalar::Text(text)))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Filled, E> {
        match self.slot {
            Slot::Text(field) => {
                *field = Some(text);
                Ok(Filled::Done)
            }
            _ => self.visit_str(&text),
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Filled, E> {
        Ok(self.scalar(Scalar::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Filled, E> {
        Ok(self.scalar(Scalar::Int(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Filled, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => match self.slot {
                // Too large for a whole number of ours: a number or text takes it, anything else leaves it.
                Slot::Text(field) => {
                    *field = Some(value.to_string());
                    Ok(Filled::Done)
                }
                Slot::Json(field) => {
                    *field = Some(Value::from(value));
                    Ok(Filled::Done)
                }
                Slot::List(list) => {
                    list.clear();
                    Ok(Filled::Stray(Value::from(value)))
                }
                Slot::Held(field, ty, check) => Ok(hold(field, ty, check, Value::from(value))),
                _ => Ok(Filled::Stray(Value::from(value))),
            },
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Filled, E> {
        Ok(self.scalar(Scalar::Float(value)))
    }

    fn visit_unit<E: Error>(self) -> Result<Filled, E> {
        Ok(Filled::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Filled, E> {
        Ok(Filled::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Filled, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Filled, A::Error> {
        let Self { slot, context } = self;
        match slot {
            Slot::Model(field) => {
                if let Some(model) = field.make() {
                    drive(model, map, context)?;
                }
            }
            Slot::Json(field) => *field = Some(Value::Object(read_map(map)?)),
            Slot::Object(field) => *field = Some(read_map(map)?),
            Slot::Held(field, ty, check) => return Ok(hold(field, ty, check, Value::Object(read_map(map)?))),
            Slot::Map(field) => return read_members(field, map, context),
            Slot::List(list) => {
                // A lone object is a list of one.
                list.begin();
                let mut map = Some(map);
                let mut outcome = Ok(Filled::Done);
                list.item(&mut |slot| {
                    if let Some(map) = map.take() {
                        outcome = Fill { slot, context: &mut *context }.visit_map(map);
                    }
                });
                return outcome;
            }
            _ => return Ok(Filled::Stray(Value::Object(read_map(map)?))),
        }
        Ok(Filled::Done)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Filled, A::Error> {
        let Self { slot, context } = self;
        match slot {
            Slot::List(list) => read_items(list, seq, context),
            Slot::Json(field) => {
                *field = Some(Value::Array(read_seq(seq)?));
                Ok(Filled::Done)
            }
            Slot::Held(field, ty, check) => Ok(hold(field, ty, check, Value::Array(read_seq(seq)?))),
            slot => {
                // PowerShell makes a list of one out of a value, and an empty list out of nothing.
                let mut values = read_seq(seq)?;
                match values.pop() {
                    None if matches!(slot, Slot::Model(_) | Slot::Map(_) | Slot::Object(_)) => Ok(Filled::Null),
                    Some(only) if values.is_empty() && !only.is_array() => Fill { slot, context }
                        .deserialize(only)
                        .map_err(|error: serde_json::Error| A::Error::custom(error)),
                    last => {
                        values.extend(last);
                        Ok(Filled::Stray(Value::Array(values)))
                    }
                }
            }
        }
    }
}

/// Puts a value into a place whose type is known only at run time.
fn hold(field: &mut Option<Held>, ty: Type, check: Check, value: Value) -> Filled {
    match check(value.clone(), ty, "") {
        Ok(held) => {
            *field = Some(held);
            Filled::Done
        }
        Err(_) => Filled::Stray(value),
    }
}

/// Reads the items of a list. Nulls are dropped with a warning; items of another type are returned, for `extra`.
fn read_items<'de, A: SeqAccess<'de>>(
    list: &mut dyn super::ListSlot,
    mut seq: A,
    context: &mut Context,
) -> Result<Filled, A::Error> {
    list.begin();
    let mut strays = Vec::new();
    for index in 0.. {
        let mut outcome = Ok(None);
        list.item(&mut |slot| {
            // As with fields: the way to an item must be known where the item has parts.
            let nested = slot.is_nested();
            if nested {
                context.enter(Step::Item(index));
            }
            outcome = seq.next_element_seed(Fill { slot, context: &mut *context });
            match outcome {
                Ok(_) if nested => context.leave(),
                Err(_) if !nested => context.enter(Step::Item(index)),
                _ => {}
            }
        });
        match outcome? {
            None => break,
            Some(Filled::Done) => {}
            Some(Filled::Null) => misfit(list, index, &Value::Null, context),
            Some(Filled::Stray(value)) => {
                misfit(list, index, &value, context);
                strays.push(value);
            }
        }
    }
    Ok(if strays.is_empty() { Filled::Done } else { Filled::Stray(Value::Array(strays)) })
}

/// Tells of an item that its list does not take.
#[cold]
fn misfit(list: &mut dyn super::ListSlot, index: usize, found: &Value, context: &mut Context) {
    let mut expected = "";
    list.item(&mut |slot| expected = slot.expected());
    context.enter(Step::Item(index));
    context.warn(expected, kind_of(found));
    context.leave();
}

/// Reads the members of an object with free names; members of another type are returned, for `extra`.
fn read_members<'de, A: MapAccess<'de>>(
    field: &mut dyn super::MapSlot,
    mut map: A,
    context: &mut Context,
) -> Result<Filled, A::Error> {
    field.begin();
    let mut strays = Map::new();
    while let Some(name) = map.next_key::<String>()? {
        context.enter(Step::Member(name.clone()));
        let mut outcome = Ok(Filled::Null);
        let mut expected = "";
        field.member(&name, &mut |slot| {
            expected = slot.expected();
            outcome = map.next_value_seed(Fill { slot, context: &mut *context });
        });
        if let Filled::Stray(value) = outcome? {
            context.warn(expected, kind_of(&value));
            strays.insert(name, value);
        }
        context.leave();
    }
    Ok(if strays.is_empty() { Filled::Done } else { Filled::Stray(Value::Object(strays)) })
}

fn read_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Map<String, Value>, A::Error> {
    let mut members = Map::new();
    while let Some((name, value)) = map.next_entry()? {
        members.insert(name, value);
    }
    Ok(members)
}

fn read_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Vec<Value>, A::Error> {
    let mut values = Vec::new();
    while let Some(value) = seq.next_element()? {
        values.push(value);
    }
    Ok(values)
}
