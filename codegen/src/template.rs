//! The entry of a new action, to be filled in.

use crate::names::{Namer, is_pascal};

/// The entry, indented as it stands under `actions:`.
///
/// # Errors
/// When the name cannot be that of a type.
pub fn entry(action: &str) -> Result<String, String> {
    let namer = Namer::default();
    if !is_pascal(action) {
        let better = Some(namer.type_name(action)).filter(|better| is_pascal(better));
        let hint = better.map_or_else(String::new, |better| format!("; `{better}` can"));
        return Err(format!("`{action}` cannot be the name of a request type{hint}"));
    }
    let reads = action.starts_with("List") || action.starts_with("Get");
    let (method, kind, role, outputs) =
        if reads { ("GET", "read", "Read", "{ list: any }") } else { ("POST", "write", "ReadWrite", "results") };
    let call = namer.field(action);
    Ok(format!(
        "  {action}:\n    title: {action}\n    method: {method}\n    path: /api/{action}\n    call: {call}\n    kind: {kind}\n    \
         role: CIPP.Core.{role}\n    tenant: single\n    summary: What it does, in one sentence.\n    properties:\n      \
         tenantFilter: {{ type: Tenant, required: true, rust: tenant, doc: Customer tenant. }}\n    outputs: {outputs}\n    \
         source: Invoke-{action}.ps1\n"
    ))
}

/// Puts an entry at the end of the actions of a category file; everything else stays as it stands.
///
/// # Errors
/// When the file has no `actions:`.
pub fn insert(file: &str, entry: &str) -> Result<String, String> {
    let mut before = Vec::new();
    let mut after = Vec::new();
    let mut in_actions = false;
    let mut passed = false;
    for line in file.split_inclusive('\n') {
        let starts_section = line.chars().next().is_some_and(|first| !first.is_whitespace() && first != '#');
        if starts_section {
            passed |= in_actions;
            in_actions = line.starts_with("actions:");
        }
        if passed { after.push(line) } else { before.push(line) }
    }
    // Comments at the margin belong to the section that they stand before.
    while !after.is_empty()
        && let Some(last) = before.pop_if(|line| line.starts_with('#') || line.trim().is_empty())
    {
        after.insert(0, last);
    }
    if !passed && !in_actions {
        return Err("the file has no `actions:`".to_owned());
    }
    let before = before.concat();
    let after = after.concat();
    Ok(format!("{}\n\n{entry}\n{}", before.trim_end(), after.trim_start_matches(['\r', '\n'])).trim_end().to_owned()
        + "\n")
}
