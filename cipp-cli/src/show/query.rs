//! Queries over a whole result, in the two languages that people know.

use crate::failure::Failure;
use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, data, unwrap_valr};
use jaq_json::{Val, read};
use serde_json::Value;

/// A query, and its language.
#[derive(Debug, Clone)]
pub enum Query {
    JmesPath(String),
    Jq(String),
}

impl Query {
    /// What it makes of a value.
    pub fn apply(&self, value: &Value) -> Result<Value, Failure> {
        match self {
            Self::JmesPath(query) => jmespath(query, value),
            Self::Jq(filter) => jq(filter, value),
        }
    }
}

fn jmespath(query: &str, value: &Value) -> Result<Value, Failure> {
    let wrong = |error: jmespath::JmespathError| {
        Failure::usage(format!("the query cannot be used: {error}")).hint("https://jmespath.org explains the language")
    };
    let compiled = jmespath::compile(query).map_err(wrong)?;
    let data = jmespath::Variable::from_json(&value.to_string())
        .map_err(|error| Failure::usage(format!("the result cannot be queried: {error}")))?;
    let found = compiled.search(data).map_err(wrong)?;
    serde_json::to_value(&*found).map_err(|error| Failure::usage(format!("the query gives no JSON: {error}")))
}

/// One result is the result; several are a list, because the answer is one document.
fn jq(filter: &str, value: &Value) -> Result<Value, Failure> {
    let wrong = |what: String| {
        Failure::usage(format!("the jq filter cannot be used: {what}"))
            .hint("https://jqlang.org/manual explains the language")
    };
    let input = read::parse_single(value.to_string().as_bytes())
        .map_err(|error| Failure::usage(format!("the result cannot be queried: {error}")))?;
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let arena = Arena::default();
    let modules = Loader::new(definitions)
        .load(&arena, File { code: filter, path: () })
        .map_err(|_| wrong(format!("'{filter}' is not jq")))?;
    let compiled = Compiler::default().with_funs(functions).compile(modules).map_err(|errors| {
        let names: Vec<String> =
            errors.iter().flat_map(|(_, errors)| errors).map(|(name, _)| (*name).to_owned()).collect();
        wrong(format!("there is no {}", names.join(", ")))
    })?;
    let context = Ctx::<data::JustLut<Val>>::new(&compiled.lut, Vars::new([]));
    let mut found = Vec::new();
    for output in compiled.id.run((context, input)).map(unwrap_valr) {
        let text = output.map_err(|error| wrong(error.to_string()))?.to_string();
        let value = serde_json::from_str(&text)
            .map_err(|error| Failure::usage(format!("the jq filter gives no JSON: {error}")))?;
        found.push(value);
    }
    Ok(if found.len() == 1 { found.remove(0) } else { Value::Array(found) })
}
