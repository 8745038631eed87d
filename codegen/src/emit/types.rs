//! Types: structs with their tables, and texts with known values.

use super::docs::{docs, escape};
use super::tokens;
use crate::model::{Action, Api, Body, Choice, Field, Shape, Ty, TypeDef, TypeId};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeSet;

/// The types shared by categories, as far as an enabled action needs them.
pub(super) fn shared(api: &Api) -> TokenStream {
    let types = api.types.iter().filter(|def| def.needed && def.module.is_none()).map(|def| type_def(api, def));
    quote! {
        #[allow(unused_imports)]
        use crate::generated::*;
        #(#types)*
    }
}

/// The types of one category.
pub(super) fn of_module(api: &Api, module: &str) -> TokenStream {
    let types = api
        .types
        .iter()
        .filter(|def| def.needed && def.module.as_deref() == Some(module))
        .map(|def| type_def(api, def));
    quote! { #(#types)* }
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
            let structure = structure(api, &def.name, &summary, &fields, |field| field_docs(api, field));
            let constructor = if def.sent { constructor(api, def, &fields) } else { TokenStream::new() };
            quote! { #structure #constructor }
        }
        Body::Choice(choice) => choice_type(def, choice),
    }
}

/// A struct, its table, and how the driver reaches its fields. The same for types and for requests.
pub(super) fn structure(
    api: &Api,
    name: &str,
    summary: &TokenStream,
    fields: &[&Field],
    field_docs: impl Fn(&Field) -> TokenStream,
) -> TokenStream {
    let ident = tokens::ident(name);
    let members = fields.iter().map(|field| {
        let (rust, ty, docs) = (tokens::ident(&field.rust), tokens::ty(api, &field.ty), field_docs(field));
        quote! { #docs pub #rust: Option<#ty>, }
    });
    let table = fields.iter().map(|field| {
        let (wire, ty) = (&field.wire, tokens::described(api, &field.ty));
        quote! { Field { name: #wire, ty: #ty } }
    });
    let names: Vec<_> = fields.iter().map(|field| tokens::ident(&field.rust)).collect();
    let numbers: Vec<_> = (0..fields.len()).map(proc_macro2::Literal::usize_unsuffixed).collect();
    let index = if fields.is_empty() { quote!(_) } else { quote!(index) };
    let (slots, gets) = if fields.is_empty() {
        (quote!(Slot::Nothing), quote!(Ref::Absent))
    } else {
        (
            quote! { match index { #(#numbers => Shape::slot(&mut self.#names),)* _ => Slot::Nothing } },
            quote! { match index { #(#numbers => Ref::of(&self.#names),)* _ => Ref::Absent } },
        )
    };
    quote! {
        #summary
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #ident {
            #(#members)*
            /// Members that this type has no field for, or whose value had another type.
            pub extra: Extra,
        }
        impl Model for #ident {
            fn table() -> &'static Schema {
                static TABLE: Schema = Schema { name: #name, fields: &[#(#table),*] };
                &TABLE
            }
            #[inline]
            fn schema(&self) -> &'static Schema {
                Self::table()
            }
            #[inline]
            fn slot(&mut self, #index: usize) -> Slot<'_> {
                #slots
            }
            #[inline]
            fn get(&self, #index: usize) -> Ref<'_> {
                #gets
            }
            #[inline]
            fn extra(&self) -> &Extra {
                &self.extra
            }
            #[inline]
            fn extra_mut(&mut self) -> &mut Extra {
                &mut self.extra
            }
        }
        crate::model!(#ident);
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
pub(super) fn setter(api: &Api, field: &Field, docs: &TokenStream) -> TokenStream {
    let name = tokens::ident(&field.rust);
    let value = tokens::ident("value");
    let (argument, converted) = (tokens::argument(api, &field.ty), tokens::converted(&field.ty, &value));
    quote! {
        #docs
        #[must_use]
        pub fn #name(mut self, value: #argument) -> Self {
            self.#name = Some(#converted);
            self
        }
    }
}

fn field_docs(api: &Api, field: &Field) -> TokenStream {
    let fact = format!("`{}` on the wire: {}.", field.wire, tokens::words(api, &field.ty));
    docs([escape(&field.doc).as_str(), fact.as_str()])
}

fn choice_type(def: &TypeDef, choice: &Choice) -> TokenStream {
    let name = tokens::ident(&def.name);
    let summary = docs([escape(&def.summary).as_str(), "An open type: the server may send and take other texts."]);
    let constants = choice.values.iter().map(|value| {
        let (constant, text) = (tokens::ident(&value.constant), &value.value);
        let fact = format!("`{}` on the wire.", value.value.replace('`', "'"));
        let docs = docs([escape(&value.doc).as_str(), fact.as_str()]);
        quote! { #docs pub const #constant: Self = Self(Cow::Borrowed(#text)); }
    });
    let known = choice.values.iter().map(|value| &value.value);
    quote! {
        #summary
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct #name(Cow<'static, str>);
        impl #name {
            #(#constants)*
            /// The known values.
            #[must_use]
            pub const fn known() -> &'static [&'static str] {
                &[#(#known),*]
            }
        }
        crate::choice!(#name);
    }
}
