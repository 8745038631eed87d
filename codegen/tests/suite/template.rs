//! The entry that `new` writes for an action.

use crate::support::{Folder, load, real};
use cipp_codegen::{Spec, template};
use std::fs;

#[test]
fn a_new_action_leaves_the_rest_of_the_file_alone() {
    let Some(spec) = real() else { return };
    let folder = Folder::of(&spec);
    fs::remove_file(folder.spec().join("upstream.lock")).unwrap();
    for category in load(&spec).api.categories {
        let modules = [category.module.clone()];
        let path = folder.spec().join("actions").join(format!("{}.yaml", category.module));
        let before = fs::read_to_string(&path).unwrap();
        for name in ["ListUnicorns", "ExecUnicornMFAThing"] {
            let text = fs::read_to_string(&path).unwrap();
            let entry = template::entry(name).unwrap();
            fs::write(&path, template::insert(&text, &entry).unwrap()).unwrap();
        }
        // What was added stands together; around it everything is as before.
        let after = fs::read_to_string(&path).unwrap();
        let (before_lines, after_lines): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
        let head = before_lines.iter().zip(&after_lines).take_while(|(one, other)| one == other).count();
        let tail =
            before_lines.iter().rev().zip(after_lines.iter().rev()).take_while(|(one, other)| one == other).count();
        assert!(
            head + tail >= before_lines.len(),
            "{} changed between lines {head} and {}",
            category.module,
            before_lines.len() - tail
        );
        let spec = Spec::load(&folder.spec(), Some(&modules)).sound().unwrap();
        let found = spec.api.categories.iter().find(|found| found.module == category.module).unwrap();
        assert_eq!(found.actions.len(), category.actions.len() + 2);
        // The new ones are the last.
        assert_eq!(found.actions.last().unwrap().name, "ExecUnicornMFAThing");
        // A second time the name is taken.
        let again = template::insert(&after, &template::entry("ListUnicorns").unwrap()).unwrap();
        fs::write(&path, again).unwrap();
        assert!(
            Spec::load(&folder.spec(), Some(&modules)).sound().unwrap_err().contains("`ListUnicorns` stands twice")
        );
    }
}

#[test]
fn a_new_action_stands_before_the_comment_of_what_follows() {
    let entry = template::entry("ListUnicorns").unwrap();
    let file = "category: Good\nactions:\n  ListGood:\n    title: Good\n\n# Types of this file.\ntypes:\n  Good: {}\n";
    let expected = format!(
        "category: Good\nactions:\n  ListGood:\n    title: Good\n\n{entry}\n# Types of this file.\ntypes:\n  Good: {{}}\n"
    );
    assert_eq!(template::insert(file, &entry).unwrap(), expected);
    // Comments inside the actions, and at the end of the file, stay where they are.
    let file = "actions:\n  ListGood:\n    title: Good\n# A word.\n    path: x\n";
    assert_eq!(template::insert(file, &entry).unwrap(), format!("{file}\n{entry}"));
    assert!(template::insert("types: {}\n", &entry).is_err());
}

#[test]
fn a_new_action_needs_a_name() {
    for name in ["ListUsers", "ListMFAUsers", "Exec2FA", "GetX"] {
        let entry = template::entry(name).unwrap_or_else(|message| panic!("{message}"));
        assert!(entry.starts_with(&format!("  {name}:\n")));
    }
    for name in ["", "listUsers", "List_Users", "List Users", "2Users", "List-Users", "🦀", "Self"] {
        assert!(template::entry(name).is_err(), "{name}");
    }
}
