//! The values of the server that are offered: which action lists them, and which flags they fit.

use super::values::Asked;
use super::{Candidate, cache, refresh};
use crate::args::flag_of;
use crate::session::Session;
use cipp_client::ActionRequest;
use cipp_client::catalogue::{self, Action, Type};
use serde_json::Value;

/// What is kept of the server's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Tenants,
    TenantGroups,
    Users,
    Groups,
    Devices,
    Mailboxes,
    Licences,
}

/// Where a kind comes from and where it goes.
struct Source {
    kind: Kind,
    name: &'static str,
    /// The action that lists it.
    action: &'static str,
    /// The member that is typed, and the one that people know it by.
    value: &'static str,
    about: &'static str,
    /// The flags whose values are of this kind, by how the specification calls them throughout.
    flags: &'static [&'static str],
}

const SOURCES: [Source; 7] = [
    Source {
        kind: Kind::Tenants,
        name: "tenants",
        action: "ListTenants",
        value: "defaultDomainName",
        about: "displayName",
        flags: &[],
    },
    Source {
        kind: Kind::TenantGroups,
        name: "tenant-groups",
        action: "ListTenantGroups",
        value: "Name",
        about: "Description",
        flags: &[],
    },
    Source {
        kind: Kind::Users,
        name: "users",
        action: "ListUsers",
        value: "userPrincipalName",
        about: "displayName",
        flags: &[
            "user-id",
            "user-principal-name",
            "user",
            "users",
            "owner",
            "owners",
            "members",
            "add-members",
            "remove-members",
            "add-owners",
            "remove-owners",
            "primary-user",
            "copy-groups-from",
            "entra-user-id",
        ],
    },
    Source {
        kind: Kind::Groups,
        name: "groups",
        action: "ListGroups",
        value: "id",
        about: "displayName",
        flags: &[
            "group-id",
            "group-ids",
            "group",
            "groups",
            "exclude-group-ids",
            "add-to-groups",
            "remove-from-groups",
        ],
    },
    Source {
        kind: Kind::Devices,
        name: "devices",
        action: "ListDevices",
        value: "id",
        about: "deviceName",
        flags: &["device-id", "device-guid"],
    },
    Source {
        kind: Kind::Mailboxes,
        name: "mailboxes",
        action: "ListMailboxes",
        value: "UPN",
        about: "displayName",
        flags: &["mailbox", "mailboxes", "source-mailbox", "target-mailbox", "shared-mailboxes"],
    },
    Source {
        kind: Kind::Licences,
        name: "licences",
        action: "ListLicenses",
        value: "skuId",
        about: "License",
        flags: &["licenses", "license", "sku-id", "sku-ids", "add-licenses"],
    },
];

impl Kind {
    /// The kind whose values a flag takes.
    pub fn of_flag(flag: &str) -> Option<Self> {
        SOURCES.iter().find(|source| source.flags.contains(&flag)).map(|source| source.kind)
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        SOURCES.iter().find(|source| source.name == name).map(|source| source.kind)
    }

    fn source(self) -> Option<&'static Source> {
        SOURCES.iter().find(|source| source.kind == self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.source().map_or("", |source| source.name)
    }

    /// The request that lists it, and for which tenant; `None` where that tenant is not known.
    pub fn request(self, tenant: Option<&str>) -> Option<ActionRequest> {
        let action = catalogue::find(self.source()?.action)?;
        match tenant_of(action) {
            Some(property) => ActionRequest::new(action).with(property, Value::from(tenant?)).ok(),
            None => Some(ActionRequest::new(action)),
        }
    }
}

fn tenant_of(action: &Action) -> Option<&'static str> {
    let property =
        action.properties.iter().find(|property| property.required && matches!(property.ty, Type::Tenant))?;
    Some(property.name)
}

/// What is known of a kind, for the tenant that the words name.
pub fn live(kind: Kind, asked: &Asked<'_>) -> Vec<Candidate> {
    let word = |flags: &[String]| value_in(asked.before, flags);
    let Ok(session) = Session::find() else { return Vec::new() };
    let of_one = kind.source().and_then(|source| catalogue::find(source.action)).and_then(tenant_of).is_some();
    let tenant = if of_one {
        let flags = asked.action.into_iter().flat_map(|action| action.properties);
        let flags = flags.filter(|property| matches!(property.ty, Type::Tenant));
        let mut flags: Vec<String> = flags.map(|property| format!("--{}", flag_of(property))).collect();
        flags.push("-t".to_owned());
        let Some(tenant) = word(&flags).or_else(|| session.value("CIPP_TENANT").map(|(tenant, _)| tenant)) else {
            return Vec::new();
        };
        Some(tenant)
    } else {
        None
    };
    refresh::fresh(&session, kind, tenant.as_deref())
}

/// The value of the last of these flags in a line.
pub fn value_in(words: &[String], flags: &[String]) -> Option<String> {
    let at = |(at, word): (usize, &String)| {
        let (flag, value) = word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        let value = value.map(str::to_owned).or_else(|| words.get(at + 1).cloned());
        flags.iter().any(|known| known == flag).then_some(value).flatten()
    };
    words.iter().enumerate().filter_map(at).next_back().filter(|value| !value.is_empty())
}

/// Keeps what an ordinary call listed, so that nobody need ask for it again. Of a list that was narrowed, nothing is kept.
pub fn remember(request: &ActionRequest, rows: impl FnOnce() -> Value) {
    let action = request.action();
    let Some(source) = SOURCES.iter().find(|source| source.action == action.name) else { return };
    let tenant = tenant_of(action).and_then(|name| request.text(name));
    let given = request.given().count();
    if given > usize::from(tenant.is_some())
        || tenant.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("AllTenants"))
    {
        return;
    }
    let Ok(session) = Session::find() else { return };
    cache::write(&session, source.kind, tenant.as_deref(), &candidates(source, &rows()));
}

fn candidates(source: &Source, rows: &Value) -> Vec<Candidate> {
    let text =
        |row: &Value, name: &str| row.get(name).and_then(Value::as_str).map(crate::show::clean).unwrap_or_default();
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    let all = rows.iter().map(|row| Candidate::new(text(row, source.value), text(row, source.about)));
    all.filter(|one| !one.value.is_empty()).collect()
}
