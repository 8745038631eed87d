//! Sessions in a real terminal, kept as text beside this test. `CIPP_TEST_WRITE=1` writes them anew.

#![cfg(unix)]
#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails loudly")]

mod terminal;

use cipp_mock::{CONTOSO, MockServer};
use std::path::Path;
use std::process::{Command, Stdio};
use terminal::Terminal;

/// The program with nothing in its environment but the way to the server.
fn cipp(server: &MockServer, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cipp"));
    command.env_clear().args(words.split_whitespace()).stdin(Stdio::null()).envs([
        ("TERM", "xterm-256color".to_owned()),
        ("HOME", "/nonexistent".to_owned()),
        ("CIPP_CONFIG_DIR", "/nonexistent/cipp".to_owned()),
        ("CIPP_URL", server.url()),
        ("CIPP_AUTHORITY", server.authority()),
        ("CIPP_TENANT_ID", server.tenant_id().to_owned()),
        ("CIPP_CLIENT_ID", server.client_id().to_owned()),
        ("CIPP_CLIENT_SECRET", server.client_secret().to_owned()),
    ]);
    command
}

/// Compares with what was kept; escapes are made visible.
fn kept(name: &str, shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.txt"));
    let shown = shown.replace("\r\n", "\n").replace('\u{1b}', "␛").replace('\r', "␍");
    if std::env::var_os("CIPP_TEST_WRITE").is_some() {
        std::fs::write(&path, &shown).expect("written");
    }
    let before = std::fs::read_to_string(&path).expect("it is kept");
    assert_eq!(before, shown, "{name}: CIPP_TEST_WRITE=1 writes it anew");
}

/// A session whose standard output is a terminal of this width, and whose hints go elsewhere.
async fn on_terminal(name: &str, columns: u16, change: impl FnOnce(&mut Command), words: &str) {
    let server = MockServer::start().await.expect("the server starts");
    let mut command = cipp(&server, words);
    change(&mut command);
    let words = words.to_owned();
    let shown = tokio::task::spawn_blocking(move || {
        let terminal = Terminal::new(columns);
        command.stdout(terminal.end()).stderr(Stdio::piped());
        let (shown, ended) = terminal.run(command);
        format!(
            "$ cipp {words}\n{shown}{}[exit {}]\n",
            String::from_utf8_lossy(&ended.stderr),
            ended.status.code().unwrap_or(-1)
        )
    });
    kept(name, &shown.await.expect("it ends"));
}

fn users(rest: &str) -> String {
    format!("users list --tenant {CONTOSO} --sort displayName --limit 3 {rest}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_fits_eighty_columns() {
    on_terminal("table-80", 80, |_| (), users("").trim()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_fits_two_hundred_columns() {
    on_terminal("table-200", 200, |_| (), users("").trim()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_is_in_colour_on_a_terminal() {
    on_terminal("colour", 80, |_| (), "search --help").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_color_is_obeyed() {
    on_terminal("no-color", 80, |command| _ = command.env("NO_COLOR", "1"), "search --help").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_colour_can_be_asked_for() {
    on_terminal("color-never", 80, |_| (), "search --help --color never").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_word_is_answered_with_near_ones() {
    on_terminal("wrong-word", 80, |_| (), "users lst").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_needs_a_home() {
    let change = |command: &mut Command| _ = command.env_remove("HOME").env_remove("CIPP_CONFIG_DIR");
    on_terminal("no-home", 80, change, users("--columns displayName,mail").trim()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_gets_one_json_document() {
    let server = MockServer::start().await.expect("the server starts");
    let words = users("--columns displayName,mail");
    let mut command = cipp(&server, &words);
    let ended = tokio::task::spawn_blocking(move || command.output()).await.expect("it ends").expect("it runs");
    assert!(ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
    let shown = String::from_utf8(ended.stdout).expect("text");
    kept("piped", &format!("$ cipp {words} | cat\n{shown}[exit {}]\n", ended.status.code().unwrap_or(-1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_ends_quietly() {
    let server = MockServer::start().await.expect("the server starts");
    let words = format!("users list --tenant {CONTOSO} -o ndjson");
    let mut command = cipp(&server, &words);
    let ended = tokio::task::spawn_blocking(move || {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        // Whoever reads has gone before the first line comes.
        drop(reader);
        command.stdout(writer).stderr(Stdio::piped());
        let child = command.spawn().expect("it runs");
        drop(command);
        child.wait_with_output().expect("it ends")
    });
    let ended = ended.await.expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr);
    kept("closed-pipe", &format!("$ cipp {words} | true\n{said}[exit {}]\n", ended.status.code().unwrap_or(-1)));
}
