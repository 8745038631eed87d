//! Where a secret may come from.

use crate::support::{Folder, Ran, SECRET, cipp, login_words, server};
use cipp_mock::MockServer;

async fn log_in_with(folder: &Folder, server: &MockServer, secret: &[&str]) -> Ran {
    let words = login_words(server, "acme", secret);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    cipp(folder, &words).env("MY_SECRET", SECRET).run().await
}

/// What is kept elsewhere is kept nowhere else.
fn nothing_stored(folder: &Folder) {
    assert!(!(folder.read("config.toml") + &folder.read("credentials.toml")).contains(SECRET));
}

#[tokio::test]
async fn from_a_variable() {
    let (folder, server) = (Folder::new(), server().await);
    log_in_with(&folder, &server, &["--secret-env", "MY_SECRET"]).await.ends(0);
    nothing_stored(&folder);
    cipp(&folder, &["whoami"]).env("MY_SECRET", SECRET).run().await.ends(0);
    cipp(&folder, &["whoami"]).run().await.ends(2).says("MY_SECRET");
}

#[tokio::test]
async fn from_a_file_as_windows_writes_it() {
    let (folder, server) = (Folder::new(), server().await);
    let path = folder.write("secret.txt", format!("\u{feff}{SECRET}\r\n"));
    log_in_with(&folder, &server, &["--secret-file", &path]).await.ends(0);
    nothing_stored(&folder);
    cipp(&folder, &["whoami"]).run().await.ends(0);
    std::fs::remove_file(&path).unwrap();
    cipp(&folder, &["whoami"]).run().await.ends(2).says("secret.txt");
}

#[cfg(unix)]
#[tokio::test]
async fn from_a_command() {
    let (folder, server) = (Folder::new(), server().await);
    let path = folder.write("the secret", format!("{SECRET}\n"));
    log_in_with(&folder, &server, &["--secret-command", &format!("/bin/cat '{path}'")]).await.ends(0);
    nothing_stored(&folder);
    cipp(&folder, &["whoami"]).run().await.ends(0);
    std::fs::remove_file(&path).unwrap();
    cipp(&folder, &["whoami"]).run().await.ends(2).says("/bin/cat failed");
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_runs_only_as_it_was_stored() {
    let (folder, server) = (Folder::new(), server().await);
    let path = folder.write("secret", SECRET);
    log_in_with(&folder, &server, &["--secret-command", &format!("/bin/cat {path}")]).await.ends(0);
    let marker = folder.file("marker");
    let edited =
        folder.read("config.toml").replace("\"/bin/cat\"", "\"/bin/touch\"").replace(&path, &marker.to_string_lossy());
    folder.write("config.toml", edited);
    cipp(&folder, &["whoami"]).run().await.ends(2).says("not run");
    assert!(!marker.exists());
    // A dry run needs no secret, so it runs nothing either.
    cipp(&folder, &["tenants", "list", "--dry-run"]).run().await.ends(0);
    assert!(!marker.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn no_shell_reads_a_command() {
    let (folder, server) = (Folder::new(), server().await);
    let marker = folder.file("marker").to_string_lossy().into_owned();
    let line = format!("/bin/echo $(/bin/touch {marker}); /bin/touch {marker} `/bin/touch {marker}`");
    log_in_with(&folder, &server, &["--secret-command", &line]).await.ends(4);
    assert!(!folder.file("marker").exists());
    log_in_with(&folder, &server, &["--secret-command", "/bin/cat x | head"]).await.ends(2).says("no shell");
    log_in_with(&folder, &server, &["--secret-command", "/bin/cat 'x"]).await.ends(2).says("quote");
    log_in_with(&folder, &server, &["--secret-command", "/no/such/program"]).await.ends(2).says("does not start");
    assert_eq!(folder.read("config.toml"), "");
}

#[tokio::test]
async fn a_secret_written_into_the_configuration_is_refused_and_not_shown() {
    let folder = Folder::new();
    let profile = "[profile.acme]\nurl = 'https://cipp.example.com'\ntenant-id = 'a'\nclient-id = 'b'\n";
    folder.write("config.toml", format!("{profile}secret = '{SECRET}'\n"));
    cipp(&folder, &["whoami", "--profile", "acme"]).run().await.ends(2).says("must say where the secret is");
    folder.write("config.toml", format!("{profile}secret = {SECRET}\n"));
    cipp(&folder, &["whoami", "--profile", "acme"]).run().await.ends(2).says("damaged in line 5");
    folder.write("config.toml", format!("{profile}default-tenent = 'x'\n"));
    cipp(&folder, &["whoami", "--profile", "acme"]).run().await.ends(2).says("default-tenent is unknown");
}
