//! References: what they refer to is put in their place.

use serde_json::{Map, Value};

/// Nothing honest is nested more deeply.
const DEEPEST: usize = 48;

/// Nothing honest is larger, all references of an operation resolved.
const LARGEST: usize = 100_000;

/// The member by which a resolved schema remembers the name that it was referred to by.
pub(super) const NAMED: &str = "x-named";

/// Resolves the references of one operation.
pub(super) struct Resolver<'r> {
    root: &'r Value,
    /// The references being resolved: one that stands here already contains itself.
    within: Vec<String>,
    nodes: usize,
}

impl<'r> Resolver<'r> {
    pub(super) fn new(root: &'r Value) -> Self {
        Self { root, within: Vec::new(), nodes: 0 }
    }

    /// What a value refers to, if it is a reference; else the value. Nothing inside it is resolved.
    pub(super) fn follow(&self, value: &'r Value) -> Result<&'r Value, String> {
        let mut value = value;
        for _ in 0..DEEPEST {
            match value.get("$ref").and_then(Value::as_str) {
                Some(reference) => value = self.target(reference)?,
                None => return Ok(value),
            }
        }
        Err("a reference refers to itself".to_owned())
    }

    /// The schema with every reference resolved. One that contains itself is anything there.
    pub(super) fn resolve(&mut self, schema: &Value) -> Result<Value, String> {
        self.at(schema, 0)
    }

    fn at(&mut self, value: &Value, depth: usize) -> Result<Value, String> {
        self.nodes += 1;
        if depth > DEEPEST {
            return Err(format!("a schema is nested more than {DEEPEST} deep"));
        }
        if self.nodes > LARGEST {
            return Err(format!("a schema has more than {LARGEST} parts, all references resolved"));
        }
        match value {
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(reference) => self.reference(reference, members, depth),
                None => self.members(members, depth).map(Value::Object),
            },
            Value::Array(items) => {
                items.iter().map(|item| self.at(item, depth + 1)).collect::<Result<_, _>>().map(Value::Array)
            }
            other => Ok(other.clone()),
        }
    }

    fn reference(&mut self, reference: &str, members: &Map<String, Value>, depth: usize) -> Result<Value, String> {
        if self.within.iter().any(|known| known == reference) {
            return Ok(Value::Object(Map::new()));
        }
        let target = self.target(reference)?;
        self.within.push(reference.to_owned());
        let resolved = self.at(target, depth + 1);
        self.within.pop();
        let mut resolved = resolved?;
        if let Value::Object(found) = &mut resolved {
            // What stands beside a reference adds to it.
            for (name, value) in members.iter().filter(|(name, _)| *name != "$ref") {
                found.insert(name.clone(), self.at(value, depth + 1)?);
            }
            let name = reference.rsplit('/').next().unwrap_or(reference);
            found.insert(NAMED.to_owned(), Value::String(name.to_owned()));
        }
        Ok(resolved)
    }

    fn members(&mut self, members: &Map<String, Value>, depth: usize) -> Result<Map<String, Value>, String> {
        // Sentences are of no use to anybody here, and examples may hold anything.
        let of_use = |name: &str| !matches!(name, "description" | "example" | "examples" | "title" | "summary");
        let is_properties = |name: &str| matches!(name, "properties" | "patternProperties" | "$defs");
        let mut found = Map::new();
        for (name, value) in members {
            match value {
                // Here names are those of properties, whatever they are.
                Value::Object(inner) if is_properties(name) => {
                    let mut all = Map::new();
                    for (name, value) in inner {
                        all.insert(name.clone(), self.at(value, depth + 1)?);
                    }
                    found.insert(name.clone(), Value::Object(all));
                }
                value if of_use(name) => {
                    found.insert(name.clone(), self.at(value, depth + 1)?);
                }
                _ => {}
            }
        }
        Ok(found)
    }

    fn target(&self, reference: &str) -> Result<&'r Value, String> {
        let pointer = reference.strip_prefix('#');
        let found = pointer.and_then(|pointer| self.root.pointer(pointer));
        found.ok_or_else(|| format!("`{reference}` refers to nothing in this file"))
    }
}
