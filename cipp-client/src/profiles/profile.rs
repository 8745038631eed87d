//! One profile, and where its secret is.

use super::command;
use crate::Error;
use crate::values::Secret;
use std::fmt;
use std::path::PathBuf;

/// A sign-in under a name. It does not hold the secret, only where that is.
///
/// ```
/// let mut profile = cipp_client::profiles::Profile::new("acme", "https://cipp.example.com", "tenant id", "client id");
/// profile.default_tenant = Some("contoso.onmicrosoft.com".to_owned());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// The name: letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// Address of the server's API.
    pub url: String,
    /// The tenant in which CIPP lives.
    pub tenant_id: String,
    /// The API client.
    pub client_id: String,
    /// Where the secret is; `None` after a log-out.
    pub secret: Option<SecretSource>,
    /// See [`ClientBuilder::authority`](crate::ClientBuilder::authority).
    pub authority: Option<String>,
    /// See [`ClientBuilder::scope`](crate::ClientBuilder::scope).
    pub scope: Option<String>,
    /// The tenant that is meant where none is named. The library does not use it; the command `cipp` does.
    pub default_tenant: Option<String>,
    /// Time for a call, in seconds.
    pub timeout: Option<f64>,
    /// See [`ClientBuilder::proxy`](crate::ClientBuilder::proxy).
    pub proxy: Option<String>,
}

impl Profile {
    /// A profile without a secret.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        url: impl Into<String>,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            tenant_id: tenant_id.into(),
            client_id: client_id.into(),
            secret: None,
            authority: None,
            scope: None,
            default_tenant: None,
            timeout: None,
            proxy: None,
        }
    }

    /// The profile's value of a variable that [`Client::from_env`](crate::Client::from_env) reads, but for the secret.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<String> {
        match name {
            "CIPP_URL" => Some(self.url.clone()),
            "CIPP_TENANT_ID" => Some(self.tenant_id.clone()),
            "CIPP_CLIENT_ID" => Some(self.client_id.clone()),
            "CIPP_AUTHORITY" => self.authority.clone(),
            "CIPP_SCOPE" => self.scope.clone(),
            "CIPP_TIMEOUT" => self.timeout.map(|seconds| seconds.to_string()),
            "CIPP_PROXY" => self.proxy.clone(),
            _ => None,
        }
    }

    /// The name of the secret in the keyring. With the ids in it, a secret is never used for another API client.
    pub(super) fn account(&self) -> String {
        format!("{} ({} in {})", self.name, self.client_id, self.tenant_id)
    }
}

/// Whether a text can name a profile: nothing that a file, a folder, a keyring or a terminal could read in another way.
///
/// # Errors
/// When it cannot; the message says what can.
pub fn check_name(name: &str) -> Result<(), Error> {
    let usable = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    if (1..=64).contains(&name.len()) && name.chars().all(usable) && !name.starts_with(['-', '.']) {
        return Ok(());
    }
    let wanted = "use up to 64 letters, digits, . _ and -, and begin with none of . and -";
    Err(Error::config("profile", format!("{name:?} is no name for a profile: {wanted}")))
}

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSource {
    /// The operating system's keyring.
    Keyring,
    /// The file `credentials.toml` beside the configuration, readable by its owner only.
    CredentialsFile,
    /// A variable of the environment.
    Env(String),
    /// A file that holds the secret and nothing else.
    File(PathBuf),
    /// What a program prints: its name and its arguments. No shell is used.
    Command(Vec<String>),
}

impl SecretSource {
    /// A program and its arguments, from one line. Quotes hold words together, and nothing else has a meaning. A path that depends
    /// on the current folder becomes a whole one, so that the same program is started wherever one is.
    ///
    /// # Errors
    /// When a quote is open, or a word makes sense to a shell only.
    pub fn command(line: &str) -> Result<Self, Error> {
        let mut words = command::split(line)?;
        if let Some(program) = words.first_mut()
            && program.contains(['/', '\\'])
        {
            *program = whole_path(program)?.to_string_lossy().into_owned();
        }
        Ok(Self::Command(words))
    }

    /// A file that holds the secret, by its whole path.
    ///
    /// # Errors
    /// When the current folder is unknown.
    pub fn file(path: &str) -> Result<Self, Error> {
        Ok(Self::File(whole_path(path)?))
    }

    /// Reads a secret that is kept elsewhere: runs the program, without asking whether that was approved. `None` for the places
    /// of our own, which need a profile.
    ///
    /// # Errors
    /// When it is not there, or is no single line of text.
    pub fn read(&self) -> Result<Option<Secret>, Error> {
        let wrong = |what: String| Error::config("secret", what);
        match self {
            Self::Keyring | Self::CredentialsFile => Ok(None),
            Self::Env(name) => {
                let value = std::env::var_os(name).unwrap_or_default();
                let bytes = value.into_string().map(String::into_bytes).unwrap_or_default();
                let secret = one_line(bytes).map_err(|what| wrong(format!("the variable {name} holds none: {what}")));
                secret.map(Some)
            }
            Self::File(path) => {
                let bytes = std::fs::read(path)
                    .map_err(|error| wrong(format!("the file {} cannot be read ({error})", path.display())))?;
                let secret =
                    one_line(bytes).map_err(|what| wrong(format!("the file {} holds none: {what}", path.display())));
                secret.map(Some)
            }
            Self::Command(words) => command::read(words).map(Some),
        }
    }
}

/// A secret as it comes from a file or a pipe: one line, whose break does not belong to it.
///
/// # Errors
/// When it is empty, or has several lines, or is no UTF-8 text. The words do not contain it.
pub fn one_line(bytes: Vec<u8>) -> Result<Secret, &'static str> {
    command::one_line(bytes)
}

fn whole_path(path: &str) -> Result<PathBuf, Error> {
    std::path::absolute(path)
        .map_err(|error| Error::config("secret", format!("the path {path} cannot be used ({error})")))
}

impl fmt::Display for SecretSource {
    /// In words. The arguments of a program are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring => f.write_str("keyring"),
            Self::CredentialsFile => f.write_str("credentials file"),
            Self::Env(name) => write!(f, "variable {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Command(words) => write!(f, "command {}", words.first().map_or("", String::as_str)),
        }
    }
}
