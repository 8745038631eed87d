//! A request as the actions read it: by name, whatever the case, from the query or the body, and choices by their value.

use crate::answer::Answer;
use crate::project::lookup;
use crate::world::guid;
use cipp_client::catalogue::{Action, Form, Property, Type};
use serde_json::{Map, Value};
use std::cell::Cell;

/// A request, with what is known of it.
#[derive(Debug)]
pub(crate) struct Call {
    /// The action it was taken for; `None` for endpoints that the specification does not describe.
    pub(crate) action: Option<&'static Action>,
    /// Name of the endpoint, as the server spells it.
    pub(crate) endpoint: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    /// The server's time.
    pub(crate) now: i64,
    /// Number of the request, from which fresh ids are made.
    pub(crate) serial: u64,
    fresh: Cell<u64>,
}

/// A choice that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
}

impl Call {
    pub(crate) const fn new(
        action: Option<&'static Action>,
        endpoint: String,
        query: Vec<(String, String)>,
        body: Value,
        now: i64,
        serial: u64,
    ) -> Self {
        Self { action, endpoint, query, body, now, serial, fresh: Cell::new(0) }
    }

    /// A new id.
    pub(crate) fn guid(&self) -> String {
        let count = self.fresh.get();
        self.fresh.set(count + 1);
        guid("request", self.serial * 1000 + count)
    }

    /// A new password. It looks like one, and like nothing that could be in use.
    pub(crate) fn password(&self) -> String {
        format!("Mock-{}-7!", self.guid().get(..8).unwrap_or_default())
    }

    fn property(&self, name: &str) -> Option<&'static Property> {
        self.action?.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name))
    }

    /// What was sent under a name. The query wins, as in most of the server's code.
    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        if let Some((_, text)) =
            self.query.iter().find(|(key, text)| key.eq_ignore_ascii_case(name) && !text.is_empty())
        {
            return Some(Value::String(text.clone()));
        }
        let value = lookup(self.body.as_object()?, name).filter(|value| !value.is_null())?;
        // Where the server reads `.value`, a bare text is nothing.
        let ignored = value.is_string() && self.property(name).is_some_and(wants_choice);
        (!ignored).then(|| value.clone())
    }

    /// A text, or the value of a choice; `None` where it is absent or empty.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.field(name).and_then(|value| value_text(&value)).filter(|text| !text.trim().is_empty())
    }

    /// A text that the action cannot do without.
    pub(crate) fn need(&self, name: &str) -> Result<String, Answer> {
        self.text(name).ok_or_else(|| Answer::failed(400, format!("{name} is required")))
    }

    /// A flag; `None` where it is absent or no flag.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.field(name)? {
            Value::Bool(flag) => Some(flag),
            Value::String(text) => text.to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }

    /// Whether a flag is on.
    pub(crate) fn on(&self, name: &str) -> bool {
        self.flag(name) == Some(true)
    }

    /// A whole number, sent as such or as text.
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        match self.field(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// An object.
    pub(crate) fn object(&self, name: &str) -> Option<Map<String, Value>> {
        match self.field(name)? {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items of a list; one item alone counts as a list of one.
    pub(crate) fn items(&self, name: &str) -> Vec<Value> {
        match self.field(name) {
            Some(Value::Array(items)) => items,
            Some(Value::String(text)) => text.split(',').map(|part| Value::String(part.trim().to_owned())).collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        }
    }

    /// The choices of a list.
    pub(crate) fn choices(&self, name: &str) -> Vec<Choice> {
        self.items(name).iter().filter_map(choice).collect()
    }

    /// The values of a list of choices or texts.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        self.choices(name).into_iter().map(|choice| choice.value).collect()
    }

    /// The lines of a text that holds one thing per line.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    /// The tenant that was asked about, as sent.
    pub(crate) fn tenant_text(&self) -> Option<String> {
        let named = self
            .action
            .and_then(|action| action.properties.iter().find(|property| matches!(property.ty, Type::Tenant)));
        match named {
            Some(property) => self.text(property.name),
            None => ["tenantFilter", "tenantId", "tenant"].iter().find_map(|name| self.text(name)),
        }
    }

    /// The tenants that were asked about, as sent.
    pub(crate) fn tenant_texts(&self) -> Vec<String> {
        let Some(property) = self.action.and_then(|action| {
            action.properties.iter().find(|property| match property.ty {
                Type::List(Type::Tenant) => true,
                Type::List(Type::Model(table)) => table.schema().name == "TenantRef",
                _ => false,
            })
        }) else {
            return self.tenant_text().into_iter().collect();
        };
        let items = self.items(property.name);
        let of = |item: &Value| match item {
            Value::Object(members) => {
                ["value", "defaultDomainName", "customerId"].iter().find_map(|name| value_text(members.get(*name)?))
            }
            item => value_text(item),
        };
        items.iter().filter_map(of).collect()
    }

    /// What makes two questions the same.
    pub(crate) fn key(&self) -> String {
        let mut parts: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{}={value}", name.to_ascii_lowercase())).collect();
        parts.sort();
        format!("{}?{}", self.endpoint, parts.join("&"))
    }
}

/// Whether the server reads `.value` of what is sent here.
fn wants_choice(property: &Property) -> bool {
    let model = |ty: &Type| matches!(ty, Type::Model(table) if table.schema().name == "LabelValue");
    match property.ty {
        Type::List(inner) => model(inner) || property.form == Form::LabelValue,
        ty => model(&ty) || property.form == Form::LabelValue,
    }
}

/// A scalar as text; of a choice its value; of a list of one that one.
pub(crate) fn value_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(members) => members.get("value").and_then(value_text),
        Value::Array(items) => match items.as_slice() {
            [one] => value_text(one),
            _ => None,
        },
        Value::Null => None,
    }
}

/// A choice, or a bare text as one.
pub(crate) fn choice(value: &Value) -> Option<Choice> {
    let text = value_text(value).filter(|text| !text.is_empty())?;
    let label = value.get("label").and_then(Value::as_str).unwrap_or(&text).to_owned();
    Some(Choice { value: text, label })
}
