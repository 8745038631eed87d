//! The specification as it is written: every file read, every key known, nothing yet resolved.

use crate::diagnostic::At;

/// All files of the specification that were asked for.
#[derive(Debug, Default)]
pub struct Document {
    /// What is true of the whole API.
    pub api: Api,
    /// The categories, in the order of their file names.
    pub categories: Vec<Category>,
    /// Types shared by categories.
    pub types: Vec<TypeDecl>,
    /// What the official description says, where the lock file is there.
    pub upstream: Vec<Upstream>,
}

/// `api.yaml`.
#[derive(Debug, Default, Clone)]
pub struct Api {
    /// The CIPP version described.
    pub version: String,
    /// Words that a name writes in capitals or in a mix, such as `OneDrive`, which are one word.
    pub words: Vec<String>,
}

/// An operation of the official description: a line of `upstream.lock`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Last part of the path.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// Permission.
    pub role: String,
}

/// Text, and where it stands.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub at: At,
}

/// A file of actions.
#[derive(Debug)]
pub struct Category {
    /// Shown to people.
    pub title: Text,
    /// Module, feature and accessor.
    pub module: Text,
    /// One sentence.
    pub summary: String,
    /// Its actions.
    pub actions: Vec<ActionDecl>,
    /// Types that only it uses.
    pub types: Vec<TypeDecl>,
}

/// An action as written.
#[derive(Debug)]
pub struct ActionDecl {
    /// Rust name of the request type.
    pub name: Text,
    /// Shown to people.
    pub title: Text,
    /// `GET` or `POST`.
    pub method: Text,
    /// Path on the server.
    pub path: Text,
    /// Method on the category's client.
    pub call: Text,
    /// `read`, `write` or `destructive`.
    pub kind: String,
    /// Permission.
    pub role: Text,
    /// Tenant mode.
    pub tenant: Text,
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
    pub properties: Vec<PropertyDecl>,
    /// What it answers.
    pub outputs: OutputsDecl,
    /// Rows that are no data.
    pub rows: Vec<RowDecl>,
    /// Texts that mean failure.
    pub failed: Vec<String>,
    /// Texts that mean no failure.
    pub ok: Vec<String>,
    /// How the next page is asked for.
    pub paging: Option<PagingDecl>,
    /// Where the facts come from.
    pub source: String,
    /// Why the method differs from the official description.
    pub override_method: Option<Text>,
    /// Why the role differs.
    pub override_role: Option<Text>,
}

/// A property of an action, or a field of a type: the one has more keys than the other.
#[derive(Debug, Clone)]
pub struct PropertyDecl {
    /// Name on the wire.
    pub name: Text,
    /// Type.
    pub ty: TypeExpr,
    /// Rust name, where it is given.
    pub rust: Option<Text>,
    /// Places: `query`, `body`, both, or `root`.
    pub places: Vec<Text>,
    /// Whether the action cannot do without.
    pub required: bool,
    /// Form on the wire.
    pub form: Option<Text>,
    /// Whether an explicit false is sent in a query.
    pub send_false: bool,
    /// A value that is always sent.
    pub fixed: Option<Fixed>,
    /// Whether it must not be shown.
    pub secret: bool,
    /// Known values, with their meaning.
    pub values: Vec<ValueDecl>,
    /// What happens without it.
    pub default: String,
    /// The name that the node shows.
    pub label: String,
    /// An example.
    pub sample: String,
    /// What it means.
    pub doc: String,
}

/// A value that is always sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fixed {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
}

/// A known value of a text.
#[derive(Debug, Clone)]
pub struct ValueDecl {
    /// The value.
    pub value: Text,
    /// What it means; may be empty.
    pub doc: String,
}

/// A type as written in a property.
#[derive(Debug, Clone)]
pub enum TypeExpr {
    /// A name.
    Name(Text),
    /// A list.
    List(Box<TypeExpr>),
    /// An object with free names.
    Map(Box<TypeExpr>),
    /// An object written on the spot.
    Inline(Vec<PropertyDecl>),
}

/// A declared type.
#[derive(Debug, Clone)]
pub struct TypeDecl {
    /// Its name.
    pub name: Text,
    /// One sentence.
    pub summary: String,
    /// What it is.
    pub body: TypeBody,
}

/// What a declared type is.
#[derive(Debug, Clone)]
pub enum TypeBody {
    /// An object.
    Fields(Vec<PropertyDecl>),
    /// A text with known values.
    Values(Vec<ValueDecl>),
}

/// What an action answers.
#[derive(Debug, Clone)]
pub struct OutputsDecl {
    /// The shape.
    pub shape: ShapeDecl,
    /// Whether the server puts it under `Results`.
    pub enveloped: bool,
    /// What a person should know.
    pub doc: String,
}

/// The shape of an answer.
#[derive(Debug, Clone)]
pub enum ShapeDecl {
    /// Messages.
    Results,
    /// Rows.
    List(TypeExpr),
    /// One object.
    Object(TypeExpr),
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
#[derive(Debug, Clone)]
pub struct RowDecl {
    /// Field to look at.
    pub field: Text,
    /// How its text starts; empty for any text, in a row that has nothing else.
    pub starts: String,
    /// Whether it means failed; else it means queued.
    pub failed: bool,
}

/// How the next page of rows is asked for.
#[derive(Debug, Clone)]
pub struct PagingDecl {
    /// The name under which the server's text for the next page is handed back.
    pub next: Text,
    /// Where; by the method where absent.
    pub place: Option<Text>,
    /// What is sent along with every page.
    pub with: Vec<(Text, Fixed)>,
}

/// Deviations of one kind from the official description that have one reason: an entry of `deviations.yaml`.
#[derive(Debug, Clone)]
pub struct DeviationDecl {
    /// What differs.
    pub differs: Text,
    /// What it is with us; may be empty.
    pub ours: String,
    /// What the official description says; may be empty.
    pub official: String,
    /// Why ours is right.
    pub reason: Text,
    /// The properties, by action.
    pub covers: Vec<(Text, Vec<Text>)>,
}
