//! The keys of the format, in one place: the reader knows by them what is unknown, and the JSON Schema is made of them.

/// A key: its name, the kind of its value, whether it is needed, and a word about it.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Name.
    pub name: &'static str,
    /// Kind of the value.
    pub kind: Kind,
    /// Whether it is needed.
    pub required: bool,
    /// What it means.
    pub doc: &'static str,
}

/// The kind of a key's value.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text.
    Text,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// True or false.
    Flag,
    /// A list of texts.
    Texts,
    /// A map from names to lists of texts.
    TextLists,
    /// A type.
    Type,
    /// Places of a property.
    Places,
    /// Known values: a list of texts, or a map from value to meaning.
    Values,
    /// An answer.
    Outputs,
    /// A map from names to entries with these keys. A text in place of an entry is its `type`, where `short` says so.
    Map {
        /// Keys of an entry.
        keys: &'static [Key],
        /// Whether a type may stand in place of an entry.
        short: bool,
    },
    /// Fields of an inline object. (By itself, since it contains itself.)
    Fields,
    /// A list of entries with these keys.
    List(&'static [Key]),
    /// An entry with these keys.
    Entry(&'static [Key]),
    /// A map from anything to text.
    Notes,
}

const fn need(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, required: true, doc }
}

const fn may(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, required: false, doc }
}

/// Values of `kind`.
pub const KINDS: &[&str] = &["read", "write", "destructive"];
/// Values of `method`.
pub const METHODS: &[&str] = &["GET", "POST"];
/// Values of `tenant`.
pub const TENANTS: &[&str] = &["none", "optional", "single", "many", "all", "all_queued"];
/// Values of `completion`.
pub const COMPLETIONS: &[&str] = &["immediate", "queued", "scheduled", "ticket"];
/// Values of `in`.
pub const PLACES: &[&str] = &["query", "body", "root"];
/// Values of `in` of `paging`.
pub const PAGING_PLACES: &[&str] = &["query", "body"];
/// Values of `as`.
pub const FORMS: &[&str] = &["label_value", "json_text", "csv", "lines", "text"];
/// The short forms of `outputs`.
pub const SHAPES: &[&str] = &["results", "value", "text", "bytes", "redirect"];
/// What a request may differ in from the official description.
pub const ASPECTS: &[&str] =
    &["endpoint", "method", "role", "place", "case", "unlisted", "type", "required", "value", "rule"];
/// Types that need no declaration.
pub const BUILTINS: &[&str] = &[
    "string",
    "bool",
    "int",
    "float",
    "any",
    "object",
    "LabelValue",
    "Schedule",
    "Tenant",
    "UnixTime",
    "Day",
    "Timestamp",
];

/// `api.yaml`.
pub const API: &[Key] = &[
    need("version", Kind::Text, "The CIPP version that the specification describes."),
    may("words", Kind::Texts, "Words that are one word in a Rust name, such as OneDrive or MFA."),
];

/// `actions/*.yaml`.
pub const CATEGORY: &[Key] = &[
    need("category", Kind::Text, "The name of the category, as people know it."),
    need("module", Kind::Text, "Module, cargo feature and accessor, in snake_case."),
    need("summary", Kind::Text, "One sentence about the category."),
    need("actions", Kind::Map { keys: ACTION, short: false }, "Its actions, by the Rust name of the request type."),
    may("types", Kind::Map { keys: TYPE, short: false }, "Types that only this category uses."),
];

/// `types/*.yaml`.
pub const TYPES: &[Key] = &[need("types", Kind::Map { keys: TYPE, short: false }, "Types, by their Rust name.")];

/// An action.
pub const ACTION: &[Key] = &[
    need("title", Kind::Text, "The name people know; for the actions of the node, exactly its title."),
    need("method", Kind::OneOf(METHODS), "The method that works."),
    need("path", Kind::Text, "Path on the server, starting with /api/."),
    need("call", Kind::Text, "Method on the category's client, in snake_case."),
    need("kind", Kind::OneOf(KINDS), "What it does to the world."),
    need("role", Kind::Text, "The permission that the server asks for."),
    need("tenant", Kind::OneOf(TENANTS), "How it treats tenants."),
    may("completion", Kind::OneOf(COMPLETIONS), "When the answer is the result; immediate where absent."),
    need("summary", Kind::Text, "One sentence, imperative."),
    may("details", Kind::Text, "More, where one sentence is not enough."),
    may("use_cases", Kind::Texts, "What people use it for."),
    may("troubleshooting", Kind::Texts, "What goes wrong, and the remedy."),
    may("properties", Kind::Map { keys: PROPERTY, short: true }, "What the server reads, by the name on the wire."),
    need("outputs", Kind::Outputs, "What it answers."),
    may("rows", Kind::List(ROW), "Rows that are not data."),
    may("outcome", Kind::Entry(OUTCOME), "Result texts that the general rule would misjudge."),
    may("paging", Kind::Entry(PAGING), "How the next page of the rows is asked for."),
    need("source", Kind::Text, "Where the facts come from."),
    may("legacy", Kind::Notes, "What the node or older descriptions say and is not so today."),
    may("override", Kind::Entry(OVERRIDE), "Why it differs from the official description."),
    may("since", Kind::Text, "The first CIPP version that has it."),
];

/// A property.
pub const PROPERTY: &[Key] = &[
    may("type", Kind::Type, "Type; string where absent."),
    may("in", Kind::Places, "query, body, [query, body], or root; by the method where absent."),
    may("required", Kind::Flag, "Whether the action cannot do its work without it."),
    may("rust", Kind::Text, "Rust name, where the rule gives a poor or colliding one."),
    may("as", Kind::OneOf(FORMS), "Another form on the wire."),
    may("send_false", Kind::Flag, "Whether an explicit false is sent in a query."),
    may("secret", Kind::Flag, "Whether the value must never be shown."),
    may("values", Kind::Values, "Known values of a text."),
    may("fields", Kind::Fields, "Fields of an object written on the spot."),
    may("fixed", Kind::Text, "A value that is always sent; the property is then no argument."),
    may("default", Kind::Text, "What the server does when it is absent."),
    may("label", Kind::Text, "The name that the node shows."),
    may("sample", Kind::Text, "An example value."),
    may("doc", Kind::Text, "What it means, in our own words."),
];

/// A field of a type.
pub const FIELD: &[Key] = &[
    may("type", Kind::Type, "Type; string where absent."),
    may("rust", Kind::Text, "Rust name, where the rule gives a poor or colliding one."),
    may("secret", Kind::Flag, "Whether the value must never be shown."),
    may("values", Kind::Values, "Known values of a text."),
    may("fields", Kind::Fields, "Fields of an object written on the spot."),
    may("doc", Kind::Text, "What it means, in our own words."),
];

/// A type.
pub const TYPE: &[Key] = &[
    need("summary", Kind::Text, "One sentence about it."),
    may("source", Kind::Text, "Where its fields come from."),
    may("fields", Kind::Fields, "Fields of an object."),
    may("values", Kind::Values, "Known values of a text."),
];

/// A row that is no data.
pub const ROW: &[Key] = &[
    need("field", Kind::Text, "The field to look at."),
    may("starts", Kind::Text, "How its text starts; where absent, any text, in a row that has nothing else."),
    need("means", Kind::OneOf(&["queued", "failed"]), "What such a row says."),
];

/// Result texts that the general rule would misjudge.
pub const OUTCOME: &[Key] = &[
    may("failed", Kind::Texts, "Parts of texts that mean failure."),
    may("ok", Kind::Texts, "Parts of texts that mean no failure."),
];

/// How the next page of rows is asked for.
pub const PAGING: &[Key] = &[
    need("next", Kind::Text, "The name under which the answer's nextLink is handed back."),
    may("in", Kind::OneOf(PAGING_PLACES), "Where it is handed back; by the method where absent."),
    may("with", Kind::Notes, "What is sent along with every page, so that the server sends pages."),
];

/// Why an action differs from the official description.
pub const OVERRIDE: &[Key] =
    &[may("method", Kind::Text, "Why the method differs."), may("role", Kind::Text, "Why the role differs.")];

/// The long form of `outputs`.
pub const OUTPUTS: &[Key] = &[
    may("list", Kind::Type, "Rows of this type."),
    may("object", Kind::Type, "One object of this type."),
    may("results", Kind::Flag, "Messages about what was done."),
    may("value", Kind::Flag, "JSON whose shape depends on the call."),
    may("text", Kind::Flag, "Text."),
    may("bytes", Kind::Flag, "A file or picture."),
    may("redirect", Kind::Flag, "A redirect whose target is the answer."),
    may("envelope", Kind::OneOf(&["bare", "Results"]), "Where the real server puts it; bare where absent."),
    may("doc", Kind::Text, "What a person should know about the answer."),
];

/// `deviations.yaml`.
pub const DEVIATIONS: &[Key] =
    &[need("deviations", Kind::List(DEVIATION), "Where requests differ from the official description on purpose.")];

/// Deviations of one kind that have one reason.
pub const DEVIATION: &[Key] = &[
    need("differs", Kind::OneOf(ASPECTS), "What differs."),
    may("ours", Kind::Text, "What it is with us."),
    may("official", Kind::Text, "What the official description says."),
    need("reason", Kind::Text, "Why ours is right, from the server's source."),
    need("covers", Kind::TextLists, "What differs so: the properties, by action."),
];
