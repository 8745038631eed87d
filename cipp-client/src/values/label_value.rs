//! The `{label, value}` pair that the web interface's pick lists send.

use crate::model::{Extra, Model, Ref, Schema, Slot, Table};
use serde_json::{Map, Value};
use std::sync::OnceLock;

/// A choice as the server reads it: `{label, value}`, sometimes with more under `addedFields`.
///
/// The server reads `.value`; where it does, a bare text is silently ignored. This type is made from a text and always sends
/// the pair, so that mistake cannot be made. (Source: the component `LabelValue` of the official description.)
///
/// ```
/// use cipp_client::LabelValue;
/// let user = LabelValue::from("jane@contoso.com").with_label("Jane Doe");
/// assert_eq!(user.value.as_deref(), Some("jane@contoso.com"));
/// ```
#[derive(Default)]
pub struct LabelValue {
    /// What the server acts on.
    pub value: Option<String>,
    /// What people read. The value itself is sent where this is absent.
    pub label: Option<String>,
    /// More about the choice, for the few actions that read it.
    pub added_fields: Option<Map<String, Value>>,
    /// What kind of choice it is, such as `Group` for a group of tenants.
    pub kind: Option<String>,
    /// Members without a field.
    pub extra: Extra,
}

impl LabelValue {
    /// The choice with this value.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), ..Self::default() }
    }

    /// Adds what people read.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a member to `addedFields`.
    #[must_use]
    pub fn with_added_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.added_fields.get_or_insert_with(Map::new).insert(name.into(), value.into());
        self
    }
}

impl From<&str> for LabelValue {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for LabelValue {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<&String> for LabelValue {
    fn from(value: &String) -> Self {
        Self::new(value.as_str())
    }
}

impl From<(&str, &str)> for LabelValue {
    /// A value with its label, in this order.
    fn from((value, label): (&str, &str)) -> Self {
        Self::new(value).with_label(label)
    }
}

/// Its fields, also for tables that refer to it.
pub(crate) static TABLE: Table = Table {
    text: concat!(
        "LabelValue",
        "\u{1c}value\u{1d}\u{1d}T",
        "\u{1c}label\u{1d}\u{1d}T",
        "\u{1c}addedFields\u{1d}added_fields\u{1d}O",
        "\u{1c}type\u{1d}kind\u{1d}T",
    ),
    types: &[],
    bare: Some(0),
    read: OnceLock::new(),
};

impl Model for LabelValue {
    fn schema(&self) -> &'static Schema {
        TABLE.schema()
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.value),
            1 => Slot::Text(&mut self.label),
            2 => Slot::Object(&mut self.added_fields),
            3 => Slot::Text(&mut self.kind),
            _ => Slot::Extra(&mut self.extra),
        }
    }

    fn get(&self, index: usize) -> Ref<'_> {
        match index {
            0 => Ref::of(&self.value),
            // The interface always sends a label, so we do: some handlers name things by it.
            1 => Ref::of(if self.label.is_some() { &self.label } else { &self.value }),
            2 => Ref::of(&self.added_fields),
            3 => Ref::of(&self.kind),
            _ => Ref::Extra(&self.extra),
        }
    }

    fn kept(&self, index: usize) -> Ref<'_> {
        if index == 1 { Ref::of(&self.label) } else { self.get(index) }
    }
}

crate::models!(LabelValue);
