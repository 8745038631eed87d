//! Texts as YAML, for commands that write specification files.

/// A text as a YAML scalar: plain where nothing in it can be taken for something else, else between quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    let plain_sign = |letter: char| letter.is_ascii_alphanumeric() || " _-./()'=;$@".contains(letter);
    let starts = text.chars().next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_' || first == '$');
    let word = !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    let ends = !text.ends_with(' ');
    if starts && word && ends && text.chars().all(plain_sign) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() || !letter.is_ascii() && !letter.is_alphanumeric() => {
                out.push_str(&format!("\\U{:08X}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
