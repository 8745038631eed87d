//! Signing in: where the token of a call comes from.
//!
//! The usual way is [`ClientBuilder::client_secret`](crate::ClientBuilder::client_secret), which is [`ClientCredentials`] behind a
//! cache; the same with a certificate or a federated identity instead of the secret. For anything else, such as a managed identity
//! or a vault, implement [`TokenProvider`]; the client caches what it gives.

mod aadsts;
#[cfg(feature = "azure-identity")]
mod azure;
mod base64url;
mod cache;
#[cfg(feature = "certificate")]
mod certificate;
mod cloud;
mod entra;
mod proof;

#[cfg(feature = "azure-identity")]
pub use azure::AzureCredential;
pub(crate) use base64url::decode as decode_base64url;
pub(crate) use cache::{Token, TokenCache};
#[cfg(feature = "certificate")]
pub use certificate::ClientCertificate;
pub use cloud::Cloud;
pub use entra::ClientCredentials;
pub(crate) use entra::seconds_between;

use crate::Error;
use crate::transport::BoxFuture;
use crate::values::Secret;
use std::fmt;
use std::time::Duration;

/// Gives tokens for the CIPP API.
///
/// The client keeps the token until shortly before it expires, asks again once when the server refuses it, and never asks twice at
/// the same time.
pub trait TokenProvider: Send + Sync + fmt::Debug {
    /// A token that is good now.
    ///
    /// # Errors
    /// Make one with [`Error::auth`]. Its message must not contain a secret.
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Error>>;

    /// Called when the server refused the last token: a provider that keeps tokens must drop it.
    fn invalidate(&self) {}

    /// What is known about the sign-in. Only [`diagnose`](crate::Client::diagnose) asks, to compare it with the token.
    fn facts(&self) -> SignInFacts {
        SignInFacts::default()
    }
}

/// What a [`TokenProvider`] knows about its sign-in. None of it is secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInFacts {
    /// Id or domain of the tenant that signs in.
    pub tenant_id: Option<String>,
    /// Application id that signs in.
    pub client_id: Option<String>,
    /// Address of the sign-in service.
    pub authority: Option<String>,
    /// What the token is asked for.
    pub scope: Option<String>,
}

/// A token, and how long it is good.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AccessToken {
    /// The token itself.
    pub secret: Secret,
    /// How long it is good, counted from now. `None`: until the server refuses it. Zero: for one call.
    pub expires_in: Option<Duration>,
}

impl AccessToken {
    /// A token that is good for so long.
    #[must_use]
    pub fn new(secret: impl Into<Secret>, expires_in: Option<Duration>) -> Self {
        Self { secret: secret.into(), expires_in }
    }
}

/// A token that was got elsewhere. It is used as it is until the server refuses it.
#[derive(Debug, Clone)]
pub struct StaticToken(Secret);

impl StaticToken {
    /// Takes the token, without the word `Bearer`.
    #[must_use]
    pub fn new(token: impl Into<Secret>) -> Self {
        let token = token.into();
        // A token that was copied from a terminal often brings a line break along.
        Self(Secret::new(token.expose().trim()))
    }
}

impl TokenProvider for StaticToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(std::future::ready(Ok(AccessToken::new(self.0.clone(), None))))
    }
}
