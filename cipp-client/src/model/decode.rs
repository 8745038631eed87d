//! The driver that reads JSON into models. Written once, for every type and for every serde deserializer.

use super::context::Step;
use super::extra::kind_of;
use super::scalar::{to_bool, to_float, to_int};
use super::{Context, Field, Model, Scalar, ScalarValue, Schema, Shape, Slot};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Reads a model with any deserializer, leniently. For serde's `Deserialize`, which has no room for warnings.
///
/// # Errors
/// Only what the deserializer itself reports, such as malformed JSON, or a value that is no object at all.
#[inline(never)]
pub fn deserialize<'de, T: Model + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    deserializer.deserialize_map(Whole { model: &mut value, context: &mut Context::default() })?;
    Ok(value)
}

/// Reads a value of any shape; `None` where it has another shape.
pub fn from_value<T: Shape>(json: Value) -> Option<T> {
    let mut context = Context::default();
    let mut field = None;
    let _: Result<Filled, serde_json::Error> =
        Fill { slot: T::slot(&mut field), context: &mut context }.deserialize(json);
    field
}

/// Reads a type made from one scalar with any deserializer, for serde's `Deserialize`.
///
/// # Errors
/// What the deserializer itself reports, or what the type wants instead.
pub fn scalar<'de, T: ScalarValue + Shape, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    from_value(Value::deserialize(deserializer)?).ok_or_else(|| D::Error::custom(T::EXPECTED))
}

/// What became of a value.
pub(crate) enum Filled {
    /// It is in its field.
    Done,
    /// It was null.
    Null,
    /// The field does not take it, in whole or in part. Whoever owns the field keeps it.
    Stray(Value),
}

/// Reads an object into a model that is already there.
struct Whole<'m, 'c> {
    model: &'m mut dyn Model,
    context: &'c mut Context,
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of type {}", self.model.schema().name)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        drive(self.model, map, self.context)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if self.model.read_text(text) {
            Ok(())
        } else {
            Err(E::invalid_type(serde::de::Unexpected::Str("text"), &self))
        }
    }
}

/// Reads the members of an object into the fields of a model. What is rare stands apart, so that what is not stays small.
fn drive<'de, A: MapAccess<'de>>(model: &mut dyn Model, mut map: A, context: &mut Context) -> Result<(), A::Error> {
    let schema = model.schema();
    let order = context.order_of(schema);
    let mut previous = 0;
    let mut seen = Seen::default();
    while let Some(key) = map.next_key_seed(KeySeed { schema, guess: context.guess(order, previous) })? {
        match key {
            Key::Field(index, guessed) => {
                if !guessed {
                    context.learn(order, previous, index);
                }
                previous = index + 1;
                context.enter(Step::Field(schema.fields.get(index).map_or("", |field| field.name)));
                if seen.again(index) {
                    context.warn("one member of this name", "another");
                    model.slot(index).clear();
                }
                if let Filled::Stray(value) = map.next_value_seed(Fill { slot: model.slot(index), context })? {
                    stray(model, index, value, context);
                }
                context.leave();
            }
            Key::Other(name) => {
                let value = map.next_value()?;
                other(model, name, value, context);
            }
        }
    }
    Ok(())
}

/// Keeps a value that does not fit its field.
#[cold]
fn stray(model: &mut dyn Model, index: usize, value: Value, context: &mut Context) {
    let expected = model.slot(index).expected();
    // A list tells of its own stray items, with their numbers.
    if !(expected == "array" && value.is_array()) {
        context.warn(expected, kind_of(&value));
    }
    let name = model.schema().fields.get(index).map_or("", |field| field.name);
    model.keep(name.to_owned(), value);
}

/// Keeps a member that has no field of its own.
#[cold]
fn other(model: &mut dyn Model, name: String, value: Value, context: &mut Context) {
    let Some(value) = into_the_rest(model, &name, value, context) else { return };
    if model.extra().contains_key(&name) {
        context.enter(Step::Member(name.clone()));
        context.warn("one member of this name", "another");
        context.leave();
    }
    model.keep(name, value);
}

/// Puts a member that no field names into the field for such members; gives it back where there is none, or where it does not fit.
fn into_the_rest(model: &mut dyn Model, name: &str, value: Value, context: &mut Context) -> Option<Value> {
    let schema = model.schema();
    let index = schema.fields.len().checked_sub(1)?;
    let rest = schema.fields.get(index).filter(|field| field.takes_the_rest());
    let (Some(_), Slot::Map(members)) = (rest, model.slot(index)) else { return Some(value) };
    let mut stray = None;
    context.enter(Step::Member(name.to_owned()));
    members.member(name, &mut |slot| {
        let expected = slot.expected();
        let filled: Result<Filled, serde_json::Error> =
            Fill { slot, context: &mut *context }.deserialize(value.clone());
        match filled {
            Ok(Filled::Done | Filled::Null) => {}
            Ok(Filled::Stray(value)) => {
                context.warn(expected, kind_of(&value));
                stray = Some(value);
            }
            Err(_) => stray = Some(value.clone()),
        }
    });
    context.leave();
    stray
}

/// Which fields of an object came already. No model has more than 256 fields; beyond that, duplicates go unnoticed.
#[derive(Default)]
struct Seen([u64; 4]);

impl Seen {
    fn again(&mut self, index: usize) -> bool {
        let bit = 1 << (index % 64);
        self.0.get_mut(index / 64).is_some_and(|word| {
            let before = *word & bit != 0;
            *word |= bit;
            before
        })
    }
}

/// The name of a member: that of a field (and whether it was guessed), or another one.
enum Key {
    Field(usize, bool),
    Other(String),
}

struct KeySeed {
    schema: &'static Schema,
    guess: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        let fields = self.schema.fields;
        if fields.get(self.guess).is_some_and(|field| field.name == name) {
            return Ok(Key::Field(self.guess, true));
        }
        Ok(find(fields, self.guess, name))
    }
}

/// Finds a name that is not the expected one. Fields that are left out are the usual reason, so the search begins behind it.
#[inline(never)]
fn find(fields: &[Field], guess: usize, name: &str) -> Key {
    let (before, behind) = fields.split_at_checked(guess).unwrap_or((fields, &[]));
    let matches = |field: &Field| field.name == name;
    let found = behind.iter().position(matches).map(|index| guess + index);
    match found.or_else(|| before.iter().position(matches)) {
        Some(index) => Key::Field(index, false),
        None => Key::Other(name.to_owned()),
    }
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
    /// Reads a scalar. `text` is how it reads as text, `json` how it reads as JSON.
    fn scalar(self, scalar: Scalar<'_>, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> Filled {
        let Self { slot, context } = self;
        let taken = match slot {
            Slot::Text(field) => {
                *field = Some(text());
                return Filled::Done;
            }
            Slot::Json(field) => {
                *field = Some(json());
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
                let value = json();
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
            Slot::Nothing | Slot::Object(_) | Slot::Map(_) | Slot::Extra(_) => false,
        };
        if taken { Filled::Done } else { Filled::Stray(json()) }
    }
}

impl<'de> Visitor<'de> for Fill<'_, '_> {
    type Value = Filled;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slot.expected())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Filled, E> {
        Ok(self.scalar(Scalar::Text(text), || text.to_owned(), || Value::String(text.to_owned())))
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
        Ok(self.scalar(Scalar::Bool(value), || value.to_string(), || Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Filled, E> {
        Ok(self.scalar(Scalar::Int(value), || value.to_string(), || Value::from(value)))
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
                _ => Ok(Filled::Stray(Value::from(value))),
            },
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Filled, E> {
        Ok(self.scalar(Scalar::Float(value), || Value::from(value).to_string(), || Value::from(value)))
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

/// Reads the items of a list. Nulls are dropped with a warning; items of another type are returned, for `extra`.
fn read_items<'de, A: SeqAccess<'de>>(
    list: &mut dyn super::ListSlot,
    mut seq: A,
    context: &mut Context,
) -> Result<Filled, A::Error> {
    list.begin();
    let mut strays = Vec::new();
    let mut index = 0;
    loop {
        context.enter(Step::Item(index));
        let mut outcome = Ok(None);
        let mut expected = "";
        list.item(&mut |slot| {
            expected = slot.expected();
            outcome = seq.next_element_seed(Fill { slot, context: &mut *context });
        });
        match outcome? {
            None => break,
            Some(Filled::Done) => {}
            Some(Filled::Null) => context.warn(expected, "null"),
            Some(Filled::Stray(value)) => {
                context.warn(expected, kind_of(&value));
                strays.push(value);
            }
        }
        context.leave();
        index += 1;
    }
    context.leave();
    Ok(if strays.is_empty() { Filled::Done } else { Filled::Stray(Value::Array(strays)) })
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
