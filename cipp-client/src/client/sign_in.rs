//! Which sign-in a client is set up with.

use super::ClientBuilder;
use crate::Error;
use crate::auth::{ClientCredentials, StaticToken, TokenProvider};
use crate::transport::Transport;
use crate::values::Secret;
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

#[derive(Clone)]
pub(super) enum SignIn {
    Unset,
    Entra { tenant_id: String, client_id: String, proof: Proof },
    Provider(Arc<dyn TokenProvider>),
}

/// What the API client proves itself with.
#[derive(Clone)]
pub(super) enum Proof {
    Secret(Secret),
    TokenFile(PathBuf),
    #[cfg(feature = "certificate")]
    Certificate(Secret),
}

impl SignIn {
    /// What gives the tokens.
    pub(super) fn provider(
        self,
        transport: &Arc<dyn Transport>,
        authority: Option<Url>,
        scope: Option<String>,
    ) -> Result<Arc<dyn TokenProvider>, Error> {
        let transport = Arc::clone(transport);
        let mut provider = match self {
            Self::Unset => {
                let message = "there is no sign-in: use client_secret(..), static_token(..) or token_provider(..)";
                return Err(Error::config("sign-in", message));
            }
            Self::Provider(provider) => return Ok(provider),
            Self::Entra { tenant_id, client_id, proof } => match proof {
                Proof::Secret(secret) => ClientCredentials::new(transport, tenant_id, client_id, secret)?,
                Proof::TokenFile(file) => ClientCredentials::federated(transport, tenant_id, client_id, file)?,
                #[cfg(feature = "certificate")]
                Proof::Certificate(pem) => {
                    let certificate = crate::auth::ClientCertificate::from_pem(pem.expose())?;
                    ClientCredentials::certificate(transport, tenant_id, client_id, certificate)?
                }
            },
        };
        if let Some(url) = authority {
            provider = provider.at(url);
        }
        if let Some(scope) = scope {
            provider = provider.with_scope(scope);
        }
        Ok(Arc::new(provider))
    }
}

impl ClientBuilder {
    /// Signs in with an API client's id and secret.
    ///
    /// `tenant_id` is the partner tenant in which CIPP lives, not a customer's: customers are named in each call. All three are
    /// shown in CIPP > Integrations > CIPP-API; the secret only once, when the API client is made or its secret is reset.
    pub fn client_secret(
        self,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Self {
        self.entra(tenant_id.into(), client_id.into(), Proof::Secret(secret.into()))
    }

    /// Signs in with a certificate in place of a secret: a PEM text with the certificate and its RSA key, without a password. The
    /// certificate is uploaded to the API client's application in Entra. See [`ClientCertificate`](crate::auth::ClientCertificate).
    #[cfg(feature = "certificate")]
    pub fn client_certificate(
        self,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        pem: impl Into<Secret>,
    ) -> Self {
        self.entra(tenant_id.into(), client_id.into(), Proof::Certificate(pem.into()))
    }

    /// Signs in with a federated (workload) identity: a token that Kubernetes, a pipeline or the like keeps in `file`, which is read
    /// anew for every sign-in. The API client's application must have a federated credential for it.
    pub fn federated_token_file(
        self,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        file: impl Into<PathBuf>,
    ) -> Self {
        self.entra(tenant_id.into(), client_id.into(), Proof::TokenFile(file.into()))
    }

    /// Uses a token that was got elsewhere, until the server refuses it.
    pub fn static_token(self, token: impl Into<Secret>) -> Self {
        self.token_provider(Arc::new(StaticToken::new(token)))
    }

    /// Gets tokens from a provider of your own. The client keeps what it gives until shortly before it expires.
    pub fn token_provider(mut self, provider: Arc<dyn TokenProvider>) -> Self {
        self.sign_in = SignIn::Provider(provider);
        self
    }

    /// Signs in elsewhere than at `https://login.microsoftonline.com`: at the authority of a sovereign cloud, by
    /// [`Cloud`](crate::auth::Cloud), or at any address such as `https://login.microsoftonline.us`.
    pub fn authority(mut self, url: impl Into<String>) -> Self {
        self.authority = Some(url.into());
        self
    }

    /// Asks for another scope than `api://{client_id}/.default`, which is what CIPP's own API clients need.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    fn entra(mut self, tenant_id: String, client_id: String, proof: Proof) -> Self {
        self.sign_in = SignIn::Entra { tenant_id, client_id, proof };
        self
    }

    /// The sign-in that the variables describe. Our own variables win over Azure's, and a token wins over everything.
    pub(super) fn sign_in_from(
        &mut self,
        var: &dyn Fn(&str) -> Option<String>,
        need: &mut dyn FnMut(&'static str) -> String,
    ) -> Result<(), Error> {
        self.authority = var("CIPP_AUTHORITY");
        if let Some(token) = var("CIPP_TOKEN") {
            self.sign_in = SignIn::Provider(Arc::new(StaticToken::new(token)));
            return Ok(());
        }
        if var("CIPP_CLIENT_SECRET").is_none() {
            if let Some(path) = var("CIPP_CLIENT_CERTIFICATE") {
                let proof = certificate_file(&path)?;
                let (tenant_id, client_id) = (need("CIPP_TENANT_ID"), need("CIPP_CLIENT_ID"));
                self.sign_in = SignIn::Entra { tenant_id, client_id, proof };
                return Ok(());
            }
            if let Some(file) = var("CIPP_FEDERATED_TOKEN_FILE").or_else(|| var("AZURE_FEDERATED_TOKEN_FILE")) {
                let mut either = |ours, theirs| var(ours).or_else(|| var(theirs)).unwrap_or_else(|| need(ours));
                let tenant_id = either("CIPP_TENANT_ID", "AZURE_TENANT_ID");
                let client_id = either("CIPP_CLIENT_ID", "AZURE_CLIENT_ID");
                self.authority = self.authority.take().or_else(|| var("AZURE_AUTHORITY_HOST"));
                self.sign_in = SignIn::Entra { tenant_id, client_id, proof: Proof::TokenFile(file.trim().into()) };
                return Ok(());
            }
        }
        self.sign_in = SignIn::Entra {
            tenant_id: need("CIPP_TENANT_ID"),
            client_id: need("CIPP_CLIENT_ID"),
            proof: Proof::Secret(Secret::new(need("CIPP_CLIENT_SECRET"))),
        };
        Ok(())
    }
}

#[cfg(feature = "certificate")]
fn certificate_file(path: &str) -> Result<Proof, Error> {
    let pem = std::fs::read_to_string(path.trim()).map_err(|error| {
        let message = format!("the file {} of CIPP_CLIENT_CERTIFICATE cannot be read: {error}", path.trim());
        Error::config("environment", message).with_source(error)
    })?;
    Ok(Proof::Certificate(Secret::new(pem)))
}

#[cfg(not(feature = "certificate"))]
fn certificate_file(_: &str) -> Result<Proof, Error> {
    Err(Error::config("environment", "CIPP_CLIENT_CERTIFICATE needs the cargo feature certificate of cipp-client"))
}
