//! Signing in with a certificate: a short text that only the owner of the private key can sign.

use super::base64url::encode;
use crate::Error;
use crate::values::Secret;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA256};
use rustls_pki_types::pem::{PemObject, SectionKind};
use secrecy::zeroize::Zeroizing;
use serde_json::json;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long an assertion is good. It is used at once; the rest is for clocks that differ.
const LIFE: Duration = Duration::from_secs(600);

/// How far back an assertion is dated, for clocks that run ahead of Entra's.
const BACK: Duration = Duration::from_secs(60);

/// A certificate with its private key (RSA), which is registered with the API client's application in Entra.
///
/// Entra is sent an assertion signed with PS256; the key itself never leaves this machine.
#[derive(Clone)]
pub struct ClientCertificate(Arc<Inner>);

struct Inner {
    key: KeyPair,
    /// SHA-256 of the certificate, by which Entra finds it.
    thumbprint: String,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("thumbprint", &self.0.thumbprint).finish_non_exhaustive()
    }
}

impl ClientCertificate {
    /// Reads certificate and private key from one PEM text. The key is `PRIVATE KEY` or `RSA PRIVATE KEY`, without a password; of
    /// several certificates, the one that belongs to the key counts.
    ///
    /// # Errors
    /// When either is missing or damaged, the key is protected or of another kind than RSA, or no certificate belongs to it.
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        let wrong = |message: &str| Error::config("client certificate", message);
        if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(wrong("the private key has a password: write it without one, with openssl pkey -in key.pem"));
        }
        if !pem.contains("-----BEGIN ") {
            return Err(wrong(
                "this is no PEM text (-----BEGIN ...): convert a .pfx file with openssl pkcs12 -in file.pfx -nodes",
            ));
        }
        let mut certificates = Vec::new();
        let mut key = None;
        for section in <(SectionKind, Vec<u8>) as PemObject>::pem_slice_iter(pem.as_bytes()) {
            let (kind, der) = section.map_err(|_| wrong("the PEM text is damaged"))?;
            let der = Zeroizing::new(der);
            match kind {
                SectionKind::Certificate => certificates.push(der),
                SectionKind::PrivateKey => key = Some(KeyPair::from_pkcs8(&der)),
                SectionKind::RsaPrivateKey => key = Some(KeyPair::from_der(&der)),
                SectionKind::EcPrivateKey => return Err(wrong("the private key is no RSA key, which Entra asks for")),
                _ => {}
            }
        }
        let key = key.ok_or_else(|| wrong("there is no private key: put it into the same text as the certificate"))?;
        let key = key.map_err(|_| wrong("the private key is damaged, or no RSA key of at least 2048 bits"))?;
        if certificates.is_empty() {
            return Err(wrong("there is no certificate: put it into the same text as the private key"));
        }
        // A certificate holds its public key in the very bytes in which the key pair gives it.
        let public = key.public_key().as_ref();
        let own = certificates.iter().find(|der| der.windows(public.len()).any(|part| part == public));
        let own = own.ok_or_else(|| wrong("the certificate does not belong to the private key"))?;
        let thumbprint = encode(digest(&SHA256, own).as_ref());
        Ok(Self(Arc::new(Inner { key, thumbprint })))
    }

    /// The certificate's SHA-256 thumbprint, in base64url, as the assertion's header names it.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.0.thumbprint
    }

    /// A signed statement that this is the client, for one sign-in at this address.
    pub(super) fn assertion(&self, endpoint: &str, client_id: &str, now: SystemTime) -> Result<Secret, Error> {
        let failed = || Error::auth("the assertion cannot be signed with the certificate's key");
        let seconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.0.thumbprint });
        let mut id = [0_u8; 16];
        fill(&mut id).map_err(|_| failed())?;
        let claims = json!({
            "aud": endpoint,
            "iss": client_id,
            "sub": client_id,
            "jti": encode(&id),
            "iat": seconds(now),
            "nbf": seconds(now.checked_sub(BACK).unwrap_or(now)),
            "exp": seconds(now.checked_add(LIFE).unwrap_or(now)),
        });
        let mut text = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let key = &self.0.key;
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).map_err(|_| failed())?;
        text.push('.');
        text.push_str(&encode(&signature));
        Ok(Secret::new(text))
    }
}
