//! `config.toml`: written by people too, so comments and order stay.

use super::file;
use super::profile::{Profile, SecretSource, check_name};
use crate::Error;
use std::path::{Path, PathBuf};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// The keys of a profile.
const KEYS: [&str; 9] =
    ["url", "tenant-id", "client-id", "secret", "default-tenant", "authority", "scope", "timeout", "proxy"];

/// The file as it stands.
pub(super) struct Config {
    path: PathBuf,
    document: DocumentMut,
}

impl Config {
    /// Reads the file; one that is not there is empty.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        Ok(Self { path: path.to_owned(), document: parse(path)?.unwrap_or_default() })
    }

    pub(super) fn write(&self) -> Result<(), Error> {
        file::write(&self.path, &self.document.to_string(), false)
    }

    /// The profile that is used where none is named.
    pub(super) fn current(&self) -> Result<Option<&str>, Error> {
        match self.document.get("current") {
            None => Ok(None),
            Some(item) => item.as_str().map(Some).ok_or_else(|| self.wrong("current", "must be the name of a profile")),
        }
    }

    pub(super) fn set_current(&mut self, name: Option<&str>) {
        set(self.document.as_table_mut(), "current", name.map(Value::from));
    }

    /// The names, in the order of the file.
    pub(super) fn names(&self) -> Result<Vec<String>, Error> {
        let profiles = self.profiles()?;
        Ok(profiles.into_iter().flat_map(TableLike::iter).map(|(name, _)| name.to_owned()).collect())
    }

    pub(super) fn profile(&self, name: &str) -> Result<Option<Profile>, Error> {
        let Some(item) = self.profiles()?.and_then(|profiles| profiles.get(name)) else { return Ok(None) };
        check_name(name)?;
        let place = |key: &str| format!("profile.{name}.{key}");
        let table = item.as_table_like().ok_or_else(|| self.wrong(&format!("profile.{name}"), "must be a table"))?;
        if let Some((key, _)) = table.iter().find(|(key, _)| !KEYS.contains(key)) {
            return Err(self.wrong(&place(key), &format!("is unknown; known are {}", KEYS.join(", "))));
        }
        let text = |key: &str| match table.get(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(text) if !text.trim().is_empty() => Ok(Some(text.to_owned())),
                _ => Err(self.wrong(&place(key), "must be a text in quotes")),
            },
        };
        let needed = |key: &str| text(key)?.ok_or_else(|| self.wrong(&place(key), "is missing"));
        let mut profile = Profile::new(name, needed("url")?, needed("tenant-id")?, needed("client-id")?);
        profile.authority = text("authority")?;
        profile.scope = text("scope")?;
        profile.default_tenant = text("default-tenant")?;
        profile.proxy = text("proxy")?;
        profile.timeout = match table.get("timeout") {
            None => None,
            Some(item) => {
                let seconds = item.as_float().or_else(|| item.as_integer().map(|seconds| seconds as f64));
                let seconds = seconds.filter(|seconds| *seconds > 0.0 && seconds.is_finite());
                Some(seconds.ok_or_else(|| self.wrong(&place("timeout"), "must be a number of seconds"))?)
            }
        };
        profile.secret = match table.get("secret") {
            None => None,
            Some(item) => Some(source(item).ok_or_else(|| {
                self.wrong(
                    &place("secret"),
                    "must say where the secret is, and is not shown here: \"keyring\", \"credentials-file\", { env = \"NAME\" }, \
                     { file = \"PATH\" } or { command = [\"PROGRAM\", \"ARGUMENT\"] }",
                )
            })?),
        };
        Ok(Some(profile))
    }

    /// Writes a profile down. What is not ours, comments above all, stays.
    pub(super) fn put(&mut self, profile: &Profile) -> Result<(), Error> {
        let wrong = self.wrong("profile", "must be a table of profiles");
        let profiles = self.document.entry("profile").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let profiles = profiles.as_table_like_mut().ok_or_else(|| wrong.clone())?;
        if !profiles.contains_key(&profile.name) {
            profiles.insert(&profile.name, Item::Table(Table::new()));
        }
        let table = profiles.get_mut(&profile.name).and_then(Item::as_table_like_mut).ok_or(wrong)?;
        let optional = |text: &Option<String>| text.as_deref().map(Value::from);
        set(table, "url", Some(profile.url.as_str().into()));
        set(table, "tenant-id", Some(profile.tenant_id.as_str().into()));
        set(table, "client-id", Some(profile.client_id.as_str().into()));
        set(table, "secret", profile.secret.as_ref().map(value));
        set(table, "default-tenant", optional(&profile.default_tenant));
        set(table, "authority", optional(&profile.authority));
        set(table, "scope", optional(&profile.scope));
        set(table, "timeout", profile.timeout.map(seconds));
        set(table, "proxy", optional(&profile.proxy));
        Ok(())
    }

    pub(super) fn remove(&mut self, name: &str) {
        if let Some(profiles) = self.document.get_mut("profile").and_then(Item::as_table_like_mut) {
            profiles.remove(name);
        }
        if self.current().is_ok_and(|current| current == Some(name)) {
            self.set_current(None);
        }
    }

    fn profiles(&self) -> Result<Option<&dyn TableLike>, Error> {
        match self.document.get("profile") {
            None => Ok(None),
            Some(item) => {
                let table = item.as_table_like().ok_or_else(|| self.wrong("profile", "must be a table of profiles"));
                table.map(Some)
            }
        }
    }

    fn wrong(&self, key: &str, what: &str) -> Error {
        Error::config("profiles", format!("{}: {key} {what}", self.path.display()))
    }
}

/// A TOML file; `None` where there is none. The error names the place, and not what stands there: it may be a secret in the wrong
/// place.
pub(super) fn parse(path: &Path) -> Result<Option<DocumentMut>, Error> {
    let Some(text) = file::read(path)? else { return Ok(None) };
    text.parse::<DocumentMut>().map(Some).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Error::config("profiles", format!("{} is damaged in line {line}: correct it, or move it away", path.display()))
    })
}

/// Sets or removes a key. The comment behind a value stays.
pub(super) fn set(table: &mut dyn TableLike, key: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        table.remove(key);
        return;
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// A number of seconds, whole where it is.
fn seconds(seconds: f64) -> Value {
    let whole = seconds as i64;
    if whole as f64 == seconds { whole.into() } else { seconds.into() }
}

fn source(item: &Item) -> Option<SecretSource> {
    match item.as_str() {
        Some("keyring") => return Some(SecretSource::Keyring),
        Some("credentials-file") => return Some(SecretSource::CredentialsFile),
        Some(_) => return None,
        None => {}
    }
    let table = item.as_table_like()?;
    let mut members = table.iter();
    let (Some((kind, item)), None) = (members.next(), members.next()) else { return None };
    match kind {
        "env" => Some(SecretSource::Env(item.as_str()?.to_owned())),
        "file" => Some(SecretSource::File(item.as_str()?.into())),
        "command" => words(item).map(SecretSource::Command),
        _ => None,
    }
}

/// A list of texts that is not empty.
pub(super) fn words(item: &Item) -> Option<Vec<String>> {
    let words: Option<Vec<String>> = item.as_array()?.iter().map(|word| Some(word.as_str()?.to_owned())).collect();
    words.filter(|words| !words.is_empty())
}

fn value(source: &SecretSource) -> Value {
    let mut table = InlineTable::new();
    match source {
        SecretSource::Keyring => return "keyring".into(),
        SecretSource::CredentialsFile => return "credentials-file".into(),
        SecretSource::Env(name) => table.insert("env", name.as_str().into()),
        SecretSource::File(path) => table.insert("file", path.to_string_lossy().as_ref().into()),
        SecretSource::Command(words) => {
            table.insert("command", words.iter().map(String::as_str).collect::<Array>().into())
        }
    };
    table.into()
}
