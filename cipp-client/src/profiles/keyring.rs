//! The operating system's store of secrets, which may be absent, locked, or hang.

use crate::values::Secret;
use std::fmt;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

/// How long a keyring may take.
const LIMIT: Duration = Duration::from_secs(3);

/// The name under which the keyring lists our entries.
#[cfg(feature = "keyring")]
const SERVICE: &str = "cipp-client";

/// Keeps secrets by name. The operating system's keyring is one.
///
/// Errors are words for people. They must not contain a secret.
pub trait SecretStore: Send + Sync + fmt::Debug {
    /// The secret of this name; `None` where there is none.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn get(&self, name: &str) -> Result<Option<Secret>, String>;

    /// Keeps a secret, in place of one of this name.
    ///
    /// # Errors
    /// When the store cannot keep it.
    fn set(&self, name: &str, secret: &Secret) -> Result<(), String>;

    /// Forgets a secret. That there is none is no error.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn remove(&self, name: &str) -> Result<(), String>;
}

/// A store that is given a limited time. What does not answer is left to itself on its own thread.
#[derive(Debug, Clone)]
pub(super) struct Limited {
    store: Arc<dyn SecretStore>,
    limit: Duration,
}

impl Limited {
    pub(super) fn new(store: Arc<dyn SecretStore>) -> Self {
        Self { store, limit: LIMIT }
    }

    pub(super) fn get(&self, name: String) -> Result<Option<Secret>, String> {
        self.within(move |store| store.get(&name))
    }

    pub(super) fn set(&self, name: String, secret: Secret) -> Result<(), String> {
        self.within(move |store| store.set(&name, &secret))
    }

    pub(super) fn remove(&self, name: String) -> Result<(), String> {
        self.within(move |store| store.remove(&name))
    }

    fn within<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn SecretStore) -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let (send, receive) = mpsc::channel();
        let store = Arc::clone(&self.store);
        let thread = thread::Builder::new().name("cipp-keyring".to_owned()).spawn(move || {
            // Nobody listens when it took too long.
            let _ = send.send(work(&*store));
        });
        thread.map_err(|error| format!("the system gives no thread ({error})"))?;
        match receive.recv_timeout(self.limit) {
            Ok(done) => done,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                Err(format!("the keyring did not answer within {} s; it may be locked", self.limit.as_secs_f32()))
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => Err("the keyring broke off".to_owned()),
        }
    }
}

/// The keyring of this system: the Keychain, the Credential Manager, or the Secret Service.
#[derive(Debug)]
pub(super) struct SystemKeyring;

#[cfg(feature = "keyring")]
impl SystemKeyring {
    fn entry(name: &str) -> Result<keyring_core::Entry, String> {
        use keyring_core::api::CredentialStoreApi as _;
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new();
        #[cfg(windows)]
        let store = windows_native_keyring_store::Store::new();
        #[cfg(all(unix, not(target_os = "macos")))]
        let store = zbus_secret_service_keyring_store::Store::new();
        store.and_then(|store| store.build(SERVICE, name, None)).map_err(|error| words(&error))
    }
}

#[cfg(feature = "keyring")]
impl SecretStore for SystemKeyring {
    fn get(&self, name: &str) -> Result<Option<Secret>, String> {
        match Self::entry(name)?.get_password() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(words(&error)),
        }
    }

    fn set(&self, name: &str, secret: &Secret) -> Result<(), String> {
        Self::entry(name)?.set_password(secret.expose()).map_err(|error| words(&error))
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        match Self::entry(name)?.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(words(&error)),
        }
    }
}

/// What the keyring says. Two of its errors carry what is stored: they are told without it.
#[cfg(feature = "keyring")]
fn words(error: &keyring_core::Error) -> String {
    match error {
        keyring_core::Error::BadEncoding(_) | keyring_core::Error::BadDataFormat(..) => {
            "the keyring holds something else under this name".to_owned()
        }
        keyring_core::Error::TooLong(..) => "the secret is too long for the keyring".to_owned(),
        keyring_core::Error::NoStorageAccess(_) => "the keyring is locked or cannot be reached".to_owned(),
        error => format!("the keyring cannot be used ({})", crate::redact::one_line(&error.to_string())),
    }
}

#[cfg(not(feature = "keyring"))]
impl SecretStore for SystemKeyring {
    fn get(&self, _: &str) -> Result<Option<Secret>, String> {
        Err(NOT_BUILT.to_owned())
    }

    fn set(&self, _: &str, _: &Secret) -> Result<(), String> {
        Err(NOT_BUILT.to_owned())
    }

    fn remove(&self, _: &str) -> Result<(), String> {
        Err(NOT_BUILT.to_owned())
    }
}

#[cfg(not(feature = "keyring"))]
const NOT_BUILT: &str = "the keyring needs the cargo feature keyring of cipp-client";

/// In place of a keyring that must not be used.
#[derive(Debug)]
pub(super) struct NoKeyring;

impl NoKeyring {
    const WORDS: &'static str = "the keyring is switched off by CIPP_KEYRING=off";
}

impl SecretStore for NoKeyring {
    fn get(&self, _: &str) -> Result<Option<Secret>, String> {
        Err(Self::WORDS.to_owned())
    }

    fn set(&self, _: &str, _: &Secret) -> Result<(), String> {
        Err(Self::WORDS.to_owned())
    }

    fn remove(&self, _: &str) -> Result<(), String> {
        Err(Self::WORDS.to_owned())
    }
}
