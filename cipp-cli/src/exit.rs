//! What the exit code says. The numbers are a promise to scripts.

use cipp_client::{Error, ErrorKind};
use std::process::ExitCode;

/// How a run of the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// The command line or the configuration is wrong; nothing was sent.
    Usage = 2,
    /// Part of many failed.
    Partial = 3,
    /// The sign-in failed, or a permission is missing.
    SignIn = 4,
    /// Network, time or throttling: trying again may help.
    Network = 5,
    /// The server answered 200 and says that the action failed.
    Action = 6,
    /// A write may or may not have happened.
    InDoubt = 7,
    /// Interrupted.
    Interrupted = 130,
}

/// The table that the help shows.
pub const HELP: &str = "\
Exit codes:
    0  done
    1  failed
    2  the command line or the configuration is wrong; nothing was sent
    3  part of many failed
    4  sign-in or permission
    5  network, time or throttling: trying again may help
    6  the server answered, and says that the action failed
    7  outcome unknown: a write may have happened
  130  interrupted";

impl Exit {
    /// The code for an error of the client.
    pub fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Config => Self::Usage,
            ErrorKind::Auth => Self::SignIn,
            ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::RateLimited
            | ErrorKind::Body
            | ErrorKind::NotReady => Self::Network,
            ErrorKind::Action => Self::Action,
            ErrorKind::InDoubt => Self::InDoubt,
            ErrorKind::Cancelled => Self::Interrupted,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
