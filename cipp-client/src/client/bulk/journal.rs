//! The file that remembers which rows were done.
//!
//! Its first line names the format and the server; each further one is about a row. It is only ever added to. A crash can leave the
//! last line unfinished: that line never was acknowledged, so nothing happened that depends on it, and it is cut off.

use crate::Error;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind as IoKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The format of the file.
const FORMAT: u64 = 1;

/// When a journal is forced to the disk. A program that crashes loses nothing in any case; this is about a machine that does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalSync {
    /// For rows that write. Reads can be repeated.
    #[default]
    Writes,
    /// For every row.
    Always,
    /// Never; the operating system writes when it likes. After a power cut, rows that were done may be done again.
    Never,
}

/// How far a row has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowState {
    Started,
    Done,
    Failed,
    InDoubt,
}

impl RowState {
    fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::InDoubt => "in_doubt",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Started, Self::Done, Self::Failed, Self::InDoubt].into_iter().find(|state| state.name() == name)
    }
}

/// A line about a row.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) label: Option<String>,
    pub(crate) operation: String,
    pub(crate) state: RowState,
    /// The kind of an error and its status. Not the server's words: they may hold a password.
    pub(crate) error: Option<String>,
}

impl Entry {
    fn line(&self) -> String {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut line = json!({ "key": self.key, "operation": self.operation, "state": self.state.name(), "at": at });
        if let Value::Object(members) = &mut line {
            let more = [("label", &self.label), ("error", &self.error)];
            for (name, text) in more.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
                members.insert(name.to_owned(), Value::from(text.as_str()));
            }
        }
        format!("{line}\n")
    }
}

/// An open journal.
#[derive(Clone)]
pub(crate) struct Journal {
    file: Arc<Mutex<File>>,
    path: Arc<PathBuf>,
}

/// What a journal says about earlier runs: the last state of each row.
pub(crate) type History = HashMap<String, RowState>;

impl Journal {
    /// Opens a journal for a server; a new one unless `resume`.
    pub(crate) async fn open(path: PathBuf, resume: bool, server: String) -> Result<(Self, History), Error> {
        off_the_runtime(move || {
            let (file, history) = open(&path, resume, &server)?;
            Ok((Self { file: Arc::new(Mutex::new(file)), path: Arc::new(path) }, history))
        })
        .await
    }

    /// What a journal says, without touching it; nothing where there is none.
    pub(crate) async fn peek(path: PathBuf, server: String) -> Result<History, Error> {
        off_the_runtime(move || match std::fs::read(&path) {
            Ok(bytes) => read(&bytes, &server).map(|(history, ..)| history).map_err(|what| wrong(&path, &what)),
            Err(error) if error.kind() == IoKind::NotFound => Ok(History::new()),
            Err(error) => Err(wrong(&path, &error)),
        })
        .await
    }

    /// Adds lines; when this ends well, they are in the file, and with `sync` on the disk.
    pub(crate) async fn add(&self, entries: Vec<Entry>, sync: bool) -> Result<(), Error> {
        let Self { file, path } = self.clone();
        off_the_runtime(move || {
            let text: String = entries.iter().map(Entry::line).collect();
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let written = file.write_all(text.as_bytes());
            written.and_then(|()| if sync { file.sync_data() } else { Ok(()) }).map_err(|error| wrong(&path, &error))
        })
        .await
    }
}

/// Files block, so they are not touched from the tasks that drive calls.
async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Error::config("journal", "the runtime is being shut down")))
}

fn wrong(path: &Path, what: &dyn std::fmt::Display) -> Error {
    Error::config("journal", format!("{}: {what}", path.display()))
}

fn open(path: &Path, resume: bool, server: &str) -> Result<(File, History), Error> {
    let mut options = OpenOptions::new();
    options.read(true).append(true);
    #[cfg(unix)]
    // Labels may name people.
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let (mut file, new) = match options.clone().create_new(true).open(path) {
        Ok(file) => (file, true),
        Err(error) if error.kind() == IoKind::AlreadyExists && resume => {
            (options.open(path).map_err(|error| wrong(path, &error))?, false)
        }
        Err(error) if error.kind() == IoKind::AlreadyExists => {
            return Err(wrong(path, &"there is a journal already: resume(..) goes on with it"));
        }
        Err(error) => return Err(wrong(path, &error)),
    };
    // A device could be read for ever.
    if !file.metadata().map_err(|error| wrong(path, &error))?.is_file() {
        return Err(wrong(path, &"this is no ordinary file"));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| wrong(path, &error))?;
    let (history, whole, open_end) = read(&bytes, server).map_err(|what| wrong(path, &what))?;
    let tidied = (|| {
        if whole < bytes.len() {
            file.set_len(u64::try_from(whole).unwrap_or(u64::MAX))?;
        }
        file.seek(SeekFrom::End(0))?;
        if open_end {
            file.write_all(b"\n")?;
        }
        if whole == 0 {
            file.write_all(format!("{}\n", json!({ "journal": FORMAT, "server": server })).as_bytes())?;
        }
        file.sync_all()?;
        // Elsewhere there is no way to do that.
        if cfg!(unix)
            && new
            && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        {
            // The name of a new file is on the disk only when its folder is.
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    })();
    tidied.map_err(|error: std::io::Error| wrong(path, &error))?;
    Ok((file, history))
}

/// Reads a journal: what it says, how many of its bytes are whole lines, and whether the last of those lacks its end.
fn read(bytes: &[u8], server: &str) -> Result<(History, usize, bool), String> {
    let mut history = History::new();
    let mut whole = 0;
    let mut open_end = false;
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let parsed = crate::json::read(line);
        let ended = line.ends_with(b"\n");
        let text = |name: &str| parsed.as_ref().and_then(|line| line.get(name)?.as_str());
        let good = if number == 0 {
            match parsed.as_ref().and_then(|line| line.get("journal")?.as_u64()) {
                Some(FORMAT) if text("server") != Some(server) => {
                    return Err(format!("this journal is about another server, {}", text("server").unwrap_or("?")));
                }
                Some(FORMAT) => true,
                Some(_) => return Err("this journal was written by a newer version of cipp-client".to_owned()),
                None => false,
            }
        } else {
            match (text("key"), text("state").and_then(RowState::of)) {
                (Some(key), Some(state)) => {
                    history.insert(key.to_owned(), state);
                    true
                }
                _ => false,
            }
        };
        match (good, ended) {
            (true, _) => {
                whole += line.len();
                open_end = !ended;
            }
            (false, true) => return Err(format!("line {} is not one of a journal", number + 1)),
            // The machine stopped while it was written. A file that only holds something else is left alone.
            (false, false) if number > 0 || line.starts_with(b"{\"journal\"") || b"{\"journal\"".starts_with(line) => {}
            (false, false) => return Err("this is not a journal".to_owned()),
        }
    }
    Ok((history, whole, open_end))
}
