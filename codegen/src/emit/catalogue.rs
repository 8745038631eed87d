//! The catalogue: everything that the specification says, as tables for run time.

use super::requests::catalogue_entry;
use super::tokens;
use crate::document::Fixed;
use crate::model::{Action, Api, Category, FixedProperty, Form, Place, Property, Shape};
use proc_macro2::TokenStream;
use quote::quote;

/// The entries of a category, in a module of their own: their names are those of the actions, in capitals.
pub(super) fn module(api: &Api, category: &Category) -> TokenStream {
    let entries = category.actions.iter().map(|action| entry(api, category, action));
    quote! {
        pub(crate) mod catalogue {
            #[allow(unused_imports)]
            use super::*;
            use crate::catalogue as c;
            #(#entries)*
        }
    }
}

fn entry(api: &Api, category: &Category, action: &Action) -> TokenStream {
    let ident = catalogue_entry(action);
    let Action { name, title, path, call, role, summary, details, use_cases, troubleshooting, failed, ok, .. } = action;
    let Category { title: category, module, .. } = category;
    let method = if action.method == "GET" { quote!(c::Method::Get) } else { quote!(c::Method::Post) };
    let kind = match action.kind.as_str() {
        "read" => quote!(c::Kind::Read),
        "write" => quote!(c::Kind::Write),
        _ => quote!(c::Kind::Destructive),
    };
    let tenant = match action.tenant.as_str() {
        "none" => quote!(c::TenantMode::None),
        "optional" => quote!(c::TenantMode::Optional),
        "single" => quote!(c::TenantMode::Single),
        "many" => quote!(c::TenantMode::Many),
        "all" => quote!(c::TenantMode::All),
        _ => quote!(c::TenantMode::AllQueued),
    };
    let completion = match action.completion.as_str() {
        "queued" => quote!(c::Completion::Queued),
        "scheduled" => quote!(c::Completion::Scheduled),
        "ticket" => quote!(c::Completion::Ticket),
        _ => quote!(c::Completion::Immediate),
    };
    let properties = action.properties.iter().map(|property| self::property(api, property));
    let fixed = action.fixed.iter().map(self::fixed);
    let outputs = outputs(api, action);
    let rows = action.rows.iter().map(|row| {
        let (field, starts) = (&row.field, &row.starts);
        let means = if row.failed { quote!(c::RowMeaning::Failed) } else { quote!(c::RowMeaning::Queued) };
        quote! { c::RowRule { field: #field, starts: #starts, means: #means } }
    });
    let paging = match &action.paging {
        None => quote!(None),
        Some(paging) => {
            let (next, place, with) = (&paging.next, place(paging.place), paging.with.iter().map(self::fixed));
            quote!(Some(c::Paging { next: #next, place: #place, with: &[#(#with),*] }))
        }
    };
    quote! {
        pub(crate) static #ident: c::Action = c::Action {
            name: #name,
            title: #title,
            category: #category,
            module: #module,
            call: #call,
            method: #method,
            path: #path,
            kind: #kind,
            role: #role,
            tenant: #tenant,
            completion: #completion,
            summary: #summary,
            details: #details,
            use_cases: &[#(#use_cases),*],
            troubleshooting: &[#(#troubleshooting),*],
            properties: &[#(#properties),*],
            fixed: &[#(#fixed),*],
            outputs: #outputs,
            rows: &[#(#rows),*],
            outcome: c::OutcomeRule { failed: &[#(#failed),*], ok: &[#(#ok),*] },
            paging: #paging,
        };
    }
}

fn fixed(property: &FixedProperty) -> TokenStream {
    let (name, place) = (&property.wire, place(property.place));
    let value = match &property.value {
        Fixed::Bool(value) => quote!(c::FixedValue::Bool(#value)),
        Fixed::Int(value) => quote!(c::FixedValue::Int(#value)),
        Fixed::Text(value) => quote!(c::FixedValue::Text(#value)),
    };
    quote! { c::Fixed { name: #name, place: #place, value: #value } }
}

fn place(place: Place) -> TokenStream {
    match place {
        Place::Query => quote!(c::Place::Query),
        Place::Body => quote!(c::Place::Body),
        Place::QueryAndBody => quote!(c::Place::QueryAndBody),
        Place::Root => quote!(c::Place::Root),
    }
}

fn property(api: &Api, property: &Property) -> TokenStream {
    let Property { required, secret, send_false, default, label, sample, field, .. } = property;
    let (name, rust, doc, ty) = (&field.wire, &field.rust, &field.doc, tokens::described(api, &field.ty));
    let place = place(property.place);
    let form = match property.form {
        Form::Plain => quote!(c::Form::Plain),
        Form::LabelValue => quote!(c::Form::LabelValue),
        Form::JsonText => quote!(c::Form::JsonText),
        Form::Csv => quote!(c::Form::Csv),
        Form::Lines => quote!(c::Form::Lines),
        Form::Text => quote!(c::Form::Text),
    };
    quote! {
        c::Property {
            name: #name,
            rust: #rust,
            ty: #ty,
            place: #place,
            form: #form,
            required: #required,
            secret: #secret,
            send_false: #send_false,
            doc: #doc,
            default: #default,
            label: #label,
            sample: #sample,
        }
    }
}

fn outputs(api: &Api, action: &Action) -> TokenStream {
    let shape = match &action.outputs.shape {
        Shape::Results => quote!(c::OutputShape::Results),
        Shape::List(ty) => {
            let ty = tokens::described(api, ty);
            quote!(c::OutputShape::List(#ty))
        }
        Shape::Object(ty) => {
            let ty = tokens::described(api, ty);
            quote!(c::OutputShape::Object(#ty))
        }
        Shape::Value => quote!(c::OutputShape::Value),
        Shape::Text => quote!(c::OutputShape::Text),
        Shape::Bytes => quote!(c::OutputShape::Bytes),
        Shape::Redirect => quote!(c::OutputShape::Redirect),
    };
    let (enveloped, doc) = (action.outputs.enveloped, &action.outputs.doc);
    quote! { c::Outputs { shape: #shape, enveloped: #enveloped, doc: #doc } }
}
