//! Finds where in the text a node stands.
//!
//! serde_yaml tells a position only with an error. So the document is read once more, the reader walks to the node, and fails there
//! on purpose: the error carries the line and column. It costs one more reading per diagnostic, and nothing when all is well.

use super::node::NameSeed;
use super::{Position, Step};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The place of the node at the end of a path; the start of the file where there is no such node.
#[must_use]
pub fn locate(text: &str, path: &[Step]) -> Position {
    let failed = Walk { path }.deserialize(serde_yaml::Deserializer::from_str(text)).err();
    failed
        .and_then(|error| error.location())
        .map_or(Position::START, |location| Position { line: location.line(), column: location.column() })
}

/// Walks along a path, and fails at its end.
struct Walk<'p> {
    path: &'p [Step],
}

/// The message never reaches anybody.
fn here<E: Error>() -> E {
    E::custom("here")
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Err(here())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Err(here())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Err(here())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Err(here())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Err(here())
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<(), E> {
        Err(here())
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<(), E> {
        Err(here())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Err(here())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Err(here())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some((Step::Item(number), rest)) = self.path.split_first() else {
            return Err(here());
        };
        for _ in 0..*number {
            seq.next_element::<IgnoredAny>()?;
        }
        seq.next_element_seed(Walk { path: rest })?;
        Err(here())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (number, in_name, rest) = match self.path.split_first() {
            Some((Step::Value(number), rest)) => (*number, false, rest),
            Some((Step::Name(number), rest)) => (*number, true, rest),
            _ => return Err(here()),
        };
        for _ in 0..number {
            map.next_key_seed(NameSeed)?;
            map.next_value::<IgnoredAny>()?;
        }
        if in_name {
            map.next_key_seed(FailingName)?;
        } else {
            map.next_key_seed(NameSeed)?;
            map.next_value_seed(Walk { path: rest })?;
        }
        Err(here())
    }
}

/// A name to fail at.
struct FailingName;

impl<'de> DeserializeSeed<'de> for FailingName {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for FailingName {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Err(here())
    }
}
