//! Sessions in a real terminal, kept as text beside this test. `CIPP_TEST_WRITE=1` writes them anew.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod screen;
mod terminal;

use cipp_client::users::ResetPassword;
use cipp_mock::{CONTOSO, Fault, MockServer};
use screen::screen;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
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

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cipp-golden-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A session in which everything goes through the terminal, also what is typed. `drive` sits at it. Gives what is left on the screen.
async fn at_terminal(
    mut command: Command,
    drive: impl FnOnce(&mut terminal::Session) + Send + 'static,
) -> (String, String) {
    const COLUMNS: u16 = 120;
    let session = tokio::task::spawn_blocking(move || {
        let terminal = Terminal::new(COLUMNS);
        command.stdin(terminal.end()).stdout(terminal.end()).stderr(terminal.end());
        let mut session = terminal.start(command);
        drive(&mut session);
        let (written, ended) = session.end();
        let shown = screen(&written);
        (format!("{shown}[exit {}]\n", ended.status.code().unwrap_or(-1)), written)
    });
    session.await.expect("it ends")
}

/// Without what differs from run to run: the port of the server, and the folder.
fn same(text: &str, server: &MockServer, folder: &Path) -> String {
    let port = format!(":{}", server.url().rsplit(':').next().expect("a port").trim_end_matches('/'));
    text.replace(&port, ":PORT").replace(&folder.display().to_string(), "/home/jane")
}

#[tokio::test(flavor = "multi_thread")]
async fn in_ci_nobody_is_asked() {
    let server = MockServer::start().await.expect("the server starts");
    let words = format!("users remove --tenant {CONTOSO} --user-id jane@contoso.com");
    let mut command = cipp(&server, &words);
    command.env("CI", "true");
    let (shown, _) = at_terminal(command, |_| ()).await;
    kept("ci", &same(&format!("$ CI=true cipp {words}\n{shown}"), &server, Path::new("/nowhere")));
    assert!(server.requests_to("RemoveUser").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_is_read_only_keeps_nothing_from_working_but_a_login() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let server = MockServer::start().await.expect("the server starts");
    let folder = Folder::new("read-only");
    let home = folder.0.join("home");
    std::fs::create_dir(&home).expect("a home");
    std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o555)).expect("read-only");
    // The administrator may write everywhere, so somebody else tries, who may not even see where the program was built.
    let root = rustix::process::getuid().is_root();
    let program = folder.0.join("cipp");
    if root {
        std::fs::copy(env!("CARGO_BIN_EXE_cipp"), &program).expect("a copy");
    }
    let mut all = String::new();
    for words in [users("--columns displayName,mail"), "login --secret-env CIPP_CLIENT_SECRET".to_owned()] {
        let plain = cipp(&server, &words);
        let mut command = if root { Command::new(&program) } else { Command::new(env!("CARGO_BIN_EXE_cipp")) };
        command.env_clear().args(plain.get_args());
        command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.env_remove("CIPP_CONFIG_DIR").env("HOME", &home);
        if root {
            command.uid(65_534).gid(65_534);
        }
        let (shown, _) = at_terminal(command, |_| ()).await;
        all.push_str(&format!("$ cipp {words}\n{shown}"));
    }
    assert!(!all.contains(server.client_secret()), "{all}");
    kept("read-only-home", &same(&all, &server, &home));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_are_interrupted_and_gone_on_with() {
    let server = Arc::new(MockServer::start().await.expect("the server starts"));
    server.on::<ResetPassword>().any_times().reply("The password was reset.");
    // The third waits until somebody has pressed Ctrl-C.
    server.fault(Fault::delay(Duration::from_millis(1500)).skip(2).times(1).on("ExecResetPass"));
    let folder = Folder::new("interrupt");
    std::fs::write(folder.0.join("people.csv"), "user-id\nada\nben\nchiara\ndai\neva\n").expect("a file");
    let words = format!("users reset-password --tenant {CONTOSO} --from people.csv --concurrency 1");
    let first = format!("{words} --journal done.journal");
    let mut command = cipp(&server, &first);
    command.current_dir(&folder.0);
    let seen = Arc::clone(&server);
    let (shown, written) = at_terminal(command, move |session| {
        session.until("to go on: ");
        session.type_line("5");
        while seen.requests_to("ExecResetPass").len() < 3 {
            std::thread::sleep(Duration::from_millis(5));
        }
        session.interrupt();
    })
    .await;
    assert!(written.contains("2/5"), "there is a progress bar: {written}");
    let second = format!("{words} --resume done.journal");
    let mut command = cipp(&server, &second);
    command.current_dir(&folder.0);
    let (rest, _) = at_terminal(command, |session| {
        session.until("to go on: ");
        session.type_line("2");
    })
    .await;
    let all = format!("$ cipp {first}\n{shown}$ cipp {second}\n{rest}");
    kept("interrupt", &same(&all, &server, &folder.0));
    assert_eq!(server.requests_to("ExecResetPass").len(), 5, "each row was sent once");
}
