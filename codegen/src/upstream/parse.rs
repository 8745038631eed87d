//! From the text of an OpenAPI file to its operations.

use super::resolve::Resolver;
use super::{Body, Description, Operation, Parameter};
use serde_json::{Map, Value};

/// The methods that an operation can have, in the order in which they are read.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Reads an OpenAPI description.
///
/// # Errors
/// A sentence about what is no OpenAPI description, or what in it refers to nothing.
pub fn parse(openapi: &str) -> Result<Description, String> {
    let text = openapi.trim_start_matches('\u{feff}');
    let root: Value = serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}"))?;
    let paths =
        root.get("paths").and_then(Value::as_object).ok_or("this is no OpenAPI description: it has no paths")?;
    let mut operations = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let found = read(&root, path, method, item, operation);
            operations.push(found.map_err(|message| format!("{} {path}: {message}", method.to_uppercase()))?);
        }
    }
    operations.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    let version = root.pointer("/info/version").and_then(Value::as_str).unwrap_or("unknown");
    Ok(Description { version: version.lines().next().unwrap_or("unknown").to_owned(), operations })
}

fn read(root: &Value, path: &str, method: &str, item: &Value, operation: &Value) -> Result<Operation, String> {
    let mut resolver = Resolver::new(root);
    let mut query = Vec::new();
    // Parameters of the path hold for all of its operations.
    for parameter in list(item, "parameters").chain(list(operation, "parameters")) {
        let parameter = resolver.follow(parameter)?;
        if parameter.get("in").and_then(Value::as_str) == Some("query")
            && let Some(name) = parameter.get("name").and_then(Value::as_str)
        {
            let schema = parameter.get("schema").map_or_else(|| Ok(anything()), |schema| resolver.resolve(schema))?;
            let required = parameter.get("required") == Some(&Value::Bool(true));
            query.retain(|known: &Parameter| known.name != name);
            query.push(Parameter { name: name.to_owned(), required, schema });
        }
    }
    let body = match operation.get("requestBody") {
        None => None,
        Some(body) => {
            let body = resolver.follow(body)?;
            let schema = content(body).map_or_else(|| Ok(anything()), |schema| resolver.resolve(schema))?;
            Some(Body { required: body.get("required") == Some(&Value::Bool(true)), schema })
        }
    };
    let answer = match operation.get("responses").and_then(|responses| responses.get("200")) {
        None => None,
        Some(answer) => match content(resolver.follow(answer)?) {
            None => None,
            Some(schema) => Some(resolver.resolve(schema)?),
        },
    };
    let text = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Operation {
        path: path.to_owned(),
        method: method.to_uppercase(),
        role: text("x-cipp-role"),
        tag: list(operation, "tags").next().and_then(Value::as_str).unwrap_or_default().to_owned(),
        any_tenant: operation.get("x-cipp-any-tenant") == Some(&Value::Bool(true)),
        query,
        body,
        answer,
    })
}

fn anything() -> Value {
    Value::Object(Map::new())
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The schema of JSON content.
fn content(value: &Value) -> Option<&Value> {
    value.get("content")?.get("application/json")?.get("schema")
}
