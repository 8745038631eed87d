//! Every action of the catalogue, through the command: its three names, its help, a dry run in each form, and a run against the
//! fake server in each format with the result read back. No action is left out: the list is the catalogue itself.
//!
//! Some ten thousand runs would be slow as programs. They go through the door of the library in a few processes, each with a part
//! of the catalogue: a process, because the environment and standard output belong to one.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

#[cfg(unix)]
mod captured;
#[cfg(unix)]
mod checks;
#[cfg(unix)]
mod read_back;
#[cfg(unix)]
mod values;

/// The parts of the catalogue, and the number of this one: `3/8`.
#[cfg(unix)]
const PART: &str = "CIPP_TEST_PART";

/// A certificate made for this, whose key nobody has.
#[cfg(unix)]
const TRUSTED: &str = include_str!("trusted.pem");

#[cfg(unix)]
fn main() {
    match std::env::var(PART) {
        Ok(part) => checks::part(&part),
        Err(_) => tokio::runtime::Runtime::new().expect("threads").block_on(all()),
    }
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
async fn all() {
    use std::process::{Command, Stdio};
    let begin = std::time::Instant::now();
    let server = cipp_mock::MockServer::builder().samples_only(true).start().await.expect("the fake server starts");
    let parts = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let own = std::env::current_exe().expect("the path of this program");
    // Each client reads the certificates that the system trusts, a hundred and more; one is enough where nothing is encrypted.
    let trusted = std::env::temp_dir().join(format!("cipp-test-{}.pem", std::process::id()));
    std::fs::write(&trusted, TRUSTED).expect("a file");
    let started: Vec<_> = (0..parts)
        .map(|part| {
            let mut command = Command::new(&own);
            command
                .env_clear()
                .envs([
                    ("CIPP_URL", server.url()),
                    ("CIPP_AUTHORITY", server.authority()),
                    ("CIPP_TENANT_ID", server.tenant_id().to_owned()),
                    ("CIPP_CLIENT_ID", server.client_id().to_owned()),
                    ("CIPP_CLIENT_SECRET", server.client_secret().to_owned()),
                    ("CIPP_CONFIG_DIR", std::env::temp_dir().join("cipp-no-such-folder").display().to_string()),
                    (values::SECRET_VARIABLE, values::CANARY.to_owned()),
                    ("SSL_CERT_FILE", trusted.display().to_string()),
                    (PART, format!("{part}/{parts}")),
                ])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::inherit());
            command.spawn().expect("a part starts")
        })
        .collect();
    let ended =
        started.into_iter().map(|part| tokio::task::spawn_blocking(|| part.wait_with_output().expect("a part ends")));
    let (mut faults, mut checked) = (Vec::new(), 0);
    for part in ended.collect::<Vec<_>>() {
        let part = part.await.expect("a part ends");
        let text = String::from_utf8(part.stdout).expect("text");
        let done = text.lines().filter(|line| *line == "done").count();
        assert!(part.status.success(), "a part broke off: {text}");
        checked += done;
        faults.extend(text.lines().filter(|line| *line != "done").map(str::to_owned));
    }
    let all = cipp_client::catalogue::actions().len();
    eprintln!("every action: {checked} of {all} in {:.1} s", begin.elapsed().as_secs_f32());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(checked, all, "no action is left out");
    std::fs::remove_file(trusted).expect("removed");
    server.stop().await;
}
