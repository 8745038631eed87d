//! The commands that hold the specification against what there is: read, compare, say.

use cipp_codegen::{Spec, conform, coverage, diff, import, lock, read, surface, upstream};
use std::fs;
use std::path::{Path, PathBuf};

/// Prints what a command has to say besides its failure.
pub(crate) fn show(text: &str) {
    use std::io::Write as _;
    // A reader that has seen enough closes the pipe; that is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Writes a file.
pub(crate) fn save(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// Holds the requests against the official description.
pub(crate) fn conform(dir: &Path, openapi: &Path, propose: bool, write: bool) -> Result<String, String> {
    let mut spec = Spec::load(dir, None).sound()?;
    let list = read::read_deviations(dir, &mut spec.sources, &mut spec.diagnostics);
    let mut spec = spec.sound()?;
    let description = upstream::read(openapi)?;
    let found = conform::conform(&spec.api, &conform::Reasons::of(&spec.document), &description)?;
    if propose {
        let text = conform::propose(&list, &found);
        if !write {
            return Ok(text);
        }
        save(&dir.join("deviations.yaml"), &text)?;
        return Ok(conform::summary(&found));
    }
    conform::check(&spec.document, &list, &found, &mut spec.diagnostics);
    let summary = conform::summary(&found);
    if spec.diagnostics.is_empty() {
        return Ok(format!("{summary}{} deviations, each with its reason: nothing wrong\n", found.len()));
    }
    show(&summary);
    let count = spec.diagnostics.len();
    let plural = if count == 1 { "deviation" } else { "deviations" };
    Err(format!(
        "{}{count} {plural} without reason, or reasons without deviation\n",
        spec.diagnostics.render(&spec.sources)
    ))
}

/// Counts what the output types name of captured answers.
pub(crate) fn coverage(dir: &Path, captures: &Path, json: bool, limits: coverage::Limits) -> Result<String, String> {
    let spec = Spec::load(dir, None).sound()?;
    let report = coverage::coverage(&spec.api, &coverage::read_folder(captures)?);
    let text = if json { report.json() } else { report.text() };
    let short = report.short_of(limits);
    if short.is_empty() {
        return Ok(text);
    }
    show(&text);
    Err(short.join("\n"))
}

/// What a description is compared with.
pub(crate) enum Old<'a> {
    /// Another description.
    File(&'a PathBuf),
    /// `upstream.lock`.
    Lock,
    /// The specification.
    Spec,
}

/// Says what differs.
pub(crate) fn diff(dir: &Path, old: &Old<'_>, new: &Path, json: bool, exit_code: bool) -> Result<String, String> {
    let description = upstream::read(new)?;
    let name = |path: &Path| path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut known = 0;
    let (found, from) = match old {
        Old::File(path) => (diff::diff(&upstream::read(path)?.facts(), &description.facts()), name(path)),
        Old::Lock => {
            let path = dir.join("upstream.lock");
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let facts = lock::read(&text).map_err(|message| format!("{}: {message}", path.display()))?;
            (diff::diff(&facts, &description.facts()), "upstream.lock".to_owned())
        }
        Old::Spec => {
            let mut spec = Spec::load(dir, None).sound()?;
            let list = read::read_deviations(dir, &mut spec.sources, &mut spec.diagnostics);
            let spec = spec.sound()?;
            let mut found = diff::diff(&diff::facts_of(&spec.api), &description.facts());
            known = diff::without_known(&mut found, &spec, &list);
            (found, "the specification".to_owned())
        }
    };
    let mut text = if json { diff::json(&found, &from, &name(new)) } else { diff::markdown(&found, &from, &name(new)) };
    if known > 0 && !json {
        text.push_str(&format!("\n{known} differences are known: overrides, and what stands in deviations.yaml.\n"));
    }
    if exit_code && !found.is_empty() {
        show(&text);
        return Err(format!("{} differs from {from}", name(new)));
    }
    Ok(text)
}

/// Drafts entries for new operations.
pub(crate) fn import(dir: &Path, openapi: &Path, write: bool) -> Result<String, String> {
    let spec = Spec::load(dir, None).sound()?;
    let plan = import::plan(&spec, &upstream::read(openapi)?);
    if !write {
        return Ok(plan.text());
    }
    // All files are made before the first is written.
    let mut files = Vec::new();
    for (module, addition) in &plan.files {
        let path = dir.join("actions").join(format!("{module}.yaml"));
        let text = match &addition.head {
            Some(head) => format!("{head}{}", addition.entries.join("\n")),
            None => {
                let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                import::insert(&text, &addition.entries).map_err(|message| format!("{}: {message}", path.display()))?
            }
        };
        files.push((path, text));
    }
    for (path, text) in &files {
        save(path, text)?;
    }
    let mut text =
        format!("{} entries in {} files. `cipp-codegen check` names what is left to you.\n", plan.count(), files.len());
    for note in &plan.notes {
        text.push_str(&format!("{note}\n"));
    }
    Ok(text)
}

/// Records the public items of the generated code, or says what is not recorded.
pub(crate) fn surface(dir: &Path, check: bool) -> Result<String, String> {
    let spec = Spec::load(dir, None).sound()?;
    let path = dir.join("surface.lock");
    let now = surface::surface(&spec.api)?;
    let before = fs::read_to_string(&path).unwrap_or_default();
    let changes = surface::changes(&before, &now);
    if !check {
        save(&path, &now)?;
        return Ok(changes.iter().map(|line| format!("{line}\n")).collect());
    }
    if changes.is_empty() {
        return Ok(String::new());
    }
    let shown: String = changes.iter().take(100).map(|line| format!("{line}\n")).collect();
    let more = changes.len().saturating_sub(100);
    let more = if more == 0 { String::new() } else { format!("... and {more} more\n") };
    Err(format!(
        "{shown}{more}{} does not record this: run `cipp-codegen surface`, and let the change be reviewed",
        path.display()
    ))
}
