//! No home, a home that cannot be written, damaged files, a keyring that hangs, several processes at once.

use crate::support::{Folder, Ran, SECRET, bare, cipp, log_in, login_words, server};
use cipp_mock::MockServer;

async fn with_environment(run: crate::support::Cipp, server: &MockServer) -> Ran {
    run.env("CIPP_URL", server.url())
        .env("CIPP_AUTHORITY", server.authority())
        .env("CIPP_TENANT_ID", server.tenant_id())
        .env("CIPP_CLIENT_ID", server.client_id())
        .env("CIPP_CLIENT_SECRET", SECRET)
        .run()
        .await
}

#[tokio::test]
async fn no_home() {
    let server = server().await;
    assert_eq!(bare(&["profile", "list"]).run().await.ends(0).json(), serde_json::json!([]));
    bare(&["config", "explain"]).run().await.ends(0);
    bare(&["whoami"]).run().await.ends(2).says("cipp login");
    bare(&["login", "--secret-stdin"]).input(SECRET).run().await.ends(2).says("CIPP_CONFIG_DIR");
    with_environment(bare(&["tenants", "list", "--count"]), &server).await.ends(0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_home_that_cannot_be_written() {
    let (folder, server) = (Folder::new(), server().await);
    let words = login_words(&server, "acme", &["--secret-stdin"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Below a file there is no folder, whoever runs this.
    let below = folder.write("file", "") + "/cipp";
    let run = cipp(&folder, &words).env("CIPP_CONFIG_DIR", &below).input(SECRET);
    run.run().await.ends(2).says("cannot be made");
    let run = cipp(&folder, &["tenants", "list", "--count"]).env("CIPP_CONFIG_DIR", &below);
    with_environment(run, &server).await.ends(0);
    // A configuration that was made read-only stays as it is.
    let text = "# by hand\n";
    let path = folder.write("config.toml", text);
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    cipp(&folder, &words).input(SECRET).run().await.ends(2).says("is read-only");
    assert_eq!(folder.read("config.toml"), text);
    assert!(!folder.read("credentials.toml").contains(SECRET));
}

#[tokio::test]
async fn a_damaged_configuration_is_told_and_left() {
    let (folder, server) = (Folder::new(), server().await);
    let text = "current = 'one'\n[profile.one\n";
    folder.write("config.toml", text);
    cipp(&folder, &["profile", "list"]).run().await.ends(2).says("config.toml is damaged in line 2");
    log_in(&folder, &server, "acme", &[]).await.ends(2).says("damaged");
    assert_eq!(folder.read("config.toml"), text);
    // Who does not need it is not kept from working.
    with_environment(cipp(&folder, &["tenants", "list", "--count"]), &server).await.ends(0);
    folder.write("config.toml", [0xff, 0xfe, 0x00]);
    cipp(&folder, &["profile", "list"]).run().await.ends(2).says("cannot be read");
}

#[cfg(unix)]
#[tokio::test]
async fn damaged_credentials_are_set_aside() {
    let (folder, server) = (Folder::new(), server().await);
    log_in(&folder, &server, "acme", &[]).await.ends(0);
    let whole = folder.read("credentials.toml");
    folder.write("credentials.toml", &whole[..whole.len() - 4]);
    cipp(&folder, &["whoami"]).run().await.ends(2).says("credentials.toml is damaged");
    log_in(&folder, &server, "acme", &[]).await.ends(0).says("was damaged; it is now");
    cipp(&folder, &["whoami"]).run().await.ends(0);
}

#[cfg(unix)]
#[tokio::test]
async fn credentials_that_others_can_read_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, server) = (Folder::new(), server().await);
    log_in(&folder, &server, "acme", &[]).await.ends(0);
    std::fs::set_permissions(folder.file("credentials.toml"), std::fs::Permissions::from_mode(0o644)).unwrap();
    cipp(&folder, &["whoami"]).run().await.ends(2).says("chmod 600");
}

#[tokio::test]
async fn several_processes_at_once_lose_nothing() {
    let (folder, server) = (Folder::new(), server().await);
    let names = ["a", "b", "c", "d", "e", "f"];
    let [a, b, c, d, e, f] = names.map(|name| log_in(&folder, &server, name, &[]));
    let (a, b, c, d, e, f) = tokio::join!(a, b, c, d, e, f);
    for ran in [a, b, c, d, e, f] {
        ran.ends(0);
    }
    let rows = cipp(&folder, &["profile", "list"]).run().await.ends(0).json();
    assert_eq!(rows.as_array().unwrap().len(), names.len(), "{rows}");
    for name in names {
        cipp(&folder, &["whoami", "--profile", name]).run().await.ends(0);
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "temporary files are left: {left:?}");
}

/// On Linux the keyring is at the other end of a socket; here it takes the connection and says nothing.
#[cfg(target_os = "linux")]
struct Silent {
    folder: Folder,
    server: MockServer,
    bus: String,
    _socket: std::os::unix::net::UnixListener,
}

#[cfg(target_os = "linux")]
impl Silent {
    async fn new() -> Self {
        let (folder, server) = (Folder::new(), server().await);
        let socket = folder.file("bus");
        let bus = format!("unix:path={}", socket.display());
        Self { folder, server, bus, _socket: std::os::unix::net::UnixListener::bind(&socket).unwrap() }
    }

    async fn run(&self, words: &[&str]) -> Ran {
        let run = cipp(&self.folder, words).env("CIPP_KEYRING", "on").env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        run.input(SECRET).run().await
    }

    async fn login(&self, more: &[&str]) -> Ran {
        let words = login_words(&self.server, "acme", &["--secret-stdin"]);
        let words: Vec<&str> = words.iter().map(String::as_str).chain(more.iter().copied()).collect();
        self.run(&words).await
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_keyring_that_hangs_is_given_up() {
    let silent = Silent::new().await;
    silent.login(&["--store", "keyring"]).await.ends(4).says("did not answer within 3 s");
    assert_eq!(silent.folder.read("config.toml"), "");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn where_the_keyring_hangs_a_file_takes_its_place() {
    use std::time::{Duration, Instant};
    let silent = Silent::new().await;
    let started = Instant::now();
    let ran = silent.login(&[]).await.ends(0).says("did not answer within 3 s");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(ran.err.contains(&silent.folder.file("credentials.toml").display().to_string()), "{}", ran.err);
    silent.run(&["whoami"]).await.ends(0);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_is_in_a_keyring_that_hangs_cannot_be_had() {
    use std::time::{Duration, Instant};
    let silent = Silent::new().await;
    silent.login(&["--store", "file"]).await.ends(0);
    let text = silent.folder.read("config.toml").replace("credentials-file", "keyring");
    silent.folder.write("config.toml", text);
    let (who, started) = (silent.run(&["whoami"]).await, Instant::now());
    // The message says what to do.
    who.ends(4).says("--store file");
    let ran = silent.login(&["--store", "file"]).await.ends(0);
    // Only the old entry is asked about, once.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(ran.err.contains("by hand"), "{}", ran.err);
}
