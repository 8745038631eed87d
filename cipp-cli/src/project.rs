//! `cipp.toml`, a file that goes with a folder of work and says what is meant there.
//!
//! Whoever gives somebody a folder gives the file too, so it counts only after `cipp config trust`, and only as it was then: a copy
//! is kept, and one different letter makes it a stranger again. It has no keys for secrets, commands and addresses.

use crate::failure::Failure;
use crate::file;
use crate::show::Format;
use cipp_client::catalogue::Action;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use toml_edit::{DocumentMut, Item};

/// The name of the file.
pub const NAME: &str = "cipp.toml";

/// What is longer is no such file.
const MOST: u64 = 64 * 1024;

/// What the file may say.
#[derive(Debug, Default)]
pub struct Settings {
    pub profile: Option<String>,
    pub tenant: Option<String>,
    pub output: Option<Format>,
    /// By the words of an action, such as `users list`, or its wire name.
    columns: Vec<(String, Vec<String>)>,
}

/// A file that was found.
#[derive(Debug)]
pub struct Project {
    pub path: PathBuf,
    text: String,
    /// What it says, if it is trusted.
    pub settings: Option<Settings>,
}

/// The file of the current folder, or of the nearest one above it.
pub fn project() -> Option<&'static Project> {
    static FOUND: OnceLock<Option<Project>> = OnceLock::new();
    FOUND.get_or_init(|| find(&std::env::current_dir().ok()?)).as_ref()
}

/// What the file says, if there is one and it is trusted.
pub fn settings() -> Option<&'static Settings> {
    project()?.settings.as_ref()
}

/// Says that there is a file which does not count.
pub fn tell() {
    if let Some(project) = project().filter(|project| project.settings.is_none()) {
        let path = crate::show::clean(&project.path.display().to_string());
        eprintln!("hint: {path} is not trusted, so it is not used; read it, then: cipp config trust");
    }
}

fn find(from: &Path) -> Option<Project> {
    let path = from.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())?;
    let text = read(&path).ok()?;
    let kept = copy(&path).and_then(|copy| fs::read_to_string(copy).ok());
    let trusted = kept.is_some_and(|kept| kept == copied(&path, &text));
    // What this version cannot read was trusted with another; it is as good as changed.
    let settings = if trusted { parse(&text).ok() } else { None };
    Some(Project { path, text, settings })
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.take(MOST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST {
        return Err(io::Error::other("it is too long"));
    }
    Ok(text)
}

/// Where the copy of a trusted file is.
fn copy(path: &Path) -> Option<PathBuf> {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    let profiles = cipp_client::profiles::Profiles::open();
    Some(profiles.folder()?.join("trusted").join(format!("{:016x}", hasher.finish())))
}

/// What the copy holds: its name alone could be that of another file.
fn copied(path: &Path, text: &str) -> String {
    format!("{}\n{text}", path.display())
}

impl Project {
    /// Uses the file from now on, as it is.
    pub fn trust(&self) -> Result<(), Failure> {
        parse(&self.text).map_err(|wrong| {
            Failure::config(format!(
                "{} {wrong}; it is not trusted",
                crate::show::clean(&self.path.display().to_string())
            ))
        })?;
        let copy = copy(&self.path).ok_or_else(|| {
            Failure::config("there is no home folder in which this could be noted")
                .hint("set CIPP_CONFIG_DIR to a folder")
        })?;
        Ok(file::replace(&copy, &copied(&self.path, &self.text))?)
    }

    /// Does not use it from now on.
    pub fn distrust(&self) -> Result<(), Failure> {
        match copy(&self.path).map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The file as it stands.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Settings {
    /// The columns that are wanted of an action.
    pub fn columns(&self, action: &Action) -> Option<&[String]> {
        let words = format!("{} {}", crate::args::kebab(action.module), crate::args::kebab(action.call));
        let meant = |name: &str| name.eq_ignore_ascii_case(&words) || name.eq_ignore_ascii_case(action.name);
        self.columns.iter().find(|(name, _)| meant(name)).map(|(_, columns)| columns.as_slice())
    }
}

/// What a text says; else why it says nothing.
fn parse(text: &str) -> Result<Settings, String> {
    let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let line =
            error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.lines().count().max(1));
        format!("is damaged in line {line}")
    })?;
    let mut settings = Settings::default();
    for (key, item) in document.iter() {
        let word = || match item.as_str().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Ok(text.to_owned()),
            None => Err(format!("is wrong: {key} must be a text in quotes")),
        };
        match key {
            "profile" => settings.profile = Some(word()?),
            "tenant" => settings.tenant = Some(word()?),
            "output" => {
                settings.output =
                    Some(word()?.parse().map_err(|error: Failure| format!("is wrong: {}", error.message))?)
            }
            "columns" => settings.columns = columns(item)?,
            key => {
                return Err(format!(
                    "says {}, which it may not: only profile, tenant, output and columns",
                    crate::show::clean(key)
                ));
            }
        }
    }
    Ok(settings)
}

fn columns(item: &Item) -> Result<Vec<(String, Vec<String>)>, String> {
    let wrong = || "is wrong: [columns] has lines such as \"users list\" = [\"displayName\", \"mail\"]".to_owned();
    let table = item.as_table_like().ok_or_else(wrong)?;
    let lists = table.iter().map(|(name, item)| {
        let names = item.as_array().ok_or_else(wrong)?.iter().map(|name| name.as_str().map(str::to_owned));
        Ok((name.to_owned(), names.collect::<Option<Vec<String>>>().ok_or_else(wrong)?))
    });
    lists.collect()
}
