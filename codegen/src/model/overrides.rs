//! Where the specification differs from the official description: each difference has a reason, and each reason a difference.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{ActionDecl, Document, Text, Upstream};
use std::collections::BTreeMap;

/// Compares every action with its line in `upstream.lock`. Without the file there is nothing to compare with.
pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    if document.upstream.is_empty() {
        return;
    }
    let mut upstream: BTreeMap<&str, Vec<&Upstream>> = BTreeMap::new();
    for operation in &document.upstream {
        upstream.entry(&operation.endpoint).or_default().push(operation);
    }
    for action in document.categories.iter().flat_map(|category| &category.actions) {
        let endpoint = action.path.text.rsplit('/').next().unwrap_or_default();
        match upstream.get(endpoint) {
            Some(operations) => {
                // Where the description has both methods, ours is compared with its like.
                let same = operations.iter().find(|operation| operation.method == action.method.text);
                if let Some(operation) = same.or(operations.first()) {
                    compare(action, operation, diagnostics);
                }
            }
            // An endpoint that the description does not have may be newer than it. One that differs in case only is a mistake.
            None => {
                if let Some(known) = upstream.keys().find(|known| known.eq_ignore_ascii_case(endpoint)) {
                    diagnostics.push(
                        Diagnostic::new(
                            &action.path.at,
                            format!("the official description spells `{endpoint}` otherwise"),
                        )
                        .help(format!("it writes `{known}`")),
                    );
                }
            }
        }
    }
}

fn compare(action: &ActionDecl, operation: &Upstream, diagnostics: &mut Diagnostics) {
    one("method", &action.method, &operation.method, action.override_method.as_ref(), diagnostics);
    // What is no permission at all was told.
    if action.role.text.contains('.') || action.role.text == "Public" {
        one("role", &action.role, &operation.role, action.override_role.as_ref(), diagnostics);
    }
}

fn one(what: &str, ours: &Text, theirs: &str, reason: Option<&Text>, diagnostics: &mut Diagnostics) {
    match reason {
        None if ours.text != theirs && !ours.text.is_empty() => diagnostics.push(
            Diagnostic::new(&ours.at, format!("the official description has the {what} `{theirs}`"))
                .help(format!("take it, or say why not under `override: {{ {what}: ... }}`")),
        ),
        Some(reason) if ours.text == theirs => diagnostics.push(
            Diagnostic::new(
                &reason.at,
                format!("this override no longer applies: the official {what} is `{theirs}` too"),
            )
            .help("take it out"),
        ),
        _ => {}
    }
}
