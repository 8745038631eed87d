//! The fake CIPP server as a program: prints what to set, and serves until Ctrl-C.

use cipp_mock::MockServer;
use std::process::ExitCode;

const USAGE: &str = "\
cipp-mock: a fake CIPP server for trying out cipp-client and cipp

Usage: cipp-mock [--port N] [--lenient]

  --port N     listen on this port of 127.0.0.1 (default: 8787)
  --lenient    ignore what the specification does not know, as the real server does, instead of refusing it
  --help       print this

The server holds three made-up tenants and forgets everything when it stops.";

struct Options {
    port: u16,
    strict: bool,
}

fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options { port: 8787, strict: true };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let (name, attached) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        match name {
            "--help" | "-h" => return Ok(None),
            "--lenient" if attached.is_none() => options.strict = false,
            "--port" => {
                let value = attached.or_else(|| arguments.next()).ok_or("--port needs a number")?;
                options.port =
                    value.parse().map_err(|_| format!("--port needs a number from 0 to 65535, not '{value}'"))?;
            }
            _ => return Err(format!("unknown argument '{argument}'")),
        }
    }
    Ok(Some(options))
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = match parse(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("cipp-mock: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let server = match MockServer::builder().port(options.port).strict(options.strict).live(true).start().await {
        Ok(server) => server,
        Err(error) => {
            eprintln!("cipp-mock: cannot listen on port {}: {error}. Choose another with --port.", options.port);
            return ExitCode::FAILURE;
        }
    };
    println!("# cipp-mock listens. Set these, then use cipp or cipp-client:");
    println!("export CIPP_URL={}", server.url());
    println!("export CIPP_AUTHORITY={}", server.authority());
    println!("export CIPP_TENANT_ID={}", server.tenant_id());
    println!("export CIPP_CLIENT_ID={}", server.client_id());
    println!("export CIPP_CLIENT_SECRET={}", server.client_secret());
    println!("# Tenants: {}, {}, {}. Stop with Ctrl-C.", cipp_mock::CONTOSO, cipp_mock::FABRIKAM, cipp_mock::TAILSPIN);
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("cipp-mock: cannot wait for Ctrl-C: {error}");
        return ExitCode::FAILURE;
    }
    // A second Ctrl-C must not be needed because a client keeps its connection open.
    drop(server);
    ExitCode::SUCCESS
}
