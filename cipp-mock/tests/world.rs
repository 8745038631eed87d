//! What the actions do, seen through the typed client.

#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod support;

use cipp_client::{ErrorKind, LabelValue, RawRequest, Schedule, UnixTime, users};
use cipp_mock::{CONTOSO, FABRIKAM};
use serde_json::{Value, json};
use std::time::Duration;
use support::{json, results, start};

const ADA: &str = "ada.lovelace@contoso.com";
const JANE: &str = "jane.doe@contoso.com";

async fn user(client: &cipp_client::Client, name: &str) -> Value {
    let request = RawRequest::get("ListUsers").query("tenantFilter", CONTOSO).query("UserID", name);
    let (status, rows) = json(client, request).await;
    assert_eq!(status, 200, "{rows}");
    rows[0].clone()
}

async fn mailbox(client: &cipp_client::Client, name: &str) -> Value {
    let (_, rows) = json(client, RawRequest::get("ListMailboxes").query("tenantFilter", CONTOSO)).await;
    rows.as_array().unwrap().iter().find(|row| row["UPN"] == name).cloned().unwrap_or(Value::Null)
}

#[tokio::test]
async fn the_world_is_the_same_every_time() {
    let (one, client_one) = start().await;
    let (other, client_other) = start().await;
    for request in ["ListUsers", "ListDevices", "ListGroups"] {
        let request = RawRequest::get(request).query("tenantFilter", CONTOSO);
        assert_eq!(json(&client_one, request.clone()).await, json(&client_other, request).await);
    }
    assert_eq!(one.now(), other.now());
    let seeded = cipp_mock::MockServer::builder().seed(7).start().await.unwrap();
    let other_world = support::client(&seeded);
    let ids = |rows: &Value| rows[0]["id"].clone();
    let request = RawRequest::get("ListUsers").query("tenantFilter", CONTOSO);
    assert_ne!(ids(&json(&client_one, request.clone()).await.1), ids(&json(&other_world, request).await.1));
}

#[tokio::test]
async fn users_are_typed_and_decode_without_a_warning() {
    let (_server, client) = start().await;
    let response = client.users().list(CONTOSO).with_meta().await.unwrap();
    assert!(response.meta.warnings.is_empty(), "{:?}", response.meta.warnings);
    let users = response.value;
    assert_eq!(users.len(), 20);
    assert_eq!(users[0].display_name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(users.iter().filter(|user| user.user_type.as_ref().is_some_and(|kind| kind == "Guest")).count(), 1);
    assert!(users.iter().all(|user| user.extra.is_empty()));
    let blocked = client.call(users::ListUsers::new(CONTOSO).filter("accountEnabled eq false")).await.unwrap();
    assert_eq!(blocked.len(), 1);
    let error = client.call(users::ListUsers::new(CONTOSO).filter("nonsense(")).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    let error = client.users().list("nobody.onmicrosoft.com").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
}

#[tokio::test]
async fn a_new_user_is_there_with_licence_groups_and_password() {
    let (_server, client) = start().await;
    let (_, groups) = json(&client, RawRequest::get("ListGroups").query("tenantFilter", CONTOSO)).await;
    let group = groups[1]["id"].as_str().unwrap().to_owned();
    let request = users::AddUser::new(CONTOSO, "max", "contoso.com", "Max Power")
        .department("Sales")
        .licenses(["cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46"])
        .groups([LabelValue::from(group.as_str())])
        .manager(JANE);
    let outcome = client.call(request.clone()).await.unwrap();
    assert!(outcome.is_ok(), "{outcome:?}");
    let password = outcome.items.iter().filter_map(|item| item.copy_field.as_ref()).next_back().unwrap();
    assert!(password.expose().starts_with("Mock-"));
    let made = user(&client, "max@contoso.com").await;
    assert_eq!(made["department"], "Sales");
    assert_eq!(made["LicJoined"], "Microsoft 365 Business Premium");
    assert_eq!(made["manager"]["userPrincipalName"], JANE);
    assert_eq!(mailbox(&client, "max@contoso.com").await["recipientTypeDetails"], "UserMailbox");
    let of = client.call(users::ListUserGroups::new(CONTOSO, "max@contoso.com")).await.unwrap();
    assert_eq!(of.len(), 1);
    // A second of the name is refused.
    let error = client.call(request).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
}

#[tokio::test]
async fn licences_are_counted_and_run_out() {
    let (_server, client) = start().await;
    let sku = "4b9405b0-7788-4568-add1-99614e613b69";
    let row = async || {
        let (_, rows) = json(&client, RawRequest::get("ListLicenses").query("tenantFilter", CONTOSO)).await;
        rows.as_array().unwrap().iter().find(|row| row["skuId"] == sku).cloned().unwrap()
    };
    let before = row().await;
    let (used, free) =
        (before["CountUsed"].as_str().unwrap().parse::<i64>().unwrap(), before["CountAvailable"].as_i64().unwrap());
    assert_eq!(before["AssignedUsers"].as_array().unwrap().len() as i64, used);
    for number in 0..=free {
        let request = users::AddUser::new(CONTOSO, format!("temp{number}"), "contoso.com", "Temp").licenses([sku]);
        let outcome = client.call(request).await.unwrap();
        // The last one finds no seat; the status is a success all the same.
        assert_eq!(outcome.is_ok(), number < free, "{outcome:?}");
    }
    assert_eq!(row().await["CountAvailable"], 0);
}

#[tokio::test]
async fn single_changes_show_in_the_lists() {
    let (_server, client) = start().await;
    client.call(users::DisableUser::new(CONTOSO, JANE, false)).await.unwrap().into_result().unwrap();
    assert_eq!(user(&client, JANE).await["accountEnabled"], false);

    let reset = client.call(users::ResetPassword::new(CONTOSO, JANE)).await.unwrap();
    let secret = reset.items[0].copy_field.as_ref().unwrap().expose().to_owned();
    assert!(reset.items[0].text.contains(&secret));
    assert!(!format!("{reset:?}").contains(&secret));

    client.call(users::ConvertMailbox::new(CONTOSO, ADA, "Shared")).await.unwrap().into_result().unwrap();
    assert_eq!(mailbox(&client, ADA).await["recipientTypeDetails"], "SharedMailbox");

    client
        .call(users::SetEmailForward::new(CONTOSO, ADA, "internalAddress").internal_address(JANE).keep_copy(true))
        .await
        .unwrap()
        .into_result()
        .unwrap();
    assert_eq!(mailbox(&client, ADA).await["InternalForwardingAddress"], JANE);

    client.call(users::ResetMfa::new(CONTOSO, JANE)).await.unwrap().into_result().unwrap();
    client.call(users::SetPerUserMfa::new(CONTOSO, JANE, "enforced")).await.unwrap().into_result().unwrap();
    let (_, rows) = json(&client, RawRequest::get("ListMFAUsers").query("tenantFilter", CONTOSO)).await;
    let row = rows.as_array().unwrap().iter().find(|row| row["UPN"] == JANE).unwrap().clone();
    assert_eq!((&row["MFARegistration"], &row["PerUser"]), (&json!(false), &json!("enforced")));

    let error = client.call(users::DisableUser::new(CONTOSO, "ghost@contoso.com", false)).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert!(error.to_string().contains("Failed"), "{error}");
}

#[tokio::test]
async fn a_removed_user_can_be_restored() {
    let (_server, client) = start().await;
    let id = user(&client, JANE).await["id"].as_str().unwrap().to_owned();
    client.call(users::RemoveUser::new(CONTOSO, id.as_str())).await.unwrap().into_result().unwrap();
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 19);
    assert_eq!(mailbox(&client, JANE).await, Value::Null);
    let deleted = client.call(users::ListDeletedItems::new(CONTOSO)).await.unwrap();
    assert!(deleted.iter().any(|item| item.id.as_deref() == Some(id.as_str())));
    client.call(users::RestoreDeletedUser::new(CONTOSO, id.as_str())).await.unwrap().into_result().unwrap();
    assert_eq!(client.users().list(CONTOSO).await.unwrap().len(), 20);
    assert_eq!(mailbox(&client, JANE).await["UPN"], JANE);
}

#[tokio::test]
async fn offboarding_runs_as_a_task() {
    let (server, client) = start().await;
    let request = users::OffboardUser::new(CONTOSO, [JANE])
        .convert_to_shared(true)
        .remove_licenses(true)
        .remove_groups(true)
        .disable_sign_in(true)
        .reset_password(true);
    let outcome = client.call(request).await.unwrap().into_result().unwrap();
    assert_eq!(outcome.items.len(), 1);
    // The task goes through its states as somebody looks at it.
    let mut states = Vec::new();
    for _ in 0..3 {
        let (_, rows) = json(&client, RawRequest::get("ListScheduledItems")).await;
        states.push(rows[0]["TaskState"].as_str().unwrap().to_owned());
    }
    assert_eq!(states, ["Running", "Completed", "Completed"]);
    let leaver = user(&client, JANE).await;
    assert_eq!(leaver["accountEnabled"], false);
    assert_eq!(leaver["assignedLicenses"], json!([]));
    assert_eq!(mailbox(&client, JANE).await["recipientTypeDetails"], "SharedMailbox");
    assert!(client.call(users::ListUserGroups::new(CONTOSO, JANE)).await.unwrap().is_empty());

    // At a date, it waits for the clock.
    let due = server.now() + 7200;
    let later =
        users::OffboardUser::new(CONTOSO, [ADA]).disable_sign_in(true).schedule(Schedule::at(UnixTime::from_secs(due)));
    client.call(later).await.unwrap().into_result().unwrap();
    server.run_tasks();
    assert_eq!(user(&client, ADA).await["accountEnabled"], true);
    server.advance(Duration::from_secs(7200));
    assert_eq!(user(&client, ADA).await["accountEnabled"], false);
    let (_, rows) =
        json(&client, RawRequest::get("ListScheduledItems").query("Name", format!("Offboarding: {ADA}"))).await;
    let id = rows[0]["RowKey"].as_str().unwrap();
    let (_, details) = json(&client, RawRequest::get("ListScheduledItemDetails").query("RowKey", id)).await;
    assert!(details["Details"][0]["Results"][0].as_str().unwrap().starts_with("Successfully"), "{details}");
}

#[tokio::test]
async fn an_offboarding_without_a_step_is_refused_with_every_reason() {
    let (_server, client) = start().await;
    let request = RawRequest::post("ExecOffboardUser")
        .field("tenantFilter", json!({ "label": CONTOSO, "value": CONTOSO }))
        .field("user", json!([{ "label": "x", "value": "no-address" }]))
        .field("Scheduled", json!({ "enabled": true }));
    let (status, said) = results(&client, request).await;
    assert_eq!(status, 400);
    assert_eq!(said.as_array().unwrap().len(), 3, "{said}");
}

#[tokio::test]
async fn part_of_a_change_can_fail() {
    let (_server, client) = start().await;
    let request = RawRequest::post("ExecModifyCalPerms").body(json!({
        "tenantFilter": CONTOSO, "userID": ADA,
        "permissions": [{ "UserID": [JANE, "ghost@contoso.com"], "PermissionLevel": "Editor", "Modification": "Add" }],
    }));
    let (status, said) = results(&client, request).await;
    assert_eq!((status, said.as_array().unwrap().len()), (500, 2), "{said}");
    let (_, rows) =
        json(&client, RawRequest::get("ListCalendarPermissions").query("tenantFilter", CONTOSO).query("UserID", ADA))
            .await;
    assert!(rows.as_array().unwrap().iter().any(|row| row["User"] == JANE && row["AccessRights"] == json!(["Editor"])));

    // In a group, with status 200.
    let (_, groups) = json(&client, RawRequest::get("ListGroups").query("tenantFilter", CONTOSO)).await;
    let jane = user(&client, JANE).await["id"].clone();
    let request = RawRequest::post("EditGroup").body(json!({
        "tenantFilter": CONTOSO, "groupId": groups[1]["id"],
        "AddMember": [{ "label": "Jane", "value": jane }, { "label": "Ghost", "value": "ghost@contoso.com" }],
    }));
    let (status, said) = results(&client, request).await;
    assert_eq!(status, 200);
    assert!(said[0].as_str().unwrap().starts_with("Success - "), "{said}");
    assert!(said[1].as_str().unwrap().starts_with("Error - "), "{said}");
}

#[tokio::test]
async fn all_tenants_are_answered_later() {
    let (server, client) = start().await;
    let rows = client.users().list_mfa("AllTenants").await.unwrap();
    assert!(rows.is_queued() && rows.is_empty());
    let incidents =
        client.call(RawRequest::get("ExecIncidentsList").query("tenantFilter", "AllTenants")).await.unwrap();
    let id = incidents["Metadata"]["QueueId"].as_str().unwrap().to_owned();
    let status = async || {
        json(&client, RawRequest::get("ListCippQueue").query("QueueId", id.as_str())).await.1[0]["Status"].clone()
    };
    assert_eq!(status().await, "Running");
    assert_eq!(status().await, "Completed");
    let incidents =
        client.call(RawRequest::get("ExecIncidentsList").query("tenantFilter", "AllTenants")).await.unwrap();
    assert_eq!(incidents["Results"].as_array().unwrap().len(), 6);
    server.finish_queues();
    let rows = client.users().list_mfa("AllTenants").await.unwrap();
    assert!(!rows.is_queued());
    assert_eq!(rows.len(), 60);
}

#[tokio::test]
async fn scheduled_items_come_go_and_repeat() {
    let (server, client) = start().await;
    let add = |name: &str| {
        RawRequest::post("AddScheduledItem").body(json!({
            "tenantFilter": CONTOSO, "Name": name, "Command": { "label": "Get-Things", "value": "Get-Things" },
            "ScheduledTime": server.now() + 60, "Recurrence": "1d", "RowKey": "11111111-2222-4333-a444-555555555555",
        }))
    };
    let (status, said) = results(&client, add("Mine")).await;
    assert_eq!(status, 200);
    assert!(said.as_str().unwrap().starts_with("Successfully added task"), "{said}");
    let state = async || {
        let request = RawRequest::get("ListScheduledItems").query("Id", "11111111-2222-4333-a444-555555555555");
        json(&client, request).await.1[0].clone()
    };
    assert_eq!(state().await["TaskState"], "Planned");
    server.advance(Duration::from_secs(120));
    let ran = state().await;
    assert_eq!((&ran["TaskState"], ran["ExecutedTime"].is_string()), (&json!("Planned"), true), "{ran}");
    let remove = RawRequest::post("RemoveScheduledItem").field("id", "11111111-2222-4333-a444-555555555555");
    assert_eq!(results(&client, remove.clone()).await.0, 200);
    // The same text, though nothing was there to remove.
    let (status, said) = results(&client, remove).await;
    assert_eq!((status, said), (400, json!("Task removed successfully.")));
    let refused = RawRequest::post("AddScheduledItem").body(json!({
        "tenantFilter": CONTOSO, "Name": "x", "Command": { "label": "x", "value": "Get-GraphToken" },
    }));
    let (status, said) = results(&client, refused).await;
    assert_eq!(status, 200);
    assert!(said.as_str().unwrap().starts_with("Error -"), "{said}");
}

#[tokio::test]
async fn devices_policies_and_apps_change() {
    let (_server, client) = start().await;
    let list = async |endpoint: &str| json(&client, RawRequest::get(endpoint).query("tenantFilter", FABRIKAM)).await.1;
    let device = list("ListDevices").await[0]["id"].clone();
    let act = |action: &str| {
        RawRequest::post("ExecDeviceAction").body(json!({ "tenantFilter": FABRIKAM, "GUID": device, "Action": action }))
    };
    assert_eq!(results(&client, act("rebootNow")).await.0, 200);
    assert_eq!(list("ListDevices").await[0]["deviceActionResults"][0]["actionName"], "rebootNow");
    assert_eq!(results(&client, act("delete")).await.0, 200);
    assert_eq!(list("ListDevices").await.as_array().unwrap().len(), 5);
    assert_eq!(results(&client, act("delete")).await.0, 500);

    let policy = list("ListIntunePolicy").await[2]["id"].clone();
    let assign = RawRequest::post("ExecAssignPolicy").body(json!({
        "tenantFilter": FABRIKAM, "ID": policy, "Type": "DeviceConfigurations", "AssignTo": "AllDevices",
    }));
    assert_eq!(results(&client, assign).await.0, 200);
    assert_eq!(list("ListIntunePolicy").await[2]["PolicyAssignment"], "All Devices");
    let queue = RawRequest::post("AddStoreApp").body(json!({
        "selectedTenants": [{ "customerId": "", "defaultDomainName": FABRIKAM }], "PackageName": "7zip.7zip", "ApplicationName": "7-Zip",
    }));
    let (status, said) = results(&client, queue).await;
    assert!(status == 200 && said.is_string(), "one tenant answers with a bare text: {said}");
    let (_, queued) = json(&client, RawRequest::get("ListApplicationQueue")).await;
    assert_eq!(queued[0]["tenantName"], FABRIKAM);
}

#[tokio::test]
async fn time_deploys_apps_and_begins_vacations() {
    let (server, client) = start().await;
    let queue = RawRequest::post("AddChocoApp").body(json!({
        "selectedTenants": [{ "customerId": "", "defaultDomainName": CONTOSO }], "PackageName": "vlc", "ApplicationName": "VLC",
    }));
    assert_eq!(results(&client, queue).await.0, 200);
    let list =
        async |endpoint: &str| results(&client, RawRequest::get(endpoint).query("tenantFilter", CONTOSO)).await.1;
    let policy = list("ListConditionalAccessPolicies").await[0]["id"].clone();
    let vacation = RawRequest::post("ExecCAExclusion").body(json!({
        "tenantFilter": CONTOSO, "PolicyId": policy, "Users": [{ "label": "Jane", "value": JANE }], "vacation": true,
        "StartDate": server.now() + 600, "EndDate": server.now() + 6000,
    }));
    assert_eq!(results(&client, vacation).await.0, 200);
    assert_eq!(list("ListConditionalAccessPolicies").await[0]["excludeUsers"], "");
    server.advance(Duration::from_secs(1000));
    assert_eq!(list("ListConditionalAccessPolicies").await[0]["excludeUsers"], JANE);
    assert!(list("ListApps").await.as_array().unwrap().iter().any(|app| app["displayName"] == "VLC"));
    server.advance(Duration::from_secs(6000));
    assert_eq!(list("ListConditionalAccessPolicies").await[0]["excludeUsers"], "");
}

#[tokio::test]
async fn two_actions_at_one_endpoint_are_told_apart() {
    let (_server, client) = start().await;
    assert_eq!(client.tenants().list().await.unwrap().len(), 3);
    client.tenants().clear_cache().await.unwrap().into_result().unwrap();
    assert!(client.admin().get_password_config().await.unwrap().char_count.is_some());
    let error = client
        .call(RawRequest::post("ExecPasswordConfig").body(json!({ "passwordType": "Classic", "charCount": 3 })))
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Status);
}
