//! Oddities of the real server, switched on by tests.

use serde_json::Value;

/// Something the real server does now and then. Switch it on with [`MockServer::quirk`](crate::MockServer::quirk).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quirk {
    /// A list of one row arrives as that row alone.
    OneAsObject,
    /// A list of one message arrives as that message alone.
    OneMessageAsText,
    /// An empty list arrives as `null`.
    EmptyAsNull,
    /// An empty list arrives as `[null]`.
    EmptyAsNullRow,
    /// An empty list arrives as an empty body.
    EmptyAsNothing,
    /// JSON is labelled `text/plain`.
    PlainTextType,
    /// A byte-order mark stands before the JSON.
    ByteOrderMark,
    /// Numbers and flags in rows arrive as texts.
    NumbersAsText,
    /// Rows carry a field, `mockAddition`, that the specification does not know.
    UnknownField,
    /// Listing tenants fails, with status 200 and a row that only looks like a tenant.
    TenantListFails,
}

/// Every number and flag in a value as text.
pub(crate) fn numbers_as_text(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string()),
        Value::Bool(flag) => *value = Value::String(if *flag { "True" } else { "False" }.to_owned()),
        Value::Array(items) => items.iter_mut().for_each(numbers_as_text),
        Value::Object(members) => members.values_mut().for_each(numbers_as_text),
        _ => {}
    }
}
