//! From a request to what goes over the wire.
//!
//! # What does not compile
//!
//! An action without what it needs. This does:
//!
//! ```
//! # #[cfg(feature = "users")] {
//! let _ = cipp_client::users::ClearImmutableId::new("contoso.onmicrosoft.com", "jane@contoso.com");
//! # }
//! ```
//!
//! And this does not:
//!
//! ```compile_fail,E0061
//! let _ = cipp_client::users::ClearImmutableId::new("contoso.onmicrosoft.com");
//! ```
//!
//! All tenants, where the action works on one. This compiles:
//!
//! ```
//! # #[cfg(feature = "users")] {
//! let _ = cipp_client::users::ListMfaUsers::new(cipp_client::Tenant::All);
//! let _ = cipp_client::users::OffboardUser::new("contoso.onmicrosoft.com", ["jane@contoso.com"]);
//! # }
//! ```
//!
//! And this does not:
//!
//! ```compile_fail,E0277
//! let _ = cipp_client::users::OffboardUser::new(cipp_client::Tenant::All, ["jane@contoso.com"]);
//! ```
//!
//! A request written as a literal, which would break when the action gains a property:
//!
//! ```compile_fail,E0639
//! let _ = cipp_client::users::RevokeSessions { tenant: None, user_id: None, username: None, extra: cipp_client::Extra::default() };
//! ```

mod by_name;
mod encode;
mod held;
mod parts;
mod raw;

pub use by_name::ActionRequest;
pub use encode::encode;
pub(crate) use parts::Paging;
pub use parts::{Parts, Payload};
pub use raw::RawRequest;

use crate::Error;
use crate::catalogue::Action;
use crate::model::Model;
use crate::reply::Output;

/// Something that can be sent: a generated request, a [`RawRequest`], or a reference to one.
pub trait Request {
    /// What the answer becomes.
    type Output: Output;

    /// What goes over the wire.
    ///
    /// # Errors
    /// When a required property is missing, or one tenant was asked for and all of them were given.
    fn parts(&self) -> Result<Parts, Error>;
}

impl<R: Request + ?Sized> Request for &R {
    type Output = R::Output;

    fn parts(&self) -> Result<Parts, Error> {
        (**self).parts()
    }
}

/// A generated request: one that the catalogue describes.
pub trait Described: Request + Model + Default {
    /// What the specification says about it.
    fn action() -> &'static Action;
}

/// Implements [`Request`] for a generated request: its answer.
#[doc(hidden)]
#[macro_export]
macro_rules! request {
    ($name:ty => $output:ty) => {
        impl $crate::Request for $name {
            type Output = $output;

            #[inline]
            fn parts(&self) -> Result<$crate::request::Parts, $crate::Error> {
                $crate::request::encode(self, <Self as $crate::request::Described>::action())
            }
        }
    };
}

/// Implements [`Described`] for a generated request: its entry in the catalogue.
#[doc(hidden)]
#[macro_export]
macro_rules! described {
    ($name:ty, $types:expr, $text:literal) => {
        impl $crate::request::Described for $name {
            // Not in line: the text would stand in the library's metadata once more.
            #[inline(never)]
            fn action() -> &'static $crate::catalogue::Action {
                static ENTRY: Entry = Entry { types: $types, read: OnceLock::new() };
                ENTRY.action($text)
            }
        }
    };
}
