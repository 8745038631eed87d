//! Texts with known values. The server may send and take others, so these are open: a text with constants, never a closed `enum`.

/// Implements what every such type shares. The type itself, a newtype over `Cow<'static, str>` with its constants and the
/// function `known`, is generated.
#[doc(hidden)]
#[macro_export]
macro_rules! choice {
    ($name:ident) => {
        impl $name {
            /// The text as it is on the wire. Match on this: values that are not known today may come tomorrow.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether the text is one of the known values.
            #[must_use]
            pub fn is_known(&self) -> bool {
                Self::known().contains(&self.as_str())
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(::std::borrow::Cow::Owned(text.to_owned()))
            }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(::std::borrow::Cow::Owned(text))
            }
        }
        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }
        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl $crate::model::ScalarValue for $name {
            const EXPECTED: &'static str = "string";
            fn read(scalar: $crate::model::Scalar<'_>) -> Option<Self> {
                scalar.to_text().map(Self::from)
            }
            fn write(&self) -> $crate::model::Ref<'_> {
                $crate::model::Ref::Text(&self.0)
            }
        }
        $crate::scalar!($name);
    };
}
