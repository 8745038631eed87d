//! Alerts, incidents, sign-ins, Conditional Access and vulnerabilities.

use super::record::{Fields, Record, record};
use super::tenant::Maker;
use serde_json::json;

/// Three alerts, and an incident for each of two.
pub(crate) fn alerts(maker: &Maker, users: &[Record]) -> (Vec<Record>, Vec<Record>) {
    let kinds = [
        ("Impossible travel activity", "high", "newAlert", "IPC"),
        ("Suspicious inbox forwarding", "medium", "inProgress", "MCAS"),
        ("Malware prevented", "low", "resolved", "Microsoft Defender ATP"),
    ];
    let mut alerts = Vec::new();
    for (index, (title, severity, status, provider)) in kinds.into_iter().enumerate() {
        let id = maker.id("alert", index);
        let user = users.get(index + 3).map(|user| user.text("userPrincipalName")).unwrap_or_default();
        let people = json!([{ "userPrincipalName": user, "accountName": user.split('@').next(), "domainName": maker.mail_domain }]);
        let when = maker.days_ago(index as i64);
        alerts.push(record(json!({
            "Tenant": maker.domain,
            "GUID": null,
            "Id": id,
            "Title": title,
            "Category": "SuspiciousActivity",
            "EventDateTime": when,
            "Severity": severity,
            "Status": status,
            "InvolvedUsers": people,
            "RawResult": {
                "id": id, "title": title, "severity": severity, "status": status, "category": "SuspiciousActivity",
                "createdDateTime": when, "eventDateTime": when, "azureTenantId": maker.tenant, "userStates": people,
                "vendorInformation": { "vendor": "Microsoft", "provider": provider },
            },
        })));
    }
    let incidents = (0..2_usize)
        .map(|index| {
            let id = format!("{}", 1000 + maker.number * 100 + index);
            record(json!({
                "Tenant": maker.domain,
                "IncidentUrl": format!("https://security.microsoft.com/incidents/{id}?tid={}", maker.tenant),
                "Id": id,
                "Status": if index == 0 { "active" } else { "resolved" },
                "DisplayName": if index == 0 { "Multi-stage incident on one endpoint" } else { "Phishing message delivered" },
                "Created": maker.days_ago(2 + index as i64 * 20),
                "Updated": maker.days_ago(1 + index as i64 * 20),
                "AssignedTo": null,
                "Classification": "unknown",
                "Determination": "unknown",
                "Severity": if index == 0 { "high" } else { "medium" },
                "Tags": "",
                "Comments": [],
                "_created": maker.now - (2 + index as i64 * 20) * 86_400,
            }))
        })
        .collect();
    (alerts, incidents)
}

/// Twelve sign-ins of the last days; every fourth failed on a wrong password.
pub(crate) fn sign_ins(maker: &Maker, users: &[Record]) -> Vec<Record> {
    let mut rows = Vec::new();
    for (index, user) in users.iter().take(12).enumerate() {
        let failed = index % 4 == 3;
        let code = if failed { 50126 } else { 0 };
        let when = maker.now - index as i64 * 40_000;
        rows.push(record(json!({
            "id": maker.id("sign-in", index),
            "createdDateTime": crate::clock::iso(when),
            "_when": when,
            "userId": user.text("id"),
            "userPrincipalName": user.text("userPrincipalName"),
            "userDisplayName": user.text("displayName"),
            "userType": "member",
            "appId": "00000002-0000-0ff1-ce00-000000000000",
            "appDisplayName": "Office 365 Exchange Online",
            "clientAppUsed": "Browser",
            "ipAddress": format!("203.0.113.{}", 10 + index),
            "location": { "city": "Rotterdam", "state": "Zuid-Holland", "countryOrRegion": "NL",
                "geoCoordinates": { "latitude": 51.92, "longitude": 4.48 } },
            "locationcipp": "Rotterdam - NL",
            "errorCode": code,
            "additionalDetails": if failed { "Invalid username or password" } else { "MFA completed in Azure AD" },
            "status": { "errorCode": code, "failureReason": if failed { "Invalid username or password" } else { "Other." } },
            "isInteractive": true,
            "conditionalAccessStatus": if failed { "notApplied" } else { "success" },
            "authenticationRequirement": if failed { "singleFactorAuthentication" } else { "multiFactorAuthentication" },
            "riskState": "none",
            "riskLevelDuringSignIn": "none",
            "riskLevelAggregated": "none",
            "deviceDetail": { "operatingSystem": "Windows10", "browser": "Edge 137.0", "isCompliant": true, "isManaged": true },
            "resourceDisplayName": "Office 365 Exchange Online",
        })));
    }
    rows
}

/// Two Conditional Access policies.
pub(crate) fn access_policies(maker: &Maker) -> Vec<Record> {
    let policies = [
        ("Require MFA for all users", "enabled", "mfa"),
        ("Block legacy authentication", "enabledForReportingButNotEnforced", "block"),
    ];
    policies
        .into_iter()
        .enumerate()
        .map(|(index, (name, state, control))| {
            record(json!({
                "id": maker.id("access-policy", index),
                "displayName": name,
                "customer": maker.tenant,
                "Tenant": maker.domain,
                "createdDateTime": maker.days_ago(400),
                "modifiedDateTime": maker.days_ago(40),
                "state": state,
                "clientAppTypes": if index == 0 { "all" } else { "exchangeActiveSync,other" },
                "includeApplications": "All",
                "includeUsers": "All",
                "excludeUsers": "",
                "includeLocations": "",
                "excludeLocations": "",
                "grantControlsOperator": "OR",
                "builtInControls": control,
                "rawjson": json!({ "displayName": name, "state": state }).to_string(),
                "_excludeUsers": [],
            }))
        })
        .collect()
}

/// The office's addresses and the countries where people work.
pub(crate) fn named_locations(maker: &Maker) -> Vec<Record> {
    let mut places = vec![
        ip_location(
            &maker.id("location", 0),
            "Head office",
            &["203.0.113.0/24".to_owned()],
            true,
            maker.now - 300 * 86_400,
        ),
        country_location(
            &maker.id("location", 1),
            "Allowed countries",
            &["NL".to_owned(), "US".to_owned()],
            false,
            maker.now - 300 * 86_400,
        ),
    ];
    for place in &mut places {
        refresh_location(place);
    }
    places
}

/// A location made of address ranges.
pub(crate) fn ip_location(id: &str, name: &str, ranges: &[String], trusted: bool, created: i64) -> Record {
    let ranges: Vec<_> = ranges
        .iter()
        .map(|range| json!({ "@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": range }))
        .collect();
    record(json!({
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "id": id,
        "displayName": name,
        "createdDateTime": crate::clock::iso(created),
        "modifiedDateTime": crate::clock::iso(created),
        "isTrusted": trusted,
        "ipRanges": ranges,
    }))
}

/// A location made of countries.
pub(crate) fn country_location(id: &str, name: &str, countries: &[String], unknown: bool, created: i64) -> Record {
    record(json!({
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "id": id,
        "displayName": name,
        "createdDateTime": crate::clock::iso(created),
        "modifiedDateTime": crate::clock::iso(created),
        "countriesAndRegions": countries,
        "includeUnknownCountriesAndRegions": unknown,
        "countryLookupMethod": "clientIpAddress",
    }))
}

/// Brings the column that says in words what a location covers in line with it.
pub(crate) fn refresh_location(place: &mut Record) {
    let mut parts = place.texts("countriesAndRegions");
    parts.extend(
        place.list("ipRanges").iter().filter_map(|range| range.get("cidrAddress")?.as_str()).map(str::to_owned),
    );
    place.put("rangeOrLocation", parts.join(", "));
}

/// Two vulnerabilities of the Windows devices.
pub(crate) fn vulnerabilities(maker: &Maker, devices: &[Record]) -> Vec<Record> {
    let windows: Vec<&Record> = devices.iter().filter(|device| device.text("operatingSystem") == "Windows").collect();
    let affected: Vec<_> =
        windows.iter().map(|device| json!({ "deviceName": device.text("deviceName").to_ascii_lowercase() })).collect();
    [("CVE-2026-21001", "High", 8.8, "edge"), ("CVE-2026-10477", "Critical", 9.8, "7-zip")]
        .into_iter()
        .enumerate()
        .map(|(index, (cve, severity, score, software))| {
            record(json!({
                "customerId": maker.tenant,
                "affectedDevicesCount": affected.len(),
                "cveId": cve,
                "affectedDevices": affected,
                "id": maker.id("vulnerability", index),
                "deviceId": maker.id("defender-device", 0),
                "osPlatform": "Windows11",
                "osVersion": "10.0.26100.4351",
                "osArchitecture": "x64",
                "softwareVendor": "microsoft",
                "softwareName": software,
                "softwareVersion": "137.0.1",
                "vulnerabilitySeverityLevel": severity,
                "cvssScore": score,
                "exploitabilityLevel": "NoExploit",
                "securityUpdateAvailable": true,
                "recommendedSecurityUpdate": "June 2026 Security Updates",
                "firstSeenTimestamp": maker.days_ago(12),
                "lastSeenTimestamp": maker.days_ago(1),
            }))
        })
        .collect()
}
