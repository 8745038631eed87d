//! Licences: how many a tenant has, who holds them, and which SKUs CIPP leaves out.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::world::{Fields, Record, Tenant, World, find, find_mut, record, remove};
use serde_json::{Value, json};

pub(super) const TABLE: Table =
    &[("ListLicenses", list), ("ExecExcludeLicenses", exclude), ("ListExcludedLicenses", excluded)];

fn holders<'a>(tenant: &'a Tenant, sku: &str) -> Vec<&'a Record> {
    let holds = |user: &&Record| {
        user.list("assignedLicenses").iter().any(|license| license.get("skuId").and_then(Value::as_str) == Some(sku))
    };
    tenant.users.iter().filter(holds).collect()
}

/// Gives a user a licence, if there is a seat left; says what came of it.
pub(super) fn assign(tenant: &mut Tenant, user: &str, sku: &str) -> String {
    let Some(bought) = find(&tenant.skus, "skuId", sku) else {
        return format!("Failed to assign the license. License {sku} does not correspond to a valid company License.");
    };
    let (seats, name) = (bought.int("_seats"), bought.text("License").to_owned());
    if holders(tenant, sku).len() as i64 >= seats {
        return format!("Failed to assign the license. Subscription {name} does not have any available licenses.");
    }
    if let Some(user) = tenant.user_mut(user) {
        user.push("assignedLicenses", json!({ "skuId": sku, "disabledPlans": [] }));
    }
    format!("Assigned license {name} successfully")
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let left_out: Vec<String> =
        world.portal.excluded_licenses.iter().map(|row| row.text("GUID").to_ascii_lowercase()).collect();
    let all = call.on("IncludeExcluded");
    let rows = world.rows(call, |tenant| {
        let shown = tenant.skus.iter().filter(|sku| all || !left_out.contains(&sku.text("skuId").to_ascii_lowercase()));
        shown.map(|sku| row(tenant, sku)).collect()
    })?;
    Ok(Answer::rows(rows))
}

fn row(tenant: &Tenant, sku: &Record) -> Record {
    let id = sku.text("skuId");
    let holders = holders(tenant, id);
    let (used, seats) = (holders.len() as i64, sku.int("_seats"));
    let people = holders.iter().map(|user| {
        json!({ "id": user.text("id"), "displayName": user.text("displayName"), "userPrincipalName": user.text("userPrincipalName") })
    });
    let giving = tenant.groups.iter().filter(|group| {
        group.list("assignedLicenses").iter().any(|license| license.get("skuId").and_then(Value::as_str) == Some(id))
    });
    let groups = giving.map(|group| {
        json!({ "id": group.text("id"), "displayName": group.text("displayName"), "calculatedGroupType": group.text("groupType") })
    });
    let mut row = sku.clone();
    row.put("CountUsed", used.to_string());
    row.put("CountAvailable", seats - used);
    row.put("availableUnits", seats - used);
    row.put("TotalLicenses", seats.to_string());
    row.put("AssignedUsers", people.collect::<Vec<_>>());
    row.put("AssignedGroups", groups.collect::<Vec<_>>());
    row
}

fn exclude(world: &mut World, call: &Call) -> Outcome {
    let action = call.need("Action")?;
    let rows = &mut world.portal.excluded_licenses;
    if action == "RestoreDefaults" {
        if call.on("FullReset") {
            rows.clear();
        }
        if rows.is_empty() {
            rows.push(record(json!({ "GUID": "f30db892-07e9-47e9-837c-80727f46fd3d", "Product_Display_Name": "Microsoft Power Automate Free" })));
        }
        return Ok(Answer::done("Successfully restored the default excluded licenses"));
    }
    let refuse = || Answer::failed(500, "Failed to process exclusion request.");
    let id = call.text("GUID").ok_or_else(refuse)?;
    let name = call.text("SKUName").unwrap_or_else(|| id.clone());
    let text = match action.as_str() {
        "AddExclusion" | "AlertOnly" => {
            remove(rows, "GUID", &id);
            rows.push(record(json!({ "GUID": id, "Product_Display_Name": name, "AlertOnly": action == "AlertOnly" })));
            format!("Success. Added {name} to the excluded licenses list")
        }
        "SetShowInDropdown" => {
            find_mut(rows, "GUID", &id).ok_or_else(refuse)?.put("ShowInDropdown", call.on("ShowInDropdown"));
            format!("Success. Changed {name} in the excluded licenses list")
        }
        "RemoveExclusion" => {
            remove(rows, "GUID", &id);
            format!("Success. Removed {name} from the excluded licenses list")
        }
        _ => return Err(Answer::failed(400, "Invalid action specified")),
    };
    Ok(Answer::done(text))
}

fn excluded(world: &mut World, _: &Call) -> Outcome {
    Ok(Answer::rows(crate::world::values(&world.portal.excluded_licenses)))
}
