//! Secrets that must be nowhere: what a sign-in, a morning's work, mistakes and a server that repeats what it was sent leave behind.

use crate::support::{Folder, SECRET, cipp, log_in, server};
use cipp_client::ResultItem;
use cipp_client::users::{AddUser, ResetPassword};
use cipp_mock::{CONTOSO, Fault};
use std::path::{Path, PathBuf};

/// A password that is sent, one that comes back, and a client secret that is wrong.
const SENT: &str = "Canary-sent-1!";
const MADE: &str = "Canary-made-2!";
const WRONG: &str = "canary~wrong.3";
/// How the tokens of the fake server begin.
const TOKEN: &str = "mock-token-";

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn no_secret_is_in_any_output_or_file() {
    let (folder, server) = (Folder::new(), server().await);
    let mut made = ResultItem::default();
    made.text = format!("The password is {MADE}.");
    made.copy_field = Some(MADE.into());
    server.on::<ResetPassword>().any_times().reply(made);
    server.on::<AddUser>().any_times().reply("Done.");
    log_in(&folder, &server, "acme", &["--store", "file"]).await.ends(0);
    folder.write("people.csv", "user-id\nada\nben\n");
    folder.write("new.csv", format!("username,displayName,primDomain,password\nx,X,contoso.com,{SENT}\n"));
    let (people, new) = (folder.file("people.csv"), folder.file("new.csv"));
    let (people, new) = (people.display(), new.display());
    let done = folder.file("done.journal");
    let made = folder.file("made.journal");
    let (done, made) = (done.display(), made.display());
    let reset = format!("users reset-password --tenant {CONTOSO}");
    let add = format!(
        "users add --tenant {CONTOSO} --username x --display-name X --primary-domain contoso.com --password env:SENT"
    );
    let mut lines: Vec<String> = ["whoami", "doctor", "config explain", "profile list", "profile show", "tenants list"]
        .iter()
        .flat_map(|words| ["json", "table", "yaml"].map(|format| format!("{words} -o {format}")))
        .collect();
    lines.extend(["http", "curl", "powershell", "rust"].map(|form| format!("{add} --dry-run={form}")));
    lines.extend([
        format!("{add} --yes"),
        format!("{add} --skeleton"),
        format!("users add --tenant {CONTOSO} --from {new} --yes --journal {made}"),
        format!("users add --tenant {CONTOSO} --from {new} --yes --resume {made}"),
        format!("{reset} --user-id ada --yes"),
        format!("{reset} --user-id ada --yes -o json"),
        format!("{reset} --from {people} --yes --journal {done}"),
        format!("{reset} --from {people} --yes --resume {done} -o json"),
        format!("users list --tenant {CONTOSO}"),
        "complete bash --word= -- cipp users list --tenant".to_owned(),
        format!("complete bash --word= -- cipp users get --tenant {CONTOSO} --user-id"),
    ]);
    let mut shown = Vec::new();
    for line in &lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ran = cipp(&folder, &words).env("SENT", SENT).run().await;
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        shown.push((line.clone(), format!("{}{}", ran.out, ran.err)));
    }
    // A server that says back what it was sent, and a sign-in that is refused.
    let broken = folder.file("broken.journal");
    for line in [
        add.clone() + " --yes",
        format!("users add --tenant {CONTOSO} --from {new} --yes --journal {}", broken.display()),
    ] {
        server.clear_faults();
        // The fake server numbers its tokens, and each run asks for one.
        let next = server.requests_to("token").len() + 1;
        let echo = format!("you sent {TOKEN}{next} and {SENT}");
        server.fault(Fault::status(500).body("text/plain", echo).on("AddUser"));
        let words: Vec<&str> = line.split_whitespace().collect();
        let ran = cipp(&folder, &words).env("SENT", SENT).run().await;
        let echoed = ran.err.contains("you sent") || ran.out.contains("you sent");
        assert!(echoed, "the echo is shown, without its secrets: {} {}", ran.out, ran.err);
        assert_ne!(ran.code, 0, "{line}");
        shown.push((line, format!("{}{}", ran.out, ran.err)));
    }
    for line in ["whoami", "tenants list -o json", "doctor"] {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ran = cipp(&folder, &words).env("CIPP_CLIENT_SECRET", WRONG).run().await;
        shown.push((line.to_owned(), format!("{}{}", ran.out, ran.err)));
    }
    // Every file but the one for secrets, and the two that the test itself wrote; and the transcripts that are kept.
    let kept = files(folder.path()).into_iter().filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name != "credentials.toml" && !name.ends_with(".csv")
    });
    let kept: Vec<PathBuf> = kept.chain(files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden"))).collect();
    for wanted in ["config.toml", "done.journal", "made.journal", "broken.journal", "interrupt.txt"] {
        assert!(kept.iter().any(|path| path.ends_with(wanted)), "{wanted}: {kept:?}");
    }
    assert!(kept.iter().any(|path| path.extension().is_some_and(|end| end == "tsv")), "the cache: {kept:?}");
    for path in kept {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        shown.push((path.display().to_string(), text));
    }
    let secrets = [SECRET, SENT, MADE, WRONG, TOKEN];
    for (place, text) in &shown {
        for secret in secrets {
            assert!(!text.contains(secret), "{place} shows {secret}: {text}");
        }
    }
}
