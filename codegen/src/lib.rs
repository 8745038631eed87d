//! The generator of cipp-client: from a YAML specification of the CIPP API to Rust code.
//!
//! Data goes one way, through stages that know only the one before:
//!
//! | stage | module | makes |
//! | --- | --- | --- |
//! | load | [`load`] | a tree of nodes out of YAML text; the only place that knows YAML |
//! | read | [`read`] | the [`document`]: keys known, kinds checked |
//! | resolve | [`model`] | the model: names made, types found, sense checked |
//! | emit | [`emit`] | tokens, a module for each kind of output |
//! | write | [`mod@write`] | formatted files |
//!
//! No stage stops at the first mistake: all of them are collected as [`Diagnostics`], with file, line, column and what to do.

#[cfg(feature = "cli")]
pub mod conform;
#[cfg(feature = "cli")]
pub mod coverage;
pub mod diagnostic;
#[cfg(feature = "cli")]
pub mod diff;
pub mod document;
pub mod emit;
#[cfg(feature = "cli")]
pub mod import;
pub mod keys;
#[cfg(feature = "cli")]
pub mod list;
pub mod load;
#[cfg(feature = "cli")]
pub mod lock;
pub mod model;
pub mod names;
pub mod read;
#[cfg(feature = "cli")]
pub mod schema;
#[cfg(feature = "cli")]
pub mod surface;
#[cfg(feature = "cli")]
pub mod template;
mod threads;
#[cfg(feature = "cli")]
pub mod upstream;
pub mod write;
#[cfg(feature = "cli")]
pub mod yaml;

use diagnostic::Diagnostics;
use load::Source;
use model::Api;
use std::env;
use std::path::{Path, PathBuf};

/// A specification that was read: the model, and what is wrong with it.
#[derive(Debug)]
pub struct Spec {
    /// The model. Sound only where there are no diagnostics.
    pub api: Api,
    /// The document that it was made of.
    pub document: document::Document,
    /// What is wrong.
    pub diagnostics: Diagnostics,
    /// The files that were read.
    pub sources: Vec<Source>,
}

impl Spec {
    /// Reads and resolves the specification in a folder: all of it, or these modules only.
    #[must_use]
    pub fn load(dir: &Path, modules: Option<&[String]>) -> Self {
        let mut diagnostics = Diagnostics::default();
        let (document, sources) = read::read_spec(&read::Request { dir, modules }, &mut diagnostics);
        let api = model::resolve(&document, &mut diagnostics);
        Self { api, document, diagnostics, sources }
    }

    /// The specification, if nothing is wrong with it.
    ///
    /// # Errors
    /// All diagnostics as text.
    pub fn sound(self) -> Result<Self, String> {
        if self.diagnostics.is_empty() {
            return Ok(self);
        }
        let count = self.diagnostics.len();
        let plural = if count == 1 { "mistake" } else { "mistakes" };
        Err(format!("{}{count} {plural} in the specification\n", self.diagnostics.render(&self.sources)))
    }
}

/// Generates the code of the specification in `dir` into `out`: all of it, or these modules only.
///
/// # Errors
/// All diagnostics as text, or a sentence about a file that could not be written.
pub fn generate(dir: &Path, out: &Path, modules: Option<&[String]>) -> Result<(), String> {
    let spec = Spec::load(dir, modules).sound()?;
    write::write(&spec.api, out)
}

/// The whole build script of cipp-client: generates the categories whose features are enabled into `OUT_DIR`.
///
/// A mistake in the specification ends the build with its diagnostics, before rustc sees anything.
///
/// # Errors
/// What is wrong, as text for the person who builds.
pub fn build(spec_dir: &str) -> Result<(), String> {
    println!("cargo::rerun-if-changed={spec_dir}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this runs in a build script only")?);
    let modules: Vec<String> =
        env::vars().filter_map(|(name, _)| Some(name.strip_prefix("CARGO_FEATURE_")?.to_lowercase())).collect();
    generate(Path::new(spec_dir), &out, Some(&modules))
}
