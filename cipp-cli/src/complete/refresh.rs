//! Asking the server for values, behind the back of the shell: a press of Tab never waits for the network.

use super::kinds::{self, Kind};
use super::{Candidate, cache};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{self, Session};
use cipp_client::profiles::SecretSource;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What is older is offered, and asked for anew.
const FRESH: Duration = Duration::from_secs(600);

/// How long Tab waits for an answer where nothing was kept.
const PATIENCE: Duration = Duration::from_millis(150);

/// How often the server is asked at most.
const MOMENT: Duration = Duration::from_secs(30);

/// How long the server has.
const LIMIT: Duration = Duration::from_secs(60);

/// What is kept. Where that is old or nothing, another program is started that asks the server.
pub fn fresh(session: &Session, kind: Kind, tenant: Option<&str>) -> Vec<Candidate> {
    let found = cache::read(session, kind, tenant);
    if found.as_ref().is_some_and(|found| found.age < FRESH) {
        return found.map(|found| found.candidates).unwrap_or_default();
    }
    let asked = may_ask(session) && cache::claim(session, kind, tenant, MOMENT) && start(session, kind, tenant).is_ok();
    if let Some(found) = found {
        return found.candidates;
    }
    let end = Instant::now() + PATIENCE;
    while asked && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
        if let Some(found) = cache::read(session, kind, tenant) {
            return found.candidates;
        }
    }
    Vec::new()
}

/// Tab starts no helper command: it might ask for a finger on a reader.
fn may_ask(session: &Session) -> bool {
    session.value("CIPP_URL").is_some() && !matches!(session.secret_source(), Some(SecretSource::Command(_)))
}

fn start(session: &Session, kind: Kind, tenant: Option<&str>) -> std::io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["complete", "--refresh", kind.name(), tenant.unwrap_or_default()]);
    if let Some((profile, session::Origin::Flag)) = &session.profile {
        command.args(["--profile", &profile.name]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Ctrl-C at the prompt is not meant for it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map(drop)
}

/// Asks the server, and keeps what it lists for a tenant, or for none.
pub async fn run(kind: &str, tenant: &str) -> Result<Exit, Failure> {
    let kind = Kind::named(kind).ok_or_else(|| Failure::usage(format!("there are no values of the kind '{kind}'")))?;
    let tenant = Some(tenant).filter(|tenant| !tenant.is_empty());
    let request = kind.request(tenant).ok_or_else(|| Failure::usage(format!("{} need a tenant", kind.name())))?;
    let client = session::client()?;
    let answer = client.call(request.clone()).timeout(LIMIT).await?;
    kinds::remember(&request, || answer.to_json());
    Ok(Exit::Done)
}
