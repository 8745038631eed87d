//! What the tests of the maintainers' commands share: a small specification, two descriptions of its API, and a few captures.
//! All of it is made up for these tests.

#![allow(dead_code, reason = "each test uses a part of it")]

use cipp_codegen::Spec;
use cipp_codegen::upstream::{self, Description};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("tools")
}

pub fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap().replace("\r\n", "\n")
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

/// A copy of a specification, gone when the test is over.
pub struct Copy(pub PathBuf);

impl Copy {
    pub fn of(spec: &Path) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("cipp-codegen-tools-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        copy(spec, &path.join("spec"));
        Self(path)
    }

    pub fn small() -> Self {
        Self::of(&folder().join("spec"))
    }

    pub fn spec(&self) -> PathBuf {
        self.0.join("spec")
    }

    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.spec().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in {file}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
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
