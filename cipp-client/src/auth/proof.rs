//! How an API client proves who it is.

use super::entra::filled;
use crate::Error;
use crate::values::Secret;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use url::Url;

/// A federated token has a few kilobytes; a larger file is something else.
const LONGEST: u64 = 64 * 1024;

/// What the proof is made from.
pub(super) enum Proof {
    Secret(Secret),
    /// A file with the token of a federated identity.
    File(PathBuf),
    #[cfg(feature = "certificate")]
    Certificate(super::ClientCertificate),
}

/// A proof as it is sent.
pub(super) struct Shown {
    pub(super) secret: Secret,
    /// Whether it is a signed assertion rather than the secret.
    pub(super) is_assertion: bool,
}

impl Proof {
    pub(super) fn secret(secret: &Secret) -> Result<Self, Error> {
        filled("client secret", secret.expose()).map(|secret| Self::Secret(Secret::new(secret)))
    }

    /// Whether what is sent carries the time of this machine's clock.
    pub(super) fn is_made_here(&self) -> bool {
        match self {
            Self::Secret(_) | Self::File(_) => false,
            #[cfg(feature = "certificate")]
            Self::Certificate(_) => true,
        }
    }

    /// The proof for one sign-in.
    #[cfg_attr(not(feature = "certificate"), allow(unused_variables, reason = "only certificates need to know"))]
    pub(super) fn show(&self, endpoint: &Url, client_id: &str, now: SystemTime) -> Result<Shown, Error> {
        match self {
            Self::Secret(secret) => Ok(Shown { secret: secret.clone(), is_assertion: false }),
            Self::File(file) => Ok(Shown { secret: read(file)?, is_assertion: true }),
            #[cfg(feature = "certificate")]
            Self::Certificate(certificate) => {
                let secret = certificate.assertion(endpoint.as_str(), client_id, now)?;
                Ok(Shown { secret, is_assertion: true })
            }
        }
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(_) => f.write_str("Secret"),
            Self::File(file) => f.debug_tuple("File").field(file).finish(),
            #[cfg(feature = "certificate")]
            Self::Certificate(certificate) => certificate.fmt(f),
        }
    }
}

/// The token in a file. The file is small and local, and read once in an hour, so it is not worth another thread.
fn read(path: &Path) -> Result<Secret, Error> {
    let wrong = |what: &str| {
        let advice = "check the path (CIPP_FEDERATED_TOKEN_FILE, AZURE_FEDERATED_TOKEN_FILE) and that workload identity is set up for this program";
        Error::auth(format!("the token file {} {what}: {advice}", path.display()))
    };
    let mut text = String::with_capacity(8 * 1024);
    let file = File::open(path).map_err(|error| wrong(&format!("cannot be read ({error})")).with_source(error))?;
    let size = file.take(LONGEST + 1).read_to_string(&mut text).map(|_| text.len() as u64);
    let text = Secret::new(text);
    let token = text.expose().trim();
    match size {
        Err(error) => Err(wrong(&format!("cannot be read ({error})")).with_source(error)),
        Ok(size) if size > LONGEST => Err(wrong("is too long for a token")),
        Ok(_) if token.is_empty() => Err(wrong("is empty")),
        Ok(_) if token.contains(char::is_whitespace) => Err(wrong("holds something else than one token")),
        Ok(_) => Ok(Secret::new(token)),
    }
}
