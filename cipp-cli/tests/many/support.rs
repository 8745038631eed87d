//! The fake server, a folder for files, and the program with a clean environment.

use cipp_mock::MockServer;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

/// Nothing takes longer in these tests.
const LIMIT: Duration = Duration::from_secs(100);

/// What a run of the program ended with.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// One column of standard output, which is JSON.
    pub fn column(&self, name: &str) -> Vec<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.json().as_array().unwrap().iter().map(|row| text(&row[name])).collect()
    }

    /// The error on standard error, as scripts read it.
    pub fn error(&self) -> Value {
        let line = self
            .err
            .lines()
            .find(|line| line.starts_with("{\"error\""))
            .unwrap_or_else(|| panic!("no error: {self:?}"));
        serde_json::from_str::<Value>(line).unwrap()["error"].clone()
    }

    /// Fails unless it ended with this code.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

/// A server, and a folder that goes with it.
pub struct Place {
    pub server: MockServer,
    folder: PathBuf,
}

impl Place {
    pub async fn new() -> Self {
        Self::with(MockServer::start().await.unwrap())
    }

    pub fn with(server: MockServer) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("cipp-many-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Self { server, folder }
    }

    /// The path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// What must be in no output and in no file.
    #[allow(dead_code, reason = "not each of the tests that share this asks for it")]
    pub fn secrets(&self) -> Vec<String> {
        vec![self.server.client_secret().to_owned(), "mock-token-".to_owned()]
    }

    /// The program, in the folder, with nothing in its environment but the server.
    pub fn command(&self, words: &str) -> Command {
        let server = &self.server;
        let mut command = bare(&self.folder, words);
        command
            .env("CIPP_URL", server.url())
            .env("CIPP_AUTHORITY", server.authority())
            .env("CIPP_TENANT_ID", server.tenant_id())
            .env("CIPP_CLIENT_ID", server.client_id())
            .env("CIPP_CLIENT_SECRET", server.client_secret());
        command
    }

    /// Runs it to its end, with JSON out.
    pub async fn run(&self, words: &str) -> Run {
        self.feed(words, "").await
    }

    /// Runs it to its end, with this on standard input.
    pub async fn feed(&self, words: &str, input: &str) -> Run {
        let mut child = self.command(&format!("{words} -o json")).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // It may end without reading.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        end(child).await
    }
}

/// The program with a clean environment.
fn bare(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cipp"));
    command
        .args(words.split_whitespace())
        .env_clear()
        .env("CIPP_CONFIG_DIR", folder.join("config"))
        .current_dir(folder);
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Waits for its end.
pub async fn end(child: Child) -> Run {
    let output = tokio::time::timeout(LIMIT, child.wait_with_output()).await.expect("it ends in time").unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
