//! The client of a category: a method for each action.

use super::docs::{docs, escape};
use super::requests::arguments;
use super::tokens;
use crate::model::{Action, Api, Category};
use proc_macro2::TokenStream;
use quote::quote;

/// The struct whose methods are the actions.
pub(super) fn client(api: &Api, category: &Category) -> TokenStream {
    let name = tokens::ident(&category.client);
    let methods = category.actions.iter().map(|action| method(api, action));
    let accessor = format!("Made by [`Client::{}`].", category.module);
    let summary = docs([escape(&category.summary).as_str(), accessor.as_str()]);
    quote! {
        #summary
        #[derive(Debug)]
        pub struct #name<'c, C = Client> {
            client: &'c C,
        }
        // Not derived: a derive would ask that C can be copied.
        impl<C> Clone for #name<'_, C> {
            fn clone(&self) -> Self {
                *self
            }
        }
        impl<C> Copy for #name<'_, C> {}
        impl<'c, C: Caller> #name<'c, C> {
            pub(crate) fn of(client: &'c C) -> Self {
                Self { client }
            }
            #(#methods)*
        }
    }
}

/// The method of an action.
pub(super) fn method(api: &Api, action: &Action) -> TokenStream {
    let (name, request) = (tokens::ident(&action.call), tokens::ident(&action.name));
    let (names, arguments) = arguments(api, action);
    let more = format!("See [`{}`] for what else it takes, and what goes wrong.", action.name);
    let summary = docs([escape(&action.summary).as_str(), more.as_str()]);
    quote! {
        #summary
        pub fn #name(self, #(#arguments),*) -> Call<#request, C> {
            self.client.call(#request::new(#(#names),*))
        }
    }
}
