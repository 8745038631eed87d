//! Whether output types name captured fields, and with a type that fits.

use super::Captured;
use crate::list;
use crate::model::{Api, Body, Outputs, Shape, Ty};

/// The counts of one comparison, and what is wrong.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Captured fields, nested ones too.
    pub fields: usize,
    /// Those that the type names.
    pub named: usize,
    /// Those named whose type accepts what was captured.
    pub typed: usize,
    /// Those of them that are lists where a lone item was captured: the server sends a list of one as its item.
    pub lone: usize,
    /// What is missing, or of another type.
    pub gaps: Vec<Gap>,
}

/// A captured field that the type does not name, or names with another type.
#[derive(Debug, PartialEq, Eq)]
pub struct Gap {
    /// The way to it: names with dots between them, `[]` for the items of a list.
    pub path: String,
    /// What was captured.
    pub captured: &'static str,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a captured field.
#[derive(Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is not named; nor are the fields inside it, of which there are as many.
    Missing {
        /// How many.
        inside: usize,
        /// A field that differs from it in case only.
        like: Option<String>,
    },
    /// It has this type.
    Type(String),
}

impl Tally {
    /// What makes one comparison better than another.
    pub(super) fn rank(&self) -> (usize, usize) {
        (self.named, self.typed)
    }

    /// Adds the counts of another.
    pub(super) fn add(&mut self, other: &Self) {
        self.fields += other.fields;
        self.named += other.named;
        self.typed += other.typed;
        self.lone += other.lone;
    }
}

/// A tally where nothing is named.
pub(super) fn nothing(shape: &Captured) -> Tally {
    let mut walk = Walk { api: &Api::default(), tally: Tally::default() };
    walk.unnamed(shape, "");
    walk.tally
}

/// Compares an action's answer with a captured one.
pub(super) fn compare(api: &Api, outputs: &Outputs, shape: &Captured) -> Tally {
    let mut walk = Walk { api, tally: Tally::default() };
    match &outputs.shape {
        Shape::List(ty) | Shape::Object(ty) => match enveloped(api, ty, shape) {
            Some(members) => walk.envelope(ty, members),
            None => walk.inside(ty, shape, ""),
        },
        Shape::Results => match shape {
            Captured::Object(members) => walk.envelope(&Ty::Json, members),
            _ => walk.inside(&Ty::Json, shape, ""),
        },
        Shape::Value | Shape::Text | Shape::Bytes | Shape::Redirect => walk.unnamed(shape, ""),
    }
    walk.tally
}

/// The members of an answer that holds its rows under `Results`, where that is not a field of the rows themselves.
fn enveloped<'s>(api: &Api, ty: &Ty, shape: &'s Captured) -> Option<&'s [(String, Captured)]> {
    let Captured::Object(members) = shape else { return None };
    let rows = members.iter().any(|(name, inner)| {
        name == "Results" && matches!(inner, Captured::List(_) | Captured::Object(_) | Captured::Null)
    });
    (rows && field(api, ty, "Results").is_none()).then_some(members)
}

struct Walk<'a> {
    api: &'a Api,
    tally: Tally,
}

impl Walk<'_> {
    /// An answer with `Results` and `Metadata` around its rows; the client knows both without a type.
    fn envelope(&mut self, ty: &Ty, members: &[(String, Captured)]) {
        for (name, inner) in members {
            match name.as_str() {
                "Results" => {
                    self.known();
                    self.inside(ty, inner, name);
                }
                "Metadata" => {
                    self.known();
                    self.unnamed(inner, name);
                }
                _ => self.missing(name, inner, None),
            }
        }
    }

    fn known(&mut self) {
        self.tally.fields += 1;
        self.tally.named += 1;
        self.tally.typed += 1;
    }

    /// Looks at what is inside a place of this type.
    fn inside(&mut self, ty: &Ty, captured: &Captured, path: &str) {
        match (ty, captured) {
            (Ty::List(inner), Captured::List(item)) => self.inside(inner, item, &format!("{path}[]")),
            (Ty::List(inner), _) => self.inside(inner, captured, path),
            (_, Captured::List(item)) => self.inside(ty, item, &format!("{path}[]")),
            (_, Captured::Object(members)) => {
                for (name, member) in members {
                    let path = join(path, name);
                    match field(self.api, ty, name) {
                        Some(found) => self.field(&found, member, &path),
                        None => self.missing(&path, member, like(self.api, ty, name)),
                    }
                }
            }
            _ => {}
        }
    }

    fn field(&mut self, ty: &Ty, captured: &Captured, path: &str) {
        self.tally.fields += 1;
        self.tally.named += 1;
        if accepts(self.api, ty, captured) {
            self.tally.typed += 1;
            let is_lone = !matches!(captured, Captured::List(_) | Captured::Null | Captured::Truncated);
            self.tally.lone += usize::from(is_lone && matches!(ty, Ty::List(_)));
        } else {
            let wrong = Wrong::Type(list::ty(self.api, ty));
            self.tally.gaps.push(Gap { path: path.to_owned(), captured: captured.word(), wrong });
        }
        self.inside(ty, captured, path);
    }

    fn missing(&mut self, path: &str, captured: &Captured, like: Option<String>) {
        let inside = captured.fields();
        self.tally.fields += 1 + inside;
        let wrong = Wrong::Missing { inside, like };
        self.tally.gaps.push(Gap { path: path.to_owned(), captured: captured.word(), wrong });
    }

    /// Nothing inside this place is named.
    fn unnamed(&mut self, captured: &Captured, path: &str) {
        match captured {
            Captured::Object(members) => {
                for (name, member) in members {
                    self.missing(&join(path, name), member, None);
                }
            }
            Captured::List(item) => self.unnamed(item, &format!("{path}[]")),
            _ => {}
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Whether values of this kind are what the type is made for. The client's decoding takes more; that does not count here.
fn accepts(api: &Api, ty: &Ty, captured: &Captured) -> bool {
    let is_text = matches!(captured, Captured::Text | Captured::Date);
    let is_object = matches!(captured, Captured::Object(_));
    match (ty, captured) {
        (_, Captured::Null | Captured::Truncated) | (Ty::Json, _) => true,
        (Ty::List(inner), Captured::List(item)) => accepts(api, inner, item),
        (Ty::List(inner), _) => accepts(api, inner, captured),
        (Ty::Bool, _) => *captured == Captured::Bool,
        (Ty::Int | Ty::Float | Ty::UnixTime, _) => *captured == Captured::Number,
        (Ty::Text | Ty::Secret | Ty::Timestamp | Ty::Day | Ty::Tenant | Ty::SingleTenant, _) => is_text,
        (Ty::Object | Ty::Map(_) | Ty::LabelValue | Ty::Schedule, _) => is_object,
        (Ty::Named(id), _) => match api.types.get(*id).map(|def| &def.body) {
            Some(Body::Struct(_)) => is_object,
            Some(Body::Choice(_)) => is_text,
            None => false,
        },
    }
}

/// The type of the field of this name.
fn field(api: &Api, ty: &Ty, name: &str) -> Option<Ty> {
    match ty {
        Ty::List(inner) => field(api, inner, name),
        // The names of a map are data; its type says what each of them holds.
        Ty::Map(inner) => Some(inner.as_ref().clone()),
        Ty::LabelValue => match name {
            "label" | "value" | "type" => Some(Ty::Text),
            "addedFields" => Some(Ty::Object),
            _ => None,
        },
        Ty::Schedule => match name {
            "enabled" => Some(Ty::Bool),
            "date" => Some(Ty::UnixTime),
            _ => None,
        },
        Ty::Named(id) => match &api.types.get(*id)?.body {
            Body::Struct(body) => match body.fields.iter().find(|field| field.wire == name) {
                Some(field) => Some(field.ty.clone()),
                None => body.rest().cloned(),
            },
            Body::Choice(_) => None,
        },
        _ => None,
    }
}

/// A field whose name differs in case only.
fn like(api: &Api, ty: &Ty, name: &str) -> Option<String> {
    match ty {
        Ty::List(inner) => like(api, inner, name),
        Ty::Named(id) => match &api.types.get(*id)?.body {
            Body::Struct(body) => {
                let found = body.fields.iter().find(|field| field.wire.eq_ignore_ascii_case(name));
                found.map(|field| field.wire.clone())
            }
            Body::Choice(_) => None,
        },
        _ => None,
    }
}
