//! `cipp demo`: a morning's work on the fake server, so that a first look needs no server and no account.

use super::mock;
use crate::exit::Exit;
use crate::failure::Failure;
use cipp_mock::{CONTOSO, FABRIKAM, MockServer};
use clap::{ArgMatches, Command};
use std::process::Stdio;

pub fn command() -> Command {
    Command::new("demo").about("Walk through a morning's work on a made-up server")
}

/// The steps: what a person would say, and the words of the command.
fn steps() -> Vec<(&'static str, Vec<String>)> {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let user = format!("{}{CONTOSO}", "");
    vec![
        (
            "Which customers are there?",
            words("tenants list --columns displayName,defaultDomainName,customerId -o table"),
        ),
        ("Is the connection sound?", words("doctor -o table")),
        (
            "Who works at Contoso, and can sign in?",
            words(&format!(
                "users list --tenant {user} --where accountEnabled=true --sort displayName --limit 5 --columns displayName,userPrincipalName,accountEnabled -o table"
            )),
        ),
        (
            "Which licences are bought and not used?",
            words(&format!("licenses list --tenant {user} --columns License,CountUsed,TotalLicenses -o table")),
        ),
        (
            "Who in all tenants has no MFA? The server collects that in the background.",
            words("users list-mfa --tenant AllTenants --where PerUser=disabled --count -o table"),
        ),
        (
            "Rehearse a password reset: nothing is sent.",
            words(&format!("users reset-password --tenant {user} --user-id someone@{user} --dry-run=curl")),
        ),
        ("What else can be done with mailboxes?", words("search mailbox forward --limit 5 -o table")),
        (
            "The same list as a file for a spreadsheet.",
            words(&format!("users list --tenant {FABRIKAM} --columns displayName,mail --limit 3 -o csv")),
        ),
    ]
}

pub async fn run(_matches: &ArgMatches) -> Result<Exit, Failure> {
    let server = MockServer::builder()
        .live(true)
        .start()
        .await
        .map_err(|error| Failure::config(format!("the made-up server does not start: {error}")))?;
    let own = std::env::current_exe()?;
    println!("A made-up CIPP server runs on this machine: three customers, sixty people. Nothing leaves it.");
    for (say, words) in steps() {
        println!("\n# {say}\n$ cipp {}", words.join(" "));
        let mut command = tokio::process::Command::new(&own);
        command
            .args(&words)
            .envs(mock::settings(&server))
            .env_remove("CIPP_PROFILE")
            .env("CI", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let status = command.status().await?;
        if !status.success() {
            return Err(Failure::new(Exit::Failed, format!("the step failed: cipp {}", words.join(" "))));
        }
    }
    println!("\nYour own server: cipp login. All commands: cipp --help. A server to play with: cipp mock.");
    server.stop().await;
    Ok(Exit::Done)
}
