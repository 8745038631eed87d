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
//! A property that the action does not have:
//!
//! ```compile_fail,E0599
//! let _ = cipp_client::users::ClearImmutableId::new("contoso.onmicrosoft.com", "jane@contoso.com").nickname("jane");
//! ```

mod by_name;
mod encode;
mod parts;
mod raw;
#[allow(dead_code, reason = "without any category nothing is generated that uses its setters")]
mod values;

pub use by_name::ActionRequest;
pub(crate) use parts::Paging;
pub use parts::{Parts, Payload};
pub use raw::RawRequest;
use values::Given;
pub use values::{OfAction, Values};
pub(crate) use values::{give, give_all, give_members};

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
