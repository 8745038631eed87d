//! What the value of a flag could be.

use super::kinds::{Kind, live};
use super::{Candidate, Offer};
use crate::args::{flag_of, kebab};
use cipp_client::catalogue::{self, Action, OutputShape, Property, Type};
use cipp_client::profiles::Profiles;
use clap::{Arg, ValueHint};

/// The flag that is asked about, and where it stands.
pub struct Asked<'a> {
    pub arg: &'a Arg,
    pub action: Option<&'static Action>,
    pub before: &'a [String],
}

/// What it could be, given what is typed of it.
pub fn offer(asked: &Asked<'_>, word: &str) -> Offer {
    let known = asked.arg.get_possible_values();
    if !known.is_empty() {
        let all = known.iter().map(|value| Candidate::new(value.get_name(), ""));
        return Offer::These(fitting(all.collect(), word));
    }
    let file = matches!(asked.arg.get_value_hint(), ValueHint::FilePath | ValueHint::DirPath | ValueHint::AnyPath);
    if file || (word.starts_with('@') && asked.arg.get_long().is_some()) {
        return Offer::Files;
    }
    // Of a list with commas, the last item is being typed.
    let (kept, part) = match word.rsplit_once(',').filter(|_| asked.arg.get_value_delimiter() == Some(',')) {
        Some((kept, part)) => (format!("{kept},"), part),
        None => (String::new(), word),
    };
    let taken: Vec<&str> = kept.split(',').collect();
    let mut found = fitting(all(asked), part);
    found.retain(|one| !taken.contains(&one.value.as_str()));
    Offer::These(found.into_iter().map(|one| Candidate::new(format!("{kept}{}", one.value), one.about)).collect())
}

fn all(asked: &Asked<'_>) -> Vec<Candidate> {
    if let Some(property) = asked.property() {
        return of_property(asked, property);
    }
    match asked.arg.get_id().as_str() {
        "tenants" | "except" | "default-tenant" => live(Kind::Tenants, asked),
        "tenant-group" => live(Kind::TenantGroups, asked),
        "profile" | "name" => profiles(),
        "columns" => columns(asked.action, "", ""),
        "sort" => [columns(asked.action, "", ""), columns(asked.action, "-", "")].concat(),
        "where" => columns(asked.action, "", "="),
        "action" => actions(),
        "cmdlet" => crate::commands::cmdlets(),
        "endpoint" => {
            catalogue::actions().iter().map(|action| Candidate::new(action.endpoint(), action.title)).collect()
        }
        _ => Vec::new(),
    }
}

impl Asked<'_> {
    fn property(&self) -> Option<&'static Property> {
        let name = self.arg.get_id().as_str().strip_prefix("property:")?;
        self.action?.properties.iter().find(|property| property.rust == name)
    }
}

fn of_property(asked: &Asked<'_>, property: &Property) -> Vec<Candidate> {
    let item = match property.ty {
        Type::List(item) => *item,
        ty => ty,
    };
    match item {
        Type::Bool => ["true", "false"].map(|word| Candidate::new(word, "")).to_vec(),
        Type::Choice(known) => known.iter().map(|value| Candidate::new(*value, "")).collect(),
        Type::Tenant => live(Kind::Tenants, asked),
        _ => Kind::of_flag(&flag_of(property)).map(|kind| live(kind, asked)).unwrap_or_default(),
    }
}

/// Those that begin with what is typed. Where none does, the only one whose meaning holds it: names are easier to type than ids.
fn fitting(all: Vec<Candidate>, word: &str) -> Vec<Candidate> {
    let begins = |one: &Candidate| one.value.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let lower = word.to_lowercase();
    let (fits, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(begins);
    if !fits.is_empty() || word.is_empty() {
        return fits;
    }
    let mut named = rest.into_iter().filter(|one| one.about.to_lowercase().contains(&lower));
    match (named.next(), named.next()) {
        (Some(one), None) => vec![one],
        _ => Vec::new(),
    }
}

/// The profiles there are. Where the file cannot be read, a completion is not the place to say so.
fn profiles() -> Vec<Candidate> {
    let profiles = Profiles::open();
    let about = |name: &str| profiles.find(name).ok().flatten().map(|profile| profile.url).unwrap_or_default();
    profiles.names().unwrap_or_default().into_iter().map(|name| Candidate::new(name.clone(), about(&name))).collect()
}

fn columns(action: Option<&'static Action>, before: &str, after: &str) -> Vec<Candidate> {
    match action.map(|action| action.outputs.shape) {
        Some(OutputShape::List(Type::Model(table)) | OutputShape::Object(Type::Model(table))) => {
            let fields = table.schema().fields.iter();
            fields.map(|field| Candidate::new(format!("{before}{}{after}", field.name), "")).collect()
        }
        _ => Vec::new(),
    }
}

fn actions() -> Vec<Candidate> {
    let name = |action: &Action| format!("{}/{}", action.endpoint(), kebab(action.call));
    catalogue::actions().iter().map(|action| Candidate::new(name(action), action.title)).collect()
}
