//! Sites, drives, teams and phone numbers.

use super::record::{Fields, Record, record};
use super::tenant::Maker;
use serde_json::{Value, json};

/// Two sites.
pub(crate) fn sites(maker: &Maker) -> Vec<Record> {
    ["Intranet", "Sales"]
        .into_iter()
        .enumerate()
        .map(|(index, name)| new_site(&maker.id("site", index), name, "Mock", maker.domain, maker.now))
        .collect()
}

/// A site, as yet nearly empty.
pub(crate) fn new_site(id: &str, name: &str, owner: &str, domain: &str, now: i64) -> Record {
    let host = super::initial(domain);
    let path: String = name.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    record(json!({
        "siteId": id,
        "webId": super::guid("web", id.bytes().map(u64::from).sum()),
        "createdDateTime": crate::clock::iso(now - 86_400),
        "displayName": name,
        "webUrl": format!("https://{host}.sharepoint.com/sites/{path}"),
        "ownerDisplayName": owner,
        "ownerPrincipalName": owner,
        "lastActivityDate": crate::clock::iso(now).get(..10),
        "fileCount": 12,
        "storageUsedInGigabytes": 1.5,
        "storageAllocatedInGigabytes": 25_600.0,
        "storageUsedInBytes": 1_610_612_736_i64,
        "storageAllocatedInBytes": 27_487_790_694_400_i64,
        "rootWebTemplate": "Group",
        "reportRefreshDate": crate::clock::iso(now - 2 * 86_400).get(..10),
        "_members": [],
    }))
}

/// The drives of the first five users.
pub(crate) fn drives(maker: &Maker, users: &[Record]) -> Vec<Record> {
    let mut drives = Vec::new();
    for (index, user) in users.iter().take(5).enumerate() {
        let mut drive = new_site(
            &maker.id("drive", index),
            user.text("displayName"),
            user.text("displayName"),
            maker.domain,
            maker.now,
        );
        let name = user.text("userPrincipalName").replace(['@', '.'], "_");
        drive.put("webUrl", format!("https://{}-my.sharepoint.com/personal/{name}", super::initial(maker.domain)));
        drive.put("ownerPrincipalName", user.text("userPrincipalName"));
        drive.put("rootWebTemplate", "Personal Site");
        drive.put("_admins", json!([]));
        drive.put("_sharing", true);
        drives.push(drive);
    }
    drives
}

/// A team for each Microsoft 365 group.
pub(crate) fn teams(groups: &[Record]) -> Vec<Record> {
    groups.iter().filter(|group| group.on("teamsEnabled")).map(new_team).collect()
}

/// The team of a group.
pub(crate) fn new_team(group: &Record) -> Record {
    record(json!({
        "id": group.text("id"),
        "displayName": group.text("displayName"),
        "description": group.text("description"),
        "visibility": group.text("visibility").to_ascii_lowercase(),
        "mailNickname": group.text("mailNickname"),
    }))
}

/// Three numbers: two assigned, one free.
pub(crate) fn phone_numbers(maker: &Maker, users: &[Record]) -> Vec<Record> {
    (0..3_usize)
        .map(|index| {
            let user = users.get(index).filter(|_| index < 2);
            record(json!({
                "TelephoneNumber": format!("+1425555{:04}", 7000 + maker.number * 10 + index),
                "NumberType": "CallingPlan",
                "AssignedTo": user.map_or_else(|| json!("Unassigned"), |user| json!(user.text("userPrincipalName"))),
                "TargetId": user.map_or(Value::Null, |user| json!(user.text("id"))),
                "AssignmentStatus": if user.is_some() { "UserAssigned" } else { "Unassigned" },
                "AcquiredCapabilities": ["UserAssignment"],
                "ActivationState": "Activated",
                "IsoCountryCode": "US",
                "IsOperatorConnect": false,
                "LocationId": maker.id("emergency", 0),
                "EmergencyLocation": "Head office",
            }))
        })
        .collect()
}

/// One place that emergency calls are sent to.
pub(crate) fn emergency_locations(maker: &Maker) -> Vec<Record> {
    vec![record(json!({
        "LocationId": maker.id("emergency", 0),
        "CivicAddressId": maker.id("civic", 0),
        "TenantId": maker.tenant,
        "Description": "Head office",
        "Location": "",
        "CompanyName": maker.mail_domain,
        "HouseNumber": "1",
        "StreetName": "Market",
        "StreetSuffix": "Street",
        "City": "Seattle",
        "StateOrProvince": "WA",
        "PostalCode": "98101",
        "CountryOrRegion": "US",
        "IsDefault": true,
        "ValidationStatus": "Validated",
        "NumberOfVoiceUsers": -1,
        "NumberOfTelephoneNumbers": -1,
    }))]
}
