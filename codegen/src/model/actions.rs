//! Actions: their names, their properties, and whether they make sense.

use super::fields::collisions;
use super::ir::{Action, Body, Category, FixedProperty, Form, Outputs, Paging, Place, Property, REST, Row, Shape, Ty};
use super::outputs::shape;
use super::resolve::is_snake;
use super::types::{Tenants, Types};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{self, ActionDecl, PropertyDecl, Text};
use crate::keys;
use crate::names::Namer;
use heck::ToShoutySnakeCase as _;
use std::collections::{BTreeMap, BTreeSet};

/// Resolves actions, category by category.
pub(super) struct Actions<'n> {
    namer: &'n Namer,
    titles: BTreeMap<String, Text>,
    clients: BTreeSet<String>,
}

impl<'n> Actions<'n> {
    pub(super) fn new(namer: &'n Namer) -> Self {
        Self { namer, titles: BTreeMap::new(), clients: BTreeSet::new() }
    }

    pub(super) fn category(
        &mut self,
        category: &document::Category,
        types: &mut Types<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Category {
        let module = category.module.text.clone();
        let client = Text { text: self.namer.type_name(&module), at: category.module.at.clone() };
        // A module that stands twice was told.
        if !client.text.is_empty() && self.clients.insert(client.text.clone()) {
            types.claim(&client, diagnostics);
        }
        let mut calls: BTreeMap<&str, &Text> = BTreeMap::new();
        let mut constants: BTreeMap<String, &Text> = BTreeMap::new();
        for action in &category.actions {
            self.title(action, category, diagnostics);
            if !action.call.text.is_empty()
                && let Some(first) = calls.insert(&action.call.text, &action.call)
            {
                diagnostics.push(
                    Diagnostic::new(
                        &action.call.at,
                        format!("the call `{}` stands twice in this category", action.call.text),
                    )
                    .also(&first.at, "the first one"),
                );
            }
            // The catalogue has a constant for each action.
            if let Some(first) = constants.insert(action.name.text.to_shouty_snake_case(), &action.name)
                && first.text != action.name.text
            {
                let message = format!("`{}` and `{}` differ in capitals only", first.text, action.name.text);
                diagnostics.push(Diagnostic::new(&action.name.at, message).also(&first.at, "the first one"));
            }
        }
        let actions = category.actions.iter().map(|action| self.action(action, &module, types, diagnostics)).collect();
        Category {
            title: category.title.text.clone(),
            module,
            client: client.text,
            summary: category.summary.clone(),
            actions,
        }
    }

    /// People find an action by its title, so there is one action to a title in a category.
    fn title(&mut self, action: &ActionDecl, category: &document::Category, diagnostics: &mut Diagnostics) {
        let key = format!("{}/{}", category.title.text, action.title.text);
        if let Some(first) = self.titles.insert(key, action.title.clone())
            && !action.title.text.is_empty()
        {
            diagnostics.push(
                Diagnostic::new(
                    &action.title.at,
                    format!("the title `{}` stands twice in this category", action.title.text),
                )
                .also(&first.at, "the first one"),
            );
        }
    }

    fn action(&self, decl: &ActionDecl, module: &str, types: &mut Types<'_>, diagnostics: &mut Diagnostics) -> Action {
        // The request type shares the namespace of all types.
        types.claim(&decl.name, diagnostics);
        check_words(decl, diagnostics);
        let tenants = match decl.tenant.text.as_str() {
            "none" => Tenants::None,
            "single" => Tenants::One,
            _ => Tenants::Any,
        };
        let mut fixed = Vec::new();
        let mut declared = Vec::new();
        for property in &decl.properties {
            match &property.fixed {
                Some(value) => {
                    let place = place(decl, property, diagnostics);
                    if property.required || property.secret || place == Place::Root {
                        diagnostics.push(
                            Diagnostic::new(&property.name.at, "a property that is always the same is no argument")
                                .help("`fixed` does not go with `required`, `secret` or `in: root`"),
                        );
                    }
                    fixed.push(FixedProperty { wire: property.name.text.clone(), place, value: value.clone() });
                }
                None => declared.push(property.clone()),
            }
        }
        let properties: Vec<Property> = declared
            .iter()
            .map(|property| self.property(decl, property, module, tenants, types, diagnostics))
            .collect();
        collisions(&declared, properties.iter().map(|property| &property.field), diagnostics);
        check_places(decl, &declared, &properties, diagnostics);
        let outputs = Outputs {
            shape: shape(&decl.outputs.shape, module, types, diagnostics),
            enveloped: decl.outputs.enveloped,
            doc: decl.outputs.doc.clone(),
        };
        check_rows(decl, &outputs.shape, diagnostics);
        let paging = paging(decl, &outputs.shape, diagnostics);
        Action {
            name: decl.name.text.clone(),
            title: decl.title.text.clone(),
            method: decl.method.text.clone(),
            path: decl.path.text.clone(),
            call: decl.call.text.clone(),
            kind: decl.kind.clone(),
            role: decl.role.text.clone(),
            tenant: decl.tenant.text.clone(),
            completion: decl.completion.clone(),
            summary: decl.summary.clone(),
            details: decl.details.clone(),
            use_cases: decl.use_cases.clone(),
            troubleshooting: decl.troubleshooting.clone(),
            properties,
            fixed,
            outputs,
            rows: decl
                .rows
                .iter()
                .map(|row| Row { field: row.field.text.clone(), starts: row.starts.clone(), failed: row.failed })
                .collect(),
            failed: decl.failed.clone(),
            ok: decl.ok.clone(),
            paging,
        }
    }

    fn property(
        &self,
        action: &ActionDecl,
        decl: &PropertyDecl,
        module: &str,
        tenants: Tenants,
        types: &mut Types<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Property {
        let field = types.field(&action.name.text, Some(module), decl, tenants, diagnostics);
        if field.wire == REST {
            diagnostics.push(
                Diagnostic::new(&decl.name.at, "`*` is for the fields of types: what a request sends is named")
                    .help("callers put what the specification does not know into `extra`"),
            );
        }
        let place = place(action, decl, diagnostics);
        let form = form(decl, &field.ty, types, diagnostics);
        if decl.send_false && !(field.ty == Ty::Bool && matches!(place, Place::Query | Place::QueryAndBody)) {
            diagnostics.push(
                Diagnostic::new(&decl.name.at, "`send_false` goes with a `bool` in the query only")
                    .help("a body always carries a flag that is set, false or true"),
            );
        }
        Property {
            secret: decl.secret,
            place,
            form,
            required: decl.required,
            send_false: decl.send_false,
            default: decl.default.clone(),
            label: decl.label.clone(),
            sample: decl.sample.clone(),
            field,
        }
    }
}

fn check_words(decl: &ActionDecl, diagnostics: &mut Diagnostics) {
    let path = &decl.path;
    if !path.text.is_empty() {
        let endpoint = path.text.strip_prefix("/api/");
        let good = endpoint.is_some_and(|name| {
            !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_$-".contains(letter))
        });
        if !good {
            let mut diagnostic = Diagnostic::new(&path.at, format!("`{}` cannot be a path", path.text));
            let name = path.text.rsplit('/').next().unwrap_or_default();
            let name =
                name.split(|letter: char| !letter.is_ascii_alphanumeric()).next().filter(|name| !name.is_empty());
            diagnostic = diagnostic
                .help(format!("a path is `/api/` and one name, such as `/api/{}`", name.unwrap_or("ListUsers")));
            diagnostics.push(diagnostic);
        }
    }
    if !decl.call.text.is_empty() && !is_snake(&decl.call.text) {
        diagnostics.push(
            Diagnostic::new(&decl.call.at, format!("`{}` cannot be the name of a method", decl.call.text))
                .help("a method is named in snake_case, and not by a keyword"),
        );
    } else if decl.call.text == "of" {
        let message = "`of` is a function of the category's client itself";
        diagnostics.push(Diagnostic::new(&decl.call.at, message).help("take another name"));
    }
    // What anybody may call says so in one word. What is left to do was told.
    let is_there = !matches!(decl.role.text.as_str(), "" | "Public") && !decl.role.text.starts_with("TODO");
    if is_there && decl.role.text.split('.').count() < 2 {
        diagnostics.push(
            Diagnostic::new(&decl.role.at, format!("`{}` is no permission of CIPP", decl.role.text))
                .help("a permission reads like Identity.User.Read"),
        );
    }
    if decl.kind == "read" && decl.completion == "scheduled" {
        diagnostics.push(Diagnostic::new(&decl.name.at, "an action that creates a task is no `read`"));
    }
}

fn place(action: &ActionDecl, decl: &PropertyDecl, diagnostics: &mut Diagnostics) -> Place {
    for place in &decl.places {
        if !keys::PLACES.contains(&place.text.as_str()) {
            diagnostics.push(
                Diagnostic::new(&place.at, format!("`in` cannot be `{}`", place.text))
                    .help("it is query, body, [query, body], or root")
                    .suggest(&place.text, keys::PLACES.iter().copied()),
            );
        } else if place.text != "query" && action.method.text == "GET" {
            diagnostics.push(
                Diagnostic::new(&place.at, "a GET has no body").help("put it in the query, or make the action a POST"),
            );
        }
    }
    let words: Vec<&str> = decl.places.iter().map(|place| place.text.as_str()).collect();
    match words.as_slice() {
        [] if action.method.text == "GET" => Place::Query,
        [] | ["body"] => Place::Body,
        ["query"] => Place::Query,
        ["root"] => Place::Root,
        ["query", "body"] | ["body", "query"] => Place::QueryAndBody,
        _ => {
            let known = words.iter().all(|word| keys::PLACES.contains(word));
            if let Some(last) = decl.places.last().filter(|_| known) {
                diagnostics.push(
                    Diagnostic::new(&last.at, "these places do not go together")
                        .help("it is query, body, [query, body], or root"),
                );
            }
            Place::Body
        }
    }
}

fn form(decl: &PropertyDecl, ty: &Ty, types: &Types<'_>, diagnostics: &mut Diagnostics) -> Form {
    let Some(word) = &decl.form else { return Form::Plain };
    let is_text = |ty: &Ty| match ty {
        Ty::Text | Ty::Tenant | Ty::SingleTenant => true,
        Ty::Named(id) => types.def(*id).is_some_and(|def| matches!(def.body, Body::Choice(_))),
        _ => false,
    };
    let is_list = matches!(ty, Ty::List(_));
    let (form, fits, wants) = match word.text.as_str() {
        "label_value" => {
            let inner = if let Ty::List(inner) = ty { inner.as_ref() } else { ty };
            (Form::LabelValue, is_text(inner), "a text, a tenant, or a list of those")
        }
        "json_text" => (Form::JsonText, true, ""),
        "csv" => (Form::Csv, is_list, "a list"),
        "lines" => (Form::Lines, is_list, "a list"),
        _ => (Form::Text, matches!(ty, Ty::Bool | Ty::Int | Ty::Float | Ty::UnixTime), "a flag or a number"),
    };
    if !fits {
        diagnostics.push(Diagnostic::new(&word.at, format!("`as: {}` wants {wants}", word.text)));
    }
    form
}

/// A body is either one value or has members; two values cannot both be all of it.
fn check_places(decl: &ActionDecl, declared: &[PropertyDecl], properties: &[Property], diagnostics: &mut Diagnostics) {
    let roots: Vec<_> = declared.iter().zip(properties).filter(|(_, property)| property.place == Place::Root).collect();
    if let [(first, _), (second, _), ..] = roots.as_slice() {
        diagnostics.push(
            Diagnostic::new(&second.name.at, "two properties are the whole body").also(&first.name.at, "the first one"),
        );
    }
    if let [(root, property), ..] = roots.as_slice()
        && !matches!(property.field.ty, Ty::Json | Ty::Object | Ty::Map(_) | Ty::Named(_) | Ty::LabelValue)
        && let Some((member, _)) =
            declared.iter().zip(properties).find(|(_, other)| matches!(other.place, Place::Body | Place::QueryAndBody))
    {
        diagnostics.push(
            Diagnostic::new(&member.name.at, "a member of a body that is no object")
                .also(&root.name.at, "the whole body")
                .help("put it in the query"),
        );
    }
    let has_tenant = properties.iter().any(|property| mentions_tenant(&property.field.ty));
    if decl.tenant.text == "single" && !has_tenant && decl.properties.is_empty() {
        diagnostics.push(
            Diagnostic::new(&decl.tenant.at, "an action on one tenant with no property that names it")
                .help("add the property, or say `tenant: none`"),
        );
    }
}

fn mentions_tenant(ty: &Ty) -> bool {
    match ty {
        Ty::Tenant | Ty::SingleTenant => true,
        Ty::List(inner) => mentions_tenant(inner),
        _ => false,
    }
}

/// A rule about rows needs rows. (The field that it looks at need not be one of the type's: such rows have columns of their own.)
/// Pages are pages of rows, and a GET hands the next one back in its query.
fn paging(decl: &ActionDecl, shape: &Shape, diagnostics: &mut Diagnostics) -> Option<Paging> {
    let paging = decl.paging.as_ref()?;
    if !matches!(shape, Shape::List(_) | Shape::Value) {
        diagnostics.push(Diagnostic::new(&paging.next.at, "`paging` goes with `list` and `value` outputs only"));
    }
    if decl.kind != "read" && !decl.kind.is_empty() {
        diagnostics.push(
            Diagnostic::new(&paging.next.at, "`paging` goes with a read only")
                .help("a write would be done once for each page"),
        );
    }
    let get = decl.method.text == "GET";
    let place = match &paging.place {
        Some(word) if word.text == "body" && get => {
            diagnostics
                .push(Diagnostic::new(&word.at, "a GET has no body").help("put it in the query, or make it a POST"));
            Place::Query
        }
        Some(word) if word.text == "body" => Place::Body,
        Some(_) => Place::Query,
        None if get => Place::Query,
        None => Place::Body,
    };
    let with = paging
        .with
        .iter()
        .map(|(name, value)| FixedProperty { wire: name.text.clone(), place, value: value.clone() })
        .collect();
    Some(Paging { next: paging.next.text.clone(), place, with })
}

fn check_rows(decl: &ActionDecl, shape: &Shape, diagnostics: &mut Diagnostics) {
    if matches!(shape, Shape::List(_) | Shape::Object(_)) {
        return;
    }
    for row in &decl.rows {
        diagnostics.push(Diagnostic::new(&row.field.at, "`rows` goes with `list` and `object` outputs only"));
    }
}
