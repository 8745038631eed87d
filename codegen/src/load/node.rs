//! The tree of a YAML document, with names for its nodes.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// What is wrong with text that is not YAML.
pub type Fault = serde_yaml::Error;

/// One step from a node to one inside it: the number of an entry of a mapping, or of an item of a sequence.
///
/// Entries go by number because a name may stand twice, and it is the second that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The value of an entry of a mapping.
    Value(usize),
    /// The name of an entry of a mapping.
    Name(usize),
    /// An item of a sequence.
    Item(usize),
}

/// The way from the root of a document to a node.
pub type Path = Vec<Step>;

/// A node of a YAML document.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in its order; names may stand twice.
    Map(Vec<Entry>),
}

/// An entry of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// What kind of node it is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// Reads a document.
///
/// # Errors
/// What serde_yaml says about text that is not YAML.
pub fn parse(text: &str) -> Result<Node, Fault> {
    let left = Cell::new(MOST);
    NodeSeed { left: &left }.deserialize(serde_yaml::Deserializer::from_str(text))
}

/// Whether a text may hold numbers or flags that YAML reads otherwise than they are written: `0x1F`, `+5`, `True`.
#[must_use]
pub fn is_doubtful(text: &str) -> bool {
    let flag = |word: &str| {
        let ends =
            |rest: &str| rest.trim_start_matches(' ').chars().next().is_none_or(|next| ",]}#\r\n".contains(next));
        text.match_indices(word).any(|(at, _)| text.get(at + word.len()..).is_some_and(ends))
    };
    let number = |word: &str| {
        let plain = word.trim_start_matches(['+', '-']);
        plain.starts_with(|first: char| first.is_ascii_digit())
            && (word.starts_with('+') || plain.starts_with('0') && word.len() > 1)
    };
    ["True", "TRUE", "False", "FALSE"].into_iter().any(flag)
        || text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '+' && letter != '-').any(number)
}

/// A tree of more nodes comes of aliases that multiply it.
const MOST: usize = 1_000_000;

/// Reads a node, and counts how many more there may be.
#[derive(Clone, Copy)]
struct NodeSeed<'c> {
    left: &'c Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom("repetition limit exceeded"))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML without tags")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        #[allow(clippy::cast_precision_loss, reason = "a number this large stands nowhere in the format")]
        Ok(i64::try_from(value).map_or(Node::Float(value as f64), Node::Int))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Node, E> {
        #[allow(clippy::cast_precision_loss, reason = "a number this large stands nowhere in the format")]
        Ok(Node::Float(value as f64))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Node, E> {
        #[allow(clippy::cast_precision_loss, reason = "a number this large stands nowhere in the format")]
        Ok(Node::Float(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Node, A::Error> {
        Err(A::Error::custom("a tag such as `!name` means nothing here"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(name) = map.next_key_seed(NameSeed)? {
            entries.push(Entry { name, value: map.next_value_seed(self)? });
        }
        Ok(Node::Map(entries))
    }
}

/// Reads the name of an entry as it is written, so that `2024:` and `true:` are names too.
pub(super) struct NameSeed;

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<String, E> {
        Ok(name.to_owned())
    }
}
