//! Users, groups, roles, licences and deleted items of a tenant.

use super::guid;
use super::names::{JOBS, PEOPLE, PLACES, plain};
use super::record::{Fields, Record, record};
use super::tenant::Maker;
use serde_json::{Value, json};

/// SKU id, part number, name and seats bought.
pub(crate) const SKUS: [(&str, &str, &str, i64); 3] = [
    ("05e9a617-0261-4cee-bb44-138d3ef5d965", "SPE_E3", "Microsoft 365 E3", 10),
    ("cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46", "SPB", "Microsoft 365 Business Premium", 12),
    ("4b9405b0-7788-4568-add1-99614e613b69", "EXCHANGESTANDARD", "Exchange Online (Plan 1)", 5),
];

/// The domain that a tenant had first.
pub(crate) fn initial(domain: &str) -> &str {
    domain.split('.').next().unwrap_or(domain)
}

/// Twenty users: the first is global administrator and manager of the others, one is blocked, one is a guest.
pub(crate) fn users(maker: &Maker) -> Vec<Record> {
    let people = PEOPLE.get(maker.number).map(|people| people.as_slice()).unwrap_or_default();
    let mut users: Vec<Record> = Vec::new();
    for (index, (first, last)) in people.iter().enumerate() {
        let guest = index == 19;
        let name = format!("{}.{}", plain(first), plain(last));
        let address = if guest { format!("{name}@example.org") } else { format!("{name}@{}", maker.mail_domain) };
        let sign_in =
            if guest { format!("{}#EXT#@{}", address.replace('@', "_"), maker.domain) } else { address.clone() };
        let sku = SKUS.get(index % 3).filter(|_| index < 14 || index == 18);
        let mut user =
            new_user(&maker.id("user", index), &sign_in, &format!("{first} {last}"), maker.now - 700 * 86_400);
        let (department, job) = JOBS.get(index % JOBS.len()).copied().unwrap_or_default();
        let (city, country, letters) = PLACES.get(maker.number).copied().unwrap_or_default();
        for (field, value) in [
            ("givenName", *first),
            ("surname", *last),
            ("department", department),
            ("jobTitle", if index == 0 { "Managing Director" } else { job }),
            ("city", city),
            ("country", country),
            ("usageLocation", letters),
            ("mail", &address),
        ] {
            user.put(field, value);
        }
        user.put("accountEnabled", index != 18);
        user.put("employeeId", format!("{:04}", index + 1));
        user.put("mobilePhone", format!("+1425555{:04}", 100 + maker.number * 20 + index));
        user.put("businessPhones", json!([format!("+1425555{:04}", 9000 + index)]));
        user.put("lastPasswordChangeDateTime", maker.days_ago(30 + index as i64 * 9));
        user.put("_lastSignIn", maker.now - if index % 6 == 5 { 250 } else { 1 + index as i64 } * 86_400);
        if guest {
            user.put("userType", "Guest");
            user.put("externalUserState", "Accepted");
        }
        if let Some((id, ..)) = sku {
            user.put("assignedLicenses", json!([{ "skuId": id, "disabledPlans": [] }]));
        }
        // Some are synced; one once was, and kept its anchor.
        if index % 5 == 3 || index == 6 {
            let anchor = guid("immutable", index as u64).replace('-', "");
            user.put("onPremisesImmutableId", format!("{}==", anchor.get(..22).unwrap_or_default()));
        }
        if index % 5 == 3 {
            user.put("onPremisesSyncEnabled", true);
            user.put("onPremisesLastSyncDateTime", maker.days_ago(0));
            user.put("onPremisesSamAccountName", name.as_str());
            user.put("onPremisesDomainName", format!("corp.{}", maker.mail_domain));
        }
        if index % 4 == 1 {
            user.put("_methods", json!([]));
        }
        if index == 2 {
            user.put("_perUser", "enforced");
        }
        if index == 4 {
            user.put("_risk", "atRisk");
        }
        if let Some(chief) = users.first() {
            let reference =
                ["id", "displayName", "userPrincipalName"].map(|field| (field.to_owned(), json!(chief.text(field))));
            user.put("manager", Value::Object(reference.into_iter().collect()));
        }
        users.push(user);
    }
    users
}

/// A member with nothing but a name.
pub(crate) fn new_user(id: &str, sign_in: &str, display_name: &str, created: i64) -> Record {
    let (name, domain) = sign_in.split_once('@').unwrap_or((sign_in, ""));
    record(json!({
        "id": id,
        "userPrincipalName": sign_in,
        "displayName": display_name,
        "mail": sign_in,
        "mailNickname": name.replace("#EXT#", ""),
        "username": name,
        "primDomain": { "label": domain, "value": domain },
        "accountEnabled": true,
        "userType": "Member",
        "createdDateTime": crate::clock::iso(created),
        "assignedLicenses": [],
        "businessPhones": [],
        "otherMails": [],
        "proxyAddresses": [format!("SMTP:{sign_in}")],
        "showInAddressList": true,
        "_methods": ["phoneAppNotification", "sms"],
        "_perUser": "disabled",
        "_risk": "none",
    }))
}

/// Five groups: everybody, sales, licences, a distribution list and a team.
pub(crate) fn groups(maker: &Maker, users: &[Record]) -> Vec<Record> {
    let ids: Vec<String> = users.iter().map(|user| user.text("id").to_owned()).collect();
    let of = |step: usize| ids.iter().take(19).step_by(step).cloned().collect::<Vec<_>>();
    let owner = ids.first().cloned().unwrap_or_default();
    let kinds = [
        ("All Staff", "allstaff", "Security", of(1), "Everybody in the firm"),
        ("Sales", "sales", "Microsoft 365", of(5), "Team of the sales department"),
        ("Licensed Users", "licensed", "Security", of(2), "Gets the default licence"),
        ("Announcements", "announcements", "Distribution List", of(3), "Mail to everybody who wants it"),
        ("Project Apollo", "apollo", "Microsoft 365", of(4), "Files and talk of the project"),
    ];
    kinds
        .into_iter()
        .enumerate()
        .map(|(index, (name, nickname, kind, members, description))| {
            let mut group =
                new_group(&maker.id("group", index), name, nickname, kind, maker.mail_domain, maker.now - 600 * 86_400);
            group.put("description", description);
            group.put("_members", members);
            group.put("_owners", vec![owner.clone()]);
            group.put("teamsEnabled", kind == "Microsoft 365");
            if index == 2 {
                group.put("assignedLicenses", json!([{ "skuId": SKUS.get(1).map(|sku| sku.0), "disabledPlans": [] }]));
            }
            group
        })
        .collect()
}

/// A group of one of the four kinds that CIPP tells apart.
pub(crate) fn new_group(id: &str, name: &str, nickname: &str, kind: &str, domain: &str, created: i64) -> Record {
    let mail = kind != "Security";
    let calculated = match kind {
        "Microsoft 365" => "m365",
        "Distribution List" => "distributionList",
        "Mail-Enabled Security" => "security",
        _ => "generic",
    };
    record(json!({
        "id": id,
        "displayName": name,
        "mail": if mail { json!(format!("{nickname}@{domain}")) } else { Value::Null },
        "mailEnabled": mail,
        "mailNickname": nickname,
        "primDomain": domain,
        "securityEnabled": matches!(kind, "Security" | "Mail-Enabled Security"),
        "groupType": kind,
        "calculatedGroupType": calculated,
        "groupTypes": if kind == "Microsoft 365" { json!(["Unified"]) } else { json!([]) },
        "dynamicGroupBool": false,
        "visibility": "Private",
        "teamsEnabled": false,
        "createdDateTime": crate::clock::iso(created),
        "_members": [],
        "_owners": [],
        "_allowExternal": false,
    }))
}

/// Three directory roles, the first held by the first user.
pub(crate) fn roles(maker: &Maker, users: &[Record]) -> Vec<Record> {
    let member = |index: usize| {
        users.get(index).map_or(Value::Null, |user| {
        json!({ "id": user.text("id"), "displayName": user.text("displayName"), "userPrincipalName": user.text("userPrincipalName"), "directoryScopeId": "/" })
    })
    };
    let roles = [
        (
            "62e90394-69f5-4237-9190-012177145e10",
            "Global Administrator",
            "Can manage everything in the directory",
            vec![member(0)],
        ),
        (
            "fe930be7-5e62-47db-91af-98c3a49a38b1",
            "User Administrator",
            "Can manage users and groups",
            vec![member(1), member(6)],
        ),
        ("f2ef992c-3afb-46b9-b7cf-a126ee74c451", "Global Reader", "Can read what a Global Administrator can", vec![]),
    ];
    roles
        .into_iter()
        .enumerate()
        .map(|(index, (template, name, description, members))| {
            record(json!({
                "Id": maker.id("role", index),
                "roleTemplateId": template,
                "DisplayName": name,
                "Description": description,
                "MemberCount": members.len(),
                "Members": members,
                "isBuiltIn": true,
                "isEnabled": true,
            }))
        })
        .collect()
}

/// What the tenant bought. How much of it is used is counted when somebody asks.
pub(crate) fn skus(maker: &Maker) -> Vec<Record> {
    SKUS.iter()
        .enumerate()
        .map(|(index, (id, part, name, seats))| {
            record(json!({
                "Tenant": maker.domain,
                "License": name,
                "skuId": id,
                "skuPartNumber": part,
                "_seats": seats,
                "TermInfo": [{
                    "Status": "Enabled",
                    "Term": "Yearly",
                    "TotalLicenses": seats,
                    "DaysUntilRenew": 120 + index * 30,
                    "NextLifecycle": crate::clock::iso(maker.now + (120 + index as i64 * 30) * 86_400),
                    "CreatedDateTime": maker.days_ago(245),
                    "IsTrial": false,
                    "SubscriptionId": maker.id("subscription", index),
                }],
                "ServicePlans": [{ "servicePlanId": guid("plan", index as u64), "servicePlanName": "EXCHANGE_S_ENTERPRISE",
                    "servicePlanType": "Exchange", "provisioningStatus": "Success", "appliesTo": "User" }],
            }))
        })
        .collect()
}

/// A user, a group and an application that were deleted lately.
pub(crate) fn deleted(maker: &Maker) -> Vec<Record> {
    let leaver = format!("former.employee@{}", maker.mail_domain);
    let mut user = new_user(&maker.id("deleted", 0), &leaver, "Former Employee", maker.now - 500 * 86_400);
    user.put("TargetType", "User");
    user.put("accountEnabled", false);
    let mut group = new_group(
        &maker.id("deleted", 1),
        "Old Project",
        "oldproject",
        "Microsoft 365",
        maker.mail_domain,
        maker.now - 300 * 86_400,
    );
    group.put("TargetType", "Group");
    let mut app = record(
        json!({ "id": maker.id("deleted", 2), "displayName": "Old Sync Tool", "appId": maker.id("application", 2) }),
    );
    app.put("TargetType", "Application");
    let mut items = vec![user, group, app];
    for (days, item) in [4, 9, 20].into_iter().zip(&mut items) {
        item.put("deletedDateTime", maker.days_ago(days));
    }
    items
}
