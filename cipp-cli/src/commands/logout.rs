//! `cipp logout`: forgets a secret.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::session;
use cipp_client::profiles::Profiles;
use clap::{ArgMatches, Command};

pub fn command() -> Command {
    Command::new("logout")
        .about("Forget the secret of a profile; the rest of it stays for the next login")
        .after_help("The API client stays valid: to withdraw it, reset its secret in CIPP > Integrations > CIPP-API.")
}

pub fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let profiles = Profiles::open();
    let Some((name, _)) = session::profile_name(&profiles)? else {
        return Err(Failure::config("there is no profile to log out of")
            .hint("cipp profile list shows all; --profile names one"));
    };
    let kept = profiles.log_out(&name)?;
    crate::complete::forget(&name);
    kept.warnings.iter().for_each(|warning| eprintln!("cipp: warning: {warning}"));
    if !matches.get_flag("quiet") {
        eprintln!("cipp: the secret of profile {name} is forgotten");
    }
    Ok(Exit::Done)
}
