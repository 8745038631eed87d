//! A made-up server with a secret that no output may show, a folder of its own, and the command in a clean environment.

use cipp_mock::MockServer;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// The secret of every server here.
pub const SECRET: &str = "canary~secret.4711";

/// A folder that goes away with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cipp-signin-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.file(name), text).unwrap();
        self.file(name).to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub async fn server() -> MockServer {
    let ids = ("11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000");
    MockServer::builder().credentials(ids.0, ids.1, SECRET).live(true).start().await.unwrap()
}

/// How a run ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }

    /// Checks the code, and shows what was said when it is another.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// Checks that standard error says something.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.err.contains(words), "{words:?} is not in: {}", self.err);
        self
    }
}

/// The command, not started yet.
pub struct Cipp {
    command: Command,
    input: Option<String>,
}

/// The command in an environment that holds nothing but what the test sets: the folder, and no keyring.
pub fn cipp(folder: &Folder, words: &[&str]) -> Cipp {
    bare(words).env("CIPP_CONFIG_DIR", folder.path()).env("CIPP_KEYRING", "off")
}

/// The command in an empty environment.
pub fn bare(words: &[&str]) -> Cipp {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cipp"));
    command.args(words).env_clear().kill_on_drop(true);
    // Windows starts no sockets without it.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    Cipp { command, input: None }
}

impl Cipp {
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// In this folder.
    pub fn at(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub fn input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self
    }

    /// Runs it. The secret must not be in what it says.
    pub async fn run(mut self) -> Ran {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        if let Some(input) = self.input {
            // A command that ends early does not read it.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ran = Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
        assert!(!ran.out.contains(SECRET) && !ran.err.contains(SECRET), "the secret is shown");
        ran
    }
}

/// The words of a login to a server, but for the secret.
pub fn login_words(server: &MockServer, profile: &str, more: &[&str]) -> Vec<String> {
    let (url, authority) = (server.url(), server.authority());
    let words = ["login", "--profile", profile, "--url", &url, "--authority", &authority, "-o", "json", "--tenant-id"];
    let ids = [server.tenant_id(), "--client-id", server.client_id()];
    words.iter().chain(&ids).chain(more).map(|word| (*word).to_owned()).collect()
}

/// Logs in with the secret on standard input.
pub async fn log_in(folder: &Folder, server: &MockServer, profile: &str, more: &[&str]) -> Ran {
    let words = login_words(server, profile, more);
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--secret-stdin"]).collect();
    cipp(folder, &words).input(&format!("{SECRET}\n")).run().await
}
