//! Captures: files that say the shape of an answer, field by field.

use serde_json::Value;
use std::fs;
use std::path::Path;

/// A captured answer.
#[derive(Debug)]
pub struct Capture {
    /// Last part of the path.
    pub endpoint: String,
    /// The shape of the answer, or of one of its rows.
    pub shape: Captured,
}

/// What stood in a place of a captured answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Captured {
    /// Nothing, so that its type is not known.
    Null,
    /// Something that the capture left out.
    Truncated,
    /// Text.
    Text,
    /// A date and time, as text.
    Date,
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// A list, and one of its items.
    List(Box<Captured>),
    /// An object, its members by name.
    Object(Vec<(String, Captured)>),
}

impl Captured {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Truncated => "truncated",
            Self::Text => "string",
            Self::Date => "datetime",
            Self::Bool => "bool",
            Self::Number => "number",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// How many named places it holds, at any depth.
    #[must_use]
    pub fn fields(&self) -> usize {
        match self {
            Self::Object(members) => members.iter().map(|(_, member)| 1 + member.fields()).sum(),
            Self::List(item) => item.fields(),
            _ => 0,
        }
    }
}

/// Reads the captures of a folder, in the order of their file names.
///
/// # Errors
/// A sentence about the first file that is no capture.
pub fn read_folder(dir: &Path) -> Result<Vec<Capture>, String> {
    let entries = fs::read_dir(dir).map_err(|error| format!("the folder {} cannot be read: {error}", dir.display()))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("the folder {} holds no captures: files that end in .json", dir.display()));
    }
    files
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).map_err(|error| error.to_string());
            text.and_then(|text| read(&text)).map_err(|message| format!("{}: {message}", path.display()))
        })
        .collect()
}

/// Reads one capture.
///
/// # Errors
/// A sentence about what is wrong with it.
pub fn read(text: &str) -> Result<Capture, String> {
    let text = text.trim_start_matches('\u{feff}');
    let root: Value = serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}"))?;
    let endpoint = root.get("endpoint").and_then(Value::as_str).filter(|name| !name.is_empty());
    let endpoint = endpoint.ok_or("this is no capture: it names no `endpoint`")?;
    let shape = root.get("shape").ok_or("this is no capture: it has no `shape`")?;
    Ok(Capture { endpoint: endpoint.to_owned(), shape: captured(shape, "shape")? })
}

fn captured(value: &Value, path: &str) -> Result<Captured, String> {
    match value {
        Value::String(word) => word_of(word, path),
        Value::Object(members) => match (members.get("_type"), members.get("_element")) {
            (Some(Value::String(word)), item) if word == "array" => {
                let item = item.map_or(Ok(Captured::Null), |item| captured(item, &format!("{path}[]")))?;
                Ok(Captured::List(Box::new(item)))
            }
            _ => {
                let mut found = members
                    .iter()
                    .map(|(name, member)| Ok((name.clone(), captured(member, &format!("{path}.{name}"))?)))
                    .collect::<Result<Vec<_>, String>>()?;
                found.sort_by(|(one, _), (other, _)| one.cmp(other));
                Ok(Captured::Object(found))
            }
        },
        Value::Array(items) => {
            let item = items.first().map_or(Ok(Captured::Null), |item| captured(item, &format!("{path}[]")))?;
            Ok(Captured::List(Box::new(item)))
        }
        Value::Null => Ok(Captured::Null),
        other => Err(format!("`{path}` is {other}, which is no shape")),
    }
}

fn word_of(word: &str, path: &str) -> Result<Captured, String> {
    Ok(match word {
        "null" => Captured::Null,
        "truncated" => Captured::Truncated,
        "string" => Captured::Text,
        "datetime" => Captured::Date,
        "bool" | "boolean" => Captured::Bool,
        "number" | "integer" => Captured::Number,
        "array" => Captured::List(Box::new(Captured::Truncated)),
        "object" => Captured::Object(Vec::new()),
        other => return Err(format!("`{path}` is `{other}`, which is no kind of value that a capture knows")),
    })
}
