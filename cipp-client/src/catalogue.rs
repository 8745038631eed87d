//! What the specification says about each action, readable at run time: for tools that list, describe or fake the API.
//!
//! The tables themselves are generated; this module gives them their shape.

#[allow(dead_code, reason = "without any category nothing is generated that uses it")]
mod entry;

pub(crate) use entry::Shelf;

use crate::model::{Field, Schema, Table};
use std::sync::{LazyLock, OnceLock};

/// Every action of the enabled categories, in the order of the categories and of the specification.
#[must_use]
pub fn actions() -> &'static [&'static Action] {
    static ACTIONS: LazyLock<Vec<&Action>> = LazyLock::new(|| crate::ENTRIES.iter().map(|action| action()).collect());
    &ACTIONS
}

/// The action of this name: that of the request type (`OffboardUser`), the wire name (`ExecOffboardUser`) or the title
/// (`Offboard User`). Case does not count. A wire name that several actions share finds the first of them.
#[must_use]
pub fn find(name: &str) -> Option<&'static Action> {
    let by = |same: fn(&Action) -> &'static str| {
        actions().iter().copied().find(|action| same(action).eq_ignore_ascii_case(name))
    };
    by(|action| action.name).or_else(|| by(|action| action.endpoint())).or_else(|| by(|action| action.title))
}

/// One action of the CIPP API, as the specification describes it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Action {
    /// Name of the request type, such as `OffboardUser`.
    pub name: &'static str,
    /// The name people know, such as `Offboard User`.
    pub title: &'static str,
    /// The category people look in, such as `User`.
    pub category: &'static str,
    /// Module, cargo feature and accessor of the category, such as `users`.
    pub module: &'static str,
    /// Method on the category's client, such as `offboard`.
    pub call: &'static str,
    /// HTTP method that works for this action.
    pub method: Method,
    /// Path on the server, starting with `/api/`.
    pub path: &'static str,
    /// Whether it reads, changes or destroys.
    pub kind: Kind,
    /// The CIPP permission that the server asks for.
    pub role: &'static str,
    /// How the action treats tenants.
    pub tenant: TenantMode,
    /// When the answer is the result.
    pub completion: Completion,
    /// One sentence about what it does.
    pub summary: &'static str,
    /// More about what it does; may be empty.
    pub details: &'static str,
    /// What people use it for.
    pub use_cases: &'static [&'static str],
    /// What goes wrong with it, and the remedy.
    pub troubleshooting: &'static [&'static str],
    /// Everything the server reads, in the order of the request type's fields.
    pub properties: &'static [Property],
    /// What is always sent, whatever the request says.
    pub fixed: &'static [Fixed],
    /// What the server answers.
    pub outputs: Outputs,
    /// Rows of the answer that are not data.
    pub rows: &'static [RowRule],
    /// Result texts that the general rule would misjudge.
    pub outcome: OutcomeRule,
    /// How the next page of the rows is asked for, where the server sends pages.
    pub paging: Option<Paging>,
    /// The properties as the fields of a model; read when first used.
    schema: OnceLock<Schema>,
}

impl Action {
    /// The properties as the fields of a model.
    pub(crate) fn schema(&'static self) -> &'static Schema {
        self.schema.get_or_init(|| {
            let field = |property: &Property| Field { name: property.name, rust: property.rust, ty: property.ty };
            // Read once in the life of a program, and kept for all of it.
            let fields: Vec<Field> = self.properties.iter().map(field).collect();
            Schema { name: self.name, fields: fields.leak(), bare: None }
        })
    }

    /// The last part of the path, which is the name of the server's function, such as `ExecOffboardUser`.
    #[must_use]
    pub fn endpoint(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// One thing that an action sends.
#[derive(Debug)]
#[non_exhaustive]
pub struct Property {
    /// Name on the wire.
    pub name: &'static str,
    /// Name of the field in the request type, without `r#`.
    pub rust: &'static str,
    /// Type of the value.
    pub ty: Type,
    /// Where it travels.
    pub place: Place,
    /// How the value is written on the wire.
    pub form: Form,
    /// Whether the action cannot do its work without it.
    pub required: bool,
    /// Whether the value must never be shown.
    pub secret: bool,
    /// Whether an explicit `false` is sent in a query.
    pub send_false: bool,
    /// What it means; may be empty.
    pub doc: &'static str,
    /// What the server does when it is absent; may be empty.
    pub default: &'static str,
    /// The name under which the n8n node shows it; may be empty.
    pub label: &'static str,
    /// An example value; may be empty.
    pub sample: &'static str,
}

/// A value that an action always sends: it tells the server which of an endpoint's works is meant.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Fixed {
    /// Name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub place: Place,
    /// The value.
    pub value: FixedValue,
}

/// A value that is always sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedValue {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'static str),
}

/// The HTTP methods that the server tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// The properties travel in the query.
    Get,
    /// The properties travel in a JSON body, and some in the query.
    Post,
}

impl Method {
    /// The method as it is written in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// What an action does to the world. Decides whether it may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Changes nothing; may be repeated.
    Read,
    /// Changes something.
    Write,
    /// Changes something that cannot be brought back.
    Destructive,
}

/// How an action treats tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TenantMode {
    /// No tenant is involved.
    None,
    /// A tenant narrows the answer and may be left out.
    Optional,
    /// Exactly one tenant.
    Single,
    /// A list of tenants.
    Many,
    /// One tenant or all of them, answered directly.
    All,
    /// One tenant, or all of them from background work: the first answer may only say that it is queued.
    AllQueued,
}

/// When the answer of an action is its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completion {
    /// The answer is the result.
    Immediate,
    /// The answer may say that rows are being collected; asking again later gives them.
    Queued,
    /// The answer is about a task that was created; the task does the work.
    Scheduled,
    /// The answer is a ticket with which to ask again.
    Ticket,
}

/// Where a property travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the query string.
    Query,
    /// As a member of the JSON body.
    Body,
    /// In both, with the same value.
    QueryAndBody,
    /// Its value is the whole body.
    Root,
}

impl Place {
    /// Whether the property is part of the query string.
    #[must_use]
    pub const fn in_query(self) -> bool {
        matches!(self, Self::Query | Self::QueryAndBody)
    }

    /// Whether the property is a member of the JSON body.
    #[must_use]
    pub const fn in_body(self) -> bool {
        matches!(self, Self::Body | Self::QueryAndBody)
    }
}

/// How a value is written on the wire, where that is not what its type suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// As its type suggests.
    Plain,
    /// A text or tenant as `{label, value}`.
    LabelValue,
    /// JSON, as a text.
    JsonText,
    /// A list as one text, parts separated by commas.
    Csv,
    /// A list as one text, a line for each part.
    Lines,
    /// A number or flag as text.
    Text,
}

/// The type of a value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Type {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Any JSON.
    Json,
    /// A JSON object with free members.
    Object,
    /// A [`Tenant`](crate::Tenant) or [`SingleTenant`](crate::SingleTenant).
    Tenant,
    /// A moment as seconds since 1970.
    UnixTime,
    /// A day as `yyyyMMdd`.
    Day,
    /// A date and time as text.
    Timestamp,
    /// Text that must never be shown.
    Secret,
    /// Text with known values; others may come.
    Choice(&'static [&'static str]),
    /// A list.
    List(&'static Type),
    /// An object with free names and values of one type.
    Map(&'static Type),
    /// An object of a declared type.
    Model(&'static Table),
}

impl Type {
    /// What a value of it is, in a word.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Secret | Self::Choice(_) => "string",
            Self::Bool => "boolean",
            Self::Int => "whole number",
            Self::Float => "number",
            Self::Json => "JSON",
            Self::Object | Self::Map(_) | Self::Model(_) => "object",
            Self::Tenant => "tenant",
            Self::UnixTime => "seconds since 1970",
            Self::Day => "day",
            Self::Timestamp => "date and time",
            Self::List(_) => "array",
        }
    }
}

/// What the server answers to an action.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Outputs {
    /// The shape of the answer.
    pub shape: OutputShape,
    /// Whether the real server puts it under `Results`.
    pub enveloped: bool,
    /// What a person should know about it; may be empty.
    pub doc: &'static str,
}

/// The shape of an answer.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum OutputShape {
    /// Messages about what was done: [`Results`](crate::Results).
    Results,
    /// Rows: [`Listing`](crate::Listing).
    List(Type),
    /// One object.
    Object(Type),
    /// JSON whose shape depends on the call.
    Value,
    /// Text.
    Text,
    /// A file or picture.
    Bytes,
    /// A redirect whose target is the answer.
    Redirect,
}

/// A lone row that is not data.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RowRule {
    /// The field to look at, as named on the wire.
    pub field: &'static str,
    /// How its text starts, case ignored. Empty: any text, in a row that has nothing else.
    pub starts: &'static str,
    /// What such a row says.
    pub means: RowMeaning,
}

impl RowRule {
    /// Whether a row says so whose field has this text, and which has nothing else where it is `alone`.
    pub(crate) fn fits(&self, text: &str, alone: impl FnOnce() -> bool) -> bool {
        if self.starts.is_empty() {
            return !text.is_empty() && alone();
        }
        crate::text::starts(text, self.starts)
    }
}

/// What a row that is not data says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowMeaning {
    /// The rows are being collected; ask again.
    Queued,
    /// The call failed, in spite of its status.
    Failed,
}

/// Parts of result texts that the general rule would misjudge. Case does not matter.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct OutcomeRule {
    /// A text with one of these parts reports a failure.
    pub failed: &'static [&'static str],
    /// A text with one of these parts reports no failure.
    pub ok: &'static [&'static str],
}

/// How the next page of the rows is asked for: the answer's `nextLink` is a text that is handed back to the same action.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Paging {
    /// The name under which it is handed back.
    pub next: &'static str,
    /// Where it is handed back: in the query or in the body.
    pub place: Place,
    /// What is sent along with every page, so that the server sends pages.
    pub with: &'static [Fixed],
}
