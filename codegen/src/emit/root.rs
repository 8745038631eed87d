//! What stands at the root of the client crate: the modules, their accessors, and the list of all actions.

use super::docs::{docs, escape};
use super::tokens;
use crate::model::{Api, Category};
use proc_macro2::TokenStream;
use quote::quote;

/// The file that the crate root includes.
pub(super) fn root(api: &Api) -> TokenStream {
    let modules = api.categories.iter().map(|category| {
        let (name, feature) = (tokens::ident(&category.module), &category.module);
        let path = format!("/{}.rs", category.module);
        let title = format!("{}.", category.title);
        let docs = docs([escape(&title).as_str(), escape(&category.summary).as_str()]);
        quote! {
            #docs
            #[cfg_attr(docsrs, doc(cfg(feature = #feature)))]
            #[allow(clippy::all, reason = "names and numbers of arguments are the API's")]
            pub mod #name {
                include!(concat!(env!("OUT_DIR"), #path));
            }
        }
    });
    let of_async = accessors(api, &quote!());
    let of_blocking = accessors(api, &quote!(, crate::blocking::Client));
    let accessors = if api.categories.is_empty() {
        quote!()
    } else {
        quote! {
            impl Client { #of_async }
            #[cfg(feature = "blocking")]
            impl crate::blocking::Client { #of_blocking }
        }
    };
    let entries = api.categories.iter().flat_map(|category| {
        let module = tokens::ident(&category.module);
        category.actions.iter().map(move |action| {
            let name = tokens::ident(&action.name);
            quote!(<#module::of::#name as OfAction>::action)
        })
    });
    let requests = api.categories.iter().flat_map(|category| {
        let module = tokens::ident(&category.module);
        category.actions.iter().map(move |action| {
            let name = tokens::ident(&action.name);
            quote!($crate::#module::#name)
        })
    });
    let version = &api.version;
    quote! {
        /// The CIPP version that the specification describes.
        pub const CIPP_VERSION: &str = #version;

        /// Types shared by several categories.
        #[allow(clippy::all, reason = "names are the API's")]
        pub mod types {
            include!(concat!(env!("OUT_DIR"), "/types.rs"));
        }
        #(#modules)*
        #accessors

        /// What the catalogue says of every action of the enabled categories.
        pub(crate) static ENTRIES: &[fn() -> &'static catalogue::Action] = &[#(#entries),*];

        /// Calls a macro with the request types of all enabled actions, separated by commas.
        #[doc(hidden)]
        #[macro_export]
        macro_rules! for_each_action {
            ($callback:ident) => {
                $callback! { #(#requests),* }
            };
        }
    }
}

/// The methods of a client that give its categories. `caller` is their second generic argument, where it is not the default.
fn accessors(api: &Api, caller: &TokenStream) -> TokenStream {
    let methods = api.categories.iter().map(|category| accessor(category, caller));
    quote!(#(#methods)*)
}

fn accessor(category: &Category, caller: &TokenStream) -> TokenStream {
    let (name, client) = (tokens::ident(&category.module), tokens::ident(&category.client));
    let feature = &category.module;
    let docs = docs([escape(&category.summary).as_str()]);
    quote! {
        #docs
        #[cfg_attr(docsrs, doc(cfg(feature = #feature)))]
        #[must_use]
        pub fn #name(&self) -> #name::#client<'_ #caller> {
            #name::#client::of(self)
        }
    }
}
