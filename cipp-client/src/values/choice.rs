//! Texts with known values. The server may send and take others, so these are open: a text with constants, never a closed `enum`.

use crate::model::{Ref, Scalar, ScalarValue, Shape, Slot};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The known values of a [`Choice`]. Implemented by generated code.
pub trait Known: 'static {
    /// The known values, in the order of the specification.
    const VALUES: &'static [&'static str];
}

/// A text with known values, which are its constants. The server may send and take others.
///
/// Every type of the API with known values is one of these: written once for all of them, they cost little to compile.
///
/// ```
/// # #[cfg(feature = "groups")] {
/// use cipp_client::groups::AddGroupType;
/// let kind = AddGroupType::from("somethingNew");
/// assert_eq!(kind, "somethingNew");
/// assert!(!kind.is_known());
/// # }
/// ```
pub struct Choice<K> {
    text: Cow<'static, str>,
    known: PhantomData<fn() -> K>,
}

impl<K> Choice<K> {
    /// The choice of this text, as a constant.
    #[must_use]
    pub const fn of(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), known: PhantomData }
    }

    /// The text as it is on the wire. Match on this: values that are not known today may come tomorrow.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<K: Known> Choice<K> {
    /// The known values.
    #[must_use]
    pub const fn known() -> &'static [&'static str] {
        K::VALUES
    }

    /// Whether the text is one of the known values.
    #[must_use]
    pub fn is_known(&self) -> bool {
        K::VALUES.contains(&self.as_str())
    }
}

// Not derived: derives would ask the same of K, which is never a value.

impl<K> Clone for Choice<K> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), known: PhantomData }
    }
}

impl<K> fmt::Debug for Choice<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl<K> fmt::Display for Choice<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<K> PartialEq for Choice<K> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<K> Eq for Choice<K> {}

impl<K> PartialOrd for Choice<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Choice<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<K> Hash for Choice<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<K> PartialEq<str> for Choice<K> {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl<K> PartialEq<&str> for Choice<K> {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl<K> From<&str> for Choice<K> {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl<K> From<String> for Choice<K> {
    fn from(text: String) -> Self {
        Self { text: Cow::Owned(text), known: PhantomData }
    }
}

/// The text of a choice: where it is known, there is no need for another one in each row.
fn read(scalar: Scalar<'_>, known: &'static [&'static str]) -> Option<Cow<'static, str>> {
    let known = known.iter().find(|known| scalar == Scalar::Text(known));
    known.map(|text| Cow::Borrowed(*text)).or_else(|| scalar.to_text().map(Cow::Owned))
}

impl<K: Known> ScalarValue for Choice<K> {
    const EXPECTED: &'static str = "string";

    fn read(scalar: Scalar<'_>) -> Option<Self> {
        read(scalar, K::VALUES).map(|text| Self { text, known: PhantomData })
    }

    fn write(&self) -> Ref<'_> {
        Ref::Text(&self.text)
    }
}

impl<K: Known> Shape for Choice<K> {
    fn slot(field: &mut Option<Self>) -> Slot<'_> {
        Slot::Scalar(field)
    }

    fn get(&self) -> Ref<'_> {
        self.write()
    }
}

impl<K: 'static> Serialize for Choice<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, K: Known> Deserialize<'de> for Choice<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::model::scalar(deserializer)
    }
}
