//! The cursor against serde_json, over documents of all kinds, whole and damaged.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::super::numbers::with_large_numbers_as_text;
use super::super::text::without_lone_surrogates;
use super::Cursor;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

fn by_cursor(json: &str) -> Result<Value, String> {
    let mut cursor = Cursor::new(json);
    let value = Value::deserialize(&mut cursor).and_then(|value| cursor.end().map(|()| value));
    value.map_err(|error| error.to_string())
}

/// What serde_json reads when it is spared what it gives up on.
fn by_serde_json(json: &str) -> Result<Value, String> {
    let whole = without_lone_surrogates(json);
    let readable = with_large_numbers_as_text(whole.as_deref().unwrap_or(json));
    serde_json::from_str(&readable).map_err(|error| error.to_string())
}

fn assert_same(json: &str) {
    let (found, expected) = (by_cursor(json), by_serde_json(json));
    assert_eq!(found, expected, "{json}");
    // Equal numbers may be written differently: -0.0 and 0.0.
    assert_eq!(found.map(|value| value.to_string()), expected.map(|value| value.to_string()), "{json}");
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![6 => Just(String::new()), 1 => "[ \n\t\r]{1,3}"]
}

fn number() -> impl Strategy<Value = String> {
    "-?(0|[1-9][0-9]{0,21}|00?[0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?"
}

fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z0-9 ]{1,20}",
        2 => prop::sample::select(vec![
            "é", "😀", "\u{7f}", "\u{2028}", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "\\udc00",
            "\\ud800\\u0041", "{", "]", ":", ",",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn document() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned);
    let leaf = prop_oneof![word, number(), string()];
    let spaced = (space(), leaf, space()).prop_map(|(before, leaf, behind)| format!("{before}{leaf}{behind}"));
    spaced.prop_recursive(5, 40, 5, |inner| {
        let items = prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(",")));
        let member =
            (space(), string(), space(), inner).prop_map(|(one, name, two, value)| format!("{one}{name}{two}:{value}"));
        let members = prop::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(",")));
        prop_oneof![items, members]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_documents_are_read_alike(json in document()) {
        assert_same(&json);
    }

    #[test]
    fn damaged_documents_are_told_of_alike(
        json in document(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3, "[\\[\\]{}:,\"\\\\ \n\u{1}ntf0-9eE.+a-zé-]"), 1..4),
    ) {
        let mut characters: Vec<char> = json.chars().collect();
        for (place, kind, with) in edits {
            let at = place.index(characters.len() + 1);
            match kind {
                0 => characters.truncate(at),
                1 if at < characters.len() => drop(characters.remove(at)),
                _ => characters.splice(at..at, with.chars()).for_each(drop),
            }
        }
        assert_same(&characters.into_iter().collect::<String>());
    }
}

#[test]
fn both_go_as_deep() {
    for depth in [1, 126, 127, 128, 129, 100_000] {
        assert_same(&"[".repeat(depth));
        for (open, inside, close) in [("[", "", "]"), ("{\"a\":", "1", "}"), ("[", "1,2", "]")] {
            assert_same(&format!("{}{inside}{}", open.repeat(depth), close.repeat(depth)));
        }
    }
}

#[test]
fn strings_of_any_length_end_where_they_end() {
    for length in 0..40 {
        let plain = "x".repeat(length);
        for end in [
            "\"",
            "\\\"\"",
            "\\u0041\"",
            "é\"",
            "\u{1f}\"",
            "\u{1}\"",
            "\u{0}",
            " \"",
            "!\"",
            "#\"",
            "]\"",
            "[\"",
            "\u{80}\"",
            "\\",
            "",
        ] {
            assert_same(&format!("\"{plain}{end}"));
            assert_same(&format!("[\"{plain}{end},1]"));
        }
    }
}

/// The files of JSONTestSuite, where the environment says where its `test_parsing` is: `y_` must be read, `n_` refused, and what
/// serde_json reads is read alike.
#[test]
fn the_public_suite_is_judged_rightly() {
    let Some(folder) = std::env::var_os("JSON_TEST_SUITE") else {
        println!("NOT RUN: JSON_TEST_SUITE does not say where the files of JSONTestSuite are");
        return;
    };
    let mut judged = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // What is no UTF-8 is mended before it is read here.
        let Ok(json) = String::from_utf8(std::fs::read(&path).unwrap()) else { continue };
        if serde_json::from_str::<Value>(&json).is_ok() {
            assert_same(&json);
        }
        if let Some(good) = name.starts_with("y_").then_some(true).or(name.starts_with("n_").then_some(false)) {
            assert_eq!(by_cursor(&json).is_ok(), good, "{name}");
        }
        judged += 1;
    }
    assert!(judged > 250, "{judged} files");
}
