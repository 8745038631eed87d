//! What people are told when they make a mistake in the specification.
//!
//! Each case is one file in `tests/bad_specs`, put into a small good specification (`tests/bad_specs/base`): as
//! `actions/bad.yaml`, or in the place that its first line names (`# file: api.yaml`). Cases that cannot be kept as a text are made
//! in [`built`]. What is said stands beside the case, as `<case>.txt`; `UPDATE=1 cargo test` writes it anew, for a person to read.

use crate::support::{Folder, tests};
use cipp_codegen::{Spec, generate};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What a case does to the good specification.
enum Change {
    Write(&'static str, Vec<u8>),
    Remove(&'static str),
}

struct Case {
    name: String,
    /// Where the file goes, and what stands in it.
    change: Change,
}

/// Cases out of files, and those that are made here.
fn cases() -> Vec<Case> {
    let mut cases = built();
    for entry in fs::read_dir(tests("bad_specs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let place = text.lines().next().and_then(|line| line.strip_prefix("# file: ")).unwrap_or("actions/bad.yaml");
        let place: &'static str = place.to_owned().leak();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        cases.push(Case { name, change: Change::Write(place, text.into_bytes()) });
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

/// Cases that are no text, or too long for a file to look at.
fn built() -> Vec<Case> {
    const BAD: &str = "actions/bad.yaml";
    let case = |name: &str, change| Case { name: name.to_owned(), change };
    let write = |name: &str, bytes: &[u8]| case(name, Change::Write(BAD, bytes.to_vec()));
    let head = "category: Bad\nmodule: bad\nsummary: ";
    let many_keys: String = (0..150).map(|number| format!("key{number}: true\n")).collect();
    vec![
        case("file_missing_api", Change::Remove("api.yaml")),
        case("file_missing_folder", Change::Remove("actions")),
        case("file_missing_folder_of_types", Change::Remove("types")),
        write("file_empty", b""),
        write("file_of_spaces", b"\n   \n\n"),
        write("file_not_utf8", &[head.as_bytes(), b"M\xE4ngel.\nactions: {}\n"].concat()),
        write("file_with_nul", &[head.as_bytes(), b"Mis\0takes.\nactions: {}\n"].concat()),
        write("file_in_utf16", &head.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        write("file_too_large", &[head.as_bytes(), &vec![b'x'; 10 << 20]].concat()),
        write("nesting_of_lists", format!("category: {}\n", "[".repeat(5_000)).as_bytes()),
        write("nesting_of_mappings", format!("category: {}x{}\n", "{ a: ".repeat(300), "}".repeat(300)).as_bytes()),
        write("key_very_long", format!("category: Bad\n{}: x\n", "long".repeat(200)).as_bytes()),
        write(
            "line_very_long",
            format!("category: Bad\nmodule: bad\nsummary: {} {{\nactions: {{}}\nx: y\n", "word ".repeat(500))
                .as_bytes(),
        ),
        write("windows_line_ends", b"category: Bad\r\nmodule: bad\r\nsumary: Mistakes.\r\nactions: {}\r\n"),
        write("byte_order_mark", "\u{feff}category: Bad\nmodule: bad\nsumary: Mistakes.\nactions: {}\n".as_bytes()),
        write("wide_letters", "category: Ж漢字\nmodule: bad\nsummary: Ж\nactions: { 漢字: {} }\n".as_bytes()),
        write("more_mistakes_than_shown", many_keys.as_bytes()),
    ]
}

fn apply(change: &Change, spec: &Path) {
    match change {
        Change::Write(place, bytes) => fs::write(spec.join(place), bytes).unwrap(),
        Change::Remove(place) if spec.join(place).is_dir() => fs::remove_dir_all(spec.join(place)).unwrap(),
        Change::Remove(place) => fs::remove_file(spec.join(place)).unwrap(),
    }
}

/// What is said about a case; panics where the generator goes on regardless.
fn said(case: &Case) -> String {
    let folder = Folder::of(&tests("bad_specs/base"));
    let (spec, out) = (folder.spec(), folder.0.join("out"));
    apply(&case.change, &spec);
    let Err(text) = Spec::load(&spec, None).sound() else {
        panic!("{}: nothing was said", case.name);
    };
    // Nothing reaches rustc.
    fs::create_dir(&out).unwrap();
    assert!(generate(&spec, &out, None).is_err(), "{}: generated nevertheless", case.name);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0, "{}: files were written", case.name);
    assert!(!text.contains(&*folder.0.to_string_lossy()), "{}: a path of this machine:\n{text}", case.name);
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{}: a path of this machine:\n{text}", case.name);
    text
}

/// Whether somewhere stands `spec/file:line:column`.
fn names_a_place(text: &str) -> bool {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("--> spec/")).any(|place| {
        let parts: Vec<&str> = place.split(':').collect();
        matches!(parts.as_slice(), [_, line, column] if line.parse::<usize>().is_ok() && column.parse::<usize>().is_ok())
    })
}

#[test]
fn the_base_is_good() {
    let spec = Spec::load(&tests("bad_specs/base"), None);
    assert_eq!(spec.diagnostics.render(&spec.sources), "");
}

#[test]
fn every_mistake_is_told() {
    let update = std::env::var_os("UPDATE").is_some();
    let cases = cases();
    assert!(cases.len() > 100, "cases are missing: {}", cases.len());
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases of one name");
    let mut wrong = Vec::new();
    for case in &cases {
        // All cases are tried, and then all that went wrong is told.
        let Ok(text) = std::panic::catch_unwind(|| said(case)) else {
            wrong.push(format!("{}: see above", case.name));
            continue;
        };
        if !names_a_place(&text) {
            wrong.push(format!("{}: no place is named:\n{text}", case.name));
        }
        let golden = tests("bad_specs").join(format!("{}.txt", case.name));
        if update {
            fs::write(&golden, &text).unwrap();
        } else {
            // A checkout on Windows may have changed the ends of lines.
            let before = fs::read_to_string(&golden).unwrap_or_default().replace("\r\n", "\n");
            if before != text {
                wrong.push(format!("{}: it said\n{before}\nand says now\n{text}", case.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n\n{} of {} cases. UPDATE=1 writes the texts anew.",
        wrong.join("\n"),
        wrong.len(),
        cases.len()
    );
}

/// A text without a case would be tested by nothing.
#[test]
fn no_text_is_left_over() {
    let names: BTreeSet<String> = cases().into_iter().map(|case| case.name).collect();
    for entry in fs::read_dir(tests("bad_specs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "txt") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(names.contains(&name), "{} belongs to no case", path.display());
        }
    }
}

#[test]
fn mistakes_stand_in_the_order_of_lines() {
    let text = said(cases().iter().find(|case| case.name == "several_mistakes").unwrap());
    let lines: Vec<usize> = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> spec/actions/bad.yaml:"))
        .filter_map(|place| place.split(':').next()?.parse().ok())
        .collect();
    assert!(lines.len() >= 10, "{lines:?}");
    assert!(lines.is_sorted(), "{lines:?}");
}
