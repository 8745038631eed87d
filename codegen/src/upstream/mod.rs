//! The official description of CIPP: its operations, with what each reads, of what type and where.
//!
//! One parser for every command that reads an OpenAPI file. References are resolved while reading, so that nobody else has to.

mod facts;
mod parse;
mod resolve;
mod types;

pub use facts::Facts;
pub use parse::parse;
pub use types::{escape, is_open, kind, member, properties_of, word};

use serde_json::Value;
use std::path::Path;

/// An OpenAPI description.
#[derive(Debug, Default)]
pub struct Description {
    /// What it calls its version.
    pub version: String,
    /// Its operations, by path and method.
    pub operations: Vec<Operation>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// The path, as it stands.
    pub path: String,
    /// HTTP method, in capitals.
    pub method: String,
    /// Permission; empty where the description says none.
    pub role: String,
    /// The first of its tags; may be empty.
    pub tag: String,
    /// Whether it says that it works without a tenant.
    pub any_tenant: bool,
    /// Query parameters.
    pub query: Vec<Parameter>,
    /// The body.
    pub body: Option<Body>,
    /// The schema of its answer to 200, references resolved.
    pub answer: Option<Value>,
}

/// A query parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Whether it is required.
    pub required: bool,
    /// Its schema, references resolved.
    pub schema: Value,
}

/// A body.
#[derive(Debug)]
pub struct Body {
    /// Whether it is required.
    pub required: bool,
    /// Its schema, references resolved.
    pub schema: Value,
}

/// Something that an operation reads: a query parameter, or a property of the body at any depth.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Property {
    /// Whether it stands in the query; else in the body.
    pub in_query: bool,
    /// The way to it: names with dots between them, `[]` for the items of a list.
    pub path: String,
    /// Its type, in the words of the specification.
    pub ty: String,
    /// Whether it is required.
    pub required: bool,
}

impl Operation {
    /// The last part of the path.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// What it reads, sorted: the query before the body.
    #[must_use]
    pub fn properties(&self) -> Vec<Property> {
        let mut found: Vec<Property> = self
            .query
            .iter()
            .map(|parameter| Property {
                in_query: true,
                path: types::escape(&parameter.name),
                ty: word(&parameter.schema),
                required: parameter.required,
            })
            .collect();
        found.extend(self.body.iter().flat_map(|body| properties_of(&body.schema)));
        found.sort_by(|one, other| (!one.in_query, &one.path).cmp(&(!other.in_query, &other.path)));
        found.dedup();
        found
    }
}

/// Reads an OpenAPI file.
///
/// # Errors
/// A sentence about what is wrong with it.
pub fn read(path: &Path) -> Result<Description, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text).map_err(|message| format!("{}: {message}", path.display()))
}
