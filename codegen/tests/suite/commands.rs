//! The command itself: what it prints, what it writes, and when it fails.

use crate::support::{Folder, tools};
use std::fs;
use std::process::Command;

/// Whether it went well, and what it said.
fn run(copy: &Folder, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cipp-codegen"));
    let output = command.arg("--spec").arg(copy.spec()).args(arguments).current_dir(tools()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn coverage_fails_below_its_limits() {
    let copy = Folder::small();
    assert!(run(&copy, &["coverage", "shapes"]).0);
    assert!(run(&copy, &["coverage", "shapes", "--named", "60", "--typed", "80"]).0);
    let (good, text) = run(&copy, &["coverage", "shapes", "--named", "95"]);
    assert!(!good && text.contains("3 captures") && text.contains("it must be 95 %"), "{text}");
    let (good, text) = run(&copy, &["coverage", "nowhere"]);
    assert!(!good && text.contains("cannot be read"), "{text}");
}

/// The recipe of CONTRIBUTING, on the small specification: from the old description to the new one.
#[test]
fn a_release_is_taken_in() {
    let copy = Folder::small();
    let well = |arguments: &[&str]| {
        let (good, text) = run(&copy, arguments);
        assert!(good, "{arguments:?}:\n{text}");
        text
    };
    let badly = |arguments: &[&str]| {
        let (good, text) = run(&copy, arguments);
        assert!(!good, "{arguments:?}:\n{text}");
        text
    };
    // The release taken in last.
    copy.edit("actions/things.yaml", "role: Shop.Thing.ReadWrite", "role: Shop.Thing.Write");
    copy.edit(
        "actions/things.yaml",
        "    source: test\n",
        "    source: test\n    override: { method: The server reads both. }\n",
    );
    well(&["lock", "old.json"]);
    well(&["check"]);
    well(&["surface"]);
    // 1. What is new.
    assert!(well(&["diff", "new.json"]).contains("3 added, 3 removed"));
    assert!(badly(&["diff", "--exit-code", "new.json"]).contains("new.json differs from upstream.lock"));
    // 2. What is no longer so.
    well(&["lock", "new.json"]);
    well(&["diff", "--exit-code", "new.json"]);
    let text = badly(&["check"]);
    assert!(text.contains("the official description has the role `Shop.Thing.ReadWrite`"), "{text}");
    assert!(text.contains("this override no longer applies"), "{text}");
    copy.edit("actions/things.yaml", "role: Shop.Thing.Write", "role: Shop.Thing.ReadWrite");
    copy.edit("actions/things.yaml", "    override: { method: The server reads both. }\n", "");
    // 3. Drafts, and the decisions in them.
    assert!(well(&["import", "new.json"]).contains("# spec/actions/things.yaml\n  RepairThing:"));
    assert!(well(&["import", "--write", "new.json"]).contains("3 entries in 2 files"));
    assert!(badly(&["check"]).contains("TODO: `summary` is left to you"));
    for file in ["things", "mcp"] {
        let path = copy.spec().join("actions").join(format!("{file}.yaml"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replace("summary: TODO", "summary: Do it.").replace("kind: TODO", "kind: write")).unwrap();
    }
    well(&["check"]);
    // 4. What existing actions do not send yet.
    assert!(well(&["diff", "--against", "spec", "new.json"]).contains("- added: `color` (body, string)"));
    // 5. What deviates, and why.
    assert!(badly(&["conform", "new.json"]).contains("deviations without reason"));
    assert!(well(&["conform", "--propose", "new.json"]).contains("reason: TODO"));
    well(&["conform", "--propose", "--write", "new.json"]);
    assert!(badly(&["conform", "new.json"]).contains("nobody has said the reason"));
    let path = copy.spec().join("deviations.yaml");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("reason: TODO", "reason: So it is.")).unwrap();
    assert!(well(&["conform", "new.json"]).contains("each with its reason: nothing wrong"));
    // 8. What users will notice.
    let text = badly(&["surface", "--check"]);
    assert!(text.contains("+ things::Things::repair_thing -> RepairThing"), "{text}");
    assert!(well(&["surface"]).contains("+ things::RepairThing -> Results"));
    well(&["surface", "--check"]);
}

#[test]
fn two_descriptions_compare_without_a_specification() {
    let copy = Folder::small();
    fs::remove_dir_all(copy.spec()).unwrap();
    let (good, text) = run(&copy, &["diff", "old.json", "new.json", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(good && json["added"].as_array().unwrap().len() == 3, "{text}");
    let (good, text) = run(&copy, &["diff", "old.json", "nothing.json"]);
    assert!(!good && text.contains("nothing.json"), "{text}");
}
