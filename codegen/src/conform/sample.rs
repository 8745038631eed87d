//! Sample values: for a type, a value that people would send.

use crate::model::{Api, Body, Property, Ty, TypeId};
use crate::upstream::{kind, member, word};
use serde_json::{Map, Value, json};

/// A source of choices that is the same on every run.
pub(super) struct Dice(u64);

impl Dice {
    /// Dice for a text: the same text, the same throws.
    pub(super) fn of(text: &str, number: u64) -> Self {
        // FNV-1a.
        let start = 0xcbf2_9ce4_8422_2325_u64;
        let hash = text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(hash ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A throw: one in two. (SplitMix64.)
    pub(super) fn throw(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) & 1 == 0
    }
}

/// Makes sample values.
pub(super) struct Sampler<'a> {
    pub(super) api: &'a Api,
    /// Which of the known values of a text to take.
    pub(super) value: usize,
    /// Leaves out fields of objects by chance, where it is there.
    pub(super) dice: Option<Dice>,
    /// The types being made: one that stands here already contains itself.
    within: Vec<TypeId>,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(api: &'a Api, value: usize, dice: Option<Dice>) -> Self {
        Self { api, value, dice, within: Vec::new() }
    }

    /// A value for a property: its `sample`, or one by its type. What may be anything is what the official schema says.
    pub(super) fn property(&mut self, property: &Property, official: Option<&Value>) -> Value {
        let given = Some(property.sample.as_str()).filter(|sample| !sample.is_empty());
        given
            .and_then(|given| self.given(&property.field.ty, given))
            .unwrap_or_else(|| self.ty(&property.field.ty, official))
    }

    /// A `sample` as a value of the type; nothing where it cannot be one.
    fn given(&self, ty: &Ty, given: &str) -> Option<Value> {
        Some(match ty {
            Ty::Text | Ty::Secret | Ty::Tenant | Ty::SingleTenant | Ty::Timestamp | Ty::Day => json!(given),
            Ty::Bool => json!(given.parse::<bool>().ok()?),
            Ty::Int | Ty::UnixTime => json!(given.parse::<i64>().ok()?),
            Ty::Float => json!(given.parse::<f64>().ok()?),
            Ty::LabelValue => json!({ "label": given, "value": given }),
            Ty::List(inner) => match serde_json::from_str(given) {
                Ok(list @ Value::Array(_)) => list,
                _ => Value::Array(vec![self.given(inner, given)?]),
            },
            Ty::Object | Ty::Map(_) => serde_json::from_str(given).ok().filter(Value::is_object)?,
            _ => return None,
        })
    }

    fn ty(&mut self, ty: &Ty, official: Option<&Value>) -> Value {
        match ty {
            Ty::Text => official.and_then(first_listed).unwrap_or_else(|| json!("text")),
            Ty::Secret => json!("secret"),
            Ty::Tenant | Ty::SingleTenant => json!("contoso.onmicrosoft.com"),
            Ty::Timestamp => json!("2026-01-02T03:04:05Z"),
            Ty::Day => json!("20260102"),
            Ty::Bool => json!(true),
            Ty::Int => json!(1),
            Ty::UnixTime => json!(1_767_323_045),
            Ty::Float => json!(1.5),
            Ty::Json => official.map_or_else(|| json!("text"), as_official),
            Ty::Object => match official.map(as_official) {
                Some(value @ Value::Object(_)) => value,
                _ => json!({}),
            },
            Ty::LabelValue => json!({ "label": "text", "value": "text" }),
            Ty::Schedule => json!({ "enabled": true, "date": 1_767_323_045 }),
            Ty::List(inner) => match inner.as_ref() {
                Ty::Named(id) if self.within.contains(id) => json!([]),
                inner => json!([self.ty(inner, official.and_then(|schema| member(schema, None)))]),
            },
            Ty::Map(inner) => match inner.as_ref() {
                Ty::Named(id) if self.within.contains(id) => json!({}),
                inner => json!({ "name": self.ty(inner, None) }),
            },
            Ty::Named(id) => self.named(*id, official),
        }
    }

    fn named(&mut self, id: TypeId, official: Option<&Value>) -> Value {
        let api = self.api;
        match api.types.get(id).map(|def| &def.body) {
            Some(Body::Choice(choice)) => {
                let known = choice.values.get(self.value).or(choice.values.first());
                json!(known.map_or("text", |known| known.value.as_str()))
            }
            Some(Body::Struct(body)) => {
                self.within.push(id);
                let mut members = Map::new();
                for field in &body.fields {
                    let contains_itself = matches!(&field.ty, Ty::Named(id) if self.within.contains(id));
                    let left_out = self.dice.as_mut().is_some_and(Dice::throw);
                    if !contains_itself && !left_out {
                        let official = official.and_then(|schema| member(schema, Some(&field.wire)));
                        members.insert(field.wire.clone(), self.ty(&field.ty, official));
                    }
                }
                self.within.pop();
                Value::Object(members)
            }
            None => Value::Null,
        }
    }
}

/// The first of the values that a schema lists.
fn first_listed(schema: &Value) -> Option<Value> {
    schema.get("enum")?.as_array()?.first().filter(|value| value.is_string()).cloned()
}

/// A value that a schema describes.
fn as_official(schema: &Value) -> Value {
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|all| all.first()) {
        return first.clone();
    }
    if word(schema) == "LabelValue" {
        return json!({ "label": "text", "value": "text" });
    }
    match kind(schema) {
        "boolean" => json!(true),
        "integer" => json!(1),
        "number" => json!(1.5),
        "array" => json!([member(schema, None).map_or_else(|| json!("text"), as_official)]),
        "object" => {
            let members = schema.get("properties").and_then(Value::as_object);
            let members = members.into_iter().flatten().map(|(name, schema)| (name.clone(), as_official(schema)));
            Value::Object(members.collect())
        }
        _ => json!("text"),
    }
}
