//! Who makes a call: the async client, or the blocking one. The methods of the categories are written once, for both.

use super::{Call, Client};
use crate::request::Request;
use std::fmt;

/// A client that can make calls: [`Client`], or with the feature `blocking` its blocking counterpart.
///
/// The category types are generic over it, so that `client.users().list(..)` reads the same for both: of the one it is a
/// [`Call`] to await, of the other a [`Call`] to send. It cannot be implemented outside this crate.
pub trait Caller: Clone + fmt::Debug + sealed::Sealed {
    /// Prepares a call.
    fn call<R: Request>(&self, request: R) -> Call<R, Self> {
        Call::new(self.clone(), request)
    }
}

impl Caller for Client {}

pub(crate) mod sealed {
    use super::Client;

    /// Keeps [`Caller`](super::Caller) to this crate, so that it can grow.
    pub trait Sealed {
        /// The client that does the work.
        fn inner(&self) -> &Client;
    }

    impl Sealed for Client {
        fn inner(&self) -> &Client {
            self
        }
    }
}
