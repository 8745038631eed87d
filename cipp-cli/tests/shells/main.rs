//! Completions, manual pages and the help of commands: all of the tree is reachable, the shells get what they ask for, and what
//! is kept of a server's values is kept rightly.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, dead_code, clippy::restriction, reason = "a test may stop where it stands")]

mod live;
mod offers;
mod scripts;
#[path = "../many/support.rs"]
mod support;

use cipp_client::catalogue;
use std::process::Command;

fn cipp(words: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_cipp")).env_clear().args(words).output().expect("it runs");
    assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("text")
}

#[test]
fn every_category_has_a_page() {
    let folder = std::env::temp_dir().join(format!("cipp-test-man-{}", std::process::id()));
    cipp(&["man", &folder.display().to_string()]);
    for action in catalogue::actions() {
        let page = folder.join(format!("cipp-{}.1", action.module.replace('_', "-")));
        assert!(page.is_file(), "{}", page.display());
    }
    std::fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn help_may_come_first_or_last() {
    for words in [vec!["users"], vec!["users", "list"], vec!["doctor"], vec![]] {
        let first = cipp(&[&["help"], words.as_slice()].concat());
        let last = cipp(&[words.as_slice(), &["--help"]].concat());
        assert_eq!(first, last);
        assert!(first.contains("Usage: cipp"), "{first}");
    }
}
