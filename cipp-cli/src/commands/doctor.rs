//! `cipp doctor`: what is wrong with the settings and the connection, and what to do.

mod functions;

use crate::args::format_of;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::link;
use crate::session::Session;
use crate::show::{self, Format, Select, Shown};
use cipp_client::CheckState;
use cipp_client::profiles::{Profiles, SecretSource};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use std::io::Write as _;
use std::time::Instant;

pub fn command() -> Command {
    Command::new("doctor")
        .about("Find out what is wrong with the settings and the connection to the server, and what to do")
        .arg(
            Arg::new("offline")
                .long("offline")
                .action(ArgAction::SetTrue)
                .help("Look at the settings only, and ask nobody"),
        )
}

/// One thing that was looked at.
struct Row {
    check: &'static str,
    state: CheckState,
    finding: String,
    remedy: Option<String>,
}

impl Row {
    fn new(check: &'static str, state: CheckState, finding: impl Into<String>) -> Self {
        Self { check, state, finding: finding.into(), remedy: None }
    }

    /// What an error says is wrong, and behind its last colon what to do, as our configuration errors are written.
    fn failed(check: &'static str, failure: &Failure) -> Self {
        let remedy = Some(failure.hint.clone()).filter(|hint| !hint.is_empty());
        Self { remedy, ..Self::new(check, CheckState::Fail, failure.message.clone()) }
    }

    fn to_json(&self) -> Value {
        json!({
            "check": self.check, "state": self.state.as_str(), "finding": self.finding, "remedy": self.remedy, "link": self.link(),
        })
    }

    fn link(&self) -> String {
        link::to(&format!("doctor-{}", self.check))
    }
}

/// Always succeeds when it could run: what it finds is its result.
pub async fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let offline = matches.get_flag("offline");
    let mut rows = vec![configuration_file(&Profiles::open())];
    match Session::find() {
        Err(failure) => rows.push(Row::failed("configuration", &failure)),
        Ok(session) => {
            let store = secret_store(&session);
            let locked = store.state == CheckState::Fail;
            rows.push(store);
            match session.builder() {
                // The row of the store has said it.
                Err(_) if locked => {}
                Err(failure) => rows.push(Row::failed("configuration", &failure)),
                Ok(builder) => {
                    let diagnosis = if offline { builder.diagnose_offline() } else { builder.diagnose().await };
                    let answered = diagnosis.is_ok();
                    rows.extend(diagnosis.checks.into_iter().map(|check| Row {
                        check: check.name,
                        state: check.state,
                        finding: check.finding,
                        remedy: check.remedy,
                    }));
                    rows.push(match offline || !answered {
                        true => Row::new(functions::CHECK, CheckState::Skipped, "nobody was asked"),
                        false => functions::compare(&session).await,
                    });
                }
            }
        }
    }
    let format = show::format_or_default(format_of(matches)?);
    if format == Format::Table {
        let text: String = rows.iter().map(lines).collect();
        std::io::stdout().lock().write_all(text.as_bytes())?;
    } else {
        let rows: Value = rows.iter().map(Row::to_json).collect();
        let known = vec!["check", "state", "finding", "remedy", "link"];
        show::print(&Shown { value: &rows, known }, format, &Select::default())?;
    }
    Ok(Exit::Done)
}

/// Whether the profiles can be read, each of them.
fn configuration_file(profiles: &Profiles) -> Row {
    const CHECK: &str = "configuration-file";
    let Some(path) = profiles.config_file() else {
        let row = Row::new(CHECK, CheckState::Warn, "there is no home folder, so there are no profiles");
        return Row { remedy: Some("set CIPP_CONFIG_DIR to a folder, or go on with variables".to_owned()), ..row };
    };
    let names = match profiles.names() {
        Ok(names) => names,
        Err(error) => return Row::failed(CHECK, &error.into()),
    };
    if let Some(error) = names.iter().find_map(|name| profiles.get(name).err()) {
        return Row::failed(CHECK, &error.into());
    }
    let shown = path.display();
    match (path.exists(), names.len()) {
        (false, _) => Row::new(CHECK, CheckState::Ok, format!("{shown} is not there, so there are no profiles")),
        (true, 1) => Row::new(CHECK, CheckState::Ok, format!("{shown} can be read: one profile")),
        (true, count) => Row::new(CHECK, CheckState::Ok, format!("{shown} can be read: {count} profiles")),
    }
}

/// Whether the secret can be had, and how long that takes. A keyring has three seconds.
fn secret_store(session: &Session) -> Row {
    const CHECK: &str = "secret-store";
    if let Some(name) = session.proof() {
        return Row::new(CHECK, CheckState::Ok, format!("not needed: {name} is set"));
    }
    let (Some((profile, _)), Some(source)) = (&session.profile, session.secret_source()) else {
        return Row::new(CHECK, CheckState::Skipped, "there is no profile whose secret could be read");
    };
    let begin = Instant::now();
    match session.profiles.secret(profile) {
        Ok(_) => {
            let took = begin.elapsed().as_secs_f32();
            let place = match source {
                SecretSource::Keyring => "the keyring gives the secret".to_owned(),
                source => format!("the secret comes from: {source}"),
            };
            Row::new(CHECK, CheckState::Ok, format!("{place}, after {took:.1} s"))
        }
        Err(error) => Row::failed(CHECK, &error.into()),
    }
}

/// A row for people: a table would have to leave out what to do, which is the longest.
fn lines(row: &Row) -> String {
    let mark = if row.state == CheckState::Fail { "FAIL" } else { row.state.as_str() };
    let mut text = format!("{mark:<8} {:<19} {}\n", row.check, show::clean(&row.finding));
    if let Some(remedy) = &row.remedy {
        text.push_str(&format!("{:28} -> {}\n", "", show::clean(remedy)));
    }
    if matches!(row.state, CheckState::Fail | CheckState::Warn) {
        text.push_str(&format!("{:28} more: {}\n", "", row.link()));
    }
    text
}
