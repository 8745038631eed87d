//! Ways into values: from where a validator found something to the property that it is about.

use crate::model::{Action, Api, Body, Form, Place, Ty};

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Name(String),
    Item,
}

/// The way as text: names with dots between them, `[]` for the items of a list.
pub(super) fn text(way: &[Part]) -> String {
    let mut text = String::new();
    for part in way {
        match part {
            Part::Item => text.push_str("[]"),
            Part::Name(name) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
        }
    }
    if text.is_empty() { "[root]".to_owned() } else { text }
}

/// What stands at the end of a way into the body or the query of an action, in the words of the specification.
pub(super) fn ours(api: &Api, action: &Action, way: &[Part]) -> Option<String> {
    let (property, rest) = match way.split_first() {
        Some((Part::Name(name), rest)) => {
            let named = action
                .properties
                .iter()
                .find(|property| property.place != Place::Root && property.field.wire.eq_ignore_ascii_case(name));
            match named {
                Some(found) => (found, rest),
                None => (action.properties.iter().find(|property| property.place == Place::Root)?, way),
            }
        }
        _ => (action.properties.iter().find(|property| property.place == Place::Root)?, way),
    };
    let ty = &property.field.ty;
    match (property.form, rest) {
        (Form::JsonText | Form::Csv | Form::Lines | Form::Text, []) => Some("string".to_owned()),
        (Form::LabelValue, []) if matches!(ty, Ty::List(_)) => Some("[LabelValue]".to_owned()),
        (Form::LabelValue, [] | [Part::Item]) => Some("LabelValue".to_owned()),
        (Form::LabelValue, _) => Some("string".to_owned()),
        (_, rest) => along(api, ty, rest),
    }
}

fn along(api: &Api, ty: &Ty, way: &[Part]) -> Option<String> {
    let Some((part, rest)) = way.split_first() else { return Some(api.wire_word(ty)) };
    match (ty, part) {
        (Ty::List(inner), Part::Item) | (Ty::Map(inner), Part::Name(_)) => along(api, inner, rest),
        (Ty::Json, _) => Some("any".to_owned()),
        (Ty::LabelValue, Part::Name(_)) => Some("string".to_owned()),
        (Ty::Schedule, Part::Name(name)) => {
            Some(if name.eq_ignore_ascii_case("enabled") { "bool" } else { "int" }.to_owned())
        }
        (Ty::Named(id), Part::Name(name)) => {
            let Body::Struct(body) = &api.types.get(*id)?.body else { return None };
            let field = body.fields.iter().find(|field| field.wire.eq_ignore_ascii_case(name))?;
            along(api, &field.ty, rest)
        }
        _ => None,
    }
}
