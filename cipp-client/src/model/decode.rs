//! Where the driver that reads JSON into models is entered. Written once, for every type and for every serde deserializer.

use super::fill::{Fill, Filled};
use super::members::drive;
use super::{Context, Model, ScalarValue, Shape};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
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
