//! Text that must never be shown.

use crate::model::{Ref, Scalar, ScalarValue};
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// A password, key or token. `Debug` and dry runs hide it, and its memory is overwritten when it is dropped.
///
/// Serialising a value that holds one writes it in the clear: that is what sending is. Do not serialise it into a log.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text in.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, in the clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The text as bytes that are overwritten, too, when the last of those who share them is done.
    pub(crate) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(Owner(self))
    }
}

struct Owner(Secret);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl ScalarValue for Secret {
    const EXPECTED: &'static str = "string";

    fn read(scalar: Scalar<'_>) -> Option<Self> {
        scalar.to_text().map(Self::new)
    }

    fn write(&self) -> Ref<'_> {
        Ref::Secret(self.expose())
    }
}

crate::scalar!(Secret);
