//! How generated types read and write JSON.
//!
//! A generated struct does not derive its serde implementations: it gives the one driver in this folder a table of its field names
//! ([`Schema`]) and says, by number, where a field is ([`Model::slot`]) and what it holds ([`Model::get`]). That compiles several
//! times faster than derived code, and puts every rule of leniency in one place:
//! every field may be absent, unknown members are kept in `extra`, a value of the wrong type is kept in `extra` and recorded as a
//! [`DecodeWarning`], and a lone value counts as a list of one.

mod context;
mod decode;
mod encode;
mod extra;
mod shape;

pub(crate) use context::Step;
pub use context::{Context, DecodeWarning, Warnings};
pub(crate) use decode::{Fill, Filled, to_int};
pub use decode::{deserialize, from_value};
pub use encode::serialize;
pub use extra::Extra;
pub(crate) use extra::kind_of;
pub use shape::{ListRef, ListSlot, MapRef, MapSlot, ModelSlot, Ref, Scalar, ScalarSlot, ScalarValue, Shape, Slot};

use crate::catalogue::Type;

/// The names and types of a model's fields, in the order of their numbers.
#[derive(Debug)]
pub struct Schema {
    /// Name of the type.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// One field of a [`Schema`].
#[derive(Debug)]
pub struct Field {
    /// Name on the wire.
    pub name: &'static str,
    /// Type of the value.
    pub ty: Type,
}

/// A type whose fields the driver can reach by number. Implemented by generated code.
pub trait Model: Send + Sync + 'static {
    /// The table of fields.
    fn table() -> &'static Schema
    where
        Self: Sized;

    /// The table of fields, where only the value is at hand.
    fn schema(&self) -> &'static Schema;

    /// Where field number `index` is, for writing.
    fn slot(&mut self, index: usize) -> Slot<'_>;

    /// What field number `index` holds.
    fn get(&self, index: usize) -> Ref<'_>;

    /// Members that no field has room for.
    fn extra(&self) -> &Extra;

    /// Members that no field has room for, for writing.
    fn extra_mut(&mut self) -> &mut Extra;

    /// Takes a bare text in place of the object, where the type knows what it means; `false` where it does not.
    fn read_text(&mut self, _text: &str) -> bool {
        false
    }
}

/// Implements what every model shares: [`Shape`], `Serialize` and `Deserialize`, each a line over the driver.
#[doc(hidden)]
#[macro_export]
macro_rules! model {
    ($name:ty) => {
        impl $crate::model::Shape for $name {
            #[inline]
            fn slot(field: &mut Option<Self>) -> $crate::model::Slot<'_> {
                $crate::model::Slot::Model(field)
            }
            #[inline]
            fn get(&self) -> $crate::model::Ref<'_> {
                $crate::model::Ref::Model(self)
            }
        }
        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::model::serialize(self, serializer)
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut value = Self::default();
                $crate::model::deserialize(&mut value, deserializer)?;
                Ok(value)
            }
        }
    };
}
