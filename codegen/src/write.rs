//! From tokens to formatted files.

use crate::emit::{self, Part};
use crate::model::Api;
use proc_macro2::TokenStream;
use std::fs;
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

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
/// A sentence about the first file that could not be written.
pub fn write(api: &Api, dir: &Path) -> Result<(), String> {
    let parts = emit::parts(api);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(number) else { return done };
            done.push((number, write_part(api, *part, dir)));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(parts.len());
    let mut done: Vec<(usize, Result<(), String>)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().try_for_each(|(_, result)| result)
}

fn write_part(api: &Api, part: Part<'_>, dir: &Path) -> Result<(), String> {
    let file = emit::emit_part(api, part);
    let code = format(file.tokens).map_err(|error| format!("the generator made no Rust of {}: {error}", file.name))?;
    let path = dir.join(&file.name);
    put(&path, &format!("{}{code}", file.header))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    match fs::read_to_string(path) {
        Ok(before) if before == text => Ok(()),
        _ => fs::write(path, text),
    }
}
