//! Completions and manual pages hold the whole tree: it can be built, and nothing in it collides.

#![allow(clippy::expect_used, reason = "a test fails loudly")]

use cipp_client::catalogue;
use std::process::Command;

fn cipp(words: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_cipp")).env_clear().args(words).output().expect("it runs");
    assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("text")
}

#[test]
fn every_shell_is_told_every_verb() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let text = cipp(&["completions", shell]);
        for action in catalogue::actions() {
            let verb = action.call.replace('_', "-");
            assert!(text.contains(&verb), "{shell} does not know {} {verb}", action.module);
        }
    }
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
