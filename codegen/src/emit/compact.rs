//! Tables as one text each: what the catalogue says about an action, and the fields of a type.
//!
//! As Rust constants, they took more of the compiler's time and of the library than all the rest. The reader is
//! `cipp-client/src/model/table.rs` and `cipp-client/src/catalogue/entry.rs`.

use super::tokens;
use crate::model::{Api, Body, Field, Ty, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

/// Between the parts of a table.
pub(super) const PART: char = '\u{1c}';
/// Between the parts of a part.
pub(super) const PIECE: char = '\u{1d}';
/// Before each item of a list.
pub(super) const ITEM: char = '\u{1e}';

/// Writes the codes of types, and notes those that a text cannot hold.
pub(super) struct Types<'a> {
    api: &'a Api,
    noted: Vec<(Noted, TokenStream)>,
}

#[derive(PartialEq)]
enum Noted {
    LabelValue,
    Schedule,
    Declared(TypeId),
}

impl<'a> Types<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        Self { api, noted: Vec::new() }
    }

    /// Whether no type was noted.
    pub(super) const fn is_empty(&self) -> bool {
        self.noted.is_empty()
    }

    /// The types that were noted, in the order of their numbers.
    pub(super) fn noted(self) -> TokenStream {
        let types = self.noted.iter().map(|(_, tokens)| tokens);
        quote!(&[#(#types),*])
    }

    /// A type: a letter, or the number under which it was noted.
    pub(super) fn code(&mut self, ty: &Ty) -> String {
        let letter = match ty {
            Ty::Text => "T",
            Ty::Bool => "B",
            Ty::Int => "I",
            Ty::Float => "F",
            Ty::Json => "J",
            Ty::Object => "O",
            Ty::SingleTenant | Ty::Tenant => "N",
            Ty::UnixTime => "U",
            Ty::Day => "Y",
            Ty::Timestamp => "M",
            Ty::Secret => "S",
            Ty::List(inner) => return format!("L{}", self.code(inner)),
            Ty::Map(inner) => return format!("P{}", self.code(inner)),
            Ty::LabelValue => return self.number(Noted::LabelValue, || quote!(Type::Model(&LABEL_VALUE))),
            Ty::Schedule => return self.number(Noted::Schedule, || quote!(Type::Model(&SCHEDULE))),
            Ty::Named(id) => {
                let api = self.api;
                let Some(def) = api.types.get(*id) else { return "J".to_owned() };
                return self.number(Noted::Declared(*id), || {
                    let name = tokens::ty(api, ty);
                    match &def.body {
                        Body::Choice(_) => quote!(Type::Choice(#name::known())),
                        Body::Struct(_) => {
                            let table = tokens::ident(&def.name);
                            match &def.module {
                                Some(_) => quote!(Type::Model(&tables::#table)),
                                None => quote!(Type::Model(&crate::types::tables::#table)),
                            }
                        }
                    }
                });
            }
        };
        letter.to_owned()
    }

    fn number(&mut self, noted: Noted, tokens: impl FnOnce() -> TokenStream) -> String {
        let number = self.noted.iter().position(|(known, _)| *known == noted).unwrap_or_else(|| {
            self.noted.push((noted, tokens()));
            self.noted.len() - 1
        });
        number.to_string()
    }
}

/// A text as part of a table: the signs between parts do not stand in it.
pub(super) fn clean(text: &str) -> String {
    text.replace([PART, PIECE, ITEM], " ")
}

/// Texts as pieces of a part.
pub(super) fn pieces<const N: usize>(texts: [&str; N]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| clean(text)).collect();
    let joined = texts.join(&PIECE.to_string());
    joined.trim_end_matches(PIECE).to_owned()
}

/// Items of a list, which are pieces already.
pub(super) fn items(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().map(|item| format!("{ITEM}{item}")).collect()
}

/// A name, or nothing where it is that before it.
pub(super) fn other<'t>(name: &'t str, before: &str) -> &'t str {
    if name == before { "" } else { name }
}

/// The table of a struct's fields.
pub(super) fn table(api: &Api, name: &str, fields: &[Field]) -> TokenStream {
    let mut types = Types::new(api);
    let mut text = clean(name);
    for field in fields {
        let code = types.code(&field.ty);
        text.push(PART);
        text.push_str(&pieces([&field.wire, other(&field.rust, &field.wire), &code]));
    }
    let (ident, types) = (tokens::ident(name), types.noted());
    quote! {
        pub(crate) static #ident: Table = Table { text: #text, types: #types, bare: None, read: OnceLock::new() };
    }
}
