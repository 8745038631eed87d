//! What the tests share: folders that go away, and specifications and descriptions to work on. Those in `tests/tools` and
//! `tests/bad_specs/base` are made up for the tests.

use cipp_codegen::Spec;
use cipp_codegen::upstream::{self, Description};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder below `tests`.
pub fn tests(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The small specification, the two descriptions of its API and the captures of the maintainers' commands.
pub fn tools() -> PathBuf {
    tests("tools")
}

pub fn text(name: &str) -> String {
    fs::read_to_string(tools().join(name)).unwrap().replace("\r\n", "\n")
}

pub fn description(name: &str) -> Description {
    upstream::parse(&text(name)).unwrap()
}

pub fn load(dir: &Path) -> Spec {
    Spec::load(dir, None).sound().unwrap_or_else(|text| panic!("{text}"))
}

/// The official description of CIPP, where the environment says where it is. Nothing of it is in this repository.
pub fn official(test: &str) -> Option<PathBuf> {
    let found = std::env::var_os("CIPP_OPENAPI").map(PathBuf::from);
    if found.is_none() {
        println!("NOT RUN: {test}: CIPP_OPENAPI does not say where the official description is");
    }
    found
}

/// The real specification, or `None` where the crate was packaged without it.
pub fn real() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    if path.is_dir() {
        return Some(path);
    }
    println!("spec/ is not there: this is the packaged crate, and the real specification was not looked at");
    None
}

/// A folder that is gone when the test is over.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cipp-codegen-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A specification without a category.
    pub fn bare() -> Self {
        let folder = Self::new();
        fs::create_dir_all(folder.spec().join("actions")).unwrap();
        fs::create_dir_all(folder.spec().join("types")).unwrap();
        fs::write(folder.spec().join("api.yaml"), "version: \"1.10\"\n").unwrap();
        folder
    }

    /// A copy of a specification.
    pub fn of(spec: &Path) -> Self {
        let folder = Self::new();
        copy(spec, &folder.spec());
        folder
    }

    /// A copy of the small specification of the maintainers' commands.
    pub fn small() -> Self {
        Self::of(&tools().join("spec"))
    }

    /// Where the copy of a specification is.
    pub fn spec(&self) -> PathBuf {
        self.0.join("spec")
    }

    /// Changes one place in a file of the specification.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.spec().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in {file}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is generated from a specification, by the name of the file.
pub fn generated(spec: &Path, modules: Option<&[String]>) -> BTreeMap<String, String> {
    let out = Folder::new();
    cipp_codegen::generate(spec, &out.0, modules).unwrap_or_else(|text| panic!("{text}"));
    let files = fs::read_dir(&out.0).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}
