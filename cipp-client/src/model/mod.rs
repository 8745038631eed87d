//! How generated types read and write JSON.
//!
//! A generated struct does not derive its serde implementations: it gives the one driver in this folder a table of its field names
//! ([`Schema`]) and says, by number, where a field is ([`Model::slot`]) and what it holds ([`Model::get`]). That compiles several
//! times faster than derived code, and puts every rule of leniency in one place:
//! every field may be absent, unknown members are kept in `extra`, a value of the wrong type is kept in `extra` and recorded as a
//! [`DecodeWarning`], and a lone value counts as a list of one.

mod context;
mod copy;
mod decode;
mod encode;
mod extra;
mod fill;
mod held;
mod members;
#[allow(dead_code, reason = "without any category nothing is generated that uses it")]
mod put;
mod scalar;
mod shape;
mod show;
mod table;

pub(crate) use context::Step;
pub use context::{Context, DecodeWarning, Warnings};
pub use copy::copy;
pub use decode::{deserialize, from_value, scalar};
pub use encode::serialize;
pub use extra::Extra;
pub(crate) use extra::kind_of;
pub(crate) use fill::{Fill, Filled};
pub use held::Held;
pub(crate) use put::{put, put_all, put_boxed, put_members};
pub(crate) use scalar::to_int;
pub use scalar::{Scalar, ScalarSlot, ScalarValue};
pub use shape::{Check, ListRef, ListSlot, MapRef, MapSlot, ModelSlot, Ref, Shape, Slot};
pub use show::{debug, equal};
pub use table::Table;
pub(crate) use table::{PART, PIECE, or, type_of};

use crate::catalogue::Type;
use serde_json::Value;
use std::sync::LazyLock;

/// The names and types of a model's fields, in the order of their numbers.
#[derive(Debug)]
pub struct Schema {
    /// Name of the type.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// The number of the field that a bare text in place of the object means, where it means one.
    pub bare: Option<usize>,
}

/// One field of a [`Schema`].
#[derive(Debug)]
pub struct Field {
    /// Name on the wire.
    pub name: &'static str,
    /// Name in Rust, without `r#`.
    pub rust: &'static str,
    /// Type of the value.
    pub ty: Type,
}

impl Field {
    /// Whether it takes the members that no other field names: a map that stands on the wire without a name of its own. It is the
    /// last field of its model.
    #[must_use]
    pub fn takes_the_rest(&self) -> bool {
        self.name == "*"
    }
}

/// A type whose fields the driver can reach by number. Implemented by generated code.
///
/// Few methods, and none that only forwards: each costs the compiler its time once for every type.
pub trait Model: Send + Sync + 'static {
    /// The names and types of the fields.
    fn schema(&self) -> &'static Schema;

    /// Where field number `index` is, for writing; beyond the last field, [`Slot::Extra`].
    fn slot(&mut self, index: usize) -> Slot<'_>;

    /// What field number `index` holds; beyond the last field, [`Ref::Extra`].
    fn get(&self, index: usize) -> Ref<'_>;

    /// What field number `index` holds, where `get` says what is sent in its place.
    fn kept(&self, index: usize) -> Ref<'_> {
        self.get(index)
    }
}

/// Rows hold their objects in boxes.
impl<T: Model> Model for Box<T> {
    #[inline]
    fn schema(&self) -> &'static Schema {
        (**self).schema()
    }

    #[inline]
    fn slot(&mut self, index: usize) -> Slot<'_> {
        (**self).slot(index)
    }

    #[inline]
    fn get(&self, index: usize) -> Ref<'_> {
        (**self).get(index)
    }

    #[inline]
    fn kept(&self, index: usize) -> Ref<'_> {
        (**self).kept(index)
    }
}

impl dyn Model + '_ {
    /// Members that no field has room for.
    pub fn extra(&self) -> &Extra {
        static NONE: LazyLock<Extra> = LazyLock::new(Extra::default);
        match self.get(usize::MAX) {
            Ref::Extra(extra) => extra,
            _ => &NONE,
        }
    }

    /// Members that no field has room for, for writing.
    pub(crate) fn extra_mut(&mut self) -> Option<&mut Extra> {
        match self.slot(usize::MAX) {
            Slot::Extra(extra) => Some(extra),
            _ => None,
        }
    }

    /// Keeps a member that no field has room for.
    pub(crate) fn keep(&mut self, name: String, value: Value) {
        if let Some(extra) = self.extra_mut() {
            extra.insert(name, value);
        }
    }

    /// Takes a bare text in place of the object, where the type knows what it means; `false` where it does not.
    pub(crate) fn read_text(&mut self, text: &str) -> bool {
        match self.schema().bare.map(|index| self.slot(index)) {
            Some(Slot::Text(field)) => {
                *field = Some(text.to_owned());
                true
            }
            _ => false,
        }
    }
}

/// Implements what all models share, each trait as a line over the driver. One call for many: each call costs the library a little.
#[doc(hidden)]
#[macro_export]
macro_rules! models {
    ($($name:ty),* $(,)?) => {$(
        impl Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                $crate::model::copy(self)
            }
        }
        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::model::debug(self, f)
            }
        }
        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::model::equal(self, other)
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
                $crate::model::deserialize(deserializer)
            }
        }
    )*};
}
