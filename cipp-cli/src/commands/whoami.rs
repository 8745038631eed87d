//! `cipp whoami`: who the sign-in is, whether it works, and what the server is.

use crate::args::format_of;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;
use crate::show::{self, Select, Shown};
use cipp_client::{CheckState, ClientBuilder, Diagnosis};
use clap::{ArgMatches, Command};
use serde_json::{Value, json};

pub fn command() -> Command {
    Command::new("whoami").about("Show the sign-in in use, and whether the server takes it")
}

pub async fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let session = Session::find()?;
    let diagnosis = check(session.builder()?, "the sign-in does not work").await?;
    let value = |name: &str| session.value(name).map(|(value, _)| value);
    let secret = session
        .proof()
        .map(|name| format!("environment {name}"))
        .or_else(|| Some(session.secret_source()?.to_string()));
    let identity = Identity {
        profile: session.profile.as_ref().map(|(profile, _)| profile.name.clone()),
        url: value("CIPP_URL"),
        tenant_id: value("CIPP_TENANT_ID"),
        client_id: value("CIPP_CLIENT_ID"),
        secret,
        default_tenant: value("CIPP_TENANT"),
    };
    identity.print(&diagnosis, matches)?;
    Ok(Exit::Done)
}

/// Tries the sign-in. What keeps it from working is the failure; what only may do so goes to standard error.
pub async fn check(builder: ClientBuilder, wrong: &str) -> Result<Diagnosis, Failure> {
    let diagnosis = builder.diagnose().await;
    if let Some(check) = diagnosis.failed().next() {
        let exit = match check.name {
            "configuration" => Exit::Usage,
            "network" => Exit::Network,
            _ => Exit::SignIn,
        };
        let failure = Failure::new(exit, format!("{wrong}: {}: {}", check.name, check.finding));
        return Err(failure.hint(check.remedy.clone().unwrap_or_default()));
    }
    for check in diagnosis.checks.iter().filter(|check| check.state == CheckState::Warn) {
        eprintln!("cipp: warning: {}: {}", check.name, check.finding);
        if let Some(remedy) = &check.remedy {
            eprintln!("hint: {remedy}");
        }
    }
    Ok(diagnosis)
}

/// Who signs in, and where.
pub struct Identity {
    pub profile: Option<String>,
    pub url: Option<String>,
    pub tenant_id: Option<String>,
    pub client_id: Option<String>,
    pub secret: Option<String>,
    pub default_tenant: Option<String>,
}

impl Identity {
    /// Prints it, with what the server said.
    pub fn print(&self, diagnosis: &Diagnosis, matches: &ArgMatches) -> Result<(), Failure> {
        let said = |name: &str| diagnosis.check(name).map(|check| check.finding.clone());
        let value: Value = json!({
            "profile": self.profile, "url": self.url, "tenantId": self.tenant_id, "clientId": self.client_id, "secret": self.secret,
            "defaultTenant": self.default_tenant, "permission": said("permission"), "version": said("version"),
        });
        let known = vec!["profile", "url", "tenantId", "clientId", "secret", "defaultTenant", "permission", "version"];
        let format = show::format_or_default(format_of(matches)?);
        show::print(&Shown { value: &value, known }, format, &Select::default())
    }
}
