//! Declared types: their names, their fields, and what they contain.

use super::fields::{check_rest, collisions};
use super::ir::{Body, Choice, ChoiceValue, Field, Struct, Ty, TypeDef, TypeId};
use super::resolve::RESERVED;
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::document::{Document, PropertyDecl, Text, TypeBody, TypeDecl, TypeExpr, ValueDecl};
use crate::keys::BUILTINS;
use crate::names::{Namer, is_identifier, is_pascal};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Longest sensible name; beyond it, tools and people give up.
const LONGEST: usize = 80;

/// The types of a specification, while they are resolved.
pub(super) struct Types<'n> {
    namer: &'n Namer,
    defs: Vec<TypeDef>,
    /// Where each type was declared, by its number.
    places: Vec<At>,
    by_name: BTreeMap<String, TypeId>,
    /// All names that are taken: those of types, of requests and of the categories' clients.
    taken: BTreeMap<String, At>,
}

impl<'n> Types<'n> {
    /// Takes in the names of all declared types, then their fields.
    pub(super) fn declare(document: &Document, namer: &'n Namer, diagnostics: &mut Diagnostics) -> Self {
        let mut types =
            Self { namer, defs: Vec::new(), places: Vec::new(), by_name: BTreeMap::new(), taken: BTreeMap::new() };
        let shared = document.types.iter().map(|decl| (None, decl));
        let local = document
            .categories
            .iter()
            .flat_map(|category| category.types.iter().map(|decl| (Some(category.module.text.clone()), decl)));
        let decls: Vec<(Option<String>, &TypeDecl)> = shared.chain(local).collect();
        let ids: Vec<Option<TypeId>> = decls
            .iter()
            .map(|(module, decl)| types.add(decl.name.clone(), module.clone(), decl.summary.clone(), diagnostics))
            .collect();
        for ((module, decl), id) in decls.into_iter().zip(ids) {
            let Some(id) = id else { continue };
            let body = match &decl.body {
                TypeBody::Fields(fields) => {
                    Body::Struct(types.structure(&decl.name.text, module.as_deref(), fields, diagnostics))
                }
                TypeBody::Values(values) => Body::Choice(types.choice(values)),
            };
            if let Some(def) = types.defs.get_mut(id) {
                def.body = body;
            }
        }
        types
    }

    /// Takes a name in the namespace that all generated types share; `false` where it cannot be had.
    pub(super) fn claim(&mut self, name: &Text, diagnostics: &mut Diagnostics) -> bool {
        if !is_pascal(&name.text) {
            let better = Some(self.namer.type_name(&name.text)).filter(|better| is_pascal(better));
            diagnostics.push(
                Diagnostic::new(&name.at, format!("`{}` cannot be the name of a type", name.text))
                    .help(format!("write it in PascalCase, such as `{}`", better.as_deref().unwrap_or("UserList"))),
            );
            return false;
        }
        let letters = name.text.chars().count();
        if letters > LONGEST {
            let message = format!("a name of {letters} letters; {LONGEST} are enough");
            diagnostics.push(Diagnostic::new(&name.at, message).help("take a shorter one"));
            return false;
        }
        if RESERVED.contains(&name.text.as_str()) {
            let message = format!("`{}` is a name that generated code uses itself", name.text);
            diagnostics.push(Diagnostic::new(&name.at, message).help("take another name"));
            return false;
        }
        if let Some(first) = self.taken.get(&name.text) {
            diagnostics.push(
                Diagnostic::new(&name.at, format!("the name `{}` is taken", name.text)).also(first, "the first one"),
            );
            return false;
        }
        self.taken.insert(name.text.clone(), name.at.clone());
        true
    }

    /// Enters the name of a type; its body comes later.
    fn add(
        &mut self,
        name: Text,
        module: Option<String>,
        summary: String,
        diagnostics: &mut Diagnostics,
    ) -> Option<TypeId> {
        if !self.claim(&name, diagnostics) {
            return None;
        }
        let id = self.defs.len();
        self.by_name.insert(name.text.clone(), id);
        self.places.push(name.at);
        self.defs.push(TypeDef {
            name: name.text,
            module,
            summary,
            body: Body::Struct(Struct::default()),
            sent: false,
            needed: false,
        });
        Some(id)
    }

    fn structure(
        &mut self,
        owner: &str,
        module: Option<&str>,
        decls: &[PropertyDecl],
        diagnostics: &mut Diagnostics,
    ) -> Struct {
        let fields: Vec<Field> =
            decls.iter().map(|decl| self.field(owner, module, decl, Tenants::Any, diagnostics)).collect();
        collisions(decls, &fields, diagnostics);
        check_rest(decls, &fields, diagnostics);
        Struct { fields }
    }

    /// A field, with the types that it declares on the spot.
    pub(super) fn field(
        &mut self,
        owner: &str,
        module: Option<&str>,
        decl: &PropertyDecl,
        tenants: Tenants,
        diagnostics: &mut Diagnostics,
    ) -> Field {
        let rust = self.rust_name(decl, diagnostics);
        let inline = joined(owner, self.namer.type_name(&rust).trim_matches('_'), decl);
        let mut ty = self.ty(&decl.ty, &inline, module, decl, tenants, diagnostics);
        if !decl.values.is_empty() {
            let at = decl.values.first().map_or(&decl.name.at, |value| &value.value.at);
            match innermost(&mut ty) {
                slot @ Ty::Text => {
                    let name = Text { text: inline, at: decl.name.at.clone() };
                    let summary = format!("Known values of `{}`.", decl.name.text);
                    if let Some(id) = self.add(name, module.map(str::to_owned), summary, diagnostics) {
                        let body = Body::Choice(self.choice(&decl.values));
                        if let Some(def) = self.defs.get_mut(id) {
                            def.body = body;
                        }
                        *slot = Ty::Named(id);
                    }
                }
                _ => diagnostics.push(Diagnostic::new(at, "`values` goes with the type `string` or `[string]` only")),
            }
        }
        if decl.secret {
            match innermost(&mut ty) {
                slot @ Ty::Text => *slot = Ty::Secret,
                Ty::Secret => {}
                _ if !decl.values.is_empty() => diagnostics.push(
                    Diagnostic::new(&decl.name.at, "`secret` does not go with `values`")
                        .help("what everybody can read here is no secret"),
                ),
                _ => diagnostics.push(
                    Diagnostic::new(&decl.name.at, "`secret` goes with the type `string` or `[string]` only")
                        .help("mark the secret texts inside the object"),
                ),
            }
        }
        Field { wire: decl.name.text.clone(), rust, ty, doc: decl.doc.clone() }
    }

    fn rust_name(&self, decl: &PropertyDecl, diagnostics: &mut Diagnostics) -> String {
        if let Some(given) = &decl.rust {
            let good = is_identifier(&given.text) && !given.text.chars().any(char::is_uppercase);
            // That it is empty was told.
            if !good && !given.text.trim().is_empty() {
                diagnostics.push(
                    Diagnostic::new(&given.at, format!("`{}` cannot be a Rust name", given.text))
                        .help("a Rust name is in snake_case, of letters, digits and underscores"),
                );
            }
            return apart(given.text.clone());
        }
        let name = self.namer.field(&decl.name.text);
        if name.is_empty() {
            diagnostics.push(
                Diagnostic::new(&decl.name.at, format!("no Rust name can be made of `{}`", decl.name.text))
                    .help("give one with `rust:`"),
            );
            return "unnamed".to_owned();
        }
        apart(name)
    }

    /// A type as written. `inline` is the name that an object written on the spot gets.
    fn ty(
        &mut self,
        expr: &TypeExpr,
        inline: &str,
        module: Option<&str>,
        decl: &PropertyDecl,
        tenants: Tenants,
        diagnostics: &mut Diagnostics,
    ) -> Ty {
        match expr {
            TypeExpr::List(inner) => Ty::List(Box::new(self.ty(inner, inline, module, decl, tenants, diagnostics))),
            TypeExpr::Map(inner) => Ty::Map(Box::new(self.ty(inner, inline, module, decl, tenants, diagnostics))),
            TypeExpr::Name(name) => self.named(name, module, tenants, diagnostics),
            TypeExpr::Inline(fields) => {
                let name = Text { text: inline.to_owned(), at: decl.name.at.clone() };
                let summary =
                    if decl.doc.is_empty() { format!("The object `{}`.", decl.name.text) } else { decl.doc.clone() };
                let Some(id) = self.add(name, module.map(str::to_owned), summary, diagnostics) else {
                    return Ty::Object;
                };
                let body = Body::Struct(self.structure(inline, module, fields, diagnostics));
                if let Some(def) = self.defs.get_mut(id) {
                    def.body = body;
                }
                Ty::Named(id)
            }
        }
    }

    fn named(&self, name: &Text, module: Option<&str>, tenants: Tenants, diagnostics: &mut Diagnostics) -> Ty {
        match name.text.as_str() {
            "string" => Ty::Text,
            "bool" => Ty::Bool,
            "int" => Ty::Int,
            "float" => Ty::Float,
            "any" => Ty::Json,
            "object" => Ty::Object,
            "LabelValue" => Ty::LabelValue,
            "Schedule" => Ty::Schedule,
            "UnixTime" => Ty::UnixTime,
            "Day" => Ty::Day,
            "Timestamp" => Ty::Timestamp,
            "Tenant" => match tenants {
                Tenants::Any => Ty::Tenant,
                Tenants::One => Ty::SingleTenant,
                Tenants::None => {
                    diagnostics.push(
                        Diagnostic::new(&name.at, "a property of type `Tenant` in an action with `tenant: none`")
                            .help("say under `tenant` how the action treats tenants"),
                    );
                    Ty::Tenant
                }
            },
            other => match self.by_name.get(other) {
                Some(id) => {
                    // A category is compiled with or without the others, so it holds types of its own and shared ones only.
                    if let Some(owner) = self.def(*id).and_then(|def| def.module.as_deref())
                        && module != Some(owner)
                    {
                        diagnostics.push(
                            Diagnostic::new(&name.at, format!("`{other}` is a type of the category `{owner}` only"))
                                .help("declare it in a file under types/, so that it is shared"),
                        );
                    }
                    Ty::Named(*id)
                }
                None => {
                    // `integer`, `boolean`, `strings`
                    let lower = other.to_lowercase();
                    let begun = BUILTINS.iter().find(|builtin| lower.starts_with(&builtin.to_lowercase()));
                    let known = BUILTINS.iter().copied().chain(self.by_name.keys().map(String::as_str));
                    diagnostics.push(
                        Diagnostic::new(&name.at, format!("there is no type `{other}`"))
                            .help(begun.map_or("declare it under `types:`".to_owned(), |begun| {
                                format!("did you mean `{begun}`?")
                            }))
                            .suggest(other, known),
                    );
                    Ty::Json
                }
            },
        }
    }

    /// A type as written for an answer.
    pub(super) fn output(&self, expr: &TypeExpr, module: &str, diagnostics: &mut Diagnostics) -> Ty {
        match expr {
            TypeExpr::List(inner) => Ty::List(Box::new(self.output(inner, module, diagnostics))),
            TypeExpr::Map(inner) => Ty::Map(Box::new(self.output(inner, module, diagnostics))),
            TypeExpr::Name(name) => self.named(name, Some(module), Tenants::Any, diagnostics),
            TypeExpr::Inline(_) => Ty::Json,
        }
    }

    /// What a declared type is, for those who must tell objects from texts.
    pub(super) fn def(&self, id: TypeId) -> Option<&TypeDef> {
        self.defs.get(id)
    }

    fn choice(&self, values: &[ValueDecl]) -> Choice {
        // Each name with the number that the next one of it gets.
        let mut constants: BTreeMap<String, usize> = BTreeMap::new();
        let values = values
            .iter()
            .map(|value| {
                let plain = self.namer.constant(&value.value.text);
                // Values that differ in case or signs only: the later ones are numbered.
                let mut constant = plain.clone();
                while constants.contains_key(&constant) {
                    let number = constants.entry(plain.clone()).or_insert(2);
                    constant = format!("{plain}_{number}");
                    *number += 1;
                }
                constants.insert(constant.clone(), 2);
                ChoiceValue { constant, value: value.value.text.clone(), doc: value.doc.clone() }
            })
            .collect();
        Choice { values }
    }

    /// Refuses types that contain themselves without a list or map between, and hands the types out.
    pub(super) fn finish(self, diagnostics: &mut Diagnostics) -> Vec<TypeDef> {
        let mut told: Vec<String> = Vec::new();
        for (id, place) in self.places.iter().enumerate() {
            if let Some(way) = self.contains_itself(id) {
                // One circle is told once, at its first type.
                if way.first().is_some_and(|name| told.contains(name)) {
                    continue;
                }
                told.extend(way.iter().cloned());
                diagnostics.push(
                    Diagnostic::new(place, format!("the type contains itself: {}", way.join(" -> ")))
                        .help("put a list or a map between, or make one field `any`"),
                );
            }
        }
        self.defs
    }

    /// The way from a type to itself through fields that are no lists, if there is one.
    fn contains_itself(&self, start: TypeId) -> Option<Vec<String>> {
        // From where each type was reached.
        let mut from: BTreeMap<TypeId, TypeId> = BTreeMap::new();
        let mut work = vec![start];
        while let Some(id) = work.pop() {
            let Some(Body::Struct(body)) = self.defs.get(id).map(|def| &def.body) else { continue };
            for field in &body.fields {
                let Ty::Named(next) = field.ty else { continue };
                if next == start {
                    let back = std::iter::successors(Some(id), |id| from.get(id).copied());
                    let mut way: Vec<TypeId> = std::iter::once(start).chain(back).collect();
                    way.reverse();
                    return Some(way.into_iter().filter_map(|id| Some(self.defs.get(id)?.name.clone())).collect());
                }
                if let Entry::Vacant(entry) = from.entry(next) {
                    entry.insert(id);
                    work.push(next);
                }
            }
        }
        None
    }
}

/// The name of a type declared on the spot: that of its owner and that of the field, without saying a word twice.
fn joined(owner: &str, field: &str, decl: &PropertyDecl) -> String {
    let starts = |text: &str| -> Vec<usize> {
        text.char_indices().filter(|(_, letter)| letter.is_uppercase()).map(|(at, _)| at).collect()
    };
    let overlap = starts(owner)
        .into_iter()
        .filter_map(|at| owner.get(at..))
        .find(|end| field.starts_with(end) && (field.len() == end.len() || starts(field).contains(&end.len())));
    match overlap {
        Some(end) if end.len() == field.len() => {
            format!("{owner}{}", if decl.values.is_empty() { "Item" } else { "Choice" })
        }
        Some(end) => format!("{owner}{}", field.get(end.len()..).unwrap_or_default()),
        None => format!("{owner}{field}"),
    }
}

/// Which tenants a property may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tenants {
    None,
    One,
    Any,
}

/// The names that generated structs use themselves: a field, and functions that are called as `Self::new`.
fn apart(name: String) -> String {
    if ["extra", "new", "default", "table"].contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// The type inside lists and maps.
fn innermost(ty: &mut Ty) -> &mut Ty {
    match ty {
        Ty::List(inner) | Ty::Map(inner) => innermost(inner),
        other => other,
    }
}
