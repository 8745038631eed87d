//! JSON scalars, what each is taken for, and the types that are made from one.

use super::Ref;
use serde_json::Value;

/// One JSON scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// A string.
    Text(&'a str),
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
}

impl Scalar<'_> {
    /// How it reads as text.
    #[must_use]
    pub fn to_text(self) -> Option<String> {
        Some(match self {
            Self::Text(text) => text.to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => Value::from(value).to_string(),
        })
    }
}

impl From<Scalar<'_>> for Value {
    fn from(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Text(text) => Self::from(text),
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Int(value) => Self::from(value),
            Scalar::Float(value) => Self::from(value),
        }
    }
}

pub(crate) fn to_bool(scalar: Scalar<'_>) -> Option<bool> {
    match scalar {
        Scalar::Bool(value) => Some(value),
        Scalar::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Scalar::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Scalar::Int(1) => Some(true),
        Scalar::Int(0) => Some(false),
        _ => None,
    }
}

pub(crate) fn to_int(scalar: Scalar<'_>) -> Option<i64> {
    /// Beyond this, not every whole number has a float of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match scalar {
        Scalar::Int(value) => Some(value),
        Scalar::Text(text) => text.trim().parse().ok(),
        #[allow(clippy::cast_possible_truncation, reason = "the range is checked")]
        Scalar::Float(value) if value.fract() == 0.0 && value.abs() < EXACT => Some(value as i64),
        Scalar::Float(_) | Scalar::Bool(_) => None,
    }
}

pub(crate) fn to_float(scalar: Scalar<'_>) -> Option<f64> {
    match scalar {
        Scalar::Float(value) => Some(value),
        #[allow(
            clippy::cast_precision_loss,
            reason = "a number field takes the nearest float, as any JSON reader does"
        )]
        Scalar::Int(value) => Some(value as f64),
        Scalar::Text(text) => text.trim().parse().ok().filter(|value: &f64| value.is_finite()),
        Scalar::Bool(_) => None,
    }
}

/// A type made from one scalar, such as a date or an open enumeration. [`scalar!`](crate::scalar) makes it a [`Shape`](super::Shape).
pub trait ScalarValue: Sized + 'static {
    /// What it is called in warnings.
    const EXPECTED: &'static str;
    /// Reads it; `None` where the scalar means nothing for the type.
    fn read(scalar: Scalar<'_>) -> Option<Self>;
    /// What it is on the wire.
    fn write(&self) -> Ref<'_>;

    /// The value of that text and label.
    fn labelled(text: &str, _label: &str) -> Option<Self> {
        Self::read(Scalar::Text(text))
    }
}

/// Makes a [`ScalarValue`] a [`Shape`], and gives it serde's traits.
#[doc(hidden)]
#[macro_export]
macro_rules! scalar {
    ($name:ty) => {
        impl $crate::model::Shape for $name {
            #[inline]
            fn slot(field: &mut Option<Self>) -> $crate::model::Slot<'_> {
                $crate::model::Slot::Scalar(field)
            }
            #[inline]
            fn get(&self) -> $crate::model::Ref<'_> {
                $crate::model::ScalarValue::write(self)
            }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&$crate::model::ScalarValue::write(self), serializer)
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::scalar(deserializer)
            }
        }
    };
}

/// A place for a [`ScalarValue`].
pub trait ScalarSlot {
    /// Takes the scalar; `false` where it means nothing for the type.
    fn set(&mut self, scalar: Scalar<'_>) -> bool;
    /// Takes a text with its label.
    fn set_labelled(&mut self, text: &str, label: &str);
    /// Empties the place.
    fn clear(&mut self);
    /// What the type is called in warnings.
    fn expected(&self) -> &'static str;
}

impl<T: ScalarValue> ScalarSlot for Option<T> {
    fn set(&mut self, scalar: Scalar<'_>) -> bool {
        match T::read(scalar) {
            Some(value) => {
                *self = Some(value);
                true
            }
            None => false,
        }
    }

    fn set_labelled(&mut self, text: &str, label: &str) {
        *self = T::labelled(text, label);
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn expected(&self) -> &'static str {
        T::EXPECTED
    }
}
