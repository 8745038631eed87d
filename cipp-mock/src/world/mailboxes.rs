//! Mailboxes and the permissions on their calendars.

use super::record::{Fields, Record, record};
use super::tenant::Maker;
use serde_json::{Value, json};

/// A mailbox for everybody with a licence, and two shared ones.
pub(crate) fn mailboxes(maker: &Maker, users: &[Record]) -> Vec<Record> {
    let licensed = users.iter().filter(|user| !user.list("assignedLicenses").is_empty());
    let mut mailboxes: Vec<Record> = licensed.map(|user| new_mailbox(user, "UserMailbox")).collect();
    for (index, (name, title)) in [("info", "Information Desk"), ("billing", "Billing")].into_iter().enumerate() {
        let address = format!("{name}@{}", maker.mail_domain);
        let owner =
            record(json!({ "id": maker.id("shared", index), "userPrincipalName": address, "displayName": title }));
        mailboxes.push(new_mailbox(&owner, "SharedMailbox"));
    }
    mailboxes
}

/// The mailbox of a user.
pub(crate) fn new_mailbox(user: &Record, kind: &str) -> Record {
    let (id, address) = (user.text("id"), user.text("userPrincipalName"));
    record(json!({
        "Id": id,
        "ExternalDirectoryObjectId": id,
        "ExchangeGuid": super::guid("exchange", id.bytes().map(u64::from).fold(0, |sum, byte| sum * 31 % 1_000_000_007 + byte)),
        "UPN": address,
        "displayName": user.text("displayName"),
        "primarySmtpAddress": address,
        "recipientType": "UserMailbox",
        "recipientTypeDetails": kind,
        "AdditionalEmailAddresses": null,
        "ArchiveGuid": "00000000-0000-0000-0000-000000000000",
        "ArchiveStatus": "None",
        "DeliverToMailboxAndForward": false,
        "ForwardingSmtpAddress": null,
        "InternalForwardingAddress": null,
        "HiddenFromAddressListsEnabled": false,
        "IsDirSynced": user.on("onPremisesSyncEnabled"),
        "LitigationHoldEnabled": false,
        "MessageCopyForSentAsEnabled": false,
        "_fullAccess": [],
        "_sendAs": [],
        "_rules": ["Move newsletters"],
        "_mobileDevices": ["Phone"],
        "_autoReplyState": "Disabled",
        "_items": 1200,
    }))
}

/// What the people of Exchange's defaults may see of each calendar.
pub(crate) fn calendar_permissions(mailboxes: &[Record]) -> Vec<Record> {
    let mut rows = Vec::new();
    for mailbox in mailboxes {
        for (user, right) in [("Default", "AvailabilityOnly"), ("Anonymous", "None")] {
            rows.push(calendar_permission(mailbox, user, right, "Calendar"));
        }
    }
    rows
}

/// A row of the permissions on a calendar.
pub(crate) fn calendar_permission(mailbox: &Record, user: &str, right: &str, folder: &str) -> Record {
    let address = mailbox.text("UPN");
    record(json!({
        "Identity": format!("{address}:\\{folder}"),
        "User": user,
        "AccessRights": [right],
        "FolderName": folder,
        "MailboxInfo": { "UserPrincipalName": address, "DisplayName": mailbox.text("displayName") },
        "CalendarUPN": address,
        "CalendarDisplayName": mailbox.text("displayName"),
        "CalendarType": mailbox.text("recipientTypeDetails"),
        "_mailbox": mailbox.text("ExternalDirectoryObjectId"),
    }))
}

/// Rows of the statistics of shared mailboxes.
pub(crate) fn shared_statistics(mailboxes: &[Record], now: i64) -> Vec<Value> {
    mailboxes
        .iter()
        .filter(|mailbox| mailbox.text("recipientTypeDetails") == "SharedMailbox")
        .map(|mailbox| {
            json!({
                "DisplayName": mailbox.text("displayName"),
                "MailboxGuid": mailbox.text("ExchangeGuid"),
                "ItemCount": mailbox.int("_items"),
                "TotalItemSize": "1.25 GB (1,342,177,280 bytes)",
                "DeletedItemCount": 40,
                "TotalDeletedItemSize": "12.5 MB (13,107,200 bytes)",
                "LastLogonTime": crate::clock::iso(now - 86_400),
            })
        })
        .collect()
}
