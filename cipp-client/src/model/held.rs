//! A value whose type is known only at run time.

use super::{Field, Model, Ref, Scalar, Shape, Slot, to_int};
use crate::catalogue::Type;
use crate::values::Secret;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A value that has, or was checked against, the type that the specification gives it.
#[derive(Clone, Debug)]
pub enum Held {
    /// Text.
    Text(String),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Any JSON.
    Json(Value),
    /// A free JSON object.
    Object(Map<String, Value>),
    /// Text that must not be shown.
    Secret(Secret),
    /// A tenant, or another text that may travel with a label.
    Labelled(String, String),
    /// A list.
    List(Vec<Self>),
    /// An object with free names, or of a declared type.
    Map(BTreeMap<String, Self>),
}

impl Held {
    /// Checks a value. What is wrong is said with the place of it, from the property down.
    pub(crate) fn new(value: Value, ty: Type, place: &str) -> Result<Self, String> {
        let wrong = |wanted: &str, value: &Value| Err(format!("{place} is {wanted}, not {}", shown(value)));
        Ok(match (ty, value) {
            (Type::Text | Type::Choice(_) | Type::Timestamp | Type::Day, Value::String(text)) => Self::Text(text),
            (Type::Text | Type::Choice(_) | Type::Day, Value::Number(number)) => Self::Text(number.to_string()),
            (Type::Text | Type::Choice(_), value) => return wrong("a text", &value),
            (Type::Timestamp, value) => return wrong("a date and time as text", &value),
            (Type::Day, value) => return wrong("a day as yyyyMMdd", &value),
            (Type::Secret, Value::String(text)) => Self::Secret(Secret::new(text)),
            (Type::Secret, _) => return Err(format!("{place} is a secret text")),
            (Type::Bool, Value::Bool(value)) => Self::Bool(value),
            (Type::Bool, value) => return wrong("true or false", &value),
            (Type::Int | Type::UnixTime, value) => {
                match value.as_i64().or_else(|| to_int(Scalar::Float(value.as_f64()?))) {
                    Some(number) => Self::Int(number),
                    None if matches!(ty, Type::UnixTime) => return wrong("a moment in seconds since 1970", &value),
                    None => return wrong("a whole number", &value),
                }
            }
            (Type::Float, value) => match value.as_f64() {
                Some(number) => Self::Float(number),
                None => return wrong("a number", &value),
            },
            (Type::Tenant, value) => match labelled(&value) {
                Some((name, label)) => Self::Labelled(name, label),
                None => return wrong("a tenant's domain or id", &value),
            },
            (Type::Json, value) => Self::Json(value),
            (Type::Object, Value::Object(members)) => Self::Object(members),
            (Type::Object, value) => return wrong("an object", &value),
            (Type::List(item), Value::Array(items)) => {
                let mut held = Vec::with_capacity(items.len());
                for (index, value) in items.into_iter().enumerate() {
                    held.push(Self::new(value, *item, &format!("{place}[{index}]"))?);
                }
                Self::List(held)
            }
            // One is a list of one, here as in answers.
            (Type::List(item), value) => Self::List(vec![Self::new(value, *item, place)?]),
            (Type::Map(member), Value::Object(members)) => {
                let mut held = BTreeMap::new();
                for (name, value) in members {
                    let value = Self::new(value, *member, &format!("{place}.{name}"))?;
                    held.insert(name, value);
                }
                Self::Map(held)
            }
            (Type::Map(_), value) => return wrong("an object", &value),
            (Type::Model(table), value) => Self::model(value, table.schema().name, table.schema().fields, place)?,
        })
    }

    /// What a field holds; `None` where it holds nothing.
    pub(crate) fn of(value: Ref<'_>) -> Option<Self> {
        Some(match value {
            Ref::Absent => return None,
            Ref::Text(text) => Self::Text(text.to_owned()),
            Ref::Bool(value) => Self::Bool(value),
            Ref::Int(value) => Self::Int(value),
            Ref::Float(value) => Self::Float(value),
            Ref::Json(value) => Self::Json(value.clone()),
            Ref::Object(members) => Self::Object(members.clone()),
            Ref::Secret(text) => Self::Secret(Secret::new(text)),
            Ref::Labelled(text, label) => Self::Labelled(text.to_owned(), label.to_owned()),
            Ref::Model(model) => Self::Map(members_of(model)),
            Ref::List(list) => Self::List((0..list.size()).filter_map(|index| Self::of(list.item(index))).collect()),
            Ref::Map(members) => {
                let mut held = BTreeMap::new();
                members.each(&mut |name, value| held.extend(Self::of(value).map(|value| (name.to_owned(), value))));
                Self::Map(held)
            }
            Ref::Extra(extra) => Self::Object((**extra).clone()),
        })
    }

    /// What a person would call it: a text, or the text of a choice.
    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Labelled(text, _) => Some(text.clone()),
            Self::Map(members) => members.get("value").and_then(Self::name),
            _ => None,
        }
    }

    /// The value as JSON, without its secrets.
    pub(crate) fn shown(&self) -> Value {
        match self {
            Self::Text(text) | Self::Labelled(text, _) => Value::from(text.as_str()),
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::from(*value),
            Self::Float(value) => Value::from(*value),
            Self::Json(value) => value.clone(),
            Self::Object(members) => Value::Object(members.clone()),
            Self::Secret(_) => Value::from(crate::redact::REDACTED),
            Self::List(items) => items.iter().map(Self::shown).collect(),
            Self::Map(members) => {
                let mut shown = Map::new();
                shown.extend(members.iter().map(|(name, member)| (name.clone(), member.shown())));
                Value::Object(shown)
            }
        }
    }

    fn model(value: Value, name: &str, fields: &'static [Field], place: &str) -> Result<Self, String> {
        let members = match value {
            Value::Object(members) => members,
            // The one declared type that a bare text stands for.
            Value::String(text) if name == "LabelValue" => {
                crate::json::object([("label", Value::from(text.as_str())), ("value", Value::from(text))])
            }
            value => return Err(format!("{place} is an object, not {}", shown(&value))),
        };
        let mut held = BTreeMap::new();
        for (name, value) in members {
            let place = format!("{place}.{name}");
            let value = match fields.iter().find(|field| field.name == name) {
                Some(field) => Self::new(value, field.ty, &place)?,
                None => match fields.iter().find(|field| field.name.eq_ignore_ascii_case(&name)) {
                    Some(field) => return Err(format!("{place} is spelled {}", field.name)),
                    None => Self::Json(value),
                },
            };
            held.insert(name, value);
        }
        Ok(Self::Map(held))
    }
}

/// The members of an object of a declared type, as they stand on the wire.
fn members_of(model: &dyn Model) -> BTreeMap<String, Held> {
    let mut members = BTreeMap::new();
    members.extend(model.extra().iter().map(|(name, value)| (name.clone(), Held::Json(value.clone()))));
    for (index, field) in model.schema().fields.iter().enumerate() {
        match Held::of(model.get(index)) {
            None => {}
            Some(Held::Map(rest)) if field.takes_the_rest() => members.extend(rest),
            Some(held) => {
                members.insert(field.name.to_owned(), held);
            }
        }
    }
    members
}

/// A text, or a choice as the interface sends it, as its value and label.
fn labelled(value: &Value) -> Option<(String, String)> {
    match value {
        Value::String(text) => Some((text.clone(), String::new())),
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            Some((text("value"), text("label"))).filter(|(value, _)| !value.is_empty())
        }
        _ => None,
    }
}

/// A value as an error may show it: short, and only where it is no container.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Null => "null".to_owned(),
        Value::String(text) if text.chars().count() > 40 => "a text".to_owned(),
        value => value.to_string(),
    }
}

impl Shape for Held {
    /// What it takes depends on a type that is not known here: see [`Slot::Held`].
    fn slot(_field: &mut Option<Self>) -> Slot<'_> {
        Slot::Nothing
    }

    fn held(self) -> Option<Self> {
        Some(self)
    }

    fn get(&self) -> Ref<'_> {
        match self {
            Self::Text(text) => Ref::Text(text),
            Self::Bool(value) => Ref::Bool(*value),
            Self::Int(value) => Ref::Int(*value),
            Self::Float(value) => Ref::Float(*value),
            Self::Json(value) => Ref::Json(value),
            Self::Object(members) => Ref::Object(members),
            Self::Secret(secret) => Ref::Secret(secret.expose()),
            Self::Labelled(value, label) => Ref::Labelled(value, label),
            Self::List(items) => Ref::List(items),
            Self::Map(members) => Ref::Map(members),
        }
    }
}
