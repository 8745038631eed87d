//! Text of the specification as documentation: nothing in it is taken for markup by accident.

use proc_macro2::TokenStream;
use quote::quote;

/// Documentation out of paragraphs; empty ones are left out.
pub(super) fn docs<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let paragraphs: Vec<&str> = paragraphs.into_iter().filter(|text| !text.trim().is_empty()).collect();
    let text = paragraphs.join("\n\n");
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// Documentation of one paragraph, for what there are thousands of: each line costs the library a little.
pub(super) fn sentences<'a>(sentences: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let ended = |text: &str| if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") };
    let sentences: Vec<String> = sentences.into_iter().filter(|text| !text.is_empty()).map(ended).collect();
    docs([sentences.join(" ").as_str()])
}

/// A list of sentences under a heading; nothing where there are none.
pub(super) fn section(heading: &str, items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: Vec<String> = items.iter().map(|item| format!("- {}", escape(item))).collect();
    format!("# {heading}\n\n{}", items.join("\n"))
}

/// A text as one paragraph, with the signs escaped that rustdoc would take for links, tags or bare addresses.
pub(super) fn escape(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(text.len());
    let mut in_code = false;
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        // An address would be a bare link, which rustdoc warns about.
        let bare = !in_code && word.contains("://") && !word.contains('`');
        if bare {
            out.push('`');
        }
        for letter in word.chars() {
            match letter {
                '`' => {
                    in_code = !in_code;
                    out.push(letter);
                }
                '<' | '>' | '[' | ']' | '*' | '_' | '\\' if !in_code && !bare => {
                    out.push('\\');
                    out.push(letter);
                }
                _ => out.push(letter),
            }
        }
        if bare {
            out.push('`');
        }
    }
    if in_code {
        out.push('`');
    }
    out
}
