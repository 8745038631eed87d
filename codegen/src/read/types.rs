//! Reads types, fields and properties.

use super::table::{Placed, Table, entries_of, text_of};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Fixed, PropertyDecl, Text, TypeBody, TypeDecl, TypeExpr, ValueDecl};
use crate::keys::{self, Key};
use crate::load::{Node, Step};
use std::collections::BTreeMap;

/// Reads a declared type.
pub(super) fn type_decl(name: Text, placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<TypeDecl> {
    let mut table = Table::new(placed, keys::TYPE, "a type", diagnostics)?;
    let summary = table.words("summary");
    table.words("source");
    let fields = table.get("fields");
    let values = table.get("values");
    let at = table.at().name();
    let body = match (fields, values) {
        (Some(fields), None) => TypeBody::Fields(properties(&fields, keys::FIELD, "a field", diagnostics)),
        (None, Some(values)) => TypeBody::Values(value_decls(&values, diagnostics)),
        (found, _) => {
            let message = if found.is_some() {
                "a type has either `fields` or `values`, not both"
            } else {
                "a type needs `fields` or `values`"
            };
            diagnostics.push(
                Diagnostic::new(&at, message).help("`fields` makes an object, `values` a text with known values"),
            );
            return None;
        }
    };
    Some(TypeDecl { name, summary, body })
}

/// Reads properties or fields, which differ in their keys.
pub(super) fn properties(
    placed: &Placed<'_>,
    keys: &'static [Key],
    what: &'static str,
    diagnostics: &mut Diagnostics,
) -> Vec<PropertyDecl> {
    let name = if what == "a property" { "properties" } else { "fields" };
    entries_of(placed, name, diagnostics)
        .into_iter()
        .filter_map(|(name, placed)| property(name, &placed, keys, what, diagnostics))
        .collect()
}

fn property(
    name: Text,
    placed: &Placed<'_>,
    keys: &'static [Key],
    what: &'static str,
    diagnostics: &mut Diagnostics,
) -> Option<PropertyDecl> {
    if name.text.is_empty() {
        diagnostics.push(Diagnostic::new(&name.at, format!("{what} needs a name")));
        return None;
    }
    let mut found = PropertyDecl {
        ty: TypeExpr::Name(Text { text: "string".to_owned(), at: placed.at.clone() }),
        name,
        rust: None,
        places: Vec::new(),
        required: false,
        form: None,
        send_false: false,
        fixed: None,
        secret: false,
        values: Vec::new(),
        default: String::new(),
        label: String::new(),
        sample: String::new(),
        doc: String::new(),
    };
    if is_short(placed.node) {
        found.ty = type_expr(placed, diagnostics)?;
        return Some(found);
    }
    let mut table = Table::new(placed, keys, what, diagnostics)?;
    found.rust = table.text("rust");
    found.secret = table.flag("secret");
    found.doc = table.words("doc");
    if keys.iter().any(|key| key.name == "in") {
        found.places = places(&mut table);
        found.required = table.flag("required");
        found.send_false = table.flag("send_false");
        found.form = table.one_of("as", keys::FORMS);
        found.fixed = fixed(&mut table);
        found.default = table.words("default");
        found.sample = table.words("sample");
        found.label = table.words("label");
    }
    let ty = table.get("type");
    let fields = table.get("fields");
    let values = table.get("values");
    if let Some(values) = values {
        found.values = value_decls(&values, diagnostics);
    }
    if let Some(fields) = fields {
        let inline = TypeExpr::Inline(properties(&fields, keys::FIELD, "a field", diagnostics));
        found.ty = match ty.as_ref().map(|ty| ty.node) {
            None => inline,
            Some(Node::Text(text)) if text == "object" => inline,
            Some(Node::List(items)) if matches!(items.as_slice(), [Node::Text(text)] if text == "object") => {
                TypeExpr::List(Box::new(inline))
            }
            Some(_) => {
                diagnostics.push(
                    Diagnostic::new(&fields.at, "`fields` goes with the type `object` or `[object]` only")
                        .help("leave `type` out, or declare the type under `types:`"),
                );
                inline
            }
        };
    } else if let Some(ty) = ty {
        found.ty = type_expr(&ty, diagnostics)?;
    }
    Some(found)
}

/// Whether a type stands in place of a property: `name: string`, `name: [User]`, `name: { map: int }`.
fn is_short(node: &Node) -> bool {
    match node {
        Node::Map(entries) => matches!(entries.as_slice(), [entry] if entry.name == "map"),
        // Numbers and the like are no types, and refused as such.
        _ => true,
    }
}

fn places(table: &mut Table<'_, '_>) -> Vec<Text> {
    match table.get("in") {
        Some(Placed { node: Node::List(_), .. }) => table.texts("in"),
        _ => table.text("in").into_iter().collect(),
    }
}

fn fixed(table: &mut Table<'_, '_>) -> Option<Fixed> {
    match table.get("fixed") {
        Some(Placed { node: Node::Bool(value), .. }) => Some(Fixed::Bool(*value)),
        Some(Placed { node: Node::Int(value), .. }) => Some(Fixed::Int(*value)),
        _ => table.text("fixed").map(|text| Fixed::Text(text.text)),
    }
}

/// Reads a type as written in a property.
pub(super) fn type_expr(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<TypeExpr> {
    match placed.node {
        Node::Text(name) => Some(TypeExpr::Name(Text { text: name.clone(), at: placed.at.clone() })),
        Node::Null => Some(TypeExpr::Name(Text { text: "string".to_owned(), at: placed.at.clone() })),
        Node::List(items) => {
            let [item] = items.as_slice() else {
                let message = format!("a list type has exactly one type between the brackets, not {}", items.len());
                diagnostics.push(Diagnostic::new(&placed.at, message).help("write it as [string]"));
                return None;
            };
            let item = placed.child(item, Step::Item(0));
            Some(TypeExpr::List(Box::new(type_expr(&item, diagnostics)?)))
        }
        Node::Map(entries) if matches!(entries.as_slice(), [entry] if entry.name == "map") => {
            let member = entries.first()?;
            let member = placed.child(&member.value, Step::Value(0));
            Some(TypeExpr::Map(Box::new(type_expr(&member, diagnostics)?)))
        }
        node => {
            diagnostics.push(
                Diagnostic::new(&placed.at, format!("a type cannot be {}", node.kind()))
                    .help("a type is a name, a list such as [string], or { map: string }"),
            );
            None
        }
    }
}

/// Reads known values: a list of them, or a map from value to meaning.
fn value_decls(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Vec<ValueDecl> {
    let found: Vec<ValueDecl> = match placed.node {
        Node::List(items) => items
            .iter()
            .enumerate()
            .filter_map(|(number, node)| {
                let item = placed.child(node, Step::Item(number));
                let value = text_of(&item, "values", diagnostics)?;
                Some(ValueDecl { value: Text { text: value, at: item.at }, doc: String::new() })
            })
            .collect(),
        Node::Map(_) => entries_of(placed, "values", diagnostics)
            .into_iter()
            .map(|(value, meaning)| {
                let doc = match meaning.node {
                    Node::Null => String::new(),
                    _ => text_of(&meaning, "values", diagnostics).unwrap_or_default(),
                };
                ValueDecl { value, doc: doc.trim().to_owned() }
            })
            .collect(),
        node => {
            super::table::wrong_kind(diagnostics, &placed.at, "values", "a list of texts or a mapping", node);
            return Vec::new();
        }
    };
    let mut firsts: BTreeMap<&str, &ValueDecl> = BTreeMap::new();
    for one in &found {
        let first = *firsts.entry(&one.value.text).or_insert(one);
        // A mapping has complained already.
        if matches!(placed.node, Node::List(_)) && !std::ptr::eq(first, one) {
            diagnostics.push(
                Diagnostic::new(&one.value.at, format!("the value `{}` stands twice", one.value.text))
                    .also(&first.value.at, "the first one"),
            );
        }
    }
    if matches!(placed.node, Node::List(items) if items.is_empty())
        || matches!(placed.node, Node::Map(entries) if entries.is_empty())
    {
        diagnostics.push(Diagnostic::new(&placed.at, "`values` names no value"));
    }
    found
}
