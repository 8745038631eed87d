//! Devices, and what Intune does with them.

use super::record::{Fields, Record, record};
use super::tenant::Maker;
use serde_json::{Value, json};

/// Six devices for each tenant: as Intune knows them and as Entra ID does.
pub(crate) fn devices(maker: &Maker, users: &[Record]) -> (Vec<Record>, Vec<Record>) {
    let kinds = [
        ("LAPTOP", "Windows", "10.0.26100.4351", "Lenovo", "ThinkPad T14", "compliant"),
        ("LAPTOP", "Windows", "10.0.22631.5472", "Dell Inc.", "Latitude 7450", "noncompliant"),
        ("MACBOOK", "macOS", "15.5", "Apple", "MacBook Pro", "compliant"),
        ("IPHONE", "iOS", "18.5", "Apple", "iPhone 15", "compliant"),
        ("DESKTOP", "Windows", "10.0.26100.4351", "HP", "EliteDesk 800", "inGracePeriod"),
        ("PIXEL", "Android", "15", "Google", "Pixel 9", "compliant"),
    ];
    let mut managed = Vec::new();
    let mut entra = Vec::new();
    for (index, (kind, system, version, maker_name, model, compliance)) in kinds.into_iter().enumerate() {
        let Some(owner) = users.get(index) else { continue };
        let name = format!("{kind}-{}{:02}", maker.domain.get(..3).unwrap_or_default().to_ascii_uppercase(), index + 1);
        let (id, entra_id, device_id) =
            (maker.id("device", index), maker.id("entra-device", index), maker.id("device-id", index));
        managed.push(record(json!({
            "id": id,
            "deviceName": name,
            "managedDeviceName": format!("{}_{name}", owner.text("username")),
            "azureADDeviceId": device_id,
            "azureActiveDirectoryDeviceId": device_id,
            "userId": owner.text("id"),
            "userPrincipalName": owner.text("userPrincipalName"),
            "userDisplayName": owner.text("displayName"),
            "emailAddress": owner.text("mail"),
            "operatingSystem": system,
            "osVersion": version,
            "deviceType": match system { "macOS" => "macMDM", "iOS" => "iPhone", "Android" => "androidEnterprise", _ => "windowsRT" },
            "manufacturer": maker_name,
            "model": model,
            "serialNumber": format!("SN{:04}{index:02}", maker.number * 1000 + 17),
            "totalStorageSpaceInBytes": 511_101_108_224_i64,
            "freeStorageSpaceInBytes": 211_101_108_224_i64,
            "physicalMemoryInBytes": 17_179_869_184_i64,
            "complianceState": compliance,
            "isEncrypted": compliance != "noncompliant",
            "isSupervised": false,
            "jailBroken": "Unknown",
            "ownerType": "company",
            "managedDeviceOwnerType": "company",
            "managementAgent": "mdm",
            "managementState": "managed",
            "deviceRegistrationState": "registered",
            "joinType": "azureADJoined",
            "azureADRegistered": true,
            "autopilotEnrolled": system == "Windows",
            "enrolledDateTime": maker.days_ago(200 + index as i64),
            "lastSyncDateTime": maker.days_ago(index as i64),
            "deviceActionResults": [],
            "partnerReportedThreatState": "unknown",
        })));
        entra.push(record(json!({
            "ID": entra_id,
            "_owner": owner.text("id"),
            "EPMID": id,
            "deviceId": device_id,
            "displayName": name,
            "accountEnabled": true,
            "approximateLastSignInDateTime": maker.days_ago(index as i64),
            "createdDateTime": maker.days_ago(200 + index as i64),
            "deviceOwnership": "Company",
            "enrollmentType": "AzureDomainJoined",
            "isCompliant": compliance == "compliant",
            "managementType": "MDM",
            "manufacturer": maker_name,
            "model": model,
            "operatingSystem": system,
            "operatingSystemVersion": version,
            "onPremisesSyncEnabled": false,
            "trustType": "AzureAd",
        })));
    }
    (managed, entra)
}

/// What an assignment says, in the form that Graph gives it.
pub(crate) fn target(kind: &str, group: Option<&str>) -> Value {
    json!({ "target": { "@odata.type": format!("#microsoft.graph.{kind}AssignmentTarget"), "groupId": group } })
}

/// Three policies in two collections.
pub(crate) fn policies(maker: &Maker) -> Vec<Record> {
    let policies = [
        ("Windows baseline", "ConfigurationPolicies", "Device Configuration", "allDevices", "All Devices"),
        ("Windows compliance", "deviceCompliancePolicies", "Compliance Policy", "allLicensedUsers", "All Users"),
        ("Update ring", "DeviceConfigurations", "Update Policy", "", ""),
    ];
    policies
        .into_iter()
        .enumerate()
        .map(|(index, (name, collection, kind, to, words))| {
            let mut policy = new_policy(&maker.id("policy", index), name, collection, kind, maker.now - 100 * 86_400);
            policy.put("description", "Made by the mock");
            if !to.is_empty() {
                policy.put("assignments", json!([target(to, None)]));
                policy.put("isAssigned", true);
                policy.put("PolicyAssignment", words);
            }
            policy
        })
        .collect()
}

/// A policy that is assigned to nobody.
pub(crate) fn new_policy(id: &str, name: &str, collection: &str, kind: &str, created: i64) -> Record {
    record(json!({
        "id": id,
        "displayName": name,
        "name": name,
        "URLName": collection,
        "PolicyTypeName": kind,
        "PolicyAssignment": "",
        "PolicyExclude": "",
        "assignments": [],
        "isAssigned": false,
        "createdDateTime": crate::clock::iso(created),
        "lastModifiedDateTime": crate::clock::iso(created),
        "platforms": "windows10",
        "roleScopeTagIds": ["0"],
    }))
}

/// Two apps.
pub(crate) fn apps(maker: &Maker) -> Vec<Record> {
    [("Company Portal", "Microsoft"), ("7-Zip", "Igor Pavlov")]
        .into_iter()
        .enumerate()
        .map(|(index, (name, publisher))| new_app(&maker.id("app", index), name, publisher, maker.now - 90 * 86_400))
        .collect()
}

/// An app that is assigned to nobody.
pub(crate) fn new_app(id: &str, name: &str, publisher: &str, created: i64) -> Record {
    record(json!({
        "@odata.type": "#microsoft.graph.winGetApp",
        "id": id,
        "displayName": name,
        "description": name,
        "publisher": publisher,
        "isFeatured": false,
        "isAssigned": false,
        "assignments": [],
        "AppAssignment": "",
        "AppExclude": "",
        "publishingState": "published",
        "createdDateTime": crate::clock::iso(created),
        "lastModifiedDateTime": crate::clock::iso(created),
        "roleScopeTagIds": ["0"],
    }))
}

/// A script of each kind but one.
pub(crate) fn scripts(maker: &Maker) -> Vec<Record> {
    [("Map drives", "Windows"), ("Set wallpaper", "MacOS"), ("Clean temp", "Remediation")]
        .into_iter()
        .enumerate()
        .map(|(index, (name, kind))| {
            record(json!({
                "id": maker.id("script", index),
                "displayName": name,
                "description": "",
                "scriptType": kind,
                "runAsAccount": "system",
                "assignments": [],
                "ScriptAssignment": "",
                "ScriptExclude": "",
                "createdDateTime": maker.days_ago(60),
                "lastModifiedDateTime": maker.days_ago(50),
            }))
        })
        .collect()
}

/// The Windows devices, registered with Autopilot.
pub(crate) fn autopilot(maker: &Maker, devices: &[Record]) -> Vec<Record> {
    devices
        .iter()
        .filter(|device| device.text("operatingSystem") == "Windows")
        .enumerate()
        .map(|(index, device)| {
            record(json!({
                "id": maker.id("autopilot", index),
                "serialNumber": device.text("serialNumber"),
                "displayName": device.text("deviceName"),
                "manufacturer": device.text("manufacturer"),
                "model": device.text("model"),
                "groupTag": "standard",
                "userPrincipalName": "",
                "addressableUserName": "",
                "enrollmentState": "enrolled",
                "lastContactedDateTime": maker.days_ago(index as i64),
                "deploymentProfileAssignmentStatus": "assignedInSync",
                "managedDeviceId": device.text("id"),
                "azureActiveDirectoryDeviceId": device.text("azureADDeviceId"),
            }))
        })
        .collect()
}

/// One deployment profile.
pub(crate) fn autopilot_profiles(maker: &Maker) -> Vec<Record> {
    vec![record(json!({
        "id": maker.id("profile", 0),
        "displayName": "Standard laptop",
        "description": "User-driven",
        "deviceNameTemplate": "LAP-%SERIAL%",
        "deviceType": "windowsPc",
        "locale": "os-default",
        "hardwareHashExtractionEnabled": true,
        "preprovisioningAllowed": true,
        "createdDateTime": maker.days_ago(150),
        "lastModifiedDateTime": maker.days_ago(150),
        "assignments": [target("allDevices", None)],
    }))]
}

/// One enrolment status page.
pub(crate) fn enrollment_pages(maker: &Maker) -> Vec<Record> {
    vec![record(json!({
        "@odata.type": "#microsoft.graph.windows10EnrollmentCompletionPageConfiguration",
        "id": maker.id("page", 0),
        "displayName": "All users and all devices",
        "description": "",
        "createdDateTime": maker.days_ago(150),
        "lastModifiedDateTime": maker.days_ago(150),
        "assignments": [],
    }))]
}
