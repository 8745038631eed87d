//! Holds a request against an operation.

use super::request::{Sent, Wire, query_text};
use super::walk::{self, Part};
use super::{Class, Deviation};
use crate::model::{Action, Api, Place};
use crate::upstream::{Operation, is_open, kind, member, word};
use jsonschema::Validator;
use jsonschema::paths::LocationSegment;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// An operation, made ready to hold requests against.
pub(super) struct Judge<'a> {
    api: &'a Api,
    action: &'a Action,
    operation: &'a Operation,
    /// The query as one object.
    query_schema: Value,
    query: Validator,
    body: Option<Validator>,
}

/// What a request comes to when every property is where the official description expects it.
struct Arranged {
    query: Map<String, Value>,
    members: Map<String, Value>,
    /// Our names, by the official ones.
    names: Vec<(String, String)>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(api: &'a Api, action: &'a Action, operation: &'a Operation) -> Result<Self, String> {
        let parameters = operation.query.iter();
        let properties: Map<String, Value> =
            parameters.clone().map(|parameter| (parameter.name.clone(), parameter.schema.clone())).collect();
        let required: Vec<&str> =
            parameters.filter(|parameter| parameter.required).map(|parameter| parameter.name.as_str()).collect();
        let query_schema = json!({ "type": "object", "properties": properties, "required": required });
        let validator = |what: &str, schema: &Value| {
            jsonschema::draft202012::new(schema).map_err(|error| format!("the {what} has no good schema: {error}"))
        };
        let query = validator("query", &query_schema)?;
        let body = operation.body.as_ref().map(|body| validator("body", &body.schema)).transpose()?;
        Ok(Self { api, action, operation, query_schema, query, body })
    }

    /// Notes in what a request differs.
    pub(super) fn judge(&self, wire: &Wire, found: &mut BTreeSet<Deviation>) {
        let mut arranged = Arranged { query: Map::new(), members: Map::new(), names: Vec::new() };
        for sent in &wire.sent {
            self.arrange(sent, &mut arranged, found);
        }
        let body = match &wire.root {
            None => Value::Object(arranged.members),
            Some(Value::Object(root)) => {
                let mut root = root.clone();
                root.extend(arranged.members);
                Value::Object(root)
            }
            Some(root) => root.clone(),
        };
        let query = Value::Object(arranged.query);
        self.errors(&self.query, &self.query_schema, &query, true, &arranged.names, found);
        if let (Some(validator), Some(official)) = (&self.body, &self.operation.body) {
            let body = self.listed(&official.schema, &body, &mut Vec::new(), &arranged.names, found);
            self.errors(validator, &official.schema, &body, false, &arranged.names, found);
        } else if wire.root.is_some() {
            self.note("unlisted", "", "", "[root]".to_owned(), found);
        }
    }

    fn note(
        &self,
        differs: &'static str,
        ours: &str,
        official: &str,
        property: String,
        found: &mut BTreeSet<Deviation>,
    ) {
        let class = Class { differs, ours: ours.to_owned(), official: official.to_owned() };
        found.insert(Deviation { class, action: self.action.name.clone(), property });
    }

    /// Puts what is sent where the official description expects it, and notes what had to be changed for that.
    fn arrange(&self, sent: &Sent, arranged: &mut Arranged, found: &mut BTreeSet<Deviation>) {
        let in_query = self.in_query(&sent.name);
        let in_body = self.in_body(&sent.name);
        // A body that takes anything takes this too. Where the method differs, so do the places.
        let other_method = self.operation.method != self.action.method;
        let open = self.body_is_open() && (sent.in_body || other_method);
        let place = match (sent.in_query, sent.in_body) {
            (true, true) => "query and body",
            (true, false) => "query",
            _ => "body",
        };
        if in_query.is_none() && in_body.is_none() {
            if !open {
                self.note("unlisted", "", "", sent.name.clone(), found);
            }
            return;
        }
        let misplaced = |here: bool, theirs: Option<&str>| here && theirs.is_none();
        if !other_method && (misplaced(sent.in_query, in_query) || (misplaced(sent.in_body, in_body) && !open)) {
            let official = if in_query.is_some() { "query" } else { "body" };
            self.note("place", place, official, sent.name.clone(), found);
        }
        let to_query = in_query.filter(|_| sent.in_query || (in_body.is_none() && !(open && sent.in_body)));
        let to_body = in_body.filter(|_| sent.in_body || in_query.is_none());
        for official in [to_query, to_body].into_iter().flatten() {
            if official != sent.name {
                self.note("case", "", "", sent.name.clone(), found);
                arranged.names.push((official.to_owned(), sent.name.clone()));
            }
        }
        if let Some(official) = to_query {
            let text = query_text(&sent.value);
            let schema = member(&self.query_schema, Some(official));
            arranged.query.insert(official.to_owned(), schema.map_or(json!(text), |schema| read_text(schema, &text)));
        }
        if let Some(official) = to_body {
            arranged.members.insert(official.to_owned(), sent.value.clone());
        }
    }

    fn in_query(&self, name: &str) -> Option<&str> {
        let names = || self.operation.query.iter().map(|parameter| parameter.name.as_str());
        names().find(|known| *known == name).or_else(|| names().find(|known| known.eq_ignore_ascii_case(name)))
    }

    fn in_body(&self, name: &str) -> Option<&str> {
        spelled(&self.operation.body.as_ref()?.schema, name)
    }

    fn body_is_open(&self) -> bool {
        self.operation.body.as_ref().is_some_and(|body| is_open(&body.schema))
    }

    /// Notes what a schema of objects does not list, and returns the value in the official spelling.
    fn listed(
        &self,
        schema: &Value,
        value: &Value,
        way: &mut Vec<Part>,
        names: &[(String, String)],
        found: &mut BTreeSet<Deviation>,
    ) -> Value {
        match value {
            Value::Object(members) if kind(schema) == "object" && word(schema) != "LabelValue" => {
                let mut out = Map::new();
                for (name, value) in members {
                    let official = spelled(schema, name);
                    way.push(Part::Name(name.clone()));
                    match official {
                        Some(official) => {
                            if official != name {
                                self.note("case", "", "", self.way(way, names), found);
                            }
                            let none = Value::Null;
                            let inner = member(schema, Some(official)).unwrap_or(&none);
                            out.insert(official.to_owned(), self.listed(inner, value, way, names, found));
                        }
                        None => {
                            // The server reads the value of a choice; its label is for people.
                            let is_label = name == "label" && spelled(schema, "value").is_some();
                            if !is_open(schema) && !is_label {
                                self.note("unlisted", "", "", self.way(way, names), found);
                            }
                            out.insert(name.clone(), value.clone());
                        }
                    }
                    way.pop();
                }
                Value::Object(out)
            }
            Value::Array(items) if kind(schema) == "array" => {
                let Some(inner) = member(schema, None) else { return value.clone() };
                way.push(Part::Item);
                let items = items.iter().map(|item| self.listed(inner, item, way, names, found)).collect();
                way.pop();
                Value::Array(items)
            }
            other => other.clone(),
        }
    }

    /// The way to a property, the first name as we spell it.
    fn way(&self, way: &[Part], names: &[(String, String)]) -> String {
        let mut way = way.to_vec();
        if let Some(Part::Name(first)) = way.first_mut()
            && let Some((_, ours)) = names.iter().find(|(official, _)| official == first)
        {
            first.clone_from(ours);
        }
        walk::text(&way)
    }

    /// Notes what a validator says.
    fn errors(
        &self,
        validator: &Validator,
        schema: &Value,
        value: &Value,
        is_query: bool,
        names: &[(String, String)],
        found: &mut BTreeSet<Deviation>,
    ) {
        for error in validator.iter_errors(value) {
            let mut way: Vec<Part> = error
                .instance_path()
                .segments()
                .map(|segment| match segment {
                    LocationSegment::Property(name) => Part::Name(name.into_owned()),
                    LocationSegment::Index(_) => Part::Item,
                })
                .collect();
            match error.kind().keyword() {
                "required" => {
                    if let jsonschema::error::ValidationErrorKind::Required { property } = error.kind() {
                        let name = property.as_str().unwrap_or_default();
                        let ours = if way.is_empty() { self.presence(name, is_query) } else { "optional" };
                        let official = if is_query { "required in the query" } else { "required in the body" };
                        way.push(Part::Name(name.to_owned()));
                        self.note("required", ours, official, self.way(&way, names), found);
                    }
                }
                "enum" | "const" => {
                    let property = format!("{}={}", self.way(&way, names), query_text(error.instance()));
                    self.note("value", "", "", property, found);
                }
                "type" | "anyOf" | "oneOf" | "allOf" => {
                    let ours = self.ours(&way, error.instance());
                    self.note("type", &ours, &official(schema, &way), self.way(&way, names), found);
                }
                keyword => self.note("rule", "", keyword, self.way(&way, names), found),
            }
        }
    }

    /// What we have in place of a property that is required.
    fn presence(&self, name: &str, in_query: bool) -> &'static str {
        let named = |wire: &str| wire.eq_ignore_ascii_case(name);
        let properties = self.action.properties.iter().filter(|property| named(&property.field.wire));
        let places = properties.map(|property| property.place);
        let places: Vec<Place> = places
            .chain(self.action.fixed.iter().filter(|fixed| named(&fixed.wire)).map(|fixed| fixed.place))
            .collect();
        match places.as_slice() {
            [] => "absent",
            [Place::Query, ..] if !in_query => "in the query",
            [Place::Body, ..] if in_query => "in the body",
            _ => "optional",
        }
    }

    fn ours(&self, way: &[Part], value: &Value) -> String {
        walk::ours(self.api, self.action, way).unwrap_or_else(|| {
            match value {
                Value::Null => "null",
                Value::Bool(_) => "bool",
                Value::Number(number) if number.is_f64() => "float",
                Value::Number(_) => "int",
                Value::String(_) => "string",
                Value::Array(_) => "[any]",
                Value::Object(_) => "object",
            }
            .to_owned()
        })
    }
}

/// The type at the end of a way into a schema.
fn official(schema: &Value, way: &[Part]) -> String {
    let mut schema = schema;
    for part in way {
        let name = if let Part::Name(name) = part { Some(name.as_str()) } else { None };
        match member(schema, name) {
            Some(inner) => schema = inner,
            None => return "any".to_owned(),
        }
    }
    word(schema)
}

/// A property of a schema by its name, as the schema spells it.
fn spelled<'s>(schema: &'s Value, name: &str) -> Option<&'s str> {
    let mut schema = schema;
    // The shell of a choice among one.
    while schema.get("properties").is_none()
        && let Some([one]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice)
    {
        schema = one;
    }
    let properties = schema.get("properties")?.as_object()?;
    if let Some((known, _)) = properties.get_key_value(name) {
        return Some(known);
    }
    properties.keys().find(|known| known.eq_ignore_ascii_case(name)).map(String::as_str)
}

/// A text of the query as the value that its schema describes.
fn read_text(schema: &Value, text: &str) -> Value {
    match kind(schema) {
        "boolean" => text.parse::<bool>().map_or_else(|_| json!(text), Value::from),
        "integer" => text.parse::<i64>().map_or_else(|_| json!(text), Value::from),
        "number" => text.parse::<f64>().map_or_else(|_| json!(text), Value::from),
        "array" => {
            let item = member(schema, None);
            let read = |part: &str| item.map_or_else(|| json!(part), |item| read_text(item, part));
            Value::Array(text.split(',').map(read).collect())
        }
        _ => json!(text),
    }
}
