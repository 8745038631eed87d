//! What is offered without a server.

use super::cipp;
use cipp_client::catalogue;
use std::collections::BTreeSet;

/// The values that are offered for the last word of a line.
pub fn offered(line: &str) -> Vec<String> {
    let (before, word) = line.rsplit_once(' ').expect("a word");
    let words: Vec<&str> = before.split(' ').collect();
    let word = format!("--word={word}");
    let text = cipp(&[&["complete", "zsh", word.as_str(), "--"], words.as_slice()].concat());
    text.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

#[test]
fn every_action_is_offered() {
    let categories: BTreeSet<String> =
        catalogue::actions().iter().map(|action| action.module.replace('_', "-")).collect();
    let first: BTreeSet<String> = offered("cipp ").into_iter().collect();
    assert!(first.is_superset(&categories));
    for command in ["login", "doctor", "search", "help", "completions"] {
        assert!(first.contains(command), "{command}");
    }
    assert!(!first.contains("complete"), "people do not type it");
    for category in &categories {
        let verbs: BTreeSet<String> = offered(&format!("cipp {category} ")).into_iter().collect();
        let known = catalogue::actions().iter().filter(|action| action.module.replace('_', "-") == *category);
        assert_eq!(verbs, known.map(|action| action.call.replace('_', "-")).collect(), "{category}");
    }
}

#[test]
fn words_flags_and_values_are_offered() {
    assert_eq!(offered("cipp us"), ["users"]);
    assert_eq!(offered("cipp help us"), ["users"]);
    assert_eq!(offered("cipp -q users reset-p"), ["reset-password"]);
    assert_eq!(offered("cipp profile "), ["list", "show", "use", "remove"]);
    assert_eq!(offered("cipp completions "), ["bash", "zsh", "fish", "powershell"]);
    assert!(offered("cipp ListUserS").contains(&"ListUserSigninLogs".to_owned()));
    // What the action needs comes first, and what is given is not offered again.
    let flags = offered("cipp users reset-password --");
    assert_eq!(flags[..2], ["--tenant", "--user-id"]);
    assert!(flags.contains(&"--dry-run".to_owned()) && flags.contains(&"--output".to_owned()));
    assert_eq!(offered("cipp users reset-password "), flags, "nothing but a flag can come here");
    let rest = offered("cipp users reset-password -t x --user-id y --");
    assert!(!rest.contains(&"--tenant".to_owned()) && !rest.contains(&"--user-id".to_owned()));
    assert!(rest.contains(&"--set".to_owned()), "{rest:?}");
    // Values, behind a space or behind "=".
    assert_eq!(offered("cipp users list -o j"), ["json"]);
    assert_eq!(offered("cipp users list --output=j"), ["--output=json"]);
    assert_eq!(offered("cipp users list --dry-run=c"), ["--dry-run=curl"]);
    assert_eq!(offered("cipp users list --columns displayName,userPr"), ["displayName,userPrincipalName"]);
    assert_eq!(offered("cipp users list --where accountEn"), ["accountEnabled="]);
    assert_eq!(offered("cipp users list --sort -accountEn"), ["-accountEnabled"]);
    assert_eq!(offered("cipp users reset-password --must-change="), ["--must-change=true", "--must-change=false"]);
    assert_eq!(offered("cipp compat Get-CIPPUserSi"), ["Get-CIPPUserSignIns"]);
    // Files are left to the shell.
    for line in ["--from ", "--from=pe", "--journal x", "--body @", "--filter @fi"] {
        assert_eq!(offered(&format!("cipp users list {line}")), [":files"], "{line}");
    }
    // What names nothing is no reason to say anything.
    assert!(offered("cipp nothing of this ").is_empty());
    assert!(offered("cipp users list -- ").is_empty());
}
