//! From tokens to formatted files.

use crate::emit::{self, File, Part};
use crate::model::{Api, Body};
use crate::threads;
use proc_macro2::TokenStream;
use std::cmp::Reverse;
use std::fs;
use std::io;
use std::path::Path;

/// The code as text, formatted.
///
/// # Errors
/// When the tokens are no Rust, which is a fault of the generator and not of the specification.
pub fn format(tokens: TokenStream) -> Result<String, syn::Error> {
    let file: syn::File = syn::parse2(tokens)?;
    Ok(prettyplease::unparse(&file))
}

/// Writes all files into a folder. A file that is there already and the same is left alone.
///
/// Formatting takes most of the generator's time, so the files are shared out among the processors.
///
/// # Errors
/// A sentence about a file that could not be written.
pub fn write(api: &Api, dir: &Path) -> Result<(), String> {
    let mut parts = emit::parts(api);
    // The longest first, so that none is left over for one processor at the end.
    parts.sort_by_key(|part| Reverse(weight(api, *part)));
    threads::each(&parts, |part| write_part(api, *part, dir)).into_iter().collect()
}

/// How much there is to write, roughly: what has a name.
fn weight(api: &Api, part: Part<'_>) -> usize {
    let fields = |module: Option<&str>| -> usize {
        let defs = api.types.iter().filter(|def| def.module.as_deref() == module);
        defs.map(|def| match &def.body {
            Body::Struct(body) => body.fields.len(),
            Body::Choice(choice) => choice.values.len(),
        })
        .sum()
    };
    match part {
        Part::Types => fields(None),
        Part::Category(category) => {
            fields(Some(&category.module))
                + category.actions.iter().map(|action| action.properties.len()).sum::<usize>()
        }
        Part::Root => api.categories.len(),
    }
}

/// A file as text.
///
/// # Errors
/// When the tokens are no Rust, which is a fault of the generator and not of the specification.
pub fn text(file: File) -> Result<String, String> {
    let File { name, header: mut text, items } = file;
    for item in items {
        text.push_str(&format(item).map_err(|error| format!("the generator made no Rust of {name}: {error}"))?);
    }
    Ok(text)
}

fn write_part(api: &Api, part: Part<'_>, dir: &Path) -> Result<(), String> {
    let file = emit::emit_part(api, part);
    let path = dir.join(&file.name);
    put(&path, &text(file)?).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    match fs::read_to_string(path) {
        Ok(before) if before == text => Ok(()),
        _ => fs::write(path, text),
    }
}
