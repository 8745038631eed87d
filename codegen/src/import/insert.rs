//! Puts entries into a category file without touching what stands there.

use crate::load::{Entry, Node, parse};

/// The file with entries at the end of its actions. Every byte of the file stays, in its order.
///
/// # Errors
/// When the file has no `actions:`, or has them on one line.
pub fn insert(file: &str, entries: &[String]) -> Result<String, String> {
    let before = actions(file)?;
    let (at, indent) = place(file)?;
    let end = if file.contains("\r\n") { "\r\n" } else { "\n" };
    let mut added = String::new();
    for entry in entries {
        for line in std::iter::once("").chain(entry.lines()) {
            // Entries are drafted with an indent of two; files may use another for the names of actions.
            let line = line.strip_prefix("  ").map_or_else(|| line.to_owned(), |rest| format!("{indent}{rest}"));
            added.push_str(line.trim_end());
            added.push_str(end);
        }
    }
    let (head, tail) = file.split_at_checked(at).unwrap_or((file, ""));
    let glue = if head.is_empty() || head.ends_with('\n') { "" } else { end };
    let text = format!("{head}{glue}{added}{tail}");
    let after = actions(&text)?;
    if after.get(..before.len()) == Some(before.as_slice()) && after.len() == before.len() + entries.len() {
        Ok(text)
    } else {
        Err("entries cannot be put after the last action: write `actions:` as a block, an action to a paragraph"
            .to_owned())
    }
}

/// The actions of a file, as nodes.
fn actions(text: &str) -> Result<Vec<Entry>, String> {
    let root = parse(text).map_err(|error| format!("this is not the YAML it should be: {error}"))?;
    let Node::Map(members) = root else { return Err("the file has no `actions:`".to_owned()) };
    match members.into_iter().find(|member| member.name == "actions").map(|member| member.value) {
        Some(Node::Map(actions)) => Ok(actions),
        Some(Node::Null) => Ok(Vec::new()),
        _ => Err("the file has no `actions:`".to_owned()),
    }
}

/// Where the actions end, and how their names are indented.
fn place(file: &str) -> Result<(usize, String), String> {
    let mut at = 0;
    let mut end = None;
    let mut indent = None;
    for line in file.split_inclusive('\n') {
        let starts_section = line.chars().next().is_some_and(|first| !first.is_whitespace() && first != '#');
        if starts_section {
            if end.is_some() {
                break;
            }
            if let Some(rest) = line.strip_prefix("actions:") {
                let rest = rest.trim();
                if !rest.is_empty() && !rest.starts_with('#') {
                    return Err("`actions:` stands on one line: write an action to a paragraph".to_owned());
                }
                end = Some(at + line.len());
            }
        } else if end.is_some() && !line.trim().is_empty() && !line.starts_with('#') {
            // Comments at the margin belong to the section that they stand before.
            end = Some(at + line.len());
            if !line.trim_start().starts_with('#') {
                indent.get_or_insert_with(|| line.chars().take_while(|letter| *letter == ' ').collect::<String>());
            }
        }
        at += line.len();
    }
    let end = end.ok_or("the file has no `actions:`")?;
    Ok((end, indent.filter(|indent| !indent.is_empty()).unwrap_or_else(|| "  ".to_owned())))
}
