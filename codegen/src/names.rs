//! Rust names for what has another name on the wire.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// Makes Rust names, knowing which words are one word.
#[derive(Debug, Clone, Default)]
pub struct Namer {
    words: Vec<String>,
}

/// Words that cannot be a name even as `r#name`.
const NEVER_RAW: &[&str] = &["self", "Self", "super", "crate", "_"];

/// Words that are a name only as `r#name`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

impl Namer {
    /// A namer that takes each of these as one word, however it is capitalised.
    #[must_use]
    pub fn new(mut words: Vec<String>) -> Self {
        words.retain(|word| !word.is_empty());
        // The longest first, so that a word inside another does not split it.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self { words }
    }

    /// The name of a field, setter or argument, without `r#`. Empty where nothing of the wire name can stand in a name.
    #[must_use]
    pub fn field(&self, wire: &str) -> String {
        identifier(&self.joined(wire).to_snake_case())
    }

    /// The name of a type.
    #[must_use]
    pub fn type_name(&self, text: &str) -> String {
        identifier(&self.joined(text).to_pascal_case())
    }

    /// The name of a constant.
    #[must_use]
    pub fn constant(&self, value: &str) -> String {
        let name = identifier(&self.joined(value).to_shouty_snake_case());
        if name.is_empty() { "EMPTY".to_owned() } else { name }
    }

    /// Writes each known word with one capital, so that it is not split.
    fn joined(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut after_letter = false;
        while let Some(next) = rest.chars().next() {
            // A known word stands alone, or where a capital begins a new word anyway.
            let may_begin = !after_letter || next.is_uppercase();
            let word = self.words.iter().find(|word| {
                may_begin
                    && rest.starts_with(word.as_str())
                    && !rest.get(word.len()..).and_then(|after| after.chars().next()).is_some_and(char::is_lowercase)
            });
            match word {
                Some(word) => {
                    let mut letters = word.chars();
                    out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                    out.extend(letters.flat_map(char::to_lowercase));
                    rest = rest.get(word.len()..).unwrap_or("");
                    after_letter = true;
                }
                None => {
                    out.push(next);
                    after_letter = next.is_lowercase();
                    rest = rest.get(next.len_utf8()..).unwrap_or("");
                }
            }
        }
        out
    }
}

/// Makes a name out of a text by leaving out what cannot stand in one.
fn identifier(text: &str) -> String {
    let mut name: String = text.chars().map(|letter| if is_xid_continue(letter) { letter } else { '_' }).collect();
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    let name = name.trim_matches('_');
    match name.chars().next() {
        Some(first) if !is_xid_start(first) => format!("_{name}"),
        _ if NEVER_RAW.contains(&name) => format!("{name}_"),
        _ => name.to_owned(),
    }
}

/// Whether a text can stand as a name in Rust, as it is or as `r#name`.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| is_xid_start(first) || (first == '_' && text.len() > 1))
        && letters.all(is_xid_continue)
        && !NEVER_RAW.contains(&text)
}

/// Whether a text is a name in PascalCase.
#[must_use]
pub fn is_pascal(text: &str) -> bool {
    is_identifier(text) && text.chars().next().is_some_and(char::is_uppercase) && !text.contains('_')
}

/// Whether a name must be written `r#name`.
#[must_use]
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}
