//! What the actions do to the world, and what the lists show of it. One file for each area, and one table in each: endpoint to
//! handler. An endpoint without a handler answers a [sample](crate::sample).

pub(crate) mod accounts;
mod admin;
pub(crate) mod apps;
mod calendar;
mod devices;
mod filter;
mod groups;
mod licenses;
mod mailboxes;
pub(crate) mod offboard;
mod policies;
mod scheduled;
pub(crate) mod security;
mod settings;
mod teams;
pub(crate) mod tenants;
mod tools;
mod users;

use crate::answer::Outcome;
use crate::call::Call;
use crate::world::World;

/// Carries an action out.
pub(crate) type Effect = fn(&mut World, &Call) -> Outcome;

/// Endpoints, as the server spells them, with their handlers.
pub(crate) type Table = &'static [(&'static str, Effect)];

const TABLES: &[Table] = &[
    users::TABLE,
    accounts::TABLE,
    offboard::TABLE,
    mailboxes::TABLE,
    calendar::TABLE,
    groups::TABLE,
    licenses::TABLE,
    devices::TABLE,
    policies::TABLE,
    apps::TABLE,
    security::TABLE,
    teams::TABLE,
    tenants::TABLE,
    scheduled::TABLE,
    admin::TABLE,
    settings::TABLE,
    tools::TABLE,
];

/// The handler of an endpoint, whatever the case of its name.
pub(crate) fn find(endpoint: &str) -> Option<Effect> {
    let mut entries = TABLES.iter().copied().flatten();
    entries.find(|(name, _)| name.eq_ignore_ascii_case(endpoint)).map(|(_, effect)| *effect)
}
