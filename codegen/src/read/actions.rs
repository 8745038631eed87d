//! Reads actions.

use super::table::{Placed, Table, text_of};
use super::types::{properties, type_expr};
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::document::{ActionDecl, Fixed, OutputsDecl, PagingDecl, RowDecl, ShapeDecl, Text};
use crate::keys;
use crate::load::Node;

/// Reads an action.
pub(super) fn action(name: Text, placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<ActionDecl> {
    let mut table = Table::new(placed, keys::ACTION, "an action", diagnostics)?;
    let at = table.at().clone();
    // What is missing or unknown was told; nothing is concluded from it.
    let or_nothing = |found: Option<Text>| found.unwrap_or_else(|| Text { text: String::new(), at: at.clone() });
    let method = or_nothing(table.one_of("method", keys::METHODS));
    let kind = or_nothing(table.one_of("kind", keys::KINDS)).text;
    let tenant = or_nothing(table.one_of("tenant", keys::TENANTS));
    let completion =
        table.one_of("completion", keys::COMPLETIONS).map_or_else(|| "immediate".to_owned(), |word| word.text);
    let plain = |texts: Vec<Text>| texts.into_iter().map(|text| text.text.trim().to_owned()).collect();
    table.words("since");
    if let Some(legacy) = table.get("legacy")
        && !matches!(legacy.node, Node::Map(_))
    {
        super::table::wrong_kind(table.diagnostics(), &legacy.at, "legacy", "a mapping", legacy.node);
    }
    let mut found = ActionDecl {
        title: table.needed("title"),
        method,
        path: table.needed("path"),
        call: table.needed("call"),
        kind,
        role: table.needed("role"),
        tenant,
        completion,
        summary: table.words("summary"),
        details: table.words("details"),
        use_cases: plain(table.texts("use_cases")),
        troubleshooting: plain(table.texts("troubleshooting")),
        properties: Vec::new(),
        outputs: OutputsDecl { shape: ShapeDecl::Value, enveloped: false, doc: String::new() },
        rows: Vec::new(),
        failed: Vec::new(),
        ok: Vec::new(),
        paging: None,
        source: table.words("source"),
        override_method: None,
        override_role: None,
        name,
    };
    let rows = table.list("rows");
    let outcome = table.get("outcome");
    let paging = table.get("paging");
    let overrides = table.get("override");
    let outputs = table.get("outputs");
    let declared = table.get("properties");
    if let Some(declared) = declared {
        found.properties = properties(&declared, keys::PROPERTY, "a property", diagnostics);
    }
    if let Some(outputs) = outputs
        && let Some(outputs) = self::outputs(&outputs, diagnostics)
    {
        found.outputs = outputs;
    }
    found.rows = rows.iter().filter_map(|row| self::row(row, diagnostics)).collect();
    if let Some(placed) = outcome
        && let Some(mut table) = Table::new(&placed, keys::OUTCOME, "`outcome`", diagnostics)
    {
        found.failed = plain(table.texts("failed"));
        found.ok = plain(table.texts("ok"));
    }
    found.paging = paging.and_then(|placed| self::paging(&placed, diagnostics));
    if let Some(placed) = overrides
        && let Some(mut table) = Table::new(&placed, keys::OVERRIDE, "`override`", diagnostics)
    {
        found.override_method = table.text("method");
        found.override_role = table.text("role");
    }
    Some(found)
}

fn row(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<RowDecl> {
    let mut table = Table::new(placed, keys::ROW, "a row", diagnostics)?;
    let means = table.one_of("means", &["queued", "failed"]);
    Some(RowDecl {
        field: table.needed("field"),
        starts: table.words("starts"),
        failed: means.is_some_and(|means| means.text == "failed"),
    })
}

fn paging(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<PagingDecl> {
    let mut table = Table::new(placed, keys::PAGING, "`paging`", diagnostics)?;
    let next = table.needed("next");
    let place = table.one_of("in", keys::PAGING_PLACES);
    let entries = table.map("with");
    let mut with = Vec::new();
    for (name, placed) in entries {
        let value = match placed.node {
            Node::Bool(value) => Some(Fixed::Bool(*value)),
            Node::Int(value) => Some(Fixed::Int(*value)),
            _ => text_of(&placed, &name.text, diagnostics).map(Fixed::Text),
        };
        with.extend(value.map(|value| (name, value)));
    }
    Some(PagingDecl { next, place, with })
}

fn outputs(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<OutputsDecl> {
    if let Node::Text(word) = placed.node {
        let Some(shape) = short_shape(word) else {
            diagnostics.push(unknown_shape(&placed.at, word));
            return None;
        };
        return Some(OutputsDecl { shape, enveloped: false, doc: String::new() });
    }
    let mut table = Table::new(placed, keys::OUTPUTS, "`outputs`", diagnostics)?;
    let enveloped = table.one_of("envelope", &["bare", "Results"]).is_some_and(|word| word.text == "Results");
    let doc = table.words("doc");
    let mut shapes = Vec::new();
    for word in keys::SHAPES {
        if table.get(word).is_some()
            && table.flag(word)
            && let Some(shape) = short_shape(word)
        {
            shapes.push(shape);
        }
    }
    let list = table.get("list");
    let object = table.get("object");
    let at = table.at().clone();
    let has_unknown = table.has_unknown();
    if let Some(list) = list {
        shapes.push(ShapeDecl::List(type_expr(&list, diagnostics)?));
    }
    if let Some(object) = object {
        shapes.push(ShapeDecl::Object(type_expr(&object, diagnostics)?));
    }
    match <[ShapeDecl; 1]>::try_from(shapes) {
        Ok([shape]) => Some(OutputsDecl { shape, enveloped, doc }),
        // An unknown key was told, and may have been meant for the shape.
        Err(shapes) if shapes.is_empty() && has_unknown => None,
        Err(shapes) => {
            let message = format!("`outputs` says {} shapes; it needs exactly one", shapes.len());
            diagnostics
                .push(Diagnostic::new(&at, message).help("one of list, object, results, value, text, bytes, redirect"));
            None
        }
    }
}

fn short_shape(word: &str) -> Option<ShapeDecl> {
    Some(match word {
        "results" => ShapeDecl::Results,
        "value" => ShapeDecl::Value,
        "text" => ShapeDecl::Text,
        "bytes" => ShapeDecl::Bytes,
        "redirect" => ShapeDecl::Redirect,
        _ => return None,
    })
}

fn unknown_shape(at: &At, word: &str) -> Diagnostic {
    Diagnostic::new(at, format!("`outputs` cannot be `{word}`"))
        .help(format!("it is one of {}, or a mapping such as {{ list: User }}", keys::SHAPES.join(", ")))
        .suggest(word, keys::SHAPES.iter().copied())
}
