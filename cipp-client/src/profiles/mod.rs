//! Sign-ins under a name, as `cipp login` stores them, so that programs use the same ones as the command.
//!
//! ```no_run
//! # fn example() -> Result<(), cipp_client::Error> {
//! let client = cipp_client::Client::from_profile("acme")?;
//! # let _ = client;
//! # Ok(())
//! # }
//! ```
//!
//! Profiles are in `config.toml` in the folder `$CIPP_CONFIG_DIR`, else in `cipp` in the system's folder for configuration
//! (`~/.config`, `~/Library/Application Support`, `%APPDATA%`). The file may be edited by hand, and holds no secret:
//!
//! ```toml
//! current = "acme"
//!
//! [profile.acme]
//! url = "https://cipp.example.com"
//! tenant-id = "11111111-2222-3333-4444-555555555555"
//! client-id = "66666666-7777-8888-9999-000000000000"
//! secret = "keyring"      # or "credentials-file", { env = "NAME" }, { file = "/path" }, { command = ["op", "read", "op://…"] }
//! # and, where needed:
//! default-tenant = "contoso.onmicrosoft.com"
//! authority = "https://login.microsoftonline.us"
//! scope = "api://…/.default"
//! timeout = 300
//! proxy = "http://proxy.example.com:8080"
//! ```
//!
//! The secret is in the operating system's keyring (feature `keyring`), which gets three seconds to answer; where there is none, in
//! `credentials.toml` beside the configuration, readable by its owner only; or elsewhere, as the profile says. A command is run
//! only if it was stored by `cipp login`, not if somebody wrote it into the configuration. `CIPP_KEYRING=off` leaves the keyring
//! alone.

mod command;
mod config;
mod credentials;
mod file;
mod folder;
mod keyring;
mod profile;
mod store;

pub use keyring::SecretStore;
pub use profile::{Profile, SecretSource, check_name, one_line};
pub use store::{Kept, Place, Profiles};

use crate::{Client, ClientBuilder, Error};

impl Client {
    /// A client with the sign-in that `cipp login` stored under a name; see [`profiles`](crate::profiles). Variables of the
    /// environment do not count, but for `CIPP_CONFIG_DIR`.
    ///
    /// It blocks while it reads the secret: for three seconds at most where that is in a keyring, for a minute where a command
    /// gives it.
    ///
    /// # Errors
    /// When there is no such profile, or its secret cannot be had.
    #[cfg_attr(docsrs, doc(cfg(feature = "profiles")))]
    pub fn from_profile(name: &str) -> Result<Self, Error> {
        ClientBuilder::from_profile(name)?.build()
    }
}

impl ClientBuilder {
    /// Starts from the sign-in that `cipp login` stored under a name; see [`Client::from_profile`].
    ///
    /// # Errors
    /// When there is no such profile, or its secret cannot be had.
    #[cfg_attr(docsrs, doc(cfg(feature = "profiles")))]
    pub fn from_profile(name: &str) -> Result<Self, Error> {
        let profiles = Profiles::open();
        let profile = profiles.get(name)?;
        let secret = profiles.secret(&profile)?;
        Self::from_vars(|name| match name {
            "CIPP_CLIENT_SECRET" => Some(secret.expose().to_owned()),
            name => profile.var(name),
        })
    }
}
