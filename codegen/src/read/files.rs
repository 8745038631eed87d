//! Reads the files of a specification.

use super::table::{Placed, Table};
use super::{actions, types};
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::document::{Api, Category, Document, TypeDecl, Upstream};
use crate::keys;
use crate::load::{self, Node, Position, Source};
use crate::threads;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The methods of the official description; ours are fewer.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Which part of the specification to read.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The folder.
    pub dir: &'a Path,
    /// The modules to read; all of them where absent.
    pub modules: Option<&'a [String]>,
}

/// A file that was read: its text, what YAML makes of it, and whether its text must be asked what YAML was told; or what is wrong
/// with it and where.
type Raw = Result<(Source, Result<Node, load::Fault>, bool), (Source, Position, String)>;

/// Reads the specification. The sources are returned even where it is full of mistakes: diagnostics point into them.
pub fn read_spec(request: &Request<'_>, diagnostics: &mut Diagnostics) -> (Document, Vec<Source>) {
    let dir = request.dir;
    let is_meant = |path: &PathBuf| {
        let named = |modules: &[String]| {
            path.file_stem().is_some_and(|stem| modules.iter().any(|module| module.as_str() == stem))
        };
        request.modules.is_none_or(named)
    };
    let actions = files(dir, "actions").map(|found| found.into_iter().filter(is_meant).collect::<Vec<_>>());
    let types = files(dir, "types");
    // YAML takes the most of it, and one file knows nothing of another.
    let paths: Vec<PathBuf> = [dir.join("api.yaml")]
        .into_iter()
        .chain(actions.iter().flatten().cloned())
        .chain(types.iter().flatten().cloned())
        .collect();
    let mut raw = threads::each(&paths, |path| read_raw(dir, path)).into_iter();
    let mut reader = Reader { dir, sources: Vec::new(), diagnostics };
    let mut document = Document::default();
    if let Some(api) = raw.next().and_then(|raw| reader.parsed(raw, read_api)) {
        document.api = api;
    }
    for (path, raw) in reader.found("actions", actions).iter().zip(&mut raw) {
        if let Some(category) = reader.parsed(raw, read_category) {
            reader.check_file_name(path, &category);
            document.categories.push(category);
        }
    }
    for (_, raw) in reader.found("types", types).iter().zip(raw) {
        document.types.extend(reader.parsed(raw, read_types).into_iter().flatten());
    }
    document.upstream = reader.upstream();
    (document, reader.sources)
}

/// The YAML files of a folder, by name.
fn files(dir: &Path, folder: &str) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir.join(folder))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"))
        .collect();
    found.sort();
    Ok(found)
}

fn read_raw(dir: &Path, path: &Path) -> Raw {
    let source = load::read(path, &name_of(dir, path))?;
    let node = load::parse(&source.text);
    let doubtful = load::is_doubtful(&source.text);
    Ok((source, node, doubtful))
}

/// A file's name from the folder of the specification on, the same on every machine.
fn name_of(dir: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(dir).unwrap_or(path);
    let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    format!("spec/{}", parts.join("/"))
}

pub(super) struct Reader<'a, 'd> {
    pub(super) dir: &'a Path,
    pub(super) sources: Vec<Source>,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl Reader<'_, '_> {
    /// The files of a folder, once more; that they could not be listed is noted.
    fn found(&mut self, folder: &str, found: io::Result<Vec<PathBuf>>) -> Vec<PathBuf> {
        found.unwrap_or_else(|error| {
            let name = name_of(self.dir, &self.dir.join(folder));
            let file = self.source(Source { name, text: String::new() });
            let message = format!("the folder {}", load::unreadable(&error));
            self.diagnostics.push(Diagnostic::in_text(file, Position::START, message));
            Vec::new()
        })
    }

    /// Reads a file; what is wrong with it is noted.
    #[cfg(feature = "cli")]
    pub(super) fn file<T>(
        &mut self,
        path: &Path,
        read: impl FnOnce(&Placed<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        self.parsed(read_raw(self.dir, path), read)
    }

    /// Gives what YAML made of a file its meaning; what is wrong with it is noted.
    fn parsed<T>(&mut self, raw: Raw, read: impl FnOnce(&Placed<'_>, &mut Diagnostics) -> Option<T>) -> Option<T> {
        let (source, node, doubtful) = match raw {
            Ok(read) => read,
            Err((source, position, message)) => {
                let file = self.source(source);
                let mut diagnostic = Diagnostic::in_text(file, position, format!("the file {message}"));
                if message.contains("UTF-8") || message.contains("control character") {
                    diagnostic = diagnostic.help("save it as text in UTF-8");
                }
                self.diagnostics.push(diagnostic);
                return None;
            }
        };
        let file = self.source(source);
        match node {
            Ok(Node::Null) => {
                self.diagnostics.push(Diagnostic::in_text(file, Position::START, "the file is empty"));
                None
            }
            Ok(node) => {
                let doubtful = self.sources.get(file).filter(|_| doubtful).map(|source| source.text.as_str());
                read(&Placed { node: &node, at: At { file, path: Vec::new() }, doubtful }, self.diagnostics)
            }
            Err(error) => {
                let text = self.sources.get(file).map_or("", |source| source.text.as_str());
                let (position, message) = load::explain(&error, text);
                let mut diagnostic =
                    Diagnostic::in_text(file, position, format!("this is not the YAML it should be: {message}"));
                if let Some(help) = load::remedy(&message) {
                    diagnostic = diagnostic.help(help);
                }
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// The file that build scripts look for is named after the module.
    fn check_file_name(&mut self, path: &Path, category: &Category) {
        let module = &category.module;
        // A module that is no name is told later.
        let is_name = !module.text.is_empty() && !module.text.chars().any(char::is_uppercase);
        if is_name && path.file_stem().is_none_or(|stem| stem != module.text.as_str()) {
            let message = format!("the module is `{}`, but the file has another name", module.text);
            let help = format!("name the file {}.yaml: it is found by the name of the feature", module.text);
            self.diagnostics.push(Diagnostic::new(&module.at, message).help(help));
        }
    }

    /// The lines of `upstream.lock`, where the file is there.
    fn upstream(&mut self) -> Vec<Upstream> {
        let path = self.dir.join("upstream.lock");
        if !path.exists() {
            return Vec::new();
        }
        let name = name_of(self.dir, &path);
        let source = match load::read(&path, &name) {
            Ok(source) => source,
            Err((source, position, message)) => {
                let file = self.source(source);
                self.diagnostics.push(Diagnostic::in_text(file, position, format!("the file {message}")));
                return Vec::new();
            }
        };
        let text = source.text.clone();
        let file = self.source(source);
        let mut found = Vec::new();
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                [endpoint, method, role, ..]
                    if METHODS.contains(method) && !endpoint.is_empty() && !role.is_empty() =>
                {
                    found.push(Upstream {
                        endpoint: (*endpoint).to_owned(),
                        method: (*method).to_owned(),
                        role: (*role).to_owned(),
                    })
                }
                _ => self.diagnostics.push(
                    Diagnostic::in_text(
                        file,
                        Position { line: number + 1, column: 1 },
                        "a line of the lock file is: endpoint, method, role, properties",
                    )
                    .help("the file is generated: cipp-codegen lock OPENAPI"),
                ),
            }
        }
        found
    }

    fn source(&mut self, source: Source) -> usize {
        self.sources.push(source);
        self.sources.len() - 1
    }
}

fn read_api(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<Api> {
    let mut table = Table::new(placed, keys::API, "api.yaml", diagnostics)?;
    let version = table.words("version");
    let words = table.texts("words").into_iter().map(|word| word.text).collect();
    Some(Api { version, words })
}

fn read_category(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<Category> {
    let mut table = Table::new(placed, keys::CATEGORY, "a category", diagnostics)?;
    let title = table.needed("category");
    let module = table.needed("module");
    let summary = table.words("summary");
    let action_nodes = table.map("actions");
    let type_nodes = table.map("types");
    let actions =
        action_nodes.into_iter().filter_map(|(name, placed)| actions::action(name, &placed, diagnostics)).collect();
    let types =
        type_nodes.into_iter().filter_map(|(name, placed)| types::type_decl(name, &placed, diagnostics)).collect();
    Some(Category { title, module, summary, actions, types })
}

fn read_types(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<TypeDecl>> {
    let mut table = Table::new(placed, keys::TYPES, "a file of types", diagnostics)?;
    let nodes = table.map("types");
    Some(nodes.into_iter().filter_map(|(name, placed)| types::type_decl(name, &placed, diagnostics)).collect())
}
