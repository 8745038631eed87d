//! A fake server and a folder, in which the commands of one block of the book are run.

use crate::commands::Command;
use cipp_mock::MockServer;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Nothing in the book takes longer.
const LIMIT: Duration = Duration::from_secs(60);

pub struct Place {
    server: MockServer,
    folder: PathBuf,
    title: String,
}

impl Place {
    /// A fresh world, and the files that the commands need.
    pub async fn new(title: String, files: &[(String, String)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("cipp-book-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let server = MockServer::builder().live(true).start().await.unwrap();
        Self { server, folder, title }
    }

    /// What is wrong with a command, if anything.
    pub async fn run(&self, command: &Command) -> Option<String> {
        let line = if command.run { command.line.clone() } else { help(&command.line) };
        let exit = if command.run { command.exit } else { 0 };
        let programs = Path::new(env!("CARGO_BIN_EXE_cipp")).parent().unwrap().to_str().unwrap();
        let server = &self.server;
        let child = tokio::process::Command::new("/bin/sh")
            .args(["-c", &line])
            .env_clear()
            .env("PATH", format!("{programs}:/usr/bin:/bin"))
            .env("CIPP_CONFIG_DIR", self.folder.join("config"))
            .env("CIPP_URL", server.url())
            .env("CIPP_AUTHORITY", server.authority())
            .env("CIPP_TENANT_ID", server.tenant_id())
            .env("CIPP_CLIENT_ID", server.client_id())
            .env("CIPP_CLIENT_SECRET", server.client_secret())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let Ok(output) = tokio::time::timeout(LIMIT, child).await else {
            return Some(format!("{}\n$ {line}\nruns for more than {LIMIT:?}", self.title));
        };
        let output = output.unwrap();
        let code = output.status.code();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().take(600).collect::<String>();
        if std::env::var_os("BOOK_SHOW").is_some() {
            println!("{}\n$ {line}\n{}{}", self.title, text(&output.stdout), text(&output.stderr));
        }
        (code != Some(exit)).then(|| {
            format!(
                "{}\n$ {line}\nends with {code:?}, not {exit}: {}{}",
                self.title,
                text(&output.stderr),
                text(&output.stdout)
            )
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What is left of a temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The same words, up to the first flag, asked for help.
fn help(line: &str) -> String {
    let words = line.split_whitespace().take_while(|word| !word.starts_with(['-', '\'', '"']));
    format!("{} --help", words.collect::<Vec<_>>().join(" "))
}
