//! Finding out why calls do not work, and what to do about it.

mod answer;
mod cause;
mod network;
mod run;
mod setup;
mod token;
mod version;

use crate::{Client, ClientBuilder};
use cause::Cause;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::fmt;

/// What [`Client::diagnose`] found, check by check, in the order in which they build on each other.
///
/// `Display` gives readable lines; `Serialize` gives `{"checks": [{"name", "state", "finding", "remedy"}]}`. Neither shows a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The checks.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What was looked at: `configuration`, `network`, `clock`, `sign-in`, `token`, `api`, `permission`, `version` or `start-up`.
    pub name: &'static str,
    /// How it is.
    pub state: CheckState,
    /// What was found, in one line.
    pub finding: String,
    /// What to do about it, where something is to be done.
    pub remedy: Option<String>,
}

/// How a [`Check`] came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CheckState {
    /// Not looked at, because it needs something that failed, or does not apply here.
    Skipped,
    /// As it should be.
    Ok,
    /// It works, but may cause trouble.
    Warn,
    /// It keeps calls from working.
    Fail,
}

impl CheckState {
    /// The state as one word in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

impl fmt::Display for CheckState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Diagnosis {
    /// Whether no check failed. Warnings do not count.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.failed().next().is_none()
    }

    /// The checks that failed. The first one is usually the cause of the others.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.state == CheckState::Fail)
    }

    /// The check of this name.
    #[must_use]
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

impl Check {
    fn ok(name: &'static str, finding: impl AsRef<str>) -> Self {
        Self { name, state: CheckState::Ok, finding: crate::redact::one_line(finding.as_ref()), remedy: None }
    }

    fn skipped(name: &'static str, finding: &str) -> Self {
        Self { state: CheckState::Skipped, ..Self::ok(name, finding) }
    }

    fn of(name: &'static str, cause: Cause, finding: impl AsRef<str>) -> Self {
        Self { state: cause.state(), remedy: Some(cause.remedy().to_owned()), ..Self::ok(name, finding) }
    }

    /// A failure with a remedy in words of its own.
    fn fail(name: &'static str, finding: &str, remedy: &str) -> Self {
        Self { state: CheckState::Fail, remedy: Some(remedy.to_owned()), ..Self::ok(name, finding) }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, check) in self.checks.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            check.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.state == CheckState::Fail { "FAIL" } else { self.state.as_str() };
        write!(f, "{mark:<8}{:<14}{}", self.name, self.finding)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n{:22}-> {remedy}", ""),
            None => Ok(()),
        }
    }
}

impl Serialize for Diagnosis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Diagnosis", 1)?;
        out.serialize_field("checks", &self.checks)?;
        out.end()
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Check", 4)?;
        out.serialize_field("name", self.name)?;
        out.serialize_field("state", self.state.as_str())?;
        out.serialize_field("finding", &self.finding)?;
        out.serialize_field("remedy", &self.remedy)?;
        out.end()
    }
}

impl Client {
    /// Finds out whether calls can work, and where they do not, why and what to do: address, network, proxy and TLS, clock, sign-in,
    /// token, permission, version, start-up.
    ///
    /// It reads only: apart from a fresh sign-in it sends three GETs, of `PublicPing` and `GetVersion`. It never fails itself, also
    /// when nothing works, and takes at most some minutes then.
    ///
    /// ```no_run
    /// # async fn example(client: cipp_client::Client) {
    /// let diagnosis = client.diagnose().await;
    /// println!("{diagnosis}");
    /// std::process::exit(if diagnosis.is_ok() { 0 } else { 4 });
    /// # }
    /// ```
    pub async fn diagnose(&self) -> Diagnosis {
        run::run(&self.0).await
    }
}

impl ClientBuilder {
    /// Builds the client and lets it [`diagnose`](Client::diagnose). When the settings do not make a client, the diagnosis says why.
    pub async fn diagnose(self) -> Diagnosis {
        match self.build() {
            Ok(client) => client.diagnose().await,
            Err(error) => Diagnosis { checks: setup::unusable(&error) },
        }
    }

    /// Builds the client and judges its settings, as far as that can be done without asking anybody.
    #[must_use]
    pub fn diagnose_offline(self) -> Diagnosis {
        let mut checks = match self.build() {
            Ok(client) => setup::check(&client.0.base, &client.0.tokens.facts()),
            Err(error) => setup::unusable(&error),
        };
        run::skip(&mut checks, &run::ASKED, "not looked at, because nobody was to be asked");
        Diagnosis { checks }
    }
}
