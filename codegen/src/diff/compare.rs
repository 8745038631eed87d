//! Compares facts with facts.

use super::{Added, Changed, Diff, Renamed};
use crate::upstream::{Facts, Property};
use std::collections::{BTreeMap, BTreeSet};

/// How alike two names must be to be taken for one that was changed.
const ALIKE: f64 = 0.8;

/// Comparing each name with each costs the product of their numbers; beyond this, only capitals are looked at.
const PAIRS: usize = 250_000;

/// What differs from old to new.
#[must_use]
pub fn diff(old: &[Facts], new: &[Facts]) -> Diff {
    let (before, after) = (by_endpoint(old), by_endpoint(new));
    let gone: Vec<&str> = before.keys().copied().filter(|endpoint| !after.contains_key(endpoint)).collect();
    let fresh: Vec<&str> = after.keys().copied().filter(|endpoint| !before.contains_key(endpoint)).collect();
    let mut found = Diff { counts: (old.len(), new.len()), renamed: renames(&gone, &fresh), ..Diff::default() };
    for (endpoint, operations) in &after {
        match before.get(endpoint) {
            Some(previous) => {
                found.shared += 1;
                let changed = operation(endpoint, previous, operations);
                found.changed.extend(Some(changed).filter(|changed| !changed.is_empty()));
            }
            None => found.added.push(Added {
                endpoint: (*endpoint).to_owned(),
                method: joined(operations, |facts| &facts.method),
                role: joined(operations, |facts| &facts.role),
            }),
        }
    }
    for endpoint in gone {
        let method = before.get(endpoint).map(|operations| joined(operations, |facts| &facts.method));
        found.removed.push((endpoint.to_owned(), method.unwrap_or_default()));
    }
    found
}

fn by_endpoint(facts: &[Facts]) -> BTreeMap<&str, Vec<&Facts>> {
    let mut found: BTreeMap<&str, Vec<&Facts>> = BTreeMap::new();
    for one in facts {
        found.entry(&one.endpoint).or_default().push(one);
    }
    found
}

/// Each of its values once.
fn joined<'f>(operations: &[&'f Facts], value: impl Fn(&'f Facts) -> &'f String) -> String {
    let values: BTreeSet<&str> =
        operations.iter().map(|facts| value(facts).as_str()).filter(|value| !value.is_empty()).collect();
    values.into_iter().collect::<Vec<_>>().join(", ")
}

/// Which of the names that are gone became which of those that are new: first by case, then by likeness.
fn renames(gone: &[&str], fresh: &[&str]) -> Vec<Renamed> {
    let mut found: Vec<Renamed> = Vec::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let alike = gone.len().saturating_mul(fresh.len()) <= PAIRS;
    for case in [true, false].into_iter().filter(|case| *case || alike) {
        for from in gone {
            if found.iter().any(|known| known.from == *from) {
                continue;
            }
            let free = fresh.iter().copied().filter(|to| !taken.contains(to));
            let to =
                if case { free.into_iter().find(|to| to.eq_ignore_ascii_case(from)) } else { most_alike(from, free) };
            if let Some(to) = to {
                taken.insert(to);
                found.push(Renamed { from: (*from).to_owned(), to: to.to_owned(), case });
            }
        }
    }
    found.sort_by(|one, other| one.from.cmp(&other.from));
    found
}

fn most_alike<'n>(name: &str, among: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    // Long names take long to compare, and are nobody's.
    let sensible = |text: &str| text.len() <= 200;
    // Where lengths differ by more than likeness allows, nothing need be compared.
    let near = |other: &str| {
        let (short, long) = (name.len().min(other.len()), name.len().max(other.len()));
        short * 5 >= long * 4 || is_end(name, other) || is_end(other, name)
    };
    let mut best: Option<(f64, &str)> = None;
    for other in among.filter(|other| sensible(other) && sensible(name) && near(other)) {
        let other_lower = other.to_lowercase();
        let alike = match is_end(&lower, &other_lower) || is_end(&other_lower, &lower) {
            true => 1.0,
            false => strsim::normalized_levenshtein(&lower, &other_lower),
        };
        if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) {
            best = Some((alike, other));
        }
    }
    best.map(|(_, name)| name)
}

/// Whether a name is another with a word before it: `invoke-ListThings`.
fn is_end(name: &str, end: &str) -> bool {
    end.len() > 3 && name.strip_suffix(end).is_some_and(|before| before.ends_with(['-', '_', '.']))
}

fn operation(endpoint: &str, old: &[&Facts], new: &[&Facts]) -> Changed {
    let mut changed = Changed { endpoint: endpoint.to_owned(), ..Changed::default() };
    let differing = |value: fn(&Facts) -> &String| {
        let (before, after) = (joined(old, value), joined(new, value));
        (before != after).then_some((before, after))
    };
    changed.method = differing(|facts| &facts.method);
    // Where one of the two says no permission, nothing is known to have changed.
    changed.role = differing(|facts| &facts.role).filter(|(before, after)| !before.is_empty() && !after.is_empty());
    let open = |operations: &[&Facts]| operations.iter().any(|facts| facts.open);
    changed.open = (open(old) != open(new)).then(|| (open(old), open(new)));
    properties(&merged(old), &merged(new), &mut changed);
    changed
}

type Properties<'f> = BTreeMap<(bool, &'f str), &'f Property>;

/// The properties of all operations of an endpoint.
fn merged<'f>(operations: &[&'f Facts]) -> Properties<'f> {
    let mut found = Properties::new();
    for property in operations.iter().flat_map(|facts| &facts.properties) {
        found.entry((property.in_query, &property.path)).or_insert(property);
    }
    found
}

fn properties(old: &Properties<'_>, new: &Properties<'_>, changed: &mut Changed) {
    for (key @ (in_query, path), after) in new {
        if let Some(before) = old.get(key) {
            compare(before, after, changed);
        } else if let Some(before) = old.get(&(!in_query, path))
            && !new.contains_key(&(!in_query, path))
        {
            changed.moved.push(((*path).to_owned(), *in_query));
            compare(before, after, changed);
        }
    }
    let has_moved = |path: &str| changed.moved.iter().any(|(moved, _)| moved == path);
    let only_in = |here: &Properties<'_>, there: &Properties<'_>| -> Vec<Property> {
        let only = here.iter().filter(|(key, property)| !there.contains_key(*key) && !has_moved(&property.path));
        only.map(|(_, property)| (*property).clone()).collect()
    };
    let (mut removed, mut added) = (only_in(old, new), only_in(new, old));
    for in_query in [true, false] {
        let names = |of: &[Property]| -> Vec<String> {
            of.iter().filter(|property| property.in_query == in_query).map(|property| property.path.clone()).collect()
        };
        let (gone, fresh) = (names(&removed), names(&added));
        let (gone, fresh): (Vec<&str>, Vec<&str>) =
            (gone.iter().map(String::as_str).collect(), fresh.iter().map(String::as_str).collect());
        for renamed in renames(&gone, &fresh) {
            let is = |property: &Property, path: &str| property.in_query == in_query && property.path == path;
            let (before, after) = (
                removed.iter().find(|property| is(property, &renamed.from)).cloned(),
                added.iter().find(|property| is(property, &renamed.to)).cloned(),
            );
            removed.retain(|property| !is(property, &renamed.from));
            added.retain(|property| !is(property, &renamed.to));
            changed.renamed.push((in_query, renamed));
            if let (Some(before), Some(after)) = (before, after) {
                compare(&before, &after, changed);
            }
        }
    }
    changed.added = added;
    changed.removed = removed;
}

fn compare(before: &Property, after: &Property, changed: &mut Changed) {
    let Property { in_query, path, ty, required } = after;
    if before.ty != *ty {
        changed.types.push((*in_query, path.clone(), before.ty.clone(), ty.clone()));
    }
    if before.required != *required {
        changed.required.push((*in_query, path.clone(), *required));
    }
}
