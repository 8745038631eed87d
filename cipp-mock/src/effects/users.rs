//! Lists of users, and of what belongs to them.

use super::Table;
use super::filter::Filter;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::clock::iso;
use crate::sample;
use crate::world::{Fields, Record, Tenant, World, find, is_all, record, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListUsers", list),
    ("ListUserCounts", counts),
    ("ListUserGroups", groups),
    ("ListUserDevices", devices),
    ("ListUserConditionalAccessPolicies", access_policies),
    ("ListInactiveAccounts", inactive),
    ("ListDeletedItems", deleted),
    ("ListSignIns", sign_ins),
    ("ListMFAUsers", mfa),
    ("ListUserPhoto", photo),
];

/// Whether a tenant was asked for that these lists do not serve.
fn all(call: &Call) -> bool {
    call.tenant_text().is_some_and(|tenant| is_all(&tenant))
}

fn list(world: &mut World, call: &Call) -> Outcome {
    if all(call) {
        let notice = "This function has been deprecated for all users: ask tenant by tenant.";
        return Ok(Answer::json(200, json!([{ "Message": notice }])));
    }
    let tenant = world.tenant(call)?;
    if let Some(key) = call.text("UserID") {
        let user = tenant.user(&key).ok_or_else(|| Answer::text(500, format!("Resource '{key}' does not exist.")))?;
        return Ok(Answer::rows(vec![Value::Object(shown(tenant, user))]));
    }
    let filter = match call.text("graphFilter") {
        None => None,
        Some(text) => {
            let filter = Filter::read(&text);
            Some(
                filter
                    .ok_or_else(|| Answer::text(500, format!("Invalid filter clause: '{text}' is not understood.")))?,
            )
        }
    };
    let chosen = tenant.users.iter().filter(|user| filter.as_ref().is_none_or(|filter| filter.passes(user)));
    Ok(Answer::rows(chosen.map(|user| Value::Object(shown(tenant, user))).collect()))
}

/// A user with the columns that the server adds.
fn shown(tenant: &Tenant, user: &Record) -> Record {
    let mut row = user.clone();
    row.put("LicJoined", license_names(tenant, user).join(", "));
    row.put("Aliases", user.texts("proxyAddresses").join(", "));
    row
}

/// Names of the licences of a user.
pub(super) fn license_names(tenant: &Tenant, user: &Record) -> Vec<String> {
    let held = user.list("assignedLicenses").iter().filter_map(|license| license.get("skuId")?.as_str());
    held.map(|id| find(&tenant.skus, "skuId", id).map_or(id, |sku| sku.text("License")).to_owned()).collect()
}

fn counts(world: &mut World, call: &Call) -> Outcome {
    if all(call) {
        let words = ["Users", "LicUsers", "Gas", "Guests"].map(|name| (name.to_owned(), json!("Not Supported")));
        return Ok(Answer::json(200, Value::Object(words.into_iter().collect())));
    }
    let tenant = world.tenant(call)?;
    let count = |test: &dyn Fn(&Record) -> bool| tenant.users.iter().filter(|user| test(user)).count();
    let admins =
        find(&tenant.roles, "DisplayName", "Global Administrator").map_or(0, |role| role.list("Members").len());
    Ok(Answer::object(json!({
        "Users": tenant.users.len(),
        "LicUsers": count(&|user| !user.list("assignedLicenses").is_empty()),
        "Gas": admins,
        "Guests": count(&|user| user.text("userType") == "Guest"),
    })))
}

fn groups(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("userId")?;
    let tenant = world.tenant(call)?;
    let user = tenant.user(&key).ok_or_else(|| Answer::text(500, format!("Resource '{key}' does not exist.")))?;
    let id = user.text("id").to_owned();
    let mut rows: Vec<Record> = tenant.groups.iter().filter(|group| group.holds("_members", &id)).cloned().collect();
    rows.sort_by(|one, other| one.text("displayName").cmp(other.text("displayName")));
    for row in &mut rows {
        let security = row.on("securityEnabled");
        row.put("SecurityGroup", security);
        row.put("GroupTypes", row.texts("groupTypes").join(", "));
        row.put("OnPremisesSync", false);
        row.put("IsAssignableToRole", false);
    }
    Ok(Answer::rows(values(&rows)))
}

fn devices(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("UserID")?;
    let tenant = world.tenant(call)?;
    // Every failure looks like an empty list here.
    let id = tenant.user(&key).map(|user| user.text("id").to_owned()).unwrap_or_default();
    let owned: Vec<Record> =
        tenant.entra_devices.iter().filter(|device| !id.is_empty() && device.text("_owner") == id).cloned().collect();
    Ok(Answer::rows(values(&owned)))
}

fn access_policies(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("UserID")?;
    let tenant = world.tenant(call)?;
    let Some(user) = tenant.user(&key) else { return Ok(Answer::rows(vec![json!({})])) };
    let id = user.text("id");
    let rows = tenant.access_policies.iter().map(|policy| {
        let excluded = policy.holds("_excludeUsers", id);
        json!({
            "id": policy.text("id"),
            "displayName": policy.text("displayName"),
            "policyApplies": !excluded,
            "analysisReasons": if excluded { "users" } else { "notSet" },
            "state": policy.text("state"),
            "createdDateTime": policy.text("createdDateTime"),
            "modifiedDateTime": policy.text("modifiedDateTime"),
            "grantControls": { "operator": "OR", "builtInControls": [policy.text("builtInControls")] },
        })
    });
    Ok(Answer::rows(rows.collect()))
}

fn inactive(world: &mut World, call: &Call) -> Outcome {
    let days = call.int("InactiveDays").unwrap_or(180);
    let now = world.now;
    let rows = world.rows(call, |tenant| {
        let idle = tenant.users.iter().filter(|user| {
            user.on("accountEnabled")
                && user.text("userType") == "Member"
                && now - user.int("_lastSignIn") >= days * 86_400
        });
        idle.map(|user| {
            let seen = user.int("_lastSignIn");
            record(json!({
                "tenantId": tenant.id,
                "tenantDisplayName": tenant.name,
                "azureAdUserId": user.text("id"),
                "userPrincipalName": user.text("userPrincipalName"),
                "displayName": user.text("displayName"),
                "userType": "Member",
                "createdDateTime": user.text("createdDateTime"),
                "lastSignInDateTime": if seen > 0 { json!(iso(seen)) } else { Value::Null },
                "lastRefreshedDateTime": iso(now - 3600),
                "numberOfAssignedLicenses": user.list("assignedLicenses").len(),
                "daysSinceLastSignIn": if seen > 0 { json!((now - seen) / 86_400) } else { Value::Null },
                "accountEnabled": true,
            }))
        })
        .collect()
    })?;
    Ok(Answer::rows(rows))
}

fn deleted(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.tenant(call)?.deleted)))
}

fn sign_ins(world: &mut World, call: &Call) -> Outcome {
    let now = world.now;
    let tenant = world.tenant(call)?;
    let failed_only = call.on("failedLogonsOnly");
    let mut rows: Vec<Record> = match call.text("Filter") {
        Some(text) => {
            let filter = Filter::read(&text)
                .ok_or_else(|| Answer::text(500, format!("Invalid filter clause: '{text}' is not understood.")))?;
            tenant.sign_ins.iter().filter(|row| filter.passes(row)).cloned().collect()
        }
        None => {
            // The first day counts from midnight.
            let since = now - now.rem_euclid(86_400) - call.int("Days").unwrap_or(7) * 86_400;
            let wanted = |row: &&Record| row.int("_when") >= since && (!failed_only || row.int("errorCode") == 50126);
            tenant.sign_ins.iter().filter(wanted).cloned().collect()
        }
    };
    if let (true, Some(threshold)) = (failed_only, call.int("FailureThreshold")) {
        let all = rows.clone();
        let count = |id: &str| all.iter().filter(|row| row.text("userId") == id).count() as i64;
        rows.retain(|row| count(row.text("userId")) >= threshold);
    }
    Ok(Answer::rows(values(&rows)))
}

fn mfa(world: &mut World, call: &Call) -> Outcome {
    let rows = world.rows(call, |tenant| tenant.users.iter().map(|user| mfa_row(tenant, user)).collect())?;
    Ok(Answer::rows(rows))
}

fn mfa_row(tenant: &Tenant, user: &Record) -> Record {
    let id = user.text("id");
    let enforcing = |policy: &&Record| policy.text("state") == "enabled" && policy.text("builtInControls") == "mfa";
    let policies: Vec<&Record> = tenant.access_policies.iter().filter(enforcing).collect();
    let covered = policies.iter().any(|policy| !policy.holds("_excludeUsers", id));
    let admin = tenant
        .roles
        .iter()
        .any(|role| role.list("Members").iter().any(|member| member.get("id").and_then(Value::as_str) == Some(id)));
    record(json!({
        "Tenant": tenant.domain,
        "ID": id,
        "UPN": user.text("userPrincipalName"),
        "DisplayName": user.text("displayName"),
        "AccountEnabled": user.on("accountEnabled"),
        "PerUser": user.text("_perUser"),
        "isLicensed": !user.list("assignedLicenses").is_empty(),
        "MFARegistration": !user.list("_methods").is_empty(),
        "MFACapable": !user.list("_methods").is_empty(),
        "MFAMethods": user.list("_methods"),
        "CoveredByCA": if covered { "Enforced - All Apps" } else { "Not Enforced" },
        "CAPolicies": policies.iter().map(|policy| json!({
            "DisplayName": policy.text("displayName"), "UserIncluded": !policy.holds("_excludeUsers", id), "AllApps": true,
            "PolicyState": policy.text("state"),
        })).collect::<Vec<_>>(),
        "CoveredBySD": false,
        "IsAdmin": admin,
        "UserType": user.text("userType"),
        "RowKey": user.text("userPrincipalName"),
        "PartitionKey": "users",
    }))
}

fn photo(_: &mut World, _: &Call) -> Outcome {
    Ok(Answer::bytes("image/png", sample::PICTURE.to_vec()))
}
