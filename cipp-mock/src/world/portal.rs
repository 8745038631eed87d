//! What belongs to the portal itself: tasks, logs, templates, settings.

use super::guid;
use super::record::{Fields, Record, record};
use super::tenant::Tenant;
use crate::clock::{day, iso};
use serde_json::{Value, json};

/// The portal's own tables.
#[derive(Debug)]
pub(crate) struct Portal {
    pub(crate) tasks: Vec<Record>,
    pub(crate) alert_rules: Vec<Record>,
    pub(crate) logs: Vec<Record>,
    pub(crate) audit_logs: Vec<Record>,
    pub(crate) standard_templates: Vec<Record>,
    pub(crate) intune_templates: Vec<Record>,
    pub(crate) app_queue: Vec<Record>,
    pub(crate) api_clients: Vec<Record>,
    pub(crate) repositories: Vec<Record>,
    pub(crate) backups: Vec<Record>,
    pub(crate) roles: Vec<Record>,
    pub(crate) excluded_licenses: Vec<Record>,
    pub(crate) tenant_groups: Vec<Record>,
    /// Settings of the integrations, by name.
    pub(crate) extensions: Record,
    /// Organisations that tenants are mapped to, by extension.
    pub(crate) mappings: Record,
    pub(crate) password_config: Record,
}

impl Portal {
    /// The tables as they are at the start.
    pub(crate) fn new(seed: u64, now: i64) -> Self {
        let id = |kind: &str, number: u64| guid(kind, seed.wrapping_mul(1_000_003).wrapping_add(number));
        Self {
            tasks: Vec::new(),
            alert_rules: vec![record(json!({
                "RowKey": id("alert-rule", 0),
                "PartitionKey": "Webhookv2",
                "EventType": "Audit log Alert",
                "LogType": "Audit.AzureActiveDirectory",
                "Tenants": [{ "label": "*All Tenants", "value": "AllTenants", "type": "Tenant" }],
                "excludedTenants": [],
                "Conditions": "When Operation is New user added",
                "Actions": "Generate an email",
                "RepeatsEvery": "When received",
                "AlertComment": "",
            }))],
            logs: Vec::new(),
            audit_logs: Vec::new(),
            standard_templates: vec![record(json!({
                "GUID": id("template", 0),
                "templateName": "Baseline",
                "description": "What every tenant gets",
                "tenantFilter": [{ "label": "*All Tenants", "value": "AllTenants", "type": "Tenant" }],
                "excludedTenants": [],
                "standards": { "AuditLog": { "action": [{ "label": "Remediate", "value": "Remediate" }] },
                    "PerUserMFA": { "action": [{ "label": "Report", "value": "Report" }] } },
                "type": "classic",
                "isDriftTemplate": false,
                "runManually": false,
                "createdAt": iso(now - 90 * 86_400),
                "updatedAt": iso(now - 10 * 86_400),
                "updatedBy": "admin@partner.example",
                "isSynced": false,
            }))],
            intune_templates: vec![record(json!({
                "GUID": id("intune-template", 0),
                "Type": "Catalog",
                "Displayname": "Windows baseline",
                "Description": "Settings for every Windows device",
                "RAWJson": "{\"name\":\"Windows baseline\"}",
                "ReusableSettings": [],
                "package": "",
                "isSynced": false,
            }))],
            app_queue: Vec::new(),
            api_clients: vec![record(json!({
                "ClientId": guid("client", 0),
                "AppName": "cipp-mock client",
                "Role": "admin",
                "IPRange": ["Any"],
                "Enabled": true,
                "MCPAllowed": false,
            }))],
            repositories: vec![record(json!({
                "Id": "684712311",
                "BuiltIn": true,
                "Name": "CIPP-Templates",
                "Description": "Templates of the community",
                "URL": "https://github.com/example/CIPP-Templates",
                "FullName": "example/CIPP-Templates",
                "Owner": "example",
                "Visibility": "public",
                "WriteAccess": false,
                "DefaultBranch": "main",
                "UploadBranch": "main",
                "TemplateTypes": [],
                "RepoPermissions": { "admin": false, "maintain": false, "push": false, "triage": false, "pull": true },
            }))],
            backups: vec![Self::backup("CIPP", now - 86_400)],
            roles: ["readonly", "editor", "admin", "superadmin"]
                .into_iter()
                .map(|name| {
                    record(json!({ "RoleName": name, "Type": "Built-In", "Permissions": "Not editable", "AllowedTenants": ["AllTenants"],
                        "BlockedTenants": [], "EntraGroup": null, "IPRange": [] }))
                })
                .collect(),
            excluded_licenses: vec![record(json!({ "GUID": "f30db892-07e9-47e9-837c-80727f46fd3d", "Product_Display_Name": "Microsoft Power Automate Free" }))],
            tenant_groups: vec![record(json!({ "Id": id("tenant-group", 0), "Name": "Managed", "Description": "Full service", "GroupType": "static" }))],
            extensions: record(json!({
                "CIPP-API": {},
                "HaloPSA": { "Enabled": false, "ResourceURL": "", "ClientID": "" },
                "Hudu": { "Enabled": true, "BaseUrl": "https://hudu.example.com", "APIKey": "SentToKeyVault" },
                "GitHub": { "Enabled": false },
                "HIBP": { "Enabled": false },
            })),
            mappings: Record::new(),
            password_config: record(json!({
                "passwordType": "Classic", "charCount": 14, "includeUppercase": true, "includeLowercase": true, "includeDigits": true,
                "includeSpecialChars": true, "specialCharSet": "$%&*#", "wordCount": 4, "separator": "-", "capitalizeWords": false,
                "appendNumber": false, "appendSpecialChar": false,
            })),
        }
    }

    /// Fills in what needs the tenants: the first lines of the logs.
    pub(crate) fn know_tenants(&mut self, tenants: &[Tenant]) {
        for (index, tenant) in tenants.iter().enumerate() {
            let id = guid("audit", index as u64);
            let refreshed = crate::clock::parse_iso(tenant.record.text("LastRefresh")).unwrap_or_default();
            self.log(refreshed, &tenant.domain, "Standards", "Info", "AuditLog: the unified audit log is on already.");
            let who = tenant.users.first().map(|user| user.text("userPrincipalName")).unwrap_or_default();
            self.audit_logs.push(record(json!({
                "LogId": id,
                "Timestamp": iso(refreshed),
                "_when": refreshed,
                "Tenant": tenant.domain,
                "Title": "New user added",
                "Data": { "Title": "New user added", "ActionUrl": "https://cipp.example.com", "ActionText": "Look at the users",
                    "RawData": { "Operation": "Add user.", "UserId": who }, "IP": "203.0.113.7", "ActionsTaken": [] },
            })));
        }
    }

    /// Writes a line into the log book.
    pub(crate) fn log(&mut self, now: i64, tenant: &str, api: &str, severity: &str, message: &str) {
        let id = guid("log", self.logs.len() as u64);
        self.logs.push(record(json!({
            "DateTime": iso(now),
            "_day": day(now),
            "DateFilter": day(now),
            "Tenant": tenant,
            "TenantID": "",
            "API": api,
            "Message": message,
            "User": "cipp-mock client",
            "Severity": severity,
            "LogData": "",
            "AppId": guid("client", 0),
            "IP": "127.0.0.1",
            "RowKey": id,
        })));
    }

    /// A backup of the portal or, with another kind, of a tenant.
    pub(crate) fn backup(kind: &str, now: i64) -> Record {
        let stamp = iso(now).replace(['-', ':', 'T', 'Z'], "");
        let name = if kind == "CIPP" { format!("CIPPBackup_{stamp}") } else { format!("{kind}_{stamp}") };
        record(json!({
            "BackupName": name,
            "RowKey": name,
            "PartitionKey": if kind == "CIPP" { "CIPPBackup" } else { "ScheduledBackup" },
            "Timestamp": iso(now),
            "Source": "table",
            "Items": ["Extensionsconfig", "templates", "SchedulerConfig"],
            "Backup": Value::String("[]".to_owned()),
            "BackupIsBlob": false,
            "_kind": kind,
        }))
    }
}
