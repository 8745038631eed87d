//! What the server listed, kept for completions: ids and names, nothing else, in files that only their owner can read.
//!
//! A file belongs to one kind of one tenant at one sign-in, whose names are its first line: a file of another is never read as this.

use super::Candidate;
use super::kinds::Kind;
use crate::file::replace;
use crate::session::{Session, variable};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What is older is not offered, and removed.
const LIMIT: Duration = Duration::from_secs(24 * 3600);

/// Of more rows, the first are kept.
const MOST: usize = 20_000;

/// What was kept, and how long ago.
pub struct Found {
    pub candidates: Vec<Candidate>,
    pub age: Duration,
}

/// Reads what was kept.
pub fn read(session: &Session, kind: Kind, tenant: Option<&str>) -> Option<Found> {
    let (path, key) = place(session, kind, tenant)?;
    let age = age(&path).filter(|age| *age < LIMIT)?;
    let text = fs::read_to_string(&path).ok()?;
    let mut lines = text.lines();
    if lines.next() != Some(key.as_str()) {
        return None;
    }
    let candidate = |line: &str| {
        let (value, about) = line.split_once('\t')?;
        Some(Candidate::new(value, about))
    };
    Some(Found { candidates: lines.filter_map(candidate).collect(), age })
}

/// Keeps it. A cache that cannot be written is no reason to say anything: the call that filled it has succeeded.
pub fn write(session: &Session, kind: Kind, tenant: Option<&str>, candidates: &[Candidate]) {
    let Some((path, key)) = place(session, kind, tenant) else { return };
    let mut text = key;
    for one in candidates.iter().take(MOST) {
        text.push_str(&format!("\n{}\t{}", one.value, one.about));
    }
    text.push('\n');
    let _ = replace(&path, &text);
    if let Some(folder) = path.parent() {
        tidy(folder);
    }
}

/// Whether somebody else asked the server a moment ago; if not, notes that we do.
pub fn claim(session: &Session, kind: Kind, tenant: Option<&str>, moment: Duration) -> bool {
    let Some((path, _)) = place(session, kind, tenant) else { return false };
    let mark = path.with_extension("asked");
    if age(&mark).is_some_and(|age| age < moment) {
        return false;
    }
    replace(&mark, "").is_ok()
}

/// Forgets all that was kept of a profile.
pub fn forget(profile: &str) {
    if let Some(folder) = folder() {
        let _ = fs::remove_dir_all(folder.join(folder_of(Some(profile))));
    }
}

/// The folder for such files. `CIPP_CACHE=off` means none; a folder chosen for the configuration holds them too.
fn folder() -> Option<PathBuf> {
    if variable("CIPP_CACHE").is_some_and(|word| word.trim().eq_ignore_ascii_case("off")) {
        return None;
    }
    if let Some(chosen) = variable("CIPP_CONFIG_DIR") {
        return Some(Path::new(&chosen).join("cache"));
    }
    let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        absolute("LOCALAPPDATA").map(|local| local.join("cipp").join("cache"))
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library").join("Caches").join("cipp"))
    } else {
        absolute("XDG_CACHE_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
            .map(|cache| cache.join("cipp"))
    }
}

/// The file, and the line with which it must begin.
fn place(session: &Session, kind: Kind, tenant: Option<&str>) -> Option<(PathBuf, String)> {
    let value = |name: &str| session.value(name).map(|(value, _)| value).unwrap_or_default();
    let tenant = tenant.unwrap_or_default().to_lowercase();
    let key: String =
        [value("CIPP_URL"), value("CIPP_TENANT_ID"), value("CIPP_CLIENT_ID"), tenant, kind.name().to_owned()]
            .map(|part: String| crate::show::clean(&part))
            .join(" ");
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    let profile = session.profile.as_ref().map(|(profile, _)| profile.name.as_str());
    Some((folder()?.join(folder_of(profile)).join(format!("{}-{:016x}.tsv", kind.name(), hasher.finish())), key))
}

/// The name of a profile's folder: never one that means another place, and not that of a sign-in from the environment.
fn folder_of(profile: Option<&str>) -> String {
    profile.map_or_else(|| "environment".to_owned(), |name| format!("profile-{name}"))
}

fn age(path: &Path) -> Option<Duration> {
    let changed = fs::metadata(path).ok()?.modified().ok()?;
    // A time to come is as good as now.
    Some(SystemTime::now().duration_since(changed).unwrap_or_default())
}

/// Removes what is too old to be offered: names of people are not kept for longer than they are of use.
fn tidy(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if age(&entry.path()).is_some_and(|age| age >= LIMIT) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
