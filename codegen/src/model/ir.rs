//! What the checked specification consists of.

use crate::document::Fixed;

/// The whole.
#[derive(Debug, Default)]
pub struct Api {
    /// The CIPP version described.
    pub version: String,
    /// The categories.
    pub categories: Vec<Category>,
    /// All types, of categories and shared, by number.
    pub types: Vec<TypeDef>,
}

/// Number of a type in [`Api::types`].
pub type TypeId = usize;

/// A category.
#[derive(Debug)]
pub struct Category {
    /// Shown to people.
    pub title: String,
    /// Module, feature and accessor.
    pub module: String,
    /// Name of the struct whose methods are the actions.
    pub client: String,
    /// One sentence.
    pub summary: String,
    /// Its actions.
    pub actions: Vec<Action>,
}

/// An action.
#[derive(Debug)]
pub struct Action {
    /// Rust name of the request type.
    pub name: String,
    /// Shown to people.
    pub title: String,
    /// `GET` or `POST`.
    pub method: String,
    /// Path on the server.
    pub path: String,
    /// Method on the category's client.
    pub call: String,
    /// `read`, `write` or `destructive`.
    pub kind: String,
    /// Permission.
    pub role: String,
    /// Tenant mode.
    pub tenant: String,
    /// Completion.
    pub completion: String,
    /// One sentence.
    pub summary: String,
    /// More.
    pub details: String,
    /// What people use it for.
    pub use_cases: Vec<String>,
    /// What goes wrong.
    pub troubleshooting: Vec<String>,
    /// What the server reads.
    pub properties: Vec<Property>,
    /// What is always sent.
    pub fixed: Vec<FixedProperty>,
    /// What it answers.
    pub outputs: Outputs,
    /// Rows that are no data.
    pub rows: Vec<Row>,
    /// Texts that mean failure.
    pub failed: Vec<String>,
    /// Texts that mean no failure.
    pub ok: Vec<String>,
    /// How the next page is asked for.
    pub paging: Option<Paging>,
}

/// A field of an object, or the part of a property that every field has.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust, without `r#`.
    pub rust: String,
    /// Type.
    pub ty: Ty,
    /// What it means; may be empty.
    pub doc: String,
}

/// A property of an action.
#[derive(Debug, Clone)]
pub struct Property {
    /// Names, type and meaning.
    pub field: Field,
    /// Where it travels.
    pub place: Place,
    /// How it is written.
    pub form: Form,
    /// Whether the action cannot do without.
    pub required: bool,
    /// Whether an explicit false is sent in a query.
    pub send_false: bool,
    /// Whether it must not be shown.
    pub secret: bool,
    /// What happens without it; may be empty.
    pub default: String,
    /// The name that the node shows; may be empty.
    pub label: String,
    /// An example; may be empty.
    pub sample: String,
}

/// A property whose value is always the same.
#[derive(Debug, Clone)]
pub struct FixedProperty {
    /// Name on the wire.
    pub wire: String,
    /// Where it travels.
    pub place: Place,
    /// The value.
    pub value: Fixed,
}

/// Where a property travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the query.
    Query,
    /// In the body.
    Body,
    /// In both.
    QueryAndBody,
    /// As the body.
    Root,
}

impl Place {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Body => "body",
            Self::QueryAndBody => "query and body",
            Self::Root => "root",
        }
    }
}

/// How a value is written on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As its type suggests.
    Plain,
    /// As label and value.
    LabelValue,
    /// As JSON text.
    JsonText,
    /// As one text with commas.
    Csv,
    /// As one text with lines.
    Lines,
    /// As text.
    Text,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
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
    /// A free object.
    Object,
    /// Label and value.
    LabelValue,
    /// When to run.
    Schedule,
    /// One tenant.
    SingleTenant,
    /// One tenant or all.
    Tenant,
    /// Seconds since 1970.
    UnixTime,
    /// A day.
    Day,
    /// A date and time.
    Timestamp,
    /// Text that must not be shown.
    Secret,
    /// A list.
    List(Box<Ty>),
    /// An object with free names.
    Map(Box<Ty>),
    /// A declared type.
    Named(TypeId),
}

/// A declared type.
#[derive(Debug)]
pub struct TypeDef {
    /// Rust name.
    pub name: String,
    /// Module of the category that it belongs to; absent for a shared type.
    pub module: Option<String>,
    /// One sentence.
    pub summary: String,
    /// What it is.
    pub body: Body,
    /// Whether a request holds it, so that people must be able to make one.
    pub sent: bool,
    /// Whether an enabled action needs it.
    pub needed: bool,
}

/// What a declared type is.
#[derive(Debug)]
pub enum Body {
    /// An object.
    Struct(Struct),
    /// A text with known values.
    Choice(Choice),
}

/// An object.
#[derive(Debug, Default)]
pub struct Struct {
    /// Its fields.
    pub fields: Vec<Field>,
}

/// The wire name of a field that takes the members which no other field names.
pub(super) const REST: &str = "*";

impl Struct {
    /// The type of the members that no field names, where the structure says it.
    #[must_use]
    pub fn rest(&self) -> Option<&Ty> {
        self.fields.last().filter(|field| field.wire == REST).and_then(|field| match &field.ty {
            Ty::Map(inner) => Some(inner.as_ref()),
            _ => None,
        })
    }
}

/// A text with known values.
#[derive(Debug, Default)]
pub struct Choice {
    /// The values.
    pub values: Vec<ChoiceValue>,
}

/// A known value.
#[derive(Debug)]
pub struct ChoiceValue {
    /// Name of the constant.
    pub constant: String,
    /// The text.
    pub value: String,
    /// What it means; may be empty.
    pub doc: String,
}

/// What an action answers.
#[derive(Debug)]
pub struct Outputs {
    /// The shape.
    pub shape: Shape,
    /// Whether the server puts it under `Results`.
    pub enveloped: bool,
    /// What a person should know.
    pub doc: String,
}

/// The shape of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Messages.
    Results,
    /// Rows.
    List(Ty),
    /// One object.
    Object(Ty),
    /// Any JSON.
    Value,
    /// Text.
    Text,
    /// A file.
    Bytes,
    /// A redirect.
    Redirect,
}

/// A row that is no data.
#[derive(Debug)]
pub struct Row {
    /// Field to look at.
    pub field: String,
    /// How its text starts; empty for any text, in a row that has nothing else.
    pub starts: String,
    /// Whether it means failed; else queued.
    pub failed: bool,
}

/// How the next page of rows is asked for.
#[derive(Debug)]
pub struct Paging {
    /// The name under which the server's text for the next page is handed back.
    pub next: String,
    /// Where it is handed back.
    pub place: Place,
    /// What is sent along with every page.
    pub with: Vec<FixedProperty>,
}
