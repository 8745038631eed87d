//! `cipp mock`: the fake server, with faults as switches.

use crate::exit::Exit;
use crate::failure::Failure;
use cipp_mock::{Fault, MockServer};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::io::Write as _;
use std::time::Duration;

pub fn command() -> Command {
    Command::new("mock")
        .about("Run a made-up CIPP server on this machine")
        .arg(Arg::new("port").long("port").value_name("N").value_parser(value_parser!(u16)).default_value("8787"))
        .arg(
            Arg::new("lenient")
                .long("lenient")
                .action(ArgAction::SetTrue)
                .help("Ignore what the specification does not know, as the real server does"),
        )
        .arg(Arg::new("fault").long("fault").value_name("NAME[:SHARE]").action(ArgAction::Append).help(format!(
            "Spoil answers: {}; with the share of answers, such as 429:0.1",
            FAULTS.map(|(name, _)| name).join(", ")
        )))
        .arg(
            Arg::new("delay")
                .long("delay")
                .value_name("MS")
                .value_parser(value_parser!(u64))
                .help("Answer so much later"),
        )
}

/// What makes a fault.
type Make = fn() -> Fault;

/// The faults that have a switch.
const FAULTS: [(&str, Make); 9] = [
    ("reset", Fault::reset),
    ("cut", Fault::cut),
    ("html", Fault::html),
    ("429", || Fault::status(429).retry_after("1")),
    ("500", || Fault::status(500)),
    ("503", || Fault::status(503)),
    ("504", || Fault::status(504).after_effect()),
    ("expire-token", Fault::expire_token),
    ("hang-up", Fault::hang_up),
];

pub async fn run(matches: &ArgMatches) -> Result<Exit, Failure> {
    let port = matches.get_one::<u16>("port").copied().unwrap_or(8787);
    let strict = !matches.get_flag("lenient");
    let server = MockServer::builder().port(port).strict(strict).live(true).start().await;
    let server = server.map_err(|error| {
        Failure::config(format!("port {port} cannot be used: {error}")).hint("choose another with --port")
    })?;
    for (number, fault) in matches.get_many::<String>("fault").into_iter().flatten().enumerate() {
        let (name, share) = fault.split_once(':').unwrap_or((fault, "1"));
        let make = FAULTS.iter().find(|(known, _)| *known == name).map(|(_, make)| make);
        let share: Option<f64> = share.parse().ok().filter(|share| (0.0..=1.0).contains(share));
        let (Some(make), Some(share)) = (make, share) else {
            return Err(Failure::usage(format!(
                "--fault {fault} is none: write NAME or NAME:SHARE, a share from 0 to 1"
            )));
        };
        server.fault(make().chance(share, u64::try_from(number).unwrap_or_default() + 1));
    }
    if let Some(delay) = matches.get_one::<u64>("delay") {
        server.fault(Fault::delay(Duration::from_millis(*delay)));
    }
    let mut out = std::io::stdout().lock();
    for (name, value) in settings(&server) {
        writeln!(out, "export {name}={value}")?;
    }
    out.flush()?;
    drop(out);
    eprintln!("The made-up server runs until Ctrl-C. It forgets everything when it stops.");
    tokio::signal::ctrl_c().await?;
    server.stop().await;
    Ok(Exit::Done)
}

/// What to set so that cipp and cipp-client use the server.
pub fn settings(server: &MockServer) -> Vec<(&'static str, String)> {
    vec![
        ("CIPP_URL", server.url()),
        ("CIPP_AUTHORITY", server.authority()),
        ("CIPP_TENANT_ID", server.tenant_id().to_owned()),
        ("CIPP_CLIENT_ID", server.client_id().to_owned()),
        ("CIPP_CLIENT_SECRET", server.client_secret().to_owned()),
    ]
}
