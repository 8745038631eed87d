//! Names and types as tokens.

use crate::model::{Api, Body, Ty};
use crate::names::is_keyword;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// A name; a keyword is written `r#name`.
pub(super) fn ident(name: &str) -> Ident {
    if is_keyword(name) { Ident::new_raw(name, Span::call_site()) } else { Ident::new(name, Span::call_site()) }
}

/// A type, as seen from the module of a category.
pub(super) fn ty(api: &Api, ty: &Ty) -> TokenStream {
    match ty {
        Ty::Text => quote!(String),
        Ty::Bool => quote!(bool),
        Ty::Int => quote!(i64),
        Ty::Float => quote!(f64),
        Ty::Json => quote!(Value),
        Ty::Object => quote!(Map<String, Value>),
        Ty::LabelValue => quote!(LabelValue),
        Ty::Schedule => quote!(Schedule),
        Ty::SingleTenant => quote!(SingleTenant),
        Ty::Tenant => quote!(Tenant),
        Ty::UnixTime => quote!(UnixTime),
        Ty::Day => quote!(Day),
        Ty::Timestamp => quote!(Timestamp),
        Ty::Secret => quote!(Secret),
        Ty::List(inner) => {
            let inner = self::ty(api, inner);
            quote!(Vec<#inner>)
        }
        Ty::Map(inner) => {
            let inner = self::ty(api, inner);
            quote!(BTreeMap<String, #inner>)
        }
        Ty::Named(id) => match api.types.get(*id) {
            Some(def) => {
                let name = ident(&def.name);
                match &def.module {
                    Some(_) => quote!(#name),
                    None => quote!(crate::types::#name),
                }
            }
            None => quote!(Value),
        },
    }
}

/// A type as a field holds it, an object in a box: most rows lack most of theirs, and the room that they take in each row must be
/// written all the same.
pub(super) fn held_ty(api: &Api, ty: &Ty) -> TokenStream {
    let inner = self::ty(api, ty);
    if is_model(api, ty) { quote!(Box<#inner>) } else { inner }
}

/// Whether it is an object of a declared type.
fn is_model(api: &Api, ty: &Ty) -> bool {
    let Ty::Named(id) = ty else { return false };
    api.types.get(*id).is_some_and(|def| matches!(def.body, Body::Struct(_)))
}

/// A type as an argument, generous in what it takes.
pub(super) fn argument(api: &Api, ty: &Ty) -> TokenStream {
    match ty {
        Ty::Bool => quote!(bool),
        Ty::Object => quote!(Map<String, Value>),
        Ty::List(inner) => {
            let inner = self::ty(api, inner);
            quote!(impl IntoIterator<Item = impl Into<#inner>>)
        }
        Ty::Map(inner) => {
            let inner = self::ty(api, inner);
            quote!(impl IntoIterator<Item = (impl Into<String>, impl Into<#inner>)>)
        }
        other => {
            let other = self::ty(api, other);
            quote!(impl Into<#other>)
        }
    }
}

/// Sets a field of `self` to an argument named `value`.
pub(super) fn set(api: &Api, ty: &Ty, field: &Ident) -> TokenStream {
    match ty {
        ty if is_model(api, ty) => quote!(put_boxed(&mut self.#field, value);),
        Ty::Bool => quote!(self.#field = Some(value);),
        Ty::List(_) => quote!(put_all(&mut self.#field, value);),
        Ty::Map(_) => quote!(put_members(&mut self.#field, value);),
        _ => quote!(put(&mut self.#field, value);),
    }
}

/// The function that gives a property of this type its value, with the type that it makes of the argument.
pub(super) fn give(api: &Api, ty: &Ty) -> TokenStream {
    let (function, ty) = match ty {
        Ty::List(inner) => (quote!(give_all), inner.as_ref()),
        Ty::Map(inner) => (quote!(give_members), inner.as_ref()),
        ty => (quote!(give), ty),
    };
    let ty = self::ty(api, ty);
    quote!(#function::<#ty, _>)
}

/// A type as documentation shows it: written as people do, by its name alone.
pub(super) fn shown(ty: &TokenStream) -> String {
    ty.to_string().replace(' ', "").replace(',', ", ").replace("crate::types::", "")
}

/// The kind of place that the driver has for a type, where it is one of its own.
fn plain(ty: &Ty) -> Option<Ident> {
    let name = match ty {
        Ty::Text => "Text",
        Ty::Bool => "Bool",
        Ty::Int => "Int",
        Ty::Float => "Float",
        Ty::Json => "Json",
        Ty::Object => "Object",
        _ => return None,
    };
    Some(ident(name))
}

/// Where the driver writes a field. The kind is named, not found by its type: that compiles faster.
pub(super) fn slot(api: &Api, ty: &Ty, field: &Ident) -> TokenStream {
    let kind = plain(ty).unwrap_or_else(|| {
        ident(match ty {
            Ty::List(_) => "List",
            Ty::Map(_) => "Map",
            Ty::LabelValue | Ty::Schedule => "Model",
            ty if is_model(api, ty) => "Model",
            _ => "Scalar",
        })
    });
    quote!(Slot::#kind(&mut self.#field))
}

/// What a field holds.
pub(super) fn held(ty: &Ty, field: &Ident) -> TokenStream {
    match plain(ty) {
        Some(kind) => {
            let read = ident(&kind.to_string().to_lowercase());
            quote!(Ref::#read(&self.#field))
        }
        None => quote!(Ref::of(&self.#field)),
    }
}

/// A type in words, for documentation.
pub(super) fn words(api: &Api, ty: &Ty) -> String {
    match ty {
        Ty::Text => "text".to_owned(),
        Ty::Bool => "true or false".to_owned(),
        Ty::Int => "a whole number".to_owned(),
        Ty::Float => "a number".to_owned(),
        Ty::Json => "any JSON".to_owned(),
        Ty::Object => "a JSON object".to_owned(),
        Ty::LabelValue => "a label and a value".to_owned(),
        Ty::Schedule => "a date to run at".to_owned(),
        Ty::SingleTenant => "a tenant".to_owned(),
        Ty::Tenant => "a tenant, or all of them".to_owned(),
        Ty::UnixTime => "seconds since 1970".to_owned(),
        Ty::Day => "a day".to_owned(),
        Ty::Timestamp => "a date and time".to_owned(),
        Ty::Secret => "a secret text".to_owned(),
        Ty::List(inner) => format!("a list of {}", plural(api, inner)),
        Ty::Map(inner) => format!("an object whose members are {}", plural(api, inner)),
        Ty::Named(id) => match api.types.get(*id) {
            Some(def) if matches!(def.body, Body::Choice(_)) => format!("one of the texts of `{}`", def.name),
            Some(def) => format!("a `{}`", def.name),
            None => "any JSON".to_owned(),
        },
    }
}

fn plural(api: &Api, ty: &Ty) -> String {
    match ty {
        Ty::Text => "texts".to_owned(),
        Ty::LabelValue => "labels and values".to_owned(),
        Ty::SingleTenant | Ty::Tenant => "tenants".to_owned(),
        Ty::Int | Ty::Float => "numbers".to_owned(),
        Ty::Json => "any JSON".to_owned(),
        Ty::Object => "JSON objects".to_owned(),
        Ty::Named(id) => match api.types.get(*id) {
            Some(def) => format!("`{}`", def.name),
            None => "any JSON".to_owned(),
        },
        other => words(api, other),
    }
}
