//! How the members of an object find the fields of a model.

use super::context::Step;
use super::extra::kind_of;
use super::fill::{Fill, Filled};
use super::{Context, Field, Model, Schema, Slot};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// Reads the members of an object into the fields of a model. What is rare stands apart, so that what is not stays small.
pub(super) fn drive<'de, A: MapAccess<'de>>(
    model: &mut dyn Model,
    mut map: A,
    context: &mut Context,
) -> Result<(), A::Error> {
    let schema = model.schema();
    let (order, mut follows) = context.take_order(schema);
    let compares = context.compares_names();
    let mut previous = 0;
    let mut seen = Seen::default();
    loop {
        // Unless it was another before, the next field is the next one of the type.
        let guess = follows.get(previous).map_or(previous, |next| usize::from(*next));
        let Some(key) = map.next_key_seed(KeySeed { schema, guess, compares })? else { break };
        let index = match key {
            Key::Guessed => guess,
            Key::Field(index) => {
                learn(&mut follows, previous, index);
                index
            }
            Key::Other(name) => {
                let value = map.next_value()?;
                other(model, name, value, context);
                continue;
            }
        };
        previous = index + 1;
        if seen.again(index) {
            again(model, index, context);
        }
        let slot = model.slot(index);
        // The way to what is inside must be known while it is read; that to anything else only when something is wrong.
        if slot.is_nested() {
            context.enter(step(schema, index));
            if let Filled::Stray(value) = map.next_value_seed(Fill { slot, context })? {
                stray(model, index, value, context);
            }
            context.leave();
            continue;
        }
        match map.next_value_seed(Fill { slot, context }) {
            Ok(Filled::Done | Filled::Null) => {}
            Ok(Filled::Stray(value)) => {
                context.enter(step(schema, index));
                stray(model, index, value, context);
                context.leave();
            }
            Err(error) => {
                context.enter(step(schema, index));
                return Err(error);
            }
        }
    }
    context.keep_order(order, follows);
    Ok(())
}

/// The step into a field.
fn step(schema: &Schema, index: usize) -> Step {
    Step::Field(schema.fields.get(index).map_or("", |field| field.name))
}

/// Remembers which field followed another. A model of more than 65,535 fields is read a little slower.
#[cold]
fn learn(follows: &mut [u16], previous: usize, index: usize) {
    if let (Some(next), Ok(index)) = (follows.get_mut(previous), u16::try_from(index)) {
        *next = index;
    }
}

/// Makes room for the later one of two members of one name.
#[cold]
fn again(model: &mut dyn Model, index: usize, context: &mut Context) {
    context.enter(step(model.schema(), index));
    context.warn("one member of this name", "another");
    context.leave();
    model.slot(index).clear();
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

/// The name of a member.
enum Key {
    /// That of the field that was expected.
    Guessed,
    /// That of another field.
    Field(usize),
    /// One that no field has.
    Other(String),
}

struct KeySeed {
    schema: &'static Schema,
    guess: usize,
    /// Whether the deserializer compares the name that is expected itself.
    compares: bool,
}

impl KeySeed {
    /// The name that comes next if this object is like the one before.
    #[inline]
    fn expected(&self) -> Option<&'static str> {
        self.schema.fields.get(self.guess).map(|field| field.name)
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        match self.expected() {
            // No other of serde's calls hands a name to a deserializer. Ours compares it where it stands.
            Some(expected) if self.compares => deserializer.deserialize_newtype_struct(expected, self),
            _ => deserializer.deserialize_str(self),
        }
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    #[inline]
    fn visit_unit<E: Error>(self) -> Result<Key, E> {
        Ok(Key::Guessed)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        if self.expected() == Some(name) {
            return Ok(Key::Guessed);
        }
        Ok(find(self.schema.fields, self.guess, name))
    }
}

/// Finds a name that is not the expected one. Fields that are left out are the usual reason, so the search begins behind it.
#[inline(never)]
fn find(fields: &[Field], guess: usize, name: &str) -> Key {
    let (before, behind) = fields.split_at_checked(guess).unwrap_or((fields, &[]));
    let matches = |field: &Field| field.name == name;
    let found = behind.iter().position(matches).map(|index| guess + index);
    match found.or_else(|| before.iter().position(matches)) {
        Some(index) => Key::Field(index),
        None => Key::Other(name.to_owned()),
    }
}
