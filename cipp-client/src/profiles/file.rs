//! Files that are written whole or not at all, by one process at a time.

use crate::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long to wait for another process. It may itself wait for a keyring that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keeps other processes from writing until it is dropped. The system gives it back when a process dies.
pub(super) struct Lock {
    _file: Option<File>,
}

/// Waits for the turn to write in a folder, and makes the folder where there is none.
pub(super) fn lock(folder: &Path) -> Result<Lock, Error> {
    make_folder(folder).map_err(|error| cannot(folder, "made", &error))?;
    let path = folder.join(".lock");
    let mut options = OpenOptions::new();
    let options = private(options.create(true).truncate(false).write(true));
    let file = options.open(&path).map_err(|error| cannot(&path, "written", &error))?;
    let end = Instant::now() + PATIENCE;
    loop {
        // Named in full: since Rust 1.89 the standard library has a method of the same name.
        match fs4::FileExt::try_lock(&file) {
            Ok(()) => return Ok(Lock { _file: Some(file) }),
            Err(fs4::TryLockError::WouldBlock) if Instant::now() < end => thread::sleep(Duration::from_millis(20)),
            Err(fs4::TryLockError::WouldBlock) => {
                let message =
                    format!("another process has been writing in {} for too long: try again", folder.display());
                return Err(Error::config("profiles", message));
            }
            // Some network file systems know no locks. A file that is replaced whole is still never half one, half another.
            Err(fs4::TryLockError::Error(_)) => return Ok(Lock { _file: None }),
        }
    }
}

/// The text of a file; `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(cannot(path, "read", &error)),
    }
}

/// Refuses what its owner made read-only. A rename would replace it all the same.
pub(super) fn check_writable(path: &Path) -> Result<(), Error> {
    match fs::metadata(path) {
        Ok(about) if about.permissions().readonly() => {
            let message = format!("{} is read-only, and was left as it is: make it writable first", path.display());
            Err(Error::config("profiles", message))
        }
        _ => Ok(()),
    }
}

/// Replaces a file: whoever reads it, and whenever the power fails, sees the old text or the new one.
///
/// A new file can be read by its owner only; one that was there keeps its permissions, unless it is to be `secret`.
pub(super) fn write(path: &Path, text: &str, secret: bool) -> Result<(), Error> {
    check_writable(path)?;
    replace(path, text, secret).map_err(|error| cannot(path, "written", &error))
}

fn replace(path: &Path, text: &str, secret: bool) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // The configuration may be a link into a folder of such files: the link stays.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_file_name(format!(".{name}.{}.{number}", std::process::id()));
    let written = (|| {
        let mut options = OpenOptions::new();
        let mut file = private(options.create_new(true).write(true)).open(&temporary)?;
        file.write_all(text.as_bytes())?;
        if let (false, Ok(about)) = (secret, fs::metadata(&path)) {
            file.set_permissions(about.permissions())?;
        }
        file.sync_all()?;
        drop(file);
        fs::rename(&temporary, &path)
    })();
    if written.is_err() {
        // What is left over does no harm, and the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

/// Elsewhere the user's own folder is closed to others by its access list, which new files take over.
#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Refuses a file of secrets that others may read.
#[cfg(unix)]
pub(super) fn check_private(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    match fs::metadata(path) {
        Ok(about) if about.permissions().mode() & 0o077 != 0 => {
            let message = format!("{} can be read by others: run chmod 600 on it", path.display());
            Err(Error::config("profiles", message))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
pub(super) fn check_private(_: &Path) -> Result<(), Error> {
    Ok(())
}

fn cannot(path: &Path, what: &str, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotFound
            if what != "read" =>
        {
            ": set CIPP_CONFIG_DIR to a folder that can be written"
        }
        _ => "",
    };
    Error::config("profiles", format!("{} cannot be {what} ({error}){hint}", path.display()))
}
