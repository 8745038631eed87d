//! Profiles as a program uses them: the sign-in that `cipp login` stored, with a keyring that works, fails or hangs.
#![cfg(feature = "profiles")]
#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

use cipp_client::profiles::{Place, Profile, Profiles, SecretSource, SecretStore};
use cipp_client::{Client, ErrorKind, Secret};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const SECRET: &str = "canary~secret.0815";

/// A keyring in memory, with the limit that Windows has.
#[derive(Debug, Default)]
struct Memory(Mutex<BTreeMap<String, String>>);

impl SecretStore for Memory {
    fn get(&self, name: &str) -> Result<Option<Secret>, String> {
        Ok(self.0.lock().unwrap().get(name).map(|secret| Secret::new(secret.as_str())))
    }

    fn set(&self, name: &str, secret: &Secret) -> Result<(), String> {
        if secret.expose().encode_utf16().count() > 1280 {
            return Err("the secret is too long for the keyring".to_owned());
        }
        self.0.lock().unwrap().insert(name.to_owned(), secret.expose().to_owned());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

/// A keyring that waits for somebody who does not come.
#[derive(Debug)]
struct Hanging;

impl Hanging {
    fn hang<T>() -> Result<T, String> {
        std::thread::sleep(Duration::from_secs(600));
        Err("too late".to_owned())
    }
}

impl SecretStore for Hanging {
    fn get(&self, _: &str) -> Result<Option<Secret>, String> {
        Self::hang()
    }

    fn set(&self, _: &str, _: &Secret) -> Result<(), String> {
        Self::hang()
    }

    fn remove(&self, _: &str) -> Result<(), String> {
        Self::hang()
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cipp-profiles-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn all(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.0.join(name)).unwrap_or_default();
        read("config.toml") + &read("credentials.toml")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn acme() -> Profile {
    Profile::new("acme", "https://cipp.example.com", "tenant", "client")
}

fn acme_with(source: SecretSource) -> Profile {
    let mut profile = acme();
    profile.secret = Some(source);
    profile
}

#[test]
fn a_keyring_keeps_the_secret_and_the_files_do_not() {
    let (folder, memory) = (Folder::new(), Arc::new(Memory::default()));
    let profiles = Profiles::open_in(&folder.0, memory.clone());
    let kept = profiles.save_with(&acme(), &SECRET.into(), Place::Best).unwrap();
    assert_eq!((kept.source, kept.warnings), (Some(SecretSource::Keyring), Vec::new()));
    assert!(!folder.all().contains(SECRET));
    let stored = profiles.get("acme").unwrap();
    assert_eq!(stored, acme_with(SecretSource::Keyring));
    assert_eq!(profiles.secret(&stored).unwrap().expose(), SECRET);
    assert_eq!(profiles.current().unwrap().as_deref(), Some("acme"));

    // A secret is for one API client: after a change by hand it is not used for another.
    let mut other = stored.clone();
    other.client_id = "another".to_owned();
    assert_eq!(profiles.secret(&other).unwrap_err().kind(), ErrorKind::Auth);

    // A login for another API client forgets the old secret.
    profiles.save_with(&other, &SECRET.into(), Place::Keyring).unwrap();
    assert_eq!(memory.0.lock().unwrap().len(), 1);
    profiles.log_out("acme").unwrap();
    assert!(memory.0.lock().unwrap().is_empty());
    assert!(profiles.get("acme").unwrap().secret.is_none());
    profiles.remove("acme").unwrap();
    assert!(profiles.names().unwrap().is_empty() && profiles.current().unwrap().is_none());
}

#[test]
fn what_a_keyring_does_not_take_goes_into_the_file_and_is_told() {
    let (folder, memory) = (Folder::new(), Arc::new(Memory::default()));
    let profiles = Profiles::open_in(&folder.0, memory.clone());
    profiles.save_with(&acme(), &SECRET.into(), Place::Best).unwrap();
    let long = SECRET.repeat(100);
    let error = profiles.save_with(&acme(), &long.as_str().into(), Place::Keyring).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(profiles.secret(&profiles.get("acme").unwrap()).unwrap().expose(), SECRET, "the old one still counts");
    let kept = profiles.save_with(&acme(), &long.as_str().into(), Place::Best).unwrap();
    assert_eq!(kept.source, Some(SecretSource::CredentialsFile));
    assert!(kept.warnings[0].contains("too long") && kept.warnings[0].contains("credentials.toml"), "{kept:?}");
    assert!(memory.0.lock().unwrap().is_empty(), "the old secret is left in the keyring");
    assert_eq!(profiles.secret(&profiles.get("acme").unwrap()).unwrap().expose(), long);
    // Back in the keyring, the file holds it no longer.
    profiles.save_with(&acme(), &SECRET.into(), Place::Best).unwrap();
    assert!(!folder.all().contains(SECRET));
}

#[test]
fn a_keyring_that_hangs_is_left_after_three_seconds() {
    let folder = Folder::new();
    let profiles = Profiles::open_in(&folder.0, Arc::new(Hanging));
    let started = Instant::now();
    let kept = profiles.save_with(&acme(), &SECRET.into(), Place::Best).unwrap();
    assert_eq!(kept.source, Some(SecretSource::CredentialsFile));
    let error = profiles.secret(&acme_with(SecretSource::Keyring)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.to_string().contains("did not answer within 3 s"), "{error}");
    let took = started.elapsed();
    assert!((Duration::from_secs(6)..Duration::from_secs(15)).contains(&took), "{took:?}");
}

#[test]
fn a_command_must_have_been_stored() {
    let folder = Folder::new();
    let profiles = Profiles::open_in(&folder.0, Arc::new(Memory::default()));
    let command = SecretSource::command("printf 'a b' \"c\\d\"").unwrap();
    assert_eq!(command, SecretSource::Command(["printf", "a b", "c\\d"].map(str::to_owned).to_vec()));
    let profile = acme_with(SecretSource::Command(vec!["printf".to_owned(), "x".to_owned()]));
    let error = profiles.secret(&profile).unwrap_err();
    assert!(error.to_string().contains("is not run"), "{error}");
    profiles.save(&profile).unwrap();
    if cfg!(unix) {
        assert_eq!(profiles.secret(&profile).unwrap().expose(), "x");
    }
    // A login with another kind of secret takes the approval back.
    profiles.save(&acme_with(SecretSource::Env("X".to_owned()))).unwrap();
    assert!(profiles.secret(&profile).is_err());
}

#[test]
fn what_people_wrote_stays() {
    let folder = Folder::new();
    let profiles = Profiles::open_in(&folder.0, Arc::new(Memory::default()));
    let text = "# mine\ncurrent = \"acme\" # the usual\n\n[profile]\nacme = { url = \"https://a.example.com\", tenant-id = \"t\", \
                client-id = \"c\" } # inline\n\n# the other\n[profile.other]\nurl = \"https://o.example.com\"\ntenant-id = \"t\"\n\
                client-id = \"c\"\ntimeout = 1.5\n";
    std::fs::write(folder.0.join("config.toml"), text).unwrap();
    profiles.select("other").unwrap();
    let now = std::fs::read_to_string(folder.0.join("config.toml")).unwrap();
    assert_eq!(now, text.replace("\"acme\" # the usual", "\"other\" # the usual"));
    profiles.save_with(&profiles.get("acme").unwrap(), &SECRET.into(), Place::Keyring).unwrap();
    let acme = profiles.get("acme").unwrap();
    assert_eq!((acme.url.as_str(), acme.secret), ("https://a.example.com", Some(SecretSource::Keyring)));
    let now = std::fs::read_to_string(folder.0.join("config.toml")).unwrap();
    assert!(now.contains("# mine") && now.contains("# inline") && now.contains("# the other"), "{now}");
}

#[cfg(unix)]
#[test]
fn a_linked_configuration_stays_a_link() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    let target = elsewhere.0.join("cipp.toml");
    std::fs::write(&target, "# mine\n").unwrap();
    std::os::unix::fs::symlink(&target, folder.0.join("config.toml")).unwrap();
    let profiles = Profiles::open_in(&folder.0, Arc::new(Memory::default()));
    profiles.save_with(&acme(), &SECRET.into(), Place::Keyring).unwrap();
    assert!(std::fs::symlink_metadata(folder.0.join("config.toml")).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().contains("acme"));
}

/// Runs in a process of its own, whose environment the next test sets.
#[tokio::test]
#[ignore = "a part of the next test"]
async fn child() {
    let client = Client::from_profile("acme").unwrap();
    let tenants = client.call(cipp_client::RawRequest::get("ListTenants")).await.unwrap();
    assert!(tenants.is_array(), "{tenants}");
    let error = Client::from_profile("nobody").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("there are acme"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_signs_in_by_the_name_of_a_profile() {
    let server = cipp_mock::MockServer::builder().credentials("tenant", "client", SECRET).start().await.unwrap();
    let folder = Folder::new();
    let mut profile = Profile::new("acme", server.url(), server.tenant_id(), server.client_id());
    profile.authority = Some(server.authority());
    let profiles = Profiles::open_in(&folder.0, Arc::new(Memory::default()));
    profiles.save_with(&profile, &SECRET.into(), Place::CredentialsFile).unwrap();
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored"])
        .env("CIPP_CONFIG_DIR", &folder.0)
        .env("CIPP_KEYRING", "off")
        // The name says which sign-in: the environment does not count.
        .env("CIPP_URL", "https://elsewhere.example.com")
        .env("CIPP_CLIENT_SECRET", "another")
        .output();
    let run = run.unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.contains("1 passed") && !said.contains(SECRET), "{said}");
}
