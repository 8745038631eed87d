//! One customer tenant and what is in it.

use super::names::{FIRMS, PLACES};
use super::record::{Fields, Record, find, find_mut, record};
use super::{collaboration, devices, directory, guid, mailboxes, security};
use crate::answer::Answer;
use crate::clock::iso;
use serde_json::json;

/// One customer tenant.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    /// Default domain, by which it is asked for.
    pub(crate) domain: String,
    /// Domain of its mail addresses.
    pub(crate) mail_domain: String,
    pub(crate) name: String,
    /// The row of the list of tenants.
    pub(crate) record: Record,
    /// Address and technical facts, for the details of the tenant.
    pub(crate) organization: Record,
    pub(crate) users: Vec<Record>,
    pub(crate) groups: Vec<Record>,
    pub(crate) roles: Vec<Record>,
    pub(crate) deleted: Vec<Record>,
    pub(crate) skus: Vec<Record>,
    pub(crate) mailboxes: Vec<Record>,
    pub(crate) calendar_permissions: Vec<Record>,
    /// Devices that Intune manages.
    pub(crate) devices: Vec<Record>,
    /// Devices as Entra ID knows them.
    pub(crate) entra_devices: Vec<Record>,
    pub(crate) policies: Vec<Record>,
    pub(crate) apps: Vec<Record>,
    pub(crate) scripts: Vec<Record>,
    pub(crate) autopilot: Vec<Record>,
    pub(crate) autopilot_profiles: Vec<Record>,
    pub(crate) enrollment_pages: Vec<Record>,
    pub(crate) vulnerabilities: Vec<Record>,
    pub(crate) access_policies: Vec<Record>,
    pub(crate) named_locations: Vec<Record>,
    pub(crate) alerts: Vec<Record>,
    pub(crate) incidents: Vec<Record>,
    pub(crate) sign_ins: Vec<Record>,
    pub(crate) breaches: Vec<Record>,
    pub(crate) sites: Vec<Record>,
    pub(crate) drives: Vec<Record>,
    pub(crate) teams: Vec<Record>,
    pub(crate) phone_numbers: Vec<Record>,
    pub(crate) emergency_locations: Vec<Record>,
}

impl Tenant {
    /// Tenant number 0, 1 or 2.
    pub(crate) fn new(seed: u64, number: usize, now: i64) -> Self {
        let (name, domain, mail_domain) = FIRMS.get(number).copied().unwrap_or_default();
        let (city, country, letters) = PLACES.get(number).copied().unwrap_or_default();
        let id = guid("tenant", seed.wrapping_mul(10).wrapping_add(number as u64));
        let maker = Maker { seed, number, now, domain, mail_domain, tenant: id.clone() };
        let users = directory::users(&maker);
        let groups = directory::groups(&maker, &users);
        let (devices, entra_devices) = devices::devices(&maker, &users);
        let (alerts, incidents) = security::alerts(&maker, &users);
        let roles = directory::roles(&maker, &users);
        let mailboxes = mailboxes::mailboxes(&maker, &users);
        Self {
            record: record(json!({
                "customerId": id,
                "defaultDomainName": domain,
                "initialDomainName": domain,
                "displayName": name,
                "originalDisplayName": name,
                "domains": mail_domain,
                "delegatedPrivilegeStatus": "granularDelegatedAdminPrivileges",
                "relationshipCount": 1,
                "relationshipEnd": iso(now + 400 * 86_400),
                "hasAutoExtend": true,
                "Excluded": false,
                "ExcludeUser": "",
                "ExcludeDate": "",
                "GraphErrorCount": 0,
                "LastGraphError": "",
                "LastRefresh": iso(now - 7200),
                "RequiresRefresh": false,
                "PartitionKey": "Tenants",
                "RowKey": id,
                "Timestamp": iso(now - 7200),
                "portal_m365": format!("https://admin.cloud.microsoft/?delegatedOrg={domain}"),
                "portal_entra": format!("https://entra.microsoft.com/{domain}"),
                "portal_exchange": format!("https://admin.cloud.microsoft/exchange?delegatedOrg={domain}"),
            })),
            organization: record(json!({
                "id": id,
                "displayName": name,
                "city": city,
                "country": country,
                "countryLetterCode": letters,
                "street": "1 Market Street",
                "postalCode": "10001",
                "businessPhones": "+14255550100",
                "technicalNotificationMails": format!("it@{mail_domain}"),
                "tenantType": "AAD",
                "createdDateTime": iso(now - 1000 * 86_400),
                "onPremisesSyncEnabled": number == 0,
                "onPremisesLastSyncDateTime": iso(now - 1500),
                "onPremisesLastPasswordSyncDateTime": iso(now - 1300),
                "assignedPlans": [{ "assignedDateTime": iso(now - 900 * 86_400), "capabilityStatus": "Enabled", "service": "exchange",
                    "servicePlanId": guid("plan", 0) }],
                "customProperties": {},
                "Groups": [],
            })),
            id,
            domain: domain.to_owned(),
            mail_domain: mail_domain.to_owned(),
            name: name.to_owned(),
            skus: directory::skus(&maker),
            calendar_permissions: mailboxes::calendar_permissions(&mailboxes),
            mailboxes,
            roles,
            deleted: directory::deleted(&maker),
            policies: devices::policies(&maker),
            apps: devices::apps(&maker),
            scripts: devices::scripts(&maker),
            autopilot: devices::autopilot(&maker, &devices),
            autopilot_profiles: devices::autopilot_profiles(&maker),
            enrollment_pages: devices::enrollment_pages(&maker),
            vulnerabilities: security::vulnerabilities(&maker, &devices),
            devices,
            entra_devices,
            access_policies: security::access_policies(&maker),
            named_locations: security::named_locations(&maker),
            alerts,
            incidents,
            sign_ins: security::sign_ins(&maker, &users),
            breaches: Vec::new(),
            sites: collaboration::sites(&maker),
            drives: collaboration::drives(&maker, &users),
            teams: collaboration::teams(&groups),
            phone_numbers: collaboration::phone_numbers(&maker, &users),
            emergency_locations: collaboration::emergency_locations(&maker),
            groups,
            users,
        }
    }

    /// Whether a text names this tenant: by a domain of its own, or its id.
    pub(crate) fn is(&self, name: &str) -> bool {
        [&self.domain, &self.id, &self.mail_domain].iter().any(|own| own.eq_ignore_ascii_case(name.trim()))
    }

    /// The user with this object id, sign-in name or address.
    pub(crate) fn user(&self, key: &str) -> Option<&Record> {
        ["id", "userPrincipalName", "mail"].iter().find_map(|name| find(&self.users, name, key))
    }

    /// The same, for writing.
    pub(crate) fn user_mut(&mut self, key: &str) -> Option<&mut Record> {
        let id = self.user(key)?.text("id").to_owned();
        find_mut(&mut self.users, "id", &id)
    }

    /// The user, or the failure that the server reports for one who does not exist.
    pub(crate) fn need_user(&mut self, key: &str, doing: &str) -> Result<&mut Record, Answer> {
        let failure = no_user(key, doing);
        self.user_mut(key).ok_or(failure)
    }

    /// Object id and sign-in name of a user, or the failure.
    pub(crate) fn user_ids(&self, key: &str, doing: &str) -> Result<(String, String), Answer> {
        let user = self.user(key).ok_or_else(|| no_user(key, doing))?;
        Ok((user.text("id").to_owned(), user.text("userPrincipalName").to_owned()))
    }

    /// The mailbox of a user, or the failure.
    pub(crate) fn need_mailbox(&mut self, key: &str, doing: &str) -> Result<&mut Record, Answer> {
        let failure = || Answer::failed(500, format!("Failed to {doing}. Mailbox '{key}' couldn't be found."));
        let id = self.user(key).map_or_else(|| key.to_owned(), |user| user.text("id").to_owned());
        let by_id = self.mailboxes.iter().position(|mailbox| {
            ["ExternalDirectoryObjectId", "UPN", "primarySmtpAddress"]
                .iter()
                .any(|name| mailbox.text(name).eq_ignore_ascii_case(&id))
        });
        by_id.and_then(|index| self.mailboxes.get_mut(index)).ok_or_else(failure)
    }
}

fn no_user(key: &str, doing: &str) -> Answer {
    Answer::failed(
        500,
        format!(
            "Failed to {doing}. Resource '{key}' does not exist or one of its queried reference-property objects are not present."
        ),
    )
}

/// What the parts of a tenant are made with.
#[derive(Debug)]
pub(crate) struct Maker {
    pub(crate) seed: u64,
    pub(crate) number: usize,
    pub(crate) now: i64,
    pub(crate) domain: &'static str,
    pub(crate) mail_domain: &'static str,
    /// Id of the tenant.
    pub(crate) tenant: String,
}

impl Maker {
    /// An id of the tenant's own.
    pub(crate) fn id(&self, kind: &str, number: usize) -> String {
        guid(kind, self.seed.wrapping_mul(1_000_003).wrapping_add(self.number as u64 * 10_000 + number as u64))
    }

    /// A moment so many days ago.
    pub(crate) fn days_ago(&self, days: i64) -> String {
        iso(self.now - days * 86_400)
    }
}
