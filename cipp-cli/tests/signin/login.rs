//! Login, logout, whoami and profiles.

use crate::support::{Folder, SECRET, bare, cipp, log_in, login_words, server};

#[tokio::test]
async fn login_makes_a_call_reports_and_stores() {
    let (folder, server) = (Folder::new(), server().await);
    let ran = log_in(&folder, &server, "acme", &["--default-tenant", "contoso.onmicrosoft.com"]).await.ends(0);
    let said = ran.json();
    assert_eq!(said["profile"], "acme");
    assert_eq!(said["clientId"], server.client_id());
    assert_eq!(said["secret"], "credentials file");
    assert!(said["permission"].as_str().unwrap().contains("may read"), "{said}");
    assert!(said["version"].as_str().unwrap().starts_with("CIPP "), "{said}");
    assert_eq!(server.requests_to("GetVersion").len(), 1);
    assert!(!folder.read("config.toml").contains(SECRET));
    // The fallback is never silent, and names the file.
    assert!(ran.err.contains(&folder.file("credentials.toml").display().to_string()), "{}", ran.err);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.file("credentials.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let who = cipp(&folder, &["whoami"]).run().await.ends(0).json();
    assert_eq!((&who["profile"], &who["defaultTenant"]), (&"acme".into(), &"contoso.onmicrosoft.com".into()));
    // The default tenant is used where none is named.
    let users = cipp(&folder, &["users", "list", "--count"]).run().await.ends(0);
    assert_eq!(users.json(), 20);
}

#[tokio::test]
async fn what_does_not_work_is_not_stored() {
    let (folder, server) = (Folder::new(), server().await);
    let words = login_words(&server, "acme", &["--secret-stdin"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    cipp(&folder, &words)
        .input("another secret\n")
        .run()
        .await
        .ends(4)
        .says("nothing was stored")
        .says("AADSTS7000215");
    let gone = ["login", "--url", "http://127.0.0.1:9", "--tenant-id", "a", "--client-id", "b", "--secret-stdin"];
    cipp(&folder, &gone).input("x").run().await.ends(5).says("network");
    let plain = ["login", "--url", "http://cipp.example.com", "--tenant-id", "a", "--client-id", "b", "--secret-stdin"];
    cipp(&folder, &plain).input("x").run().await.ends(2);
    cipp(&folder, &words).input("\n").run().await.ends(2).says("it is empty");
    cipp(&folder, &words).input("one\ntwo\n").run().await.ends(2).says("several lines");
    assert_eq!(folder.read("config.toml") + &folder.read("credentials.toml"), "");
}

#[tokio::test]
async fn nobody_is_asked_without_a_terminal() {
    let folder = Folder::new();
    let ran = cipp(&folder, &["login", "--client-id", "b"]).run().await.ends(2);
    assert!(ran.err.contains("--url, --tenant-id"), "{}", ran.err);
    let whole = ["login", "--url", "https://cipp.example.com", "--tenant-id", "a", "--client-id", "b"];
    cipp(&folder, &whole).run().await.ends(2).says("--secret-stdin");
    // There is no flag for the secret itself.
    cipp(&folder, &["login", "--secret", "x"]).run().await.ends(2);
    cipp(&folder, &["login", "--client-secret", "x"]).run().await.ends(2);
    // A name becomes the name of a folder.
    for name in ["../x", "..", ".", ".ssh"] {
        let words = ["login", "--profile", name, "--url", "https://a"];
        cipp(&folder, &words).run().await.ends(2).says("no name for a profile");
        cipp(&folder, &["logout", "--profile", name]).run().await.ends(2);
    }
}

#[tokio::test]
async fn a_new_login_keeps_what_was_written_by_hand() {
    let (folder, server) = (Folder::new(), server().await);
    log_in(&folder, &server, "acme", &[]).await.ends(0);
    let edited = folder.read("config.toml").replace("[profile.acme]", "# ours\n[profile.acme]\ntimeout = 120 # slow\n");
    folder.write("config.toml", &edited);
    let words = ["login", "--secret-stdin", "--default-tenant", "fabrikam.onmicrosoft.com"];
    cipp(&folder, &words).input(SECRET).run().await.ends(0);
    let text = folder.read("config.toml");
    assert!(text.contains("# ours") && text.contains("timeout = 120 # slow"), "{text}");
    assert!(text.contains("fabrikam"), "{text}");
}

#[tokio::test]
async fn another_server_needs_another_name() {
    let (folder, one, two) = (Folder::new(), server().await, server().await);
    log_in(&folder, &one, "acme", &[]).await.ends(0);
    let words = login_words(&two, "", &["--secret-stdin"]);
    let words: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !word.is_empty() && *word != "--profile").collect();
    cipp(&folder, &words).input(SECRET).run().await.ends(2).says("--profile NAME");
    assert!(two.requests().is_empty());
    assert!(folder.read("config.toml").contains(&one.url()));
}

#[tokio::test]
async fn logout_forgets_the_secret_and_nothing_else() {
    let (folder, server) = (Folder::new(), server().await);
    log_in(&folder, &server, "acme", &[]).await.ends(0);
    cipp(&folder, &["logout"]).run().await.ends(0);
    assert!(!folder.read("credentials.toml").contains(SECRET));
    cipp(&folder, &["whoami"]).run().await.ends(4).says("cipp login --profile acme");
    cipp(&folder, &["login", "--secret-stdin"]).input(SECRET).run().await.ends(0);
    cipp(&folder, &["whoami"]).run().await.ends(0);
}

#[tokio::test]
async fn profiles_are_listed_chosen_and_removed() {
    let (folder, server) = (Folder::new(), server().await);
    log_in(&folder, &server, "one", &[]).await.ends(0);
    // A second login does not change where commands go.
    log_in(&folder, &server, "two", &[]).await.ends(0).says("cipp profile use two");
    let names = |rows: &serde_json::Value| -> Vec<(String, bool)> {
        let rows = rows.as_array().unwrap();
        rows.iter().map(|row| (row["name"].as_str().unwrap().to_owned(), row["current"].as_bool().unwrap())).collect()
    };
    let list = cipp(&folder, &["profile", "list"]).run().await.ends(0).json();
    assert_eq!(names(&list), [("one".to_owned(), true), ("two".to_owned(), false)]);
    cipp(&folder, &["profile", "use", "two"]).run().await.ends(0);
    assert_eq!(cipp(&folder, &["profile", "show"]).run().await.ends(0).json()["name"], "two");
    assert_eq!(cipp(&folder, &["profile", "show", "--profile", "one"]).run().await.ends(0).json()["name"], "one");
    cipp(&folder, &["profile", "use", "three"]).run().await.ends(2).says("there are one, two");
    cipp(&folder, &["profile", "remove", "two"]).run().await.ends(2).says("--yes");
    cipp(&folder, &["profile", "remove", "two", "--yes"]).run().await.ends(0);
    assert_eq!(folder.read("credentials.toml").matches(SECRET).count(), 1);
    cipp(&folder, &["whoami", "--profile", "two"]).run().await.ends(2).says("no profile");
    cipp(&folder, &["whoami"]).run().await.ends(2).says("cipp login");
    cipp(&folder, &["whoami", "--profile", "one"]).run().await.ends(0);
}

#[tokio::test]
async fn the_environment_alone_is_a_sign_in() {
    let server = server().await;
    let ran = bare(&["whoami"])
        .env("CIPP_URL", server.url())
        .env("CIPP_AUTHORITY", server.authority())
        .env("CIPP_TENANT_ID", server.tenant_id())
        .env("CIPP_CLIENT_ID", server.client_id())
        .env("CIPP_CLIENT_SECRET", SECRET);
    let said = ran.run().await.ends(0).json();
    assert_eq!(said["secret"], "environment CIPP_CLIENT_SECRET");
    assert_eq!(said["profile"], serde_json::Value::Null);
}

/// In a pseudo-terminal, which the command `script` makes: what is typed is not shown.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_secret_is_asked_for_and_not_shown() {
    use std::process::Stdio;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let (folder, server) = (Folder::new(), server().await);
    let line = format!("{} {}", env!("CARGO_BIN_EXE_cipp"), login_words(&server, "acme", &[]).join(" "));
    let child = tokio::process::Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env_remove("CI")
        .env("CIPP_CONFIG_DIR", folder.path())
        .env("CIPP_KEYRING", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("there is no command script on this machine: not tested");
        return;
    };
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut shown = Vec::new();
    let talk = async {
        while !String::from_utf8_lossy(&shown).contains("not shown): ") {
            assert!(stdout.read_buf(&mut shown).await.unwrap() > 0, "{}", String::from_utf8_lossy(&shown));
        }
        // The question is written a moment before the terminal stops showing what is typed; nobody reads it that fast.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        stdin.write_all(format!("{SECRET}\n").as_bytes()).await.unwrap();
        while !String::from_utf8_lossy(&shown).contains("\"version\"") {
            assert!(stdout.read_buf(&mut shown).await.unwrap() > 0, "{}", String::from_utf8_lossy(&shown));
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), talk).await.unwrap();
    assert!(!String::from_utf8_lossy(&shown).contains(SECRET));
    cipp(&folder, &["whoami"]).run().await.ends(0);
}
