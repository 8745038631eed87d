//! Which server and which sign-in: from the flag, the environment and the profiles.
//!
//! A flag wins over the environment, that over the project file, that over the profile, and that over defaults. But a sign-in is never put together from two
//! servers' halves: `CIPP_URL` makes the environment a sign-in of its own, and `--profile` then leaves it out altogether.

use crate::failure::Failure;
use crate::project;
use cipp_client::profiles::{Profile, Profiles, SecretSource};
use cipp_client::{Client, ClientBuilder};
use std::fmt;
use std::sync::OnceLock;

/// What `--profile` says. There is one command line in a process.
static FLAG: OnceLock<Option<String>> = OnceLock::new();

/// Variables that are part of a sign-in.
const SIGN_IN: [&str; 9] = [
    "CIPP_URL",
    "CIPP_TENANT_ID",
    "CIPP_CLIENT_ID",
    "CIPP_CLIENT_SECRET",
    "CIPP_CLIENT_CERTIFICATE",
    "CIPP_FEDERATED_TOKEN_FILE",
    "CIPP_TOKEN",
    "CIPP_AUTHORITY",
    "CIPP_SCOPE",
];

/// Variables that stand in for the secret of a profile.
const PROOFS: [&str; 4] = ["CIPP_TOKEN", "CIPP_CLIENT_SECRET", "CIPP_CLIENT_CERTIFICATE", "CIPP_FEDERATED_TOKEN_FILE"];

/// Remembers what `--profile` says.
pub fn choose(profile: Option<&String>) {
    // Said twice only by a mistake of ours; the first counts.
    let _ = FLAG.set(profile.cloned());
}

/// The client to use.
pub fn client() -> Result<Client, Failure> {
    Ok(builder()?.build()?)
}

/// The client to use, before it is made.
pub fn builder() -> Result<ClientBuilder, Failure> {
    Session::find()?.builder()
}

/// The client to use for many calls at once.
pub fn client_for(calls: Option<usize>) -> Result<Client, Failure> {
    let builder = builder()?;
    Ok(match calls {
        Some(calls) => builder.concurrency(calls),
        None => builder,
    }
    .build()?)
}

/// The tenant that is meant where the command line names none.
pub fn default_tenant() -> Option<String> {
    // What is wrong with the configuration is told when the client is made.
    Session::find().ok()?.value("CIPP_TENANT").map(|(tenant, _)| tenant)
}

/// The client that a dry run shows: without a secret, and with an example's address where no server is set up.
pub fn offline() -> Result<Client, Failure> {
    let session = Session::find()?;
    if session.value("CIPP_URL").is_none() {
        return Ok(Client::builder("https://cipp.example.com").static_token("none").build()?);
    }
    let token = |name: &str| (name == "CIPP_TOKEN").then(|| "none".to_owned());
    Ok(ClientBuilder::from_vars(|name| token(name).or_else(|| Some(session.value(name)?.0)))?.build()?)
}

/// A variable that is set to something.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// The profile that is named, or the current one, and who says so.
pub fn profile_name(profiles: &Profiles) -> Result<Option<(String, Origin)>, Failure> {
    if let Some(name) = FLAG.get().cloned().flatten() {
        return Ok(Some((name, Origin::Flag)));
    }
    if let Some(name) = variable("CIPP_PROFILE") {
        return Ok(Some((name, Origin::Environment)));
    }
    if let Some(name) = project::settings().and_then(|settings| settings.profile.clone()) {
        return Ok(Some((name, Origin::Project)));
    }
    Ok(profiles.current()?.map(|name| (name, Origin::Profile)))
}

/// Who says a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Flag,
    Environment,
    Project,
    Profile,
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::Project => "project file",
            Self::Profile => "profile",
            Self::Default => "default",
        })
    }
}

/// What this run of the command works with.
pub struct Session {
    pub profiles: Profiles,
    /// The profile, and who chose it; `None` where the environment is the sign-in, or nothing is.
    pub profile: Option<(Profile, Origin)>,
}

impl Session {
    /// Finds out. The secret is not read.
    pub fn find() -> Result<Self, Failure> {
        let profiles = Profiles::open();
        let flagged = FLAG.get().is_some_and(Option::is_some);
        if variable("CIPP_URL").is_some() && !flagged {
            if let Some(name) = variable("CIPP_PROFILE") {
                let message = format!("CIPP_PROFILE says {name}, and CIPP_URL another sign-in; nothing was sent");
                return Err(Failure::config(message).hint("unset one of them, or choose with --profile"));
            }
            return Ok(Self { profiles, profile: None });
        }
        let profile = match profile_name(&profiles)? {
            None => None,
            Some((name, origin)) => {
                let found = profiles
                    .get(&name)
                    .map_err(|error| Failure::from(error).hint("cipp profile list shows all; cipp login stores one"))?;
                Some((found, origin))
            }
        };
        Ok(Self { profiles, profile })
    }

    /// The value of a variable, and who says it. The profile's secret is not among them.
    pub fn value(&self, name: &str) -> Option<(String, Origin)> {
        let own = !name.starts_with("AZURE_") || self.profile.is_none();
        let said = variable(name).filter(|_| own && !self.leaves_out(name)).map(|value| (value, Origin::Environment));
        let said = said.or_else(|| Some((self.project_tenant().filter(|_| name == "CIPP_TENANT")?, Origin::Project)));
        said.or_else(|| {
            let (profile, _) = self.profile.as_ref()?;
            let value = if name == "CIPP_TENANT" { profile.default_tenant.clone() } else { profile.var(name) };
            Some((value?, Origin::Profile))
        })
    }

    /// The tenant that the project file says. One that goes with a profile is not meant for another sign-in.
    fn project_tenant(&self) -> Option<String> {
        let settings = project::settings()?;
        let mine = |name: &String| self.profile.as_ref().is_some_and(|(profile, _)| &profile.name == name);
        settings.tenant.clone().filter(|_| settings.profile.as_ref().is_none_or(mine))
    }

    /// Whether a variable does not count, because it belongs to another sign-in than the profile of the flag.
    pub fn leaves_out(&self, name: &str) -> bool {
        let flagged = matches!(self.profile, Some((_, Origin::Flag)));
        flagged && SIGN_IN.contains(&name) && variable("CIPP_URL").is_some()
    }

    /// The variables that are set and do not count.
    pub fn left_out(&self) -> Vec<&'static str> {
        SIGN_IN.into_iter().filter(|name| variable(name).is_some() && self.leaves_out(name)).collect()
    }

    /// The variable that is used in place of the profile's secret.
    pub fn proof(&self) -> Option<&'static str> {
        PROOFS.into_iter().find(|name| self.value(name).is_some())
    }

    /// Where the profile's secret is, if that is what counts.
    pub fn secret_source(&self) -> Option<&SecretSource> {
        let (profile, _) = self.profile.as_ref()?;
        profile.secret.as_ref().filter(|_| self.proof().is_none())
    }

    /// The client to use, before it is made. Reads the secret, unless a variable stands in for it.
    pub fn builder(&self) -> Result<ClientBuilder, Failure> {
        let secret = match &self.profile {
            Some((profile, _)) if self.proof().is_none() => Some(self.profiles.secret(profile)?),
            _ => None,
        };
        let hint = "cipp demo needs no server; cipp login stores a sign-in";
        let builder = ClientBuilder::from_vars(|name| match (&secret, name) {
            (Some(secret), "CIPP_CLIENT_SECRET") => Some(secret.expose().to_owned()),
            _ => Some(self.value(name)?.0),
        });
        builder.map_err(|error| Failure::from(error).hint(hint))
    }
}
