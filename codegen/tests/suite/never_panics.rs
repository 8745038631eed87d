//! Whatever stands in the files, the generator comes back with diagnostics that point into them.
//!
//! The real specification is damaged at random, always in the same way: the seed is fixed. `FUZZ=20 cargo test` tries twenty times
//! as many cases, from another seed for each number.

use crate::support::{Folder, real, tests};
use cipp_codegen::Spec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};
use std::fs;
use std::path::{Path, PathBuf};

fn config(cases: u32) -> Config {
    let more: u32 = std::env::var("FUZZ").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    Config {
        cases: cases * more,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(0x00C1_990C + u64::from(more)),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    }
}

/// The real specification, or the small one of the tests where the crate was packaged without it.
fn spec() -> PathBuf {
    real().unwrap_or_else(|| tests("bad_specs/base"))
}

/// All files of actions, by name: the module and its text.
fn modules() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(spec().join("actions"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    found
}

/// A damage to a text. Lines and places are given as shares of what there is.
#[derive(Debug, Clone)]
enum Damage {
    Delete(f64, usize),
    Repeat(f64, f64),
    Swap(f64, f64),
    Indent(f64, usize),
    Insert(f64, String),
    Truncate(f64),
    CutOut(f64, f64),
}

const ODD: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "*b ",
    "- ",
    "? ",
    ": ",
    ":",
    "#",
    "!",
    "!tag ",
    "!!int ",
    "!!binary ",
    "|",
    ">",
    "|2-",
    "\"",
    "'",
    "---\n",
    "\n---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<: *a\n",
    "\0",
    "\u{7}",
    "\t",
    "\n\t",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\u{a0}",
    "\u{3000}",
    "\u{feff}",
    "\u{202e}",
    "\u{301}",
    "🦀",
    "👩‍👩‍👧",
    "漢字",
    "İ",
    "~",
    "null",
    "true",
    "True",
    "0x1F",
    "1.10",
    "-0",
    ".inf",
    ".nan",
    "1e999",
    "123456789012345678901234567890",
    "{}",
    "[]",
    "[[[[[[[[",
    "{a: {a: {a: ",
    "\\",
    "\"\\u0000\"",
    "\"\\uD800\"",
    "\"a\\nb\"",
    "@",
    "`",
    "%",
    "type: ",
    "fields: ",
    "values: ",
    "name: string\n",
    "\n\n\n",
    "  ",
    "      ",
];

fn damage() -> impl Strategy<Value = Damage> {
    let share = || 0.0..1.0f64;
    let long = prop_oneof![Just("x"), Just("🦀"), Just("{ a: "), Just("- "), Just("["), Just(" "), Just("\n")]
        .prop_flat_map(|part| (1usize..3000).prop_map(move |times| part.repeat(times)));
    let token = prop_oneof![
        8 => proptest::sample::select(ODD).prop_map(str::to_owned),
        1 => long,
        2 => "\\PC{0,12}",
        1 => any::<char>().prop_map(|letter| letter.to_string()),
    ];
    prop_oneof![
        2 => (share(), 1usize..4).prop_map(|(at, lines)| Damage::Delete(at, lines)),
        2 => (share(), share()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        2 => (share(), share()).prop_map(|(one, other)| Damage::Swap(one, other)),
        2 => (share(), 0usize..12).prop_map(|(at, spaces)| Damage::Indent(at, spaces)),
        6 => (share(), token).prop_map(|(at, token)| Damage::Insert(at, token)),
        1 => share().prop_map(Damage::Truncate),
        1 => (share(), 0.0..0.01f64).prop_map(|(at, length)| Damage::CutOut(at, length)),
    ]
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "shares of small numbers"
)]
fn part(share: f64, of: usize) -> usize {
    ((share * of as f64) as usize).min(of)
}

fn place(text: &str, share: f64) -> usize {
    let mut at = part(share, text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn apply(text: &str, damage: &Damage) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let line = |share: f64| part(share, lines.len().saturating_sub(1));
    match damage {
        _ if lines.is_empty() => return text.to_owned(),
        Damage::Delete(at, count) => {
            let at = line(*at);
            let end = (at + count).min(lines.len());
            lines.drain(at..end);
        }
        Damage::Repeat(from, to) => {
            let (from, to) = (line(*from), line(*to));
            let again = lines[from].clone();
            lines.insert(to, again);
        }
        Damage::Swap(one, other) => {
            let (one, other) = (line(*one), line(*other));
            lines.swap(one, other);
        }
        Damage::Indent(at, spaces) => {
            let at = line(*at);
            lines[at] = format!("{}{}", " ".repeat(*spaces), lines[at].trim_start_matches(' '));
        }
        Damage::Insert(at, token) => {
            let at = place(text, *at);
            return format!("{}{token}{}", &text[..at], &text[at..]);
        }
        Damage::Truncate(at) => return text[..place(text, *at)].to_owned(),
        Damage::CutOut(at, length) => {
            let (start, end) = (place(text, *at), place(text, (at + length).min(1.0)));
            return format!("{}{}", &text[..start], &text[end..]);
        }
    }
    lines.concat()
}

/// Reads a specification whose file `place` holds these bytes, and the rest of which is the real one; looks at what is said.
fn read(place: &str, bytes: &[u8]) {
    let folder = Folder::bare();
    for file in ["api.yaml", "upstream.lock"] {
        fs::copy(spec().join(file), folder.spec().join(file)).unwrap();
    }
    fs::write(folder.spec().join(place), bytes).unwrap();
    let loaded = Spec::load(&folder.spec(), None);
    let text = loaded.diagnostics.render(&loaded.sources);
    assert_eq!(text.is_empty(), loaded.diagnostics.is_empty());
    for said in text.lines().filter_map(|line| line.trim_start().strip_prefix("--> ")) {
        let parts: Vec<&str> = said.rsplitn(3, ':').collect();
        let [column, line, name] = parts.as_slice() else { panic!("no place: {said}") };
        let (line, column): (usize, usize) = (line.parse().unwrap(), column.parse().unwrap());
        let source =
            loaded.sources.iter().find(|source| source.name == *name).unwrap_or_else(|| panic!("no such file: {said}"));
        // The end of a file is a place too: the line after the last.
        let lines: Vec<&str> = source.text.split('\n').collect();
        assert!((1..=lines.len()).contains(&line), "no such line: {said}\n{text}");
        let width = lines[line - 1].chars().count() + 1;
        assert!((1..=width).contains(&column), "no such column (of {width}): {said}\n{text}");
    }
    // What is sound can be emitted.
    if loaded.diagnostics.is_empty() {
        for file in cipp_codegen::emit::emit(&loaded.api) {
            cipp_codegen::write::text(file).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn of_damaged_actions() {
    let modules = modules();
    let one = (0..modules.len(), proptest::collection::vec(damage(), 1..5));
    proptest!(config(256), |((number, damages) in one)| {
        let (module, text) = &modules[number];
        let text = damages.iter().fold(text.clone(), |text, damage| apply(&text, damage));
        read(&format!("actions/{module}.yaml"), text.as_bytes());
    });
}

#[test]
fn of_damage_to_a_small_category() {
    let text = fs::read_to_string(tests("bad_specs/base/actions/good.yaml")).unwrap();
    proptest!(config(256), |(damages in proptest::collection::vec(damage(), 1..8))| {
        let text = damages.iter().fold(text.clone(), |text, damage| apply(&text, damage));
        read("actions/good.yaml", text.as_bytes());
    });
}

#[test]
fn of_damaged_types_api_and_lock() {
    let files = ["types/common.yaml", "api.yaml", "upstream.lock"];
    let texts: Vec<String> =
        files.iter().map(|file| fs::read_to_string(spec().join(file)).unwrap_or_default()).collect();
    let one = (0..files.len(), proptest::collection::vec(damage(), 1..5));
    proptest!(config(128), |((number, damages) in one)| {
        let text = damages.iter().fold(texts[number].clone(), |text, damage| apply(&text, damage));
        read(files[number], text.as_bytes());
    });
}

#[test]
fn of_any_bytes() {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        "[\\PC\n]{0,200}".prop_map(String::into_bytes),
        "[a-c:\\[\\]{}&*!|>'\"#,? \n-]{0,80}".prop_map(String::into_bytes),
    ];
    proptest!(config(256), |(bytes in bytes)| {
        for place in ["actions/bytes.yaml", "types/bytes.yaml", "api.yaml", "upstream.lock"] {
            read(place, &bytes);
        }
    });
}

#[test]
fn in_a_folder_that_is_not_there() {
    let loaded = Spec::load(Path::new("/nonexistent/specification"), None);
    assert!(!loaded.diagnostics.is_empty());
    assert!(loaded.sound().unwrap_err().contains("spec/api.yaml:1:1"));
}
