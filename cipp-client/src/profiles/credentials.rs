//! `credentials.toml`: secrets for which there is no keyring, and the commands that may be run. Its owner's alone.

use super::config::{parse, set, words};
use super::file;
use crate::Error;
use crate::values::Secret;
use std::path::{Path, PathBuf};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

const HEAD: &str = "# Written by cipp login. Nobody but you should be able to read this file.\n";

/// The file as it stands.
pub(super) struct Credentials {
    path: PathBuf,
    document: DocumentMut,
    changed: bool,
}

impl Credentials {
    /// Reads the file; one that is not there is empty.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        file::check_private(path)?;
        Ok(Self { path: path.to_owned(), document: parse(path)?.unwrap_or_default(), changed: false })
    }

    /// The same for writing: a damaged file is set aside, and what to tell about it comes along.
    pub(super) fn read_or_set_aside(path: &Path) -> Result<(Self, Option<String>), Error> {
        file::check_private(path)?;
        if parse(path).is_ok() {
            return Ok((Self::read(path)?, None));
        }
        let aside = path.with_extension(format!("damaged-{}", std::process::id()));
        std::fs::rename(path, &aside).map_err(|error| {
            Error::config("profiles", format!("{} is damaged, and cannot be moved away ({error})", path.display()))
        })?;
        let told = format!(
            "{} was damaged; it is now {}, and other profiles need a new login",
            path.display(),
            aside.display()
        );
        Ok((Self { path: path.to_owned(), document: DocumentMut::new(), changed: true }, Some(told)))
    }

    /// Writes the file, if there is anything new.
    pub(super) fn write(&self) -> Result<(), Error> {
        if !self.changed {
            return Ok(());
        }
        let text = self.document.to_string();
        let head = if text.starts_with('#') { "" } else { HEAD };
        file::write(&self.path, &format!("{head}{text}"), true)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn secret(&self, profile: &str) -> Option<Secret> {
        self.table(profile)?.get("secret")?.as_str().map(Secret::from)
    }

    /// The command that was approved for a profile.
    pub(super) fn approved(&self, profile: &str) -> Option<Vec<String>> {
        words(self.table(profile)?.get("approved-command")?)
    }

    /// Keeps a secret, an approval, or neither, in place of what there was.
    pub(super) fn put(
        &mut self,
        profile: &str,
        secret: Option<&Secret>,
        approved: Option<&[String]>,
    ) -> Result<(), Error> {
        if secret.is_none() && approved.is_none() && self.table(profile).is_none() {
            return Ok(());
        }
        self.changed = true;
        let wrong = || Error::config("profiles", format!("{} has no table of profiles", self.path.display()));
        let profiles = self.document.entry("profile").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let profiles = profiles.as_table_like_mut().ok_or_else(wrong)?;
        if secret.is_none() && approved.is_none() {
            profiles.remove(profile);
            return Ok(());
        }
        let mut table = Table::new();
        set(&mut table, "secret", secret.map(|secret| secret.expose().into()));
        let approved = approved.map(|words| Value::from(words.iter().map(String::as_str).collect::<Array>()));
        set(&mut table, "approved-command", approved);
        profiles.insert(profile, Item::Table(table));
        Ok(())
    }

    fn table(&self, profile: &str) -> Option<&dyn TableLike> {
        self.document.get("profile")?.as_table_like()?.get(profile)?.as_table_like()
    }
}
