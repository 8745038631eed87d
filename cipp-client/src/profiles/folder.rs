//! Where profiles are.

use std::path::PathBuf;

/// `$CIPP_CONFIG_DIR`, else the folder of this system for such files. `None` where there is no home.
///
/// `var` reads a variable. The password database is not asked: a service without `HOME` is meant to have none.
pub(super) fn folder(var: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let path = |name: &str| var(name).filter(|text| !text.trim().is_empty()).map(PathBuf::from);
    if let Some(chosen) = path("CIPP_CONFIG_DIR") {
        return Some(chosen);
    }
    let absolute = |name: &str| path(name).filter(|path| path.is_absolute());
    let parent = if cfg!(windows) {
        absolute("APPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library").join("Application Support"))
    } else {
        absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")))
    };
    parent.map(|parent| parent.join("cipp"))
}
