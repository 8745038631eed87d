//! The questions before a change, and progress: seen on a terminal of our own.

use crate::support::{Place, Run, end};
use cipp_client::users::ResetPassword;
use cipp_mock::{CONTOSO, FABRIKAM, Fault};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Stdio;

/// Runs the program with a terminal as its standard input and error, and with what is typed there.
async fn typed(place: &Place, words: &str, typed: &str) -> Run {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    let side = || Stdio::from(File::options().read(true).write(true).open(&name).unwrap());
    let mut terminal = File::from(terminal);
    let child =
        place.command(&format!("{words} -o json")).env("TERM", "xterm").stdin(side()).stderr(side()).spawn().unwrap();
    terminal.write_all(typed.as_bytes()).unwrap();
    let screen = tokio::task::spawn_blocking(move || {
        let mut screen = Vec::new();
        let mut buffer = [0; 4096];
        // It is an error to read on when the program has ended.
        while let Ok(count @ 1..) = terminal.read(&mut buffer) {
            screen.extend_from_slice(&buffer[..count]);
        }
        String::from_utf8_lossy(&screen).into_owned()
    });
    let run = end(child).await;
    Run { err: screen.await.unwrap(), ..run }
}

async fn place() -> Place {
    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply("Done.");
    place
}

const RESET: &str = "users reset-password --user-id someone";

#[tokio::test]
async fn the_number_is_typed_for_many_and_yes_for_one() {
    let place = place().await;
    let many = format!("{RESET} --tenants {CONTOSO},{FABRIKAM}");
    let one = format!("{RESET} --tenant {CONTOSO}");
    for (words, wrong) in [(&many, "yes\n"), (&many, "\n"), (&many, "3\n"), (&one, "1\n"), (&one, "n\n")] {
        let run = typed(&place, words, wrong).await.ended(2);
        assert!(run.err.contains("nothing was sent"), "{run:?}");
    }
    assert!(place.server.requests_to("ExecResetPass").is_empty());
    let run = typed(&place, &many, "2\n").await.ended(0);
    for part in ["Reset Password on someone in 2 tenants", &place.server.url(), "2 calls", "cannot be undone", "Type 2"]
    {
        assert!(run.err.contains(part), "{part} is not in {}", run.err);
    }
    assert!(run.err.contains("2/2"), "progress is shown: {}", run.err);
    typed(&place, &one, "yes\n").await.ended(0);
    assert_eq!(place.server.requests_to("ExecResetPass").len(), 3);
    // A terminal is of no use where nobody may be asked.
    typed(&place, &format!("{many} --no-input"), "2\n").await.ended(2);
}

#[tokio::test]
async fn a_change_of_all_tenants_wants_their_number() {
    let place = Place::new().await;
    let words = "tools add-scheduled-item --tenant AllTenants --name x --command New-CIPPBackup";
    let run = typed(&place, words, "1\n").await.ended(2);
    assert!(
        run.err.contains("in AllTenants") && run.err.contains("3 tenants") && run.err.contains("Type 3"),
        "{}",
        run.err
    );
    assert!(place.server.requests_to("AddScheduledItem").is_empty());
    typed(&place, words, "3\n").await;
    assert_eq!(place.server.requests_to("AddScheduledItem").len(), 1);
}

#[tokio::test]
async fn rows_in_doubt_are_asked_about() {
    let place = place().await;
    place.write("people.csv", "ID\na\nb\nc\n");
    place.server.fault(Fault::reset().after_effect().nth(2).on("ExecResetPass"));
    let words = format!("users reset-password --tenant {CONTOSO} --from people.csv --concurrency 1");
    place.run(&format!("{words} --yes --journal a.journal")).await.ended(7);
    let again = format!("{words} --resume a.journal");
    let run = typed(&place, &again, "\n").await.ended(7);
    assert!(run.err.contains("1 rows may have been done already: 2"), "{}", run.err);
    assert_eq!(place.server.requests_to("ExecResetPass").len(), 3);
    typed(&place, &again, "1\nyes\n").await.ended(0);
    assert_eq!(place.server.requests_to("ExecResetPass").len(), 4);
}
