//! From the document to the model.

use super::actions::Actions;
use super::ir::{Api, Body, Ty};
use super::overrides;
use super::types::Types;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Category, Document, Text};
use crate::names::{Namer, is_identifier};
use std::collections::BTreeMap;

/// Names that generated code uses itself, so that no action and no type can have them.
pub(super) const RESERVED: &[&str] = &[
    "BTreeMap",
    "Box",
    "Call",
    "Caller",
    "Choice",
    "Client",
    "Clone",
    "Copy",
    "Cow",
    "Day",
    "Debug",
    "Default",
    "Described",
    "Download",
    "Err",
    "Error",
    "Extra",
    "Field",
    "From",
    "Into",
    "IntoIterator",
    "Iterator",
    "Known",
    "LabelValue",
    "Listing",
    "Map",
    "Model",
    "None",
    "OfAction",
    "Ok",
    "Option",
    "PartialEq",
    "Redirect",
    "Ref",
    "Request",
    "Result",
    "Results",
    "Schedule",
    "Schema",
    "Secret",
    "Self",
    "Send",
    "Shape",
    "Shelf",
    "SingleTenant",
    "Slot",
    "Some",
    "String",
    "Sync",
    "Table",
    "Tenant",
    "Timestamp",
    "Type",
    "UnixTime",
    "Value",
    "Values",
    "Vec",
];

/// Names that no category can have: the modules and crates that the client uses, the methods of its `Client`, the files written.
const MODULES: &[&str] = &[
    "alloc",
    "api",
    "as_async",
    "auth",
    "batch",
    "block_on",
    "blocking",
    "builder",
    "bytes",
    "call",
    "catalogue",
    "client",
    "core",
    "error",
    "execute",
    "for_each_tenant",
    "from_env",
    "generated",
    "http",
    "httpdate",
    "model",
    "redact",
    "reply",
    "reqwest",
    "request",
    "retry",
    "secrecy",
    "serde",
    "serde_json",
    "stats",
    "std",
    "tokio",
    "tracing",
    "transport",
    "types",
    "url",
    "values",
    "wire",
];

/// Whether no category can have this name.
#[cfg(feature = "cli")]
#[must_use]
pub fn is_reserved_module(name: &str) -> bool {
    MODULES.contains(&name)
}

/// Whether no type can have this name.
#[cfg(feature = "cli")]
#[must_use]
pub fn is_reserved_type(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// Resolves the document. What is wrong is noted; what the model says of the rest is sound.
#[must_use]
pub fn resolve(document: &Document, diagnostics: &mut Diagnostics) -> Api {
    let namer = Namer::new(document.api.words.clone());
    modules(document, diagnostics);
    let mut types = Types::declare(document, &namer, diagnostics);
    let mut actions = Actions::new(&namer);
    let mut api = Api { version: document.api.version.clone(), ..Api::default() };
    for category in &document.categories {
        api.categories.push(actions.category(category, &mut types, diagnostics));
    }
    overrides::check(document, diagnostics);
    api.types = types.finish(diagnostics);
    mark(&mut api);
    api
}

/// Module names: each a name in snake_case, each once.
fn modules(document: &Document, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, &Text> = BTreeMap::new();
    for Category { module, .. } in &document.categories {
        if module.text.is_empty() {
            continue;
        }
        if !is_snake(&module.text) || module.text.starts_with('_') {
            let message = format!("`{}` cannot be a module", module.text);
            let help = "a module is named in snake_case, and not by a keyword";
            diagnostics.push(Diagnostic::new(&module.at, message).help(help));
        } else if MODULES.contains(&module.text.as_str()) {
            let message = format!("`{}` is a name of the client itself", module.text);
            diagnostics.push(Diagnostic::new(&module.at, message).help("take another name"));
        }
        if let Some(first) = seen.insert(&module.text, module) {
            diagnostics.push(
                Diagnostic::new(&module.at, format!("the module `{}` stands twice", module.text))
                    .also(&first.at, "the first one"),
            );
        }
    }
}

/// Whether a text is a name in snake_case that is no keyword.
pub(super) fn is_snake(text: &str) -> bool {
    is_identifier(text) && !crate::names::is_keyword(text) && !text.chars().any(char::is_uppercase)
}

/// Marks which types are needed by an action, and which of them are sent.
fn mark(api: &mut Api) {
    let mut sent = Vec::new();
    let mut received = Vec::new();
    for action in api.categories.iter().flat_map(|category| &category.actions) {
        sent.extend(action.properties.iter().map(|property| property.field.ty.clone()));
        if let super::Shape::List(ty) | super::Shape::Object(ty) = &action.outputs.shape {
            received.push(ty.clone());
        }
    }
    let mut work: Vec<(Ty, bool)> = sent.into_iter().map(|ty| (ty, true)).collect();
    work.extend(received.into_iter().map(|ty| (ty, false)));
    while let Some((ty, is_sent)) = work.pop() {
        match ty {
            Ty::List(inner) | Ty::Map(inner) => work.push((*inner, is_sent)),
            Ty::Named(id) => {
                let Some(found) = api.types.get_mut(id) else { continue };
                if found.needed && (found.sent || !is_sent) {
                    continue;
                }
                found.needed = true;
                found.sent |= is_sent;
                if let Body::Struct(body) = &found.body {
                    work.extend(body.fields.iter().map(|field| (field.ty.clone(), is_sent)));
                }
            }
            _ => {}
        }
    }
}
