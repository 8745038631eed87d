//! Request types: what an action sends, as a plain value.

use super::docs::{docs, escape, section, sentences};
use super::tokens;
use crate::model::{Action, Api, Property, Shape};
use proc_macro2::TokenStream;
use quote::quote;

/// The request type of an action: a name for its values, what makes one, and a setter for each property.
pub(super) fn request(api: &Api, action: &Action) -> TokenStream {
    let ident = tokens::ident(&action.name);
    let summary = action_docs(api, action);
    let (names, arguments) = arguments(api, action);
    let setters = action.properties.iter().enumerate().map(|(index, property)| setter(api, index, property));
    let about = if names.is_empty() {
        " The request with nothing set."
    } else {
        " The request, with what it cannot do without."
    };
    quote! {
        #summary
        pub type #ident = Values<of::#ident>;
        impl #ident {
            #[doc = #about]
            #[inline]
            pub fn new(#(#arguments),*) -> Self {
                Self::default()#(.#names(#names))*
            }
            #(#setters)*
        }
    }
}

fn setter(api: &Api, index: usize, property: &Property) -> TokenStream {
    let (name, docs) = (tokens::ident(&property.field.rust), property_docs(api, property));
    let (argument, give) = (tokens::argument(api, &property.field.ty), tokens::give(api, &property.field.ty));
    let index = proc_macro2::Literal::usize_unsuffixed(index);
    quote! {
        #docs
        #[inline]
        pub fn #name(self, value: #argument) -> Self {
            #give(self, #index, value)
        }
    }
}

/// What an action cannot do without, in the order of the specification.
pub(super) fn required(action: &Action) -> Vec<&Property> {
    action.properties.iter().filter(|property| property.required).collect()
}

/// The names of the required arguments, and the arguments with their types.
pub(super) fn arguments(api: &Api, action: &Action) -> (Vec<proc_macro2::Ident>, Vec<TokenStream>) {
    required(action)
        .iter()
        .map(|property| {
            let name = tokens::ident(&property.field.rust);
            let ty = tokens::argument(api, &property.field.ty);
            (name.clone(), quote!(#name: #ty))
        })
        .unzip()
}

/// What the answer becomes.
pub(super) fn output(api: &Api, shape: &Shape) -> TokenStream {
    match shape {
        Shape::Results => quote!(Results),
        Shape::List(ty) => {
            let ty = tokens::ty(api, ty);
            quote!(Listing<#ty>)
        }
        Shape::Object(ty) => tokens::ty(api, ty),
        Shape::Value => quote!(Value),
        Shape::Text => quote!(String),
        Shape::Bytes => quote!(Download),
        Shape::Redirect => quote!(Redirect),
    }
}

fn action_docs(api: &Api, action: &Action) -> TokenStream {
    let tenants = match action.tenant.as_str() {
        "none" => "Concerns no tenant.",
        "optional" => "May be narrowed to a tenant.",
        "single" => "Works on one tenant.",
        "many" => "Works on a list of tenants.",
        "all" => "Works on one tenant or on all of them.",
        _ => {
            "Works on one tenant, or on all of them: then the first answer may only say that the rows are being collected."
        }
    };
    let completion = match action.completion.as_str() {
        "queued" => " What it starts goes on in the background.",
        "scheduled" => " It creates a task; the answer is about the task, not about its work.",
        "ticket" => " The answer is a ticket with which to ask again.",
        _ => "",
    };
    let fact = format!(
        "`{} {}`, permission `{}`: {}. {tenants}{completion}",
        action.method,
        action.path,
        action.role,
        match action.kind.as_str() {
            "read" => "a read, which may be repeated",
            "write" => "a write",
            _ => "it destroys something that cannot be brought back",
        },
    );
    let becomes = tokens::shown(&output(api, &action.outputs.shape));
    let answer = format!("# Answer\n\n`{becomes}`. {}", escape(&action.outputs.doc));
    let answer = answer.trim_end();
    docs([
        escape(&action.summary).as_str(),
        escape(&action.details).as_str(),
        fact.as_str(),
        answer,
        section("Use cases", &action.use_cases).as_str(),
        section("Troubleshooting", &action.troubleshooting).as_str(),
    ])
}

fn property_docs(api: &Api, property: &Property) -> TokenStream {
    let needed = if property.required { ", required" } else { "" };
    let fact = format!(
        "`{}` in the {}{needed}: {}.",
        property.field.wire,
        property.place.word(),
        tokens::words(api, &property.field.ty)
    );
    let default = if property.default.is_empty() {
        String::new()
    } else {
        let default = escape(&property.default);
        format!("Without it: {}.", default.trim_end_matches('.'))
    };
    sentences([escape(&property.field.doc).as_str(), default.as_str(), fact.as_str()])
}
