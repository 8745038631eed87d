//! From the rows of a file, the tenants and the flags to requests. Nothing is sent before all of it is found right.

use super::cell;
use super::mistakes::Mistakes;
use super::table::{Cell, Row, Table};
use crate::act::input::names;
use crate::args::flag_of;
use crate::failure::Failure;
use cipp_client::catalogue::{Action, Property, Type};
use cipp_client::{ActionRequest, Request as _};
use serde_json::{Map, Value};

/// One call to be made.
#[derive(Debug)]
pub struct Call {
    /// The request.
    pub request: ActionRequest,
    /// The tenant that it is about; may be empty.
    pub tenant: String,
}

/// What a column gives: a property, or something inside it.
struct Target {
    property: &'static Property,
    path: Vec<String>,
}

/// The property with which an action is told its tenant.
pub fn tenant_property(action: &'static Action) -> Result<&'static Property, Failure> {
    let properties = action.properties;
    let one = properties.iter().find(|property| matches!(property.ty, Type::Tenant));
    one.or_else(|| properties.iter().find(|property| matches!(property.ty, Type::List(Type::Tenant)))).ok_or_else(
        || {
            let failure = Failure::usage(format!("{} cannot be called tenant by tenant", action.title));
            match properties.iter().find(|property| property.rust == "tenants") {
                Some(property) => failure.hint(format!("it takes a list of tenants: --{}", flag_of(property))),
                None => failure.hint("it takes no tenant"),
            }
        },
    )
}

/// One call for each tenant, all else from the flags.
pub fn for_tenants(
    action: &'static Action,
    base: &Map<String, Value>,
    tenants: &[String],
) -> Result<Vec<Call>, Failure> {
    let property = tenant_property(action)?;
    tenants
        .iter()
        .map(|tenant| {
            let request = ActionRequest::new(action).with_all(with(base, property, Value::from(tenant.as_str())))?;
            crate::act::input::check_complete(&request)?;
            request.parts()?;
            Ok(Call { request, tenant: tenant.clone() })
        })
        .collect()
}

/// One call for each row, or for each row and tenant.
pub fn of_table(
    action: &'static Action,
    base: &Map<String, Value>,
    table: &Table,
    tenants: Option<&[String]>,
    mut mistakes: Mistakes,
) -> Result<Vec<Call>, Failure> {
    let targets = targets(action, table, &mut mistakes);
    let tenant = tenant_property(action).ok();
    if let (Some(tenant), Some(_)) = (tenant, tenants)
        && targets.iter().flatten().any(|target| std::ptr::eq(target.property, tenant))
    {
        return Err(Failure::usage(format!(
            "{} names the tenant of each row, and so do --tenants and --all-tenants",
            table.name
        )));
    }
    let mut calls = Vec::new();
    for row in &table.rows {
        let Some(values) = values(action, base, row, table, &targets, &mut mistakes) else { continue };
        // Without tenants of its own, each row is one call.
        let stand_in = [String::new()];
        for name in tenants.unwrap_or(&stand_in) {
            let values = match tenant.filter(|_| tenants.is_some()) {
                Some(property) => with(&values, property, Value::from(name.as_str())),
                None => values.clone(),
            };
            match request(action, values) {
                Ok(request) => {
                    let tenant = tenant.and_then(|property| request.text(property.rust)).unwrap_or_default();
                    calls.push(Call { request, tenant });
                }
                Err(what) => {
                    mistakes.add(row.line, None, what);
                    break;
                }
            }
        }
    }
    mistakes.into_result(&table.name)?;
    Ok(calls)
}

/// What each column gives; nothing where that is unknown.
fn targets(action: &'static Action, table: &Table, mistakes: &mut Mistakes) -> Vec<Option<Target>> {
    let mut targets: Vec<Option<Target>> = Vec::with_capacity(table.columns.len());
    for (number, column) in (1..).zip(&table.columns) {
        let place = Some((number, column.name.as_str()));
        let target = target(action, &column.name);
        let same = |known: &&Option<Target>| {
            let known = known.as_ref().zip(target.as_ref());
            known.is_some_and(|(known, target)| {
                std::ptr::eq(known.property, target.property) && known.path == target.path
            })
        };
        if target.is_none() {
            mistakes.add(column.line, place, unknown(action, &column.name));
        }
        let twice = table.has_head && targets.iter().any(|known| same(&known));
        if twice {
            mistakes.add(column.line, place, "another column gives the same property");
        }
        targets.push(target.filter(|_| !twice));
    }
    targets
}

fn target(action: &'static Action, column: &str) -> Option<Target> {
    let find = |name: &str| {
        let name = name.trim_start_matches("--");
        let properties = action.properties;
        let exact = properties.iter().find(|property| property.name == name || property.rust == name);
        exact.or_else(|| {
            properties.iter().find(|property| names(property, name) || flag_of(property).eq_ignore_ascii_case(name))
        })
    };
    // A name may hold dots of its own.
    if let Some(property) = find(column) {
        return Some(Target { property, path: Vec::new() });
    }
    let (first, rest) = column.split_once('.')?;
    let path = rest.split('.').map(str::to_owned).collect();
    find(first).map(|property| Target { property, path })
}

fn unknown(action: &Action, column: &str) -> String {
    if column.is_empty() {
        return "the column has no name".to_owned();
    }
    let lower = column.to_ascii_lowercase();
    let near = action
        .properties
        .iter()
        .map(|property| (strsim::osa_distance(&property.name.to_ascii_lowercase(), &lower), property.name))
        .min();
    match near {
        Some((distance, name)) if distance <= column.len().max(3) / 3 => {
            format!("{} has no such property; did you mean {name}?", action.title)
        }
        _ => {
            let names: Vec<&str> = action.properties.iter().map(|property| property.name).collect();
            format!("{} has no such property; there are {}", action.title, names.join(", "))
        }
    }
}

/// The values of a row over those of the flags; nothing when a cell is wrong.
fn values(
    action: &'static Action,
    base: &Map<String, Value>,
    row: &Row,
    table: &Table,
    targets: &[Option<Target>],
    mistakes: &mut Mistakes,
) -> Option<Map<String, Value>> {
    let mut values = base.clone();
    // The first column of each property, and whether its value can be checked.
    let mut given: Vec<(usize, &'static Property, bool)> = Vec::new();
    for (index, cell) in &row.cells {
        let Some(Some(target)) = targets.get(*index) else { continue };
        let property = target.property;
        let at = given.iter().position(|(_, other, _)| std::ptr::eq(*other, property)).unwrap_or_else(|| {
            given.push((*index, property, true));
            given.len() - 1
        });
        let known = given.len() - 1 != at || given.get(at).is_some_and(|(first, ..)| first != index);
        if let Err(what) = set(&mut values, target, cell, known) {
            mistakes.add(row.line, place(table, *index), what);
            if let Some((_, _, right)) = given.get_mut(at) {
                *right = false;
            }
        }
    }
    let mut all_right = row.cells.iter().all(|(index, _)| matches!(targets.get(*index), Some(Some(_))));
    // Each property by itself, so that each mistake is found, and its column with it.
    for (index, property, right) in given {
        let checked = values
            .get(property.name)
            .filter(|_| right)
            .map(|value| ActionRequest::new(action).with(property.name, value.clone()));
        match checked {
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                mistakes.add(row.line, place(table, index), words(&error));
                all_right = false;
            }
            None => all_right = false,
        }
    }
    all_right.then_some(values)
}

/// Puts a cell where it belongs. `known`: an earlier column gave a part of the same property.
fn set(values: &mut Map<String, Value>, target: &Target, cell: &Cell, known: bool) -> Result<(), String> {
    let property = target.property;
    let wrong = |wanted: &str| match cell {
        Cell::Text(text) if !property.secret => format!("this should be {wanted}, not '{}'", shorten(text)),
        _ => format!("this should be {wanted}"),
    };
    if target.path.is_empty() && known {
        return Err("another column gives the same property".to_owned());
    }
    let value = match cell {
        Cell::Json(value) => value.clone(),
        Cell::Text(text) => cell::value(cell::type_at(property.ty, &target.path), text).map_err(wrong)?,
    };
    if !known {
        // A flag gave the whole; a column inside it changes a part.
        let before = values.keys().find(|name| names(property, name)).cloned().and_then(|name| values.remove(&name));
        values.insert(property.name.to_owned(), before.unwrap_or_default());
    }
    let whole = values.entry(property.name.to_owned()).or_insert(Value::Null);
    cell::put(whole, &target.path, value)
        .map_err(|found| format!("{} cannot be set: there is {found}", target.path.join(".")))
}

fn place(table: &Table, index: usize) -> Option<(usize, &str)> {
    table.columns.get(index).map(|column| (index + 1, column.name.as_str()))
}

/// The request of a row, ready to be sent.
fn request(action: &'static Action, values: Map<String, Value>) -> Result<ActionRequest, String> {
    let request = ActionRequest::new(action).with_all(values).map_err(|error| words(&error))?;
    let missing: Vec<&str> = request.missing().map(|property| property.name).collect();
    if !missing.is_empty() {
        return Err(format!("there is no {}", missing.join(", no ")));
    }
    // Such as all tenants, where the action takes one.
    request.parts().map_err(|error| words(&error))?;
    Ok(request)
}

/// The values with one of them set.
fn with(values: &Map<String, Value>, property: &Property, value: Value) -> Map<String, Value> {
    let mut values = values.clone();
    values.retain(|name, _| !names(property, name));
    values.insert(property.name.to_owned(), value);
    values
}

/// What an error says, without the name of the action, which is the same for all rows.
fn words(error: &cipp_client::Error) -> String {
    let text = error.to_string();
    text.strip_prefix(&format!("{}: ", error.operation())).unwrap_or(&text).to_owned()
}

fn shorten(text: &str) -> String {
    let text = crate::show::clean(text);
    if text.chars().count() > 40 { text.chars().take(39).chain(['…']).collect() } else { text }
}
