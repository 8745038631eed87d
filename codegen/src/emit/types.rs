//! Types: structs with their tables, and texts with known values.

use super::compact;
use super::docs::{docs, escape, sentences};
use super::tokens;
use crate::model::{Action, Api, Body, Choice, Field, Shape, Struct, Ty, TypeDef, TypeId};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeSet;

/// The types shared by categories, as far as an enabled action needs them.
pub(super) fn shared(api: &Api) -> Vec<TokenStream> {
    let mut items = vec![quote! {
        #[allow(unused_imports)]
        use crate::generated::*;
    }];
    items.extend(some(api, |def| def.needed && def.module.is_none()));
    items
}

/// The types of one category.
pub(super) fn of_module(api: &Api, module: &str) -> Vec<TokenStream> {
    some(api, |def| def.needed && def.module.as_deref() == Some(module))
}

/// The types that are meant, what all structs share, their tables, and what tells the choices apart.
fn some(api: &Api, meant: impl Fn(&TypeDef) -> bool) -> Vec<TokenStream> {
    let defs: Vec<&TypeDef> = api.types.iter().filter(|def| meant(def)).collect();
    let types = defs.iter().map(|def| type_def(api, def));
    let structs: Vec<(&TypeDef, &Struct)> = defs
        .iter()
        .filter_map(|def| match &def.body {
            Body::Struct(body) => Some((*def, body)),
            Body::Choice(_) => None,
        })
        .collect();
    let names = structs.iter().map(|(def, _)| tokens::ident(&def.name));
    let models = quote! { crate::models! { #(#names),* } };
    let (tables, kinds) = (tables(api, &structs), kinds(defs.iter().copied()));
    types.chain([models, tables, kinds]).collect()
}

/// The types that an action sends and receives.
pub(super) fn of_action(api: &Api, action: &Action) -> TokenStream {
    let mut found: BTreeSet<TypeId> = BTreeSet::new();
    let mut work: Vec<&Ty> = action.properties.iter().map(|property| &property.field.ty).collect();
    if let Shape::List(ty) | Shape::Object(ty) = &action.outputs.shape {
        work.push(ty);
    }
    while let Some(ty) = work.pop() {
        match ty {
            Ty::List(inner) | Ty::Map(inner) => work.push(inner),
            Ty::Named(id) if found.insert(*id) => {
                if let Some(Body::Struct(body)) = api.types.get(*id).map(|def| &def.body) {
                    work.extend(body.fields.iter().map(|field| &field.ty));
                }
            }
            _ => {}
        }
    }
    let types = found.iter().filter_map(|id| api.types.get(*id)).map(|def| type_def(api, def));
    quote! { #(#types)* }
}

fn type_def(api: &Api, def: &TypeDef) -> TokenStream {
    match &def.body {
        Body::Struct(body) => {
            let summary = docs([escape(&def.summary).as_str()]);
            let fields: Vec<&Field> = body.fields.iter().collect();
            let structure = structure(api, &def.name, &summary, &fields);
            let constructor = if def.sent { constructor(api, def, &fields) } else { TokenStream::new() };
            quote! { #structure #constructor }
        }
        Body::Choice(choice) => choice_type(def, choice),
    }
}

/// A struct, and how the driver reaches its fields.
fn structure(api: &Api, name: &str, summary: &TokenStream, fields: &[&Field]) -> TokenStream {
    let ident = tokens::ident(name);
    let members = fields.iter().map(|field| {
        let (rust, ty, docs) = (tokens::ident(&field.rust), tokens::held_ty(api, &field.ty), field_docs(api, field));
        quote! { #docs pub #rust: Option<#ty>, }
    });
    let names: Vec<_> = fields.iter().map(|field| tokens::ident(&field.rust)).collect();
    let numbers: Vec<_> = (0..fields.len()).map(proc_macro2::Literal::usize_unsuffixed).collect();
    let slots = fields.iter().zip(&names).map(|(field, name)| tokens::slot(api, &field.ty, name));
    let held = fields.iter().zip(&names).map(|(field, name)| tokens::held(&field.ty, name));
    let (index, slots, held) = if fields.is_empty() {
        (quote!(_), quote!(Slot::Extra(&mut self.extra)), quote!(Ref::Extra(&self.extra)))
    } else {
        (
            quote!(index),
            quote! { match index { #(#numbers => #slots,)* _ => Slot::Extra(&mut self.extra) } },
            quote! { match index { #(#numbers => #held,)* _ => Ref::Extra(&self.extra) } },
        )
    };
    quote! {
        #summary
        #[non_exhaustive]
        pub struct #ident {
            #(#members)*
            /// Members that this type has no field for, or whose value had another type.
            pub extra: Extra,
        }
        impl Default for #ident {
            #[inline]
            fn default() -> Self {
                Self { extra: Extra::NONE, #(#names: None),* }
            }
        }
        impl Model for #ident {
            #[inline]
            fn schema(&self) -> &'static Schema {
                tables::#ident.schema()
            }
            #[inline]
            fn slot(&mut self, #index: usize) -> Slot<'_> {
                #slots
            }
            #[inline]
            fn get(&self, #index: usize) -> Ref<'_> {
                #held
            }
        }
    }
}

/// The tables of structs, in a module of their own: their names are those of the structs.
fn tables(api: &Api, structs: &[(&TypeDef, &Struct)]) -> TokenStream {
    let tables = structs.iter().map(|(def, body)| compact::table(api, &def.name, &body.fields));
    quote! {
        #[allow(non_upper_case_globals)]
        pub(crate) mod tables {
            #[allow(unused_imports)]
            use super::*;
            #(#tables)*
        }
    }
}

/// What makes a type that people send: an empty one, and a setter for each field.
fn constructor(api: &Api, def: &TypeDef, fields: &[&Field]) -> TokenStream {
    let ident = tokens::ident(&def.name);
    let setters = fields.iter().map(|field| setter(api, field, &field_docs(api, field)));
    quote! {
        impl #ident {
            /// One with nothing set.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }
            #(#setters)*
        }
    }
}

/// A setter.
fn setter(api: &Api, field: &Field, docs: &TokenStream) -> TokenStream {
    let name = tokens::ident(&field.rust);
    let (argument, set) = (tokens::argument(api, &field.ty), tokens::set(api, &field.ty, &name));
    quote! {
        #docs
        #[must_use]
        pub fn #name(mut self, value: #argument) -> Self {
            #set
            self
        }
    }
}

fn field_docs(api: &Api, field: &Field) -> TokenStream {
    let fact = format!("`{}` on the wire: {}.", field.wire, tokens::words(api, &field.ty));
    sentences([escape(&field.doc).as_str(), fact.as_str()])
}

fn choice_type(def: &TypeDef, choice: &Choice) -> TokenStream {
    let name = tokens::ident(&def.name);
    let summary = docs([escape(&def.summary).as_str(), "An open type: the server may send and take other texts."]);
    let constants = choice.values.iter().map(|value| {
        let (constant, text) = (tokens::ident(&value.constant), &value.value);
        let fact = format!("`{}` on the wire.", value.value.replace('`', "'"));
        let docs = sentences([escape(&value.doc).as_str(), fact.as_str()]);
        quote! { #docs pub const #constant: Self = Self::of(#text); }
    });
    let known = choice.values.iter().map(|value| &value.value);
    let constants = if choice.values.is_empty() { quote!() } else { quote!(impl #name { #(#constants)* }) };
    quote! {
        #summary
        pub type #name = Choice<known::#name>;
        #constants
        impl Known for known::#name {
            const VALUES: &'static [&'static str] = &[#(#known),*];
        }
    }
}

/// What tells the choices of a module from each other: a type for each, of the same name, that has no values.
fn kinds<'d>(defs: impl IntoIterator<Item = &'d TypeDef>) -> TokenStream {
    let names: Vec<_> = defs
        .into_iter()
        .filter(|def| matches!(def.body, Body::Choice(_)))
        .map(|def| tokens::ident(&def.name))
        .collect();
    if names.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[doc(hidden)]
        pub mod known {
            #(pub enum #names {})*
        }
    }
}
