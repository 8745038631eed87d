//! All profiles of a person, and what is kept for them.

use super::config::Config;
use super::credentials::Credentials;
use super::keyring::{Limited, NoKeyring, SecretStore, SystemKeyring};
use super::profile::{Profile, SecretSource, check_name};
use super::{file, folder};
use crate::Error;
use crate::values::Secret;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The profiles in a folder. Every method reads the files anew; those that change something let one process at a time do so.
///
/// The methods block: for the disk, and where a secret is concerned for a keyring or a command.
#[derive(Debug, Clone)]
pub struct Profiles {
    folder: Option<PathBuf>,
    keyring: Limited,
}

/// Where a secret is to be kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In the keyring, or where that does not work in the credentials file.
    #[default]
    Best,
    /// In the keyring, or nowhere.
    Keyring,
    /// In the credentials file.
    CredentialsFile,
}

/// What was done to keep a secret, and what the person should know about it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Kept {
    /// Where the secret is now.
    pub source: Option<SecretSource>,
    /// What did not go as it should.
    pub warnings: Vec<String>,
}

impl Profiles {
    /// The profiles of whoever runs this program. That there are none, or no home for them, is no error until one is needed.
    #[must_use]
    pub fn open() -> Self {
        let var = |name: &str| std::env::var(name).ok();
        let off = var("CIPP_KEYRING").is_some_and(|word| word.trim().eq_ignore_ascii_case("off"));
        let keyring: Arc<dyn SecretStore> = if off { Arc::new(NoKeyring) } else { Arc::new(SystemKeyring) };
        Self { folder: folder::folder(var), keyring: Limited::new(keyring) }
    }

    /// The profiles in a folder, with a store of your own in place of the keyring.
    #[must_use]
    pub fn open_in(folder: impl Into<PathBuf>, keyring: Arc<dyn SecretStore>) -> Self {
        Self { folder: Some(folder.into()), keyring: Limited::new(keyring) }
    }

    /// The folder; `None` without a home.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The configuration file.
    #[must_use]
    pub fn config_file(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join("config.toml"))
    }

    /// The file of secrets for which there is no keyring.
    #[must_use]
    pub fn credentials_file(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join("credentials.toml"))
    }

    /// The name of the profile that is used where none is named.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn current(&self) -> Result<Option<String>, Error> {
        match self.config()? {
            Some(config) => Ok(config.current()?.map(str::to_owned)),
            None => Ok(None),
        }
    }

    /// The names of all profiles, in the order of the file.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn names(&self) -> Result<Vec<String>, Error> {
        self.config()?.map_or(Ok(Vec::new()), |config| config.names())
    }

    /// The profile of this name, if there is one.
    ///
    /// # Errors
    /// When the configuration cannot be read, or the profile is not right.
    pub fn find(&self, name: &str) -> Result<Option<Profile>, Error> {
        self.config()?.map_or(Ok(None), |config| config.profile(name))
    }

    /// The profile of this name.
    ///
    /// # Errors
    /// When there is none, or the configuration cannot be read, or the profile is not right.
    pub fn get(&self, name: &str) -> Result<Profile, Error> {
        if let Some(profile) = self.find(name)? {
            return Ok(profile);
        }
        let known = self.names()?;
        let known =
            if known.is_empty() { "there are none yet".to_owned() } else { format!("there are {}", known.join(", ")) };
        Err(Error::config("profile", format!("there is no profile {name:?}; {known}")))
    }

    /// The secret of a profile, from where the profile says.
    ///
    /// # Errors
    /// When it is not there; when the keyring does not answer; when a command was not stored by `cipp login`.
    pub fn secret(&self, profile: &Profile) -> Result<Secret, Error> {
        let name = &profile.name;
        let again = format!("cipp login --profile {name}");
        let none = |place: &str| Error::auth(format!("profile {name} has no secret{place}: {again}"));
        match &profile.secret {
            None => Err(none("")),
            Some(SecretSource::Keyring) => match self.keyring.get(profile.account()) {
                Ok(secret) => secret.ok_or_else(|| none(" in the keyring")),
                Err(why) => Err(Error::auth(format!(
                    "the secret of profile {name} cannot be read, because {why}: unlock it, or {again} --store file"
                ))),
            },
            Some(SecretSource::CredentialsFile) => {
                let secret = self.credentials()?.and_then(|credentials| credentials.secret(name));
                secret.ok_or_else(|| none(" in the credentials file"))
            }
            Some(source) => {
                if let SecretSource::Command(words) = source
                    && self.credentials()?.and_then(|credentials| credentials.approved(name)).as_ref() != Some(words)
                {
                    let message = format!(
                        "the command that gives the secret of profile {name} was not stored by cipp login, and is not run: \
                         {again} --secret-command approves it"
                    );
                    return Err(Error::config("profile", message));
                }
                source.read()?.ok_or_else(|| none(""))
            }
        }
    }

    /// Stores a profile whose secret is kept elsewhere, as it says; a command is approved by that. The first profile becomes the
    /// current one.
    ///
    /// # Errors
    /// When the files cannot be read or written, or the name is none for a profile.
    pub fn save(&self, profile: &Profile) -> Result<Kept, Error> {
        self.change(profile, |_, _| Ok(profile.secret.clone()))
    }

    /// Stores a profile and its secret.
    ///
    /// # Errors
    /// When the files cannot be read or written, or the name is none for a profile, or the keyring is wanted and does not work.
    pub fn save_with(&self, profile: &Profile, secret: &Secret, place: Place) -> Result<Kept, Error> {
        self.change(profile, |credentials, warnings| {
            if place != Place::CredentialsFile {
                match self.keyring.set(profile.account(), secret.clone()) {
                    Ok(()) => return Ok(Some(SecretSource::Keyring)),
                    Err(why) if place == Place::Keyring => {
                        return Err(Error::auth(format!("the secret was not stored: {why}")));
                    }
                    Err(why) => warnings.push(format!(
                        "{why}, so the secret is in the clear in {}, which only you can read",
                        credentials.path().display()
                    )),
                }
            }
            credentials.put(&profile.name, Some(secret), None)?;
            Ok(Some(SecretSource::CredentialsFile))
        })
    }

    /// Makes a profile the one that is used where none is named.
    ///
    /// # Errors
    /// When there is no such profile, or the files cannot be read or written.
    pub fn select(&self, name: &str) -> Result<(), Error> {
        let _lock = file::lock(self.home()?)?;
        self.get(name)?;
        let mut config = Config::read(&self.home()?.join("config.toml"))?;
        config.set_current(Some(name));
        config.write()
    }

    /// Forgets the secret of a profile, and leaves the rest.
    ///
    /// # Errors
    /// When there is no such profile, or the files cannot be read or written.
    pub fn log_out(&self, name: &str) -> Result<Kept, Error> {
        self.forget(name, |config, mut profile| {
            profile.secret = None;
            config.put(&profile)
        })
    }

    /// Forgets a profile and its secret.
    ///
    /// # Errors
    /// When there is no such profile, or the files cannot be read or written.
    pub fn remove(&self, name: &str) -> Result<Kept, Error> {
        self.forget(name, |config, profile| {
            config.remove(&profile.name);
            Ok(())
        })
    }

    /// Stores what `keep` says about the secret first, then the profile that refers to it.
    fn change(
        &self,
        profile: &Profile,
        keep: impl FnOnce(&mut Credentials, &mut Vec<String>) -> Result<Option<SecretSource>, Error>,
    ) -> Result<Kept, Error> {
        check_name(&profile.name)?;
        let home = self.home()?;
        let _lock = file::lock(home)?;
        let mut config = Config::read(&home.join("config.toml"))?;
        file::check_writable(&home.join("config.toml"))?;
        let old = config.profile(&profile.name)?;
        let (mut credentials, told) = Credentials::read_or_set_aside(&home.join("credentials.toml"))?;
        let mut warnings = Vec::from_iter(told);
        credentials.put(&profile.name, None, None)?;
        let source = keep(&mut credentials, &mut warnings)?;
        if let Some(SecretSource::Command(words)) = &source {
            credentials.put(&profile.name, None, Some(words))?;
        }
        credentials.write()?;
        let stored = Profile { secret: source.clone(), ..profile.clone() };
        config.put(&stored)?;
        if config.current()?.is_none() {
            config.set_current(Some(&profile.name));
        }
        config.write()?;
        let kept = source == Some(SecretSource::Keyring);
        if let Some(old) = old.filter(|old| !kept || old.account() != profile.account()) {
            self.forget_in_keyring(&old, &mut warnings);
        }
        Ok(Kept { source, warnings })
    }

    fn forget(
        &self,
        name: &str,
        change: impl FnOnce(&mut Config, Profile) -> Result<(), Error>,
    ) -> Result<Kept, Error> {
        let home = self.home()?;
        let _lock = file::lock(home)?;
        let profile = self.get(name)?;
        let mut config = Config::read(&home.join("config.toml"))?;
        file::check_writable(&home.join("config.toml"))?;
        let (mut credentials, told) = Credentials::read_or_set_aside(&home.join("credentials.toml"))?;
        let mut warnings = Vec::from_iter(told);
        self.forget_in_keyring(&profile, &mut warnings);
        credentials.put(name, None, None)?;
        credentials.write()?;
        change(&mut config, profile)?;
        config.write()?;
        Ok(Kept { source: None, warnings })
    }

    fn forget_in_keyring(&self, profile: &Profile, warnings: &mut Vec<String>) {
        if profile.secret == Some(SecretSource::Keyring)
            && let Err(why) = self.keyring.remove(profile.account())
        {
            warnings.push(format!("{why}, so the secret stays there: remove {:?} by hand", profile.account()));
        }
    }

    fn home(&self) -> Result<&Path, Error> {
        let message = "there is no home folder to store it in: set CIPP_CONFIG_DIR";
        self.folder.as_deref().ok_or_else(|| Error::config("profiles", message))
    }

    fn config(&self) -> Result<Option<Config>, Error> {
        self.config_file().map(|path| Config::read(&path)).transpose()
    }

    fn credentials(&self) -> Result<Option<Credentials>, Error> {
        self.credentials_file().map(|path| Credentials::read(&path)).transpose()
    }
}
