//! Signing in with a credential of `azure_identity`, or any other that fits `azure_core`.

use super::{AccessToken, SignInFacts, TokenProvider};
use crate::Error;
use crate::error::ErrorKind;
use crate::transport::BoxFuture;
use azure_core::credentials::TokenCredential;
use azure_core::error::ErrorKind as AzureErrorKind;
use azure_core::time::OffsetDateTime;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a token serves whose expiry lies in the past already: then it is this machine's clock that is wrong.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);

/// A credential of the Azure SDK as a [`TokenProvider`], for
/// [`ClientBuilder::token_provider`](crate::ClientBuilder::token_provider).
///
/// The token must be one for the API client's own application, so the credential must be able to sign in as that: a client secret,
/// certificate or workload identity can. Connections are the SDK's own; the client's proxy and transport do not count for them.
pub struct AzureCredential {
    credential: Arc<dyn TokenCredential>,
    scope: String,
}

impl fmt::Debug for AzureCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureCredential").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl AzureCredential {
    /// Takes a credential and the scope to ask for, usually `api://{client id}/.default`.
    pub fn new(credential: Arc<dyn TokenCredential>, scope: impl Into<String>) -> Self {
        Self { credential, scope: scope.into() }
    }
}

impl TokenProvider for AzureCredential {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async move {
            let token = self.credential.get_token(&[&self.scope], None).await.map_err(|error| {
                // The SDK's own text is not taken over: nobody here knows that it holds no secret.
                let (kind, what) = match error.kind() {
                    AzureErrorKind::Io => (ErrorKind::Connect, "the sign-in service cannot be reached"),
                    _ => (ErrorKind::Auth, "the Azure credential gave no token: check what it is set up with"),
                };
                Error::new(kind, "sign-in", format!("{what} ({:?})", error.kind()))
            })?;
            let left = (token.expires_on - OffsetDateTime::now_utc()).whole_seconds();
            let life = u64::try_from(left).ok().filter(|&left| left > 0).map_or(UNKNOWN_LIFE, Duration::from_secs);
            Ok(AccessToken::new(token.token.secret(), Some(life)))
        })
    }

    fn facts(&self) -> SignInFacts {
        SignInFacts { scope: Some(self.scope.clone()), ..SignInFacts::default() }
    }
}
