//! The world behind the server: three tenants and the portal that manages them, small and the same in every run.
//!
//! Records are JSON objects under the names that the API shows, so that an answer is a choice of members. Members whose names
//! begin with an underscore are the server's own and never shown.

mod collaboration;
mod devices;
mod directory;
mod mailboxes;
mod names;
mod portal;
mod record;
mod security;
mod tenant;

pub(crate) use collaboration::{new_site, new_team};
pub(crate) use devices::{new_app, new_policy, target};
pub(crate) use directory::{initial, new_group, new_user};
pub(crate) use mailboxes::{calendar_permission, new_mailbox, shared_statistics};
pub(crate) use portal::Portal;
pub(crate) use record::{Fields, Record, find, find_mut, record, remove, values};
pub(crate) use security::{country_location, ip_location, refresh_location};
pub(crate) use tenant::Tenant;

use crate::answer::Answer;
use crate::call::Call;
use crate::queue::Queues;
use serde_json::Value;

/// Everything there is.
#[derive(Debug)]
pub(crate) struct World {
    /// The server's time, in seconds since 1970.
    pub(crate) now: i64,
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) portal: Portal,
    pub(crate) queues: Queues,
}

impl World {
    /// The world as it is at the start.
    pub(crate) fn new(seed: u64, now: i64) -> Self {
        let tenants = (0..3).map(|number| Tenant::new(seed, number, now)).collect();
        let queues = Queues::new(2);
        let mut world = Self { now, tenants, portal: Portal::new(seed, now), queues };
        world.portal.know_tenants(&world.tenants);
        // The last customer looks after itself.
        let managed: Vec<Value> = world.portal.tenant_groups.iter().cloned().map(Value::Object).collect();
        for tenant in world.tenants.iter_mut().take(2) {
            tenant.organization.put("Groups", managed.clone());
        }
        world
    }

    /// The tenant with this domain or id.
    pub(crate) fn tenant_named(&mut self, name: &str) -> Option<&mut Tenant> {
        self.tenants.iter_mut().find(|tenant| tenant.is(name))
    }

    /// The one tenant that a request is about. An unknown one ends in an error with a bare text, as Graph's refusal does.
    pub(crate) fn tenant(&mut self, call: &Call) -> Result<&mut Tenant, Answer> {
        let name = call.tenant_text().unwrap_or_default();
        self.tenant_named(&name).ok_or_else(|| unknown_tenant(&name))
    }

    /// The tenants that a request is about: one, or all of them.
    pub(crate) fn scope(&self, call: &Call) -> Result<Vec<&Tenant>, Answer> {
        let name = call.tenant_text().unwrap_or_default();
        if is_all(&name) {
            return Ok(self.tenants.iter().collect());
        }
        let one = self.tenants.iter().find(|tenant| tenant.is(&name));
        one.map(|tenant| vec![tenant]).ok_or_else(|| unknown_tenant(&name))
    }

    /// Rows of the tenants that a request is about. In a list over all tenants each says whose it is.
    pub(crate) fn rows(&self, call: &Call, of: impl Fn(&Tenant) -> Vec<Record>) -> Result<Vec<Value>, Answer> {
        let tenants = self.scope(call)?;
        let all = call.tenant_text().is_some_and(|name| is_all(&name));
        let mut rows = Vec::new();
        for tenant in tenants {
            for mut row in of(tenant) {
                if all {
                    row.put("Tenant", tenant.domain.as_str());
                    row.put("CacheTimestamp", crate::clock::iso(self.now - 3600));
                }
                rows.push(Value::Object(row));
            }
        }
        Ok(rows)
    }
}

/// Whether a text is the server's word for all tenants.
pub(crate) fn is_all(text: &str) -> bool {
    text.trim().eq_ignore_ascii_case("AllTenants")
}

fn unknown_tenant(name: &str) -> Answer {
    Answer::text(500, format!("Could not get a token for tenant '{name}': it is not among the tenants of this server."))
}

/// An id that depends on nothing but its kind and number.
pub(crate) fn guid(kind: &str, number: u64) -> String {
    let start = kind
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let high = mix(start ^ mix(number));
    let low = mix(high ^ start.rotate_left(17));
    // Version 4, variant 1, as the ids of Entra ID are.
    let text = format!("{high:016x}{low:016x}");
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// Spreads the bits of a number (the last step of splitmix64).
const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
