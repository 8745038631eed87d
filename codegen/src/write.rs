//! From tokens to formatted files.

use crate::emit::File;
use proc_macro2::TokenStream;
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

/// Writes the files into a folder. A file that is there already and the same is left alone.
///
/// # Errors
/// A sentence about the file that could not be written.
pub fn write(files: Vec<File>, dir: &Path) -> Result<(), String> {
    for file in files {
        let code =
            format(file.tokens).map_err(|error| format!("the generator made no Rust of {}: {error}", file.name))?;
        let text = format!("{}{code}", file.header);
        let path = dir.join(&file.name);
        put(&path, &text).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    Ok(())
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    match fs::read_to_string(path) {
        Ok(before) if before == text => Ok(()),
        _ => fs::write(path, text),
    }
}
