//! *Adding an action only means editing the specification.* In a copy of the workspace, actions are added to one file under
//! `spec/actions`; the copy is built, and the new actions are called against the fake server.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the copy needs to be built.
const PARTS: &[&str] = &[
    "Cargo.lock",
    "build.rs",
    "spec",
    "cipp-client",
    "codegen/src",
    "codegen/Cargo.toml",
    "cipp-mock/src",
    "cipp-cli/src",
    "cipp-cli/tests/every_action",
    "benches",
];

/// The manifests that name the version.
const MANIFESTS: &[&str] = &["Cargo.toml", "cipp-mock/Cargo.toml", "cipp-cli/Cargo.toml"];

/// The file that is edited.
const EDITED: &str = "spec/actions/tools.yaml";

/// Copies a file or a folder, with what cargo looks at to tell whether something changed.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            // What is the same as the last time stays untouched, so that cargo builds only what changed since.
            if entry.file_name() != "target" && !entry.path().ends_with(EDITED) {
                copy(&entry.path(), &to.join(entry.file_name()));
            }
        }
    } else {
        put(to, &fs::read_to_string(from).expect("a text"));
    }
}

/// Writes a file that is not there or not the same.
fn put(to: &Path, text: &str) {
    if fs::read_to_string(to).ok().as_deref() != Some(text) {
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::write(to, text).expect("a written file");
    }
}

#[test]
fn adding_an_action_only_means_editing_the_specification() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let copied = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("adding_an_action");
    for part in PARTS {
        copy(&root.join(part), &copied.join(part));
    }
    // Another version: cargo tells the members of a workspace apart by name and version alone, so that in the same target folder
    // it would take what was built of the copy for the workspace itself.
    let version = env!("CARGO_PKG_VERSION");
    for manifest in MANIFESTS {
        let text = fs::read_to_string(root.join(manifest)).expect("a manifest");
        let other = text.replace(&format!("version = \"{version}\""), "version = \"0.0.1\"");
        let other = other.replace(&format!("version = \"={version}\""), "version = \"=0.0.1\"");
        assert_ne!(text, other, "{manifest} names no version");
        put(&copied.join(manifest), &other);
    }
    let odd = fs::read_to_string(root.join("tests/adding_an_action/odd.yaml")).expect("the odd actions");
    let (_, odd) = odd.split_once("actions:\n").expect("actions");
    let (actions, types) = odd.split_once("types:\n").expect("types");
    let tools = fs::read_to_string(root.join(EDITED)).expect("a category");
    let tools = tools.replace("\nactions:\n", &format!("\nactions:\n{actions}"));
    let tools = tools.replace("\ntypes:\n", &format!("\ntypes:\n{types}"));
    assert!(tools.contains(actions) && tools.contains(types));
    put(&copied.join(EDITED), &tools);
    copy(&root.join("tests/adding_an_action/program.rs"), &copied.join("tests/program.rs"));

    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let output = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--offline", "--package", "cipp-client", "--test", "program"])
        .current_dir(&copied)
        // What is built for the dependencies serves here too.
        .env("CARGO_TARGET_DIR", target.parent().expect("the target folder"))
        .output()
        .expect("cargo runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}
