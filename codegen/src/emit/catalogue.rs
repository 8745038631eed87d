//! The catalogue: everything that the specification says, as texts that are read at run time.

use super::compact::{PART, Types, clean, items, other, pieces};
use super::{requests, tokens};
use crate::document::Fixed;
use crate::model::{Action, Api, Category, FixedProperty, Form, Property, Row, Shape};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// The entries of a category, each with what tells the requests of its action from others: a type of the same name, without values.
pub(super) fn module(api: &Api, category: &Category) -> TokenStream {
    let entries = category.actions.iter().enumerate().map(|(number, action)| entry(api, category, number, action));
    let size = Literal::usize_unsuffixed(category.actions.len());
    quote! {
        #[doc(hidden)]
        pub mod of {
            #[allow(unused_imports)]
            use super::*;
            static SHELF: Shelf = Shelf::new(#size);
            #(#entries)*
        }
    }
}

fn entry(api: &Api, category: &Category, number: usize, action: &Action) -> TokenStream {
    let ident = tokens::ident(&action.name);
    let mut types = Types::new(api);
    let properties: Vec<String> =
        action.properties.iter().map(|property| self::property(&mut types, property)).collect();
    let outputs = outputs(&mut types, action);
    let (next, with) = match &action.paging {
        None => (String::new(), String::new()),
        Some(paging) => (pieces([&paging.next, paging.place.word()]), items(paging.with.iter().map(fixed))),
    };
    let texts = |texts: &[String]| items(texts.iter().map(|text| clean(text)));
    let parts = [
        clean(&action.name),
        clean(&action.title),
        clean(&category.title),
        clean(&category.module),
        clean(&action.call),
        clean(&action.method),
        clean(&action.path),
        clean(&action.kind),
        clean(&action.role),
        clean(&action.tenant),
        clean(&action.completion),
        clean(&action.summary),
        clean(&action.details),
        texts(&action.use_cases),
        texts(&action.troubleshooting),
        items(properties),
        items(action.fixed.iter().map(fixed)),
        outputs,
        items(action.rows.iter().map(row)),
        texts(&action.failed),
        texts(&action.ok),
        next,
        with,
    ];
    let text = parts.join(&PART.to_string());
    let text = text.trim_end_matches(PART);
    let output = requests::output(api, &action.outputs.shape);
    // Beside the function, where its name is short: in it, it would carry that of the function along.
    let (named, types) = if types.is_empty() {
        (None, quote!(&[]))
    } else {
        let (name, types) = (format_ident!("TYPES_{number}"), types.noted());
        (Some(quote! { static #name: &[Type] = #types; }), quote!(#name))
    };
    let number = Literal::usize_unsuffixed(number);
    quote! {
        pub enum #ident {}
        #named
        impl OfAction for #ident {
            type Output = #output;
            // Not in line: the text would stand in the library's metadata once more.
            #[inline(never)]
            fn action() -> &'static crate::catalogue::Action {
                SHELF.action(#number, #types, #text)
            }
        }
    }
}

fn fixed(property: &FixedProperty) -> String {
    let (kind, value) = match &property.value {
        Fixed::Bool(value) => ("bool", value.to_string()),
        Fixed::Int(value) => ("int", value.to_string()),
        Fixed::Text(value) => ("text", value.clone()),
    };
    pieces([&property.wire, property.place.word(), kind, &value])
}

fn row(row: &Row) -> String {
    pieces([&row.field, &row.starts, if row.failed { "failed" } else { "queued" }])
}

fn property(types: &mut Types<'_>, property: &Property) -> String {
    let Property { required, secret, send_false, default, label, sample, field, .. } = property;
    let form = match property.form {
        Form::Plain => "",
        Form::LabelValue => "label",
        Form::JsonText => "json",
        Form::Csv => "csv",
        Form::Lines => "lines",
        Form::Text => "text",
    };
    let marks = [(required, "r"), (secret, "s"), (send_false, "f")];
    let marks: String = marks.iter().filter(|(set, _)| **set).map(|(_, mark)| *mark).collect();
    let code = types.code(&field.ty);
    let rust = other(&field.rust, &field.wire);
    let place = property.place.word();
    pieces([&field.wire, rust, &code, place, form, &marks, &field.doc, default, label, sample])
}

fn outputs(types: &mut Types<'_>, action: &Action) -> String {
    let (shape, code) = match &action.outputs.shape {
        Shape::Results => ("results", String::new()),
        Shape::List(ty) => ("list", types.code(ty)),
        Shape::Object(ty) => ("object", types.code(ty)),
        Shape::Value => ("value", String::new()),
        Shape::Text => ("text", String::new()),
        Shape::Bytes => ("bytes", String::new()),
        Shape::Redirect => ("redirect", String::new()),
    };
    pieces([shape, &code, if action.outputs.enveloped { "Results" } else { "" }, &action.outputs.doc])
}
