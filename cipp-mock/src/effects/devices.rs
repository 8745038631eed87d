//! Devices: in Intune, in Entra ID and in Autopilot, and what Defender knows of them.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::clock::iso;
use crate::world::{Fields, World, find, find_mut, guid, remove, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListDevices", list),
    ("ExecDeviceAction", act),
    ("ExecDeviceDelete", directory_object),
    ("ExecGetRecoveryKey", recovery_key),
    ("ExecGetLocalAdminPassword", admin_password),
    ("ListAPDevices", autopilot),
    ("ListAutopilotconfig", autopilot_config),
    ("ExecAssignAPDevice", assign_autopilot),
    ("RemoveAPDevice", remove_autopilot),
    ("ExecSyncAPDevices", sync_autopilot),
    ("ListDefenderState", defender_state),
    ("ListDefenderTVM", vulnerabilities),
];

fn list(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.tenant(call)?.devices)))
}

fn act(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("GUID")?;
    let action = call.need("Action")?;
    let now = world.now;
    let tenant = world.tenant(call)?;
    let refuse = |why: &str| Answer::failed(500, format!("Failed to queue action {action} on {id}. {why}"));
    let device =
        find_mut(&mut tenant.devices, "id", &id).ok_or_else(|| refuse("The device was not found in Intune."))?;
    let windows = device.text("operatingSystem") == "Windows";
    match action.as_str() {
        "delete" => {
            remove(&mut tenant.devices, "id", &id);
            // The real server has nothing to say about this one.
            return Ok(Answer::results(Value::String(String::new())));
        }
        "wipe" => device.put("managementState", "wipePending"),
        "retire" => device.put("managementState", "retirePending"),
        "cleanWindowsDevice" if !windows => return Err(refuse("The platform does not have this action.")),
        "setDeviceName" => {
            let name = call.text("input").ok_or_else(|| refuse("A new name is needed."))?;
            device.put("deviceName", name);
        }
        "syncDevice" => device.put("lastSyncDateTime", iso(now)),
        "users" => {
            let key = call.text("user").unwrap_or_default();
            let user = tenant
                .users
                .iter()
                .find(|user| user.text("id") == key || user.text("userPrincipalName").eq_ignore_ascii_case(&key));
            let user = user.ok_or_else(|| refuse("The user was not found."))?;
            for (field, from) in
                [("userId", "id"), ("userPrincipalName", "userPrincipalName"), ("userDisplayName", "displayName")]
            {
                device.put(field, user.text(from));
            }
        }
        _ => {}
    }
    device.push(
        "deviceActionResults",
        json!({
            "actionName": action, "actionState": "pending", "startDateTime": iso(now), "lastUpdatedDateTime": iso(now),
        }),
    );
    Ok(Answer::done(format!("Successfully queued {action} on {}", device.text("deviceName"))))
}

fn directory_object(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    let action = call.need("action")?;
    let tenant = world.tenant(call)?;
    if id.split('-').count() != 5 {
        return Err(Answer::failed(400, format!("'{id}' is no device id")));
    }
    let unknown = || Answer::failed(400, format!("Failed to {action} device {id}: Resource '{id}' does not exist."));
    match action.to_ascii_lowercase().as_str() {
        "delete" => drop(remove(&mut tenant.entra_devices, "ID", &id).ok_or_else(unknown)?),
        "enable" | "disable" => {
            let device = find_mut(&mut tenant.entra_devices, "ID", &id).ok_or_else(unknown)?;
            device.put("accountEnabled", action.eq_ignore_ascii_case("enable"));
        }
        _ => return Err(Answer::failed(400, format!("'{action}' is none of Enable, Disable and Delete"))),
    }
    Ok(Answer::done(format!("Executed action {action} on {id}")))
}

fn recovery_key(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("GUID")?;
    let kind = call.text("RecoveryKeyType").unwrap_or_else(|| "BitLocker".to_owned());
    let tenant = world.tenant(call)?;
    // Each kind of key goes by another id.
    let by = if kind == "BitLocker" { "azureADDeviceId" } else { "id" };
    let Some(device) = find(&tenant.devices, by, &id) else {
        return Ok(Answer::done(match kind.as_str() {
            "FileVault" => format!("No FileVault recovery key found for {id}"),
            "BiosPassword" => format!("No BIOS password found for {id}"),
            _ => format!("No BitLocker recovery keys found for {id}"),
        }));
    };
    let digits = guid("recovery", id.bytes().map(u64::from).sum())
        .bytes()
        .map(|byte| byte % 10)
        .fold(String::new(), |text, digit| format!("{text}{digit}"));
    let key = format!(
        "{}-{}-{}",
        digits.get(..6).unwrap_or_default(),
        digits.get(6..12).unwrap_or_default(),
        digits.get(12..18).unwrap_or_default()
    );
    let text = format!("The recovery key of {} is {key}", device.text("deviceName"));
    Ok(Answer::results(json!([{ "resultText": text, "copyField": key, "state": "success" }])))
}

fn admin_password(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("guid")?;
    let tenant = world.tenant(call)?;
    let Some(device) = find(&tenant.devices, "azureADDeviceId", &id) else {
        return Ok(Answer::done(format!("No LAPS password found for {id}")));
    };
    let password = format!("Laps-{}", guid("laps", id.bytes().map(u64::from).sum()).get(..8).unwrap_or_default());
    let text = format!("The password of the local administrator of {} is {password}", device.text("deviceName"));
    Ok(Answer::results(json!([{ "resultText": text, "copyField": password, "state": "success" }])))
}

fn autopilot(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.tenant(call)?.autopilot)))
}

fn autopilot_config(world: &mut World, call: &Call) -> Outcome {
    let tenant = world.tenant(call)?;
    Ok(match call.text("type").unwrap_or_default().to_ascii_lowercase().as_str() {
        "approfile" => Answer::rows(values(&tenant.autopilot_profiles)),
        "esp" => Answer::rows(values(&tenant.enrollment_pages)),
        _ => Answer::rows(Vec::new()),
    })
}

fn assign_autopilot(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("device")?;
    let user = call.object("user").unwrap_or_default();
    let added = user.get("addedFields");
    let name = |field: &str| added.and_then(|added| added.get(field)?.as_str()).unwrap_or_default().to_owned();
    let tenant = world.tenant(call)?;
    let Some(device) = find_mut(&mut tenant.autopilot, "id", &id) else {
        return Err(Answer::failed(400, format!("Could not assign the user to device {id}. It is not known.")));
    };
    device.put("userPrincipalName", name("userPrincipalName"));
    device.put("addressableUserName", name("addressableUserName"));
    Ok(Answer::done(format!("Successfully assigned {} to {}", name("userPrincipalName"), device.text("serialNumber"))))
}

fn remove_autopilot(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    match remove(&mut world.tenant(call)?.autopilot, "id", &id) {
        Some(_) => Ok(Answer::done("Successfully deleted the Autopilot device")),
        None => Err(Answer::failed(500, format!("Failed to delete device {id}. It is not registered."))),
    }
}

fn sync_autopilot(world: &mut World, call: &Call) -> Outcome {
    let now = world.now;
    let tenant = world.tenant(call)?;
    for device in &mut tenant.autopilot {
        device.put("lastContactedDateTime", iso(now));
    }
    Ok(Answer::done(format!("Successfully started a sync of {}", tenant.domain)))
}

fn defender_state(world: &mut World, call: &Call) -> Outcome {
    let tenant = world.tenant(call)?;
    let one = call.text("DeviceID");
    if let Some(id) = &one
        && find(&tenant.devices, "id", id).is_none()
    {
        // A failure is a list of one text, with status 200.
        return Ok(Answer::json(200, json!([format!("Resource '{id}' does not exist.")])));
    }
    let wanted = tenant.devices.iter().filter(|device| one.as_ref().is_none_or(|id| device.text("id") == id));
    let rows = wanted.map(|device| {
        let healthy = device.text("complianceState") == "compliant";
        let state = (device.text("operatingSystem") == "Windows").then(|| {
            json!({
                "id": device.text("id"), "malwareProtectionEnabled": true, "realTimeProtectionEnabled": healthy,
                "deviceState": if healthy { "clean" } else { "fullScanPending" }, "signatureUpdateOverdue": !healthy,
                "quickScanOverdue": false, "fullScanOverdue": !healthy, "rebootRequired": false,
                "engineVersion": "1.1.25050.2", "signatureVersion": "1.431.10.0", "antiMalwareVersion": "4.18.25050.5",
                "lastReportedDateTime": device.text("lastSyncDateTime"), "tamperProtectionEnabled": true,
            })
        });
        json!({
            "id": device.text("id"),
            "deviceName": device.text("deviceName"),
            "deviceType": device.text("deviceType"),
            "operatingSystem": device.text("operatingSystem"),
            "windowsProtectionState": state,
        })
    });
    Ok(Answer::rows(rows.collect()))
}

fn vulnerabilities(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.tenant(call)?.vulnerabilities)))
}
