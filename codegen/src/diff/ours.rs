//! The facts of the specification, so that it can be compared with a description of the API.

use super::Diff;
use crate::Spec;
use crate::document::{DeviationDecl, Fixed};
use crate::model::{Api, Body, Form, Place, Ty, TypeId};
use crate::upstream::{Facts, Property, escape};
use std::collections::{BTreeMap, BTreeSet};

/// The facts of the specification: those of all actions of an endpoint together.
#[must_use]
pub fn facts_of(api: &Api) -> Vec<Facts> {
    let mut found: BTreeMap<(String, String), Facts> = BTreeMap::new();
    for action in api.categories.iter().flat_map(|category| &category.actions) {
        let endpoint = action.path.rsplit('/').next().unwrap_or_default().to_owned();
        let facts = found.entry((endpoint.clone(), action.method.clone())).or_insert_with(|| Facts {
            endpoint,
            method: action.method.clone(),
            role: action.role.clone(),
            open: false,
            properties: Vec::new(),
        });
        let mut walk = Walk { api, found: &mut facts.properties, within: Vec::new() };
        for property in &action.properties {
            let (name, required) = (escape(&property.field.wire), property.required);
            for in_query in places(property.place) {
                match property.place {
                    Place::Root => walk.inside(&property.field.ty, "", false),
                    _ => walk.property(&property.field.ty, property.form, name.clone(), in_query, required),
                }
            }
        }
        for fixed in &action.fixed {
            let ty = match fixed.value {
                Fixed::Bool(_) => "bool",
                Fixed::Int(_) => "int",
                Fixed::Text(_) => "string",
            };
            for in_query in places(fixed.place) {
                let path = escape(&fixed.wire);
                walk.found.push(Property { in_query, path, ty: ty.to_owned(), required: true });
            }
        }
    }
    found.into_values().collect()
}

fn places(place: Place) -> Vec<bool> {
    match place {
        Place::Query => vec![true],
        Place::Body | Place::Root => vec![false],
        Place::QueryAndBody => vec![true, false],
    }
}

struct Walk<'a> {
    api: &'a Api,
    found: &'a mut Vec<Property>,
    within: Vec<TypeId>,
}

impl Walk<'_> {
    fn property(&mut self, ty: &Ty, form: Form, path: String, in_query: bool, required: bool) {
        let word = match form {
            Form::JsonText | Form::Csv | Form::Lines | Form::Text => "string".to_owned(),
            Form::LabelValue if matches!(ty, Ty::List(_)) => "[LabelValue]".to_owned(),
            Form::LabelValue => "LabelValue".to_owned(),
            Form::Plain => self.api.wire_word(ty),
        };
        self.found.push(Property { in_query, path: path.clone(), ty: word, required });
        if form == Form::Plain && !in_query {
            self.inside(ty, &path, in_query);
        }
    }

    fn inside(&mut self, ty: &Ty, path: &str, in_query: bool) {
        match ty {
            Ty::List(inner) => self.inside(inner, &format!("{path}[]"), in_query),
            Ty::Schedule => {
                for (name, ty) in [("enabled", "bool"), ("date", "int")] {
                    let path = join(path, name);
                    self.found.push(Property { in_query, path, ty: ty.to_owned(), required: false });
                }
            }
            Ty::Named(id) if !self.within.contains(id) => {
                let api = self.api;
                if let Some(Body::Struct(body)) = api.types.get(*id).map(|def| &def.body) {
                    self.within.push(*id);
                    for field in &body.fields {
                        self.property(&field.ty, Form::Plain, join(path, &escape(&field.wire)), in_query, false);
                    }
                    self.within.pop();
                }
            }
            _ => {}
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Takes out of a comparison of the specification with a description what the list of deviations or an override names: that is known.
/// Returns how much it was.
pub fn without_known(diff: &mut Diff, spec: &Spec, list: &[DeviationDecl]) -> usize {
    // Endpoint and property, in small letters: the list says which action it is, and spells properties as we do.
    let endpoint_of = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let decls = spec.document.categories.iter().flat_map(|category| &category.actions);
    let overridden: BTreeSet<String> =
        decls.filter(|action| action.override_method.is_some()).map(|action| endpoint_of(&action.path.text)).collect();
    let actions: BTreeMap<&str, String> = spec
        .api
        .categories
        .iter()
        .flat_map(|category| &category.actions)
        .map(|action| (action.name.as_str(), endpoint_of(&action.path)))
        .collect();
    let mut known: BTreeSet<(&str, String)> = BTreeSet::new();
    for (action, properties) in list.iter().flat_map(|entry| &entry.covers) {
        if let Some(endpoint) = actions.get(action.text.as_str()) {
            known.extend(properties.iter().map(|property| (endpoint.as_str(), property.text.to_lowercase())));
        }
    }
    let ours = facts_of(&spec.api);
    let mut count = 0;
    for changed in &mut diff.changed {
        let endpoint = changed.endpoint.clone();
        // Where the method differs, so do the places.
        let other_method = changed.method.is_some() && overridden.contains(&endpoint);
        // What is inside a property that deviates deviates with it.
        let is_known = |path: &str| {
            let lower = path.to_lowercase();
            let ends = lower.char_indices().filter(|(_, letter)| ".[".contains(*letter)).map(|(at, _)| at);
            ends.chain([lower.len()]).any(|end| {
                let part = lower.get(..end).unwrap_or_default().to_owned();
                known.contains(&(endpoint.as_str(), part))
            })
        };
        let mut keep = |path: &str, also: bool| {
            let is_known = also || is_known(path);
            count += usize::from(is_known);
            !is_known
        };
        // The description lists many properties in both places; one suffices.
        let have = |path: &str| {
            let here = ours.iter().filter(|facts| facts.endpoint == endpoint);
            // What is inside a choice is the same everywhere.
            let holds = |property: &Property| {
                let rest = path.strip_prefix(&property.path);
                property.path.eq_ignore_ascii_case(path)
                    || property.ty.contains("LabelValue") && rest.is_some_and(|rest| rest.starts_with(['.', '[']))
            };
            here.flat_map(|facts| &facts.properties).any(holds)
        };
        if other_method {
            changed.method = None;
        }
        changed.moved.retain(|(path, _)| keep(path, other_method));
        changed.added.retain(|property| !have(&property.path) && keep(&property.path, false));
        let open = changed.open == Some((false, true));
        // A body that is open takes what we send; where we send it in the query instead, that is the method's doing.
        changed.removed.retain(|property| {
            let taken = open && (other_method || !property.in_query);
            !taken && keep(&property.path, false)
        });
        changed.renamed.retain(|(_, renamed)| keep(&renamed.from, false));
        // A query is text, whatever it means, and a choice is an object.
        let plain = |word: &str| word.replace("LabelValue", "object");
        changed.types.retain(|(in_query, path, from, to)| !*in_query && plain(from) != plain(to) && keep(path, false));
        // What we require beyond the description is our own knowledge.
        changed.required.retain(|(_, path, now)| *now && keep(path, false));
        changed.open = None;
    }
    diff.changed.retain(|changed| !changed.is_empty());
    count
}
