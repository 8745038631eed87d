//! `cipp compat`: every cmdlet of the PowerShell module leads somewhere.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

use cipp_client::catalogue;
use serde_json::Value;
use std::process::{Command, Output};

const TABLE: &str = include_str!("../src/compat.tsv");

fn compat(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cipp")).env_clear().arg("compat").args(words).output().expect("it runs")
}

fn rows(words: &[&str]) -> Vec<Value> {
    let ran = compat(words);
    assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("JSON")
}

fn known(endpoint: &str) -> bool {
    catalogue::actions().iter().any(|action| action.endpoint().eq_ignore_ascii_case(endpoint))
}

#[test]
fn every_cmdlet_is_answered() {
    let all = rows(&[]);
    for line in TABLE.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let [name, endpoint, ..] = parts.as_slice() else { panic!("{line}: a cmdlet and an endpoint") };
        let found: Vec<&Value> = all.iter().filter(|row| row["cmdlet"] == *name).collect();
        assert!(!found.is_empty(), "{name} has no row");
        for row in found {
            let command = row["command"].as_str().expect("a text");
            if parts.get(2) == Some(&"gone") {
                assert_eq!(command, "", "{name}");
                assert!(!known(endpoint), "{endpoint} is listed as gone, and is in the catalogue");
            } else if known(endpoint) {
                let action =
                    catalogue::actions().iter().find(|action| action.title == row["title"]).expect("an action");
                assert!(action.endpoint().eq_ignore_ascii_case(endpoint), "{name} leads to {}", action.title);
                assert!(command.starts_with("cipp ") && !command.starts_with("cipp api "), "{name}: {command}");
            } else {
                assert!(command.starts_with("cipp "), "{name}: {command}");
            }
        }
    }
}

#[test]
fn every_endpoint_is_in_the_catalogue_or_gone() {
    let missing = TABLE.lines().filter(|line| {
        let parts: Vec<&str> = line.split('\t').collect();
        parts.len() == 2 && !parts[1].starts_with("cipp ") && !known(parts[1])
    });
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn case_does_not_count_and_a_wrong_name_is_answered_with_near_ones() {
    let rows = rows(&["get-cippusers"]);
    assert!(rows.iter().all(|row| row["cmdlet"] == "Get-CIPPUsers"), "{rows:?}");
    assert!(rows.iter().any(|row| row["command"] == "cipp users list"), "{rows:?}");
    let ran = compat(&["Get-CIPPUser"]);
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8(ran.stderr).expect("text");
    assert!(said.contains("did you mean") && said.contains("Get-CIPPUsers"), "{said}");
    assert!(ran.stdout.is_empty());
}

#[test]
fn the_help_of_an_action_names_the_cmdlets_that_did_it() {
    let run = |words: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_cipp")).env_clear().args(words).output().expect("it runs");
        String::from_utf8(ran.stdout).expect("text")
    };
    assert!(run(&["users", "list", "--help"]).contains("Cmdlet:      Get-CIPPUsers\n"));
    let described: Value = serde_json::from_str(&run(&["describe", "users", "list", "-o", "json"])).expect("JSON");
    assert_eq!(described["cmdlets"], serde_json::json!(["Get-CIPPUsers"]));
    let none = catalogue::actions()
        .iter()
        .find(|action| !TABLE.lines().any(|line| line.contains(&format!("\t{}", action.endpoint()))))
        .expect("an action that came later");
    assert!(!run(&["describe", none.name]).contains("Cmdlet:"), "{}", none.name);
}
