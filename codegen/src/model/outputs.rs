//! What an action's answer is.

use super::ir::{Body, Shape, Ty};
use super::types::Types;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{ShapeDecl, Text, TypeExpr};

/// The shape of an answer; free JSON where what is said makes no sense, which is told.
pub(super) fn shape(decl: &ShapeDecl, module: &str, types: &Types<'_>, diagnostics: &mut Diagnostics) -> Shape {
    match decl {
        ShapeDecl::Results => Shape::Results,
        ShapeDecl::List(expr) => Shape::List(types.output(expr, module, diagnostics)),
        ShapeDecl::Object(expr) => {
            let ty = types.output(expr, module, diagnostics);
            let is_object = matches!(&ty, Ty::Named(id)
                if types.def(*id).is_some_and(|def| matches!(def.body, Body::Struct(_))));
            if !is_object {
                if let Some(said) = no_object(expr) {
                    diagnostics.push(said);
                }
                return Shape::Value;
            }
            Shape::Object(ty)
        }
        ShapeDecl::Value => Shape::Value,
        ShapeDecl::Text => Shape::Text,
        ShapeDecl::Bytes => Shape::Bytes,
        ShapeDecl::Redirect => Shape::Redirect,
    }
}

/// Why an answer cannot be one object of this type.
fn no_object(expr: &TypeExpr) -> Option<Diagnostic> {
    let place = innermost(expr)?;
    Some(match expr {
        TypeExpr::List(_) => Diagnostic::new(&place.at, "`object` wants one object")
            .help(format!("rows are `outputs: {{ list: {} }}`", place.text)),
        TypeExpr::Map(_) => Diagnostic::new(&place.at, "`object` wants a declared type with fields")
            .help("a type whose one field is `\"*\"` takes members of any name"),
        TypeExpr::Name(_) | TypeExpr::Inline(_) => {
            Diagnostic::new(&place.at, "`object` wants a declared type with fields")
                .help("`outputs: value` is for JSON of any shape")
        }
    })
}

/// The name within lists and maps; the first field's where the type is written on the spot.
fn innermost(expr: &TypeExpr) -> Option<&Text> {
    match expr {
        TypeExpr::Name(name) => Some(name),
        TypeExpr::List(inner) | TypeExpr::Map(inner) => innermost(inner),
        TypeExpr::Inline(fields) => fields.first().map(|field| &field.name),
    }
}
