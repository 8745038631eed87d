//! Values of the server, from a cache that asks by itself.

use crate::support::Place;
use cipp_client::users::ListUsers;
use cipp_mock::{CONTOSO, FABRIKAM, Fault};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What is offered for the last word of a line, at once.
async fn offered(place: &Place, line: &str) -> Vec<String> {
    let (before, word) = line.rsplit_once(' ').unwrap();
    let run =
        crate::support::end(place.command(&format!("complete zsh --word={word} -- {before}")).spawn().unwrap()).await;
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    run.out.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

/// What is offered once the server was asked behind the back of the shell.
async fn soon(place: &Place, line: &str) -> Vec<String> {
    for _ in 0..400 {
        let found = offered(place, line).await;
        if !found.is_empty() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("nothing is offered for {line}");
}

fn files(place: &Place) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![place.path("config/cache")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

#[tokio::test]
async fn tenants_and_users_are_offered_after_the_server_was_asked_once() {
    let place = Place::new().await;
    let tenants = soon(&place, "cipp users list --tenant ").await;
    assert!(tenants.contains(&CONTOSO.to_owned()) && tenants.contains(&FABRIKAM.to_owned()), "{tenants:?}");
    assert_eq!(offered(&place, "cipp users list --tenant=cont").await, [format!("--tenant={CONTOSO}")]);
    assert_eq!(
        offered(&place, &format!("cipp users list --tenants {CONTOSO},fabr")).await,
        [format!("{CONTOSO},{FABRIKAM}")]
    );
    let line = format!("cipp users reset-password -t {CONTOSO} --user-id ada");
    assert_eq!(soon(&place, &line).await, ["ada.lovelace@contoso.com"]);
    // People are known by their names too, and ids only by them.
    assert_eq!(offered(&place, &line.replace("ada", "Lovelace")).await, ["ada.lovelace@contoso.com"]);
    assert!(!soon(&place, &format!("cipp groups edit -t {CONTOSO} --group-id ")).await.is_empty());
    for endpoint in ["ListTenants", "ListUsers", "ListGroups"] {
        assert_eq!(place.server.requests_to(endpoint).len(), 1, "{endpoint} is asked for once");
    }
    // Another tenant's people are not this one's, and without a tenant nobody's are known.
    let other = soon(&place, &line.replace(CONTOSO, FABRIKAM).replace("ada", "")).await;
    assert!(other.iter().all(|user| !user.ends_with("@contoso.com")), "{other:?}");
    assert!(offered(&place, "cipp users reset-password --user-id ").await.is_empty());
    let kept = files(&place);
    assert!(kept.len() >= 4, "{kept:?}");
    for path in kept {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
        let folder = std::fs::metadata(path.parent().unwrap()).unwrap();
        assert_eq!(folder.permissions().mode() & 0o777, 0o700);
        let text = std::fs::read_to_string(&path).unwrap();
        for secret in place.secrets() {
            assert!(!text.contains(&secret), "{}", path.display());
        }
    }
}

#[tokio::test]
async fn an_ordinary_list_fills_the_cache_and_a_narrowed_one_does_not() {
    let place = Place::new().await;
    place.write("part.yaml", "graphFilter: accountEnabled eq true");
    place.run(&format!("users list --tenant {CONTOSO} --body @part.yaml")).await.ended(0);
    assert!(files(&place).is_empty(), "a part is not the whole");
    place.run(&format!("users list --tenant {CONTOSO} --limit 1")).await.ended(0);
    let found = offered(&place, &format!("cipp users reset-password -t {CONTOSO} --user-id ")).await;
    assert!(found.len() > 10, "what is shown is cut, what is kept is not: {found:?}");
    assert_eq!(place.server.requests_to("ListUsers").len(), 2, "Tab asked for nothing");
    // What is a day old is not offered.
    let old = std::time::SystemTime::now() - Duration::from_secs(25 * 3600);
    for path in files(&place) {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
    }
    place.server.fault(Fault::delay(Duration::from_secs(60)));
    assert!(offered(&place, &format!("cipp users reset-password -t {CONTOSO} --user-id ")).await.is_empty());
}

#[tokio::test]
async fn a_server_that_is_silent_does_not_hold_the_shell_up() {
    let place = Place::new().await;
    offered(&place, "cipp us").await;
    place.server.fault(Fault::delay(Duration::from_secs(60)));
    let begin = Instant::now();
    assert!(offered(&place, "cipp users list --tenant ").await.is_empty());
    let waited = begin.elapsed();
    // The limit is 150 ms; the rest is for starting a program that is not optimised on a machine that is busy.
    assert!(waited < Duration::from_secs(2), "{waited:?}");
    // It is not asked again at each press.
    for _ in 0..5 {
        offered(&place, "cipp users list --tenant ").await;
    }
    assert!(place.server.requests_to("ListTenants").len() <= 1);
}

#[tokio::test]
async fn the_cache_can_be_switched_off_and_belongs_to_one_sign_in() {
    let place = Place::new().await;
    place.run("tenants list").await.ended(0);
    assert!(!offered(&place, "cipp users list --tenant ").await.is_empty());
    let mut other = place.command("complete zsh --word= -- cipp users list --tenant");
    other.env("CIPP_CLIENT_ID", "another").env("CIPP_CLIENT_SECRET", "wrong");
    let run = crate::support::end(other.spawn().unwrap()).await.ended(0);
    assert_eq!(run.out, "", "what one sign-in saw is not another's");
    let mut off = place.command("complete zsh --word= -- cipp users list --tenant");
    off.env("CIPP_CACHE", "off");
    let run = crate::support::end(off.spawn().unwrap()).await.ended(0);
    assert_eq!(run.out, "");
}

#[tokio::test]
async fn what_tenants_name_stays_one_line() {
    let place = Place::new().await;
    let mut nasty = cipp_client::types::User::default();
    nasty.user_principal_name = Some("$(id)\u{1b}[2J\n:files@contoso.com".to_owned());
    nasty.display_name = Some("a\tb\nc\u{202e}".to_owned());
    place.server.on::<ListUsers>().any_times().reply(vec![nasty]);
    place.run(&format!("users list --tenant {CONTOSO}")).await.ended(0);
    let line = format!("complete bash --word= -- cipp users get -t {CONTOSO} --user-id");
    let run = crate::support::end(place.command(&line).spawn().unwrap()).await.ended(0);
    assert_eq!(run.out.lines().count(), 1, "{run:?}");
    assert!(run.out.starts_with("\\$\\(id\\)"), "{run:?}");
    assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{202e}'), "{run:?}");
}
