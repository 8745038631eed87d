//! Reads the list of deviations.

use super::files::Reader;
use super::table::{Placed, Table, entries_of};
use crate::diagnostic::Diagnostics;
use crate::document::DeviationDecl;
use crate::keys;
use crate::load::{Node, Source, Step};
use std::path::Path;

/// Reads `deviations.yaml`, where it is there, and adds it to the sources.
pub fn read_deviations(dir: &Path, sources: &mut Vec<Source>, diagnostics: &mut Diagnostics) -> Vec<DeviationDecl> {
    let path = dir.join("deviations.yaml");
    if !path.exists() {
        return Vec::new();
    }
    let mut reader = Reader { dir, sources: std::mem::take(sources), diagnostics };
    let found = reader.file(&path, deviations);
    *sources = reader.sources;
    found.unwrap_or_default()
}

fn deviations(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<DeviationDecl>> {
    let mut table = Table::new(placed, keys::DEVIATIONS, "deviations.yaml", diagnostics)?;
    let entries = table.list("deviations");
    Some(entries.iter().filter_map(|entry| deviation(entry, diagnostics)).collect())
}

fn deviation(placed: &Placed<'_>, diagnostics: &mut Diagnostics) -> Option<DeviationDecl> {
    let mut table = Table::new(placed, keys::DEVIATION, "a deviation", diagnostics)?;
    let differs = table.one_of("differs", keys::ASPECTS)?;
    let (ours, official) = (table.words("ours"), table.words("official"));
    // A reason that is left to do is told by the command that needs it; drafts are read, too.
    let reason = table.get("reason")?;
    let covers = table.get("covers")?;
    let text = super::table::text_of(&reason, "reason", diagnostics)?;
    let reason = crate::document::Text { text, at: reason.at };
    let mut found = Vec::new();
    for (action, placed) in entries_of(&covers, "covers", diagnostics) {
        let Node::List(items) = placed.node else {
            super::table::wrong_kind(diagnostics, &placed.at, &action.text, "a list of texts", placed.node);
            continue;
        };
        let texts = items.iter().enumerate().filter_map(|(number, node)| {
            let item = placed.child(node, Step::Item(number));
            let text = super::table::text_of(&item, &action.text, diagnostics)?;
            Some(crate::document::Text { text, at: item.at })
        });
        let texts = texts.collect();
        found.push((action, texts));
    }
    Some(DeviationDecl { differs, ours, official, reason, covers: found })
}
