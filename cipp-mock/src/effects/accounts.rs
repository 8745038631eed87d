//! What is done to single accounts.

use super::{Table, licenses};
use crate::answer::{Answer, Outcome};
use crate::call::{Call, choice, value_text};
use crate::clock::iso;
use crate::project::lookup;
use crate::scheduler::{self, NewTask};
use crate::world::{Fields, Record, World, find, guid, new_mailbox, new_user, record, remove};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("AddUser", add),
    ("RemoveUser", delete),
    ("ExecRestoreDeleted", restore),
    ("ExecDisableUser", set_enabled),
    ("ExecResetPass", reset_password),
    ("ExecRevokeSessions", revoke_sessions),
    ("ExecResetMFA", reset_mfa),
    ("ExecPerUserMFA", per_user_mfa),
    ("ExecCreateTAP", create_pass),
    ("ExecClrImmId", clear_immutable_id),
    ("ExecDismissRiskyUser", dismiss_risk),
    ("ExecSendPush", push),
];

fn add(world: &mut World, call: &Call) -> Outcome {
    let tenant = world.tenant(call)?.domain.clone();
    let username = call.need("username")?;
    let domain = call.need("PrimDomain")?;
    let details = call.body.as_object().cloned().unwrap_or_default();
    let schedule = call.object("Scheduled").unwrap_or_default();
    if lookup(&schedule, "enabled") == Some(&Value::Bool(true)) {
        let name = format!("New user creation: {username}@{domain}");
        // A second task of the name is not made, and nobody is told.
        if find(&world.portal.tasks, "Name", &name).is_none() {
            let due =
                lookup(&schedule, "date").and_then(value_text).and_then(|text| text.parse().ok()).unwrap_or(world.now);
            scheduler::add(
                world,
                NewTask {
                    id: call.guid(),
                    name,
                    command: "New-CIPPUserTask".to_owned(),
                    tenant,
                    parameters: json!({ "UserObj": details }),
                    due: Some(due),
                    notify: call.object("PostExecution"),
                    reference: call.text("reference"),
                    ..NewTask::default()
                },
            );
        }
        let shown = call.text("displayName").unwrap_or_default();
        return Ok(Answer::results(json!([format!("Successfully created scheduled task to create user {shown}")])));
    }
    let made = create(world, &tenant, &details, &call.guid())?;
    let item = |text: String, copy: &str| json!({ "resultText": text, "copyField": copy, "state": "success" });
    let mut items = vec![
        json!("Created New User."),
        item(format!("Username: {}", made.sign_in), &made.sign_in),
        item(format!("Password: {}", made.password), &made.password),
    ];
    items.extend(made.more.into_iter().map(Value::String));
    let user = crate::project::visible(&Value::Object(made.user));
    Ok(Answer::results(items)
        .with_metadata(json!({ "CopyFrom": { "Success": made.copied, "Error": [], "Skipped": [] }, "User": user })))
}

/// An account that was just made.
struct Made {
    sign_in: String,
    password: String,
    user: Record,
    more: Vec<String>,
    copied: Vec<String>,
}

/// Makes an account, then does one by one what else was asked for. What fails there is told, not undone.
fn create(world: &mut World, domain: &str, details: &Record, id: &str) -> Result<Made, Answer> {
    let now = world.now;
    let tenant =
        world.tenant_named(domain).ok_or_else(|| Answer::failed(500, format!("Tenant '{domain}' is not known.")))?;
    let text = |name: &str| lookup(details, name).and_then(value_text).filter(|text| !text.is_empty());
    let sign_in = format!("{}@{}", text("username").unwrap_or_default(), text("PrimDomain").unwrap_or_default());
    let suffix = sign_in.split('@').next_back().unwrap_or_default();
    let refuse = |why: String| Err(Answer::results(json!([format!("Failed to create user. {why}")])).with_status(500));
    if !tenant.is(suffix) {
        return refuse(format!(
            "The domain portion of the userPrincipalName property is invalid: '{suffix}' is not a verified domain."
        ));
    }
    if tenant.user(&sign_in).is_some() {
        return refuse("Another object with the same value for property userPrincipalName already exists.".to_owned());
    }
    let password = text("password").unwrap_or_else(|| format!("Mock-{}-7!", id.get(..8).unwrap_or_default()));
    let mut user = new_user(id, &sign_in, &text("displayName").unwrap_or_default(), now);
    for name in [
        "givenName",
        "surname",
        "usageLocation",
        "jobTitle",
        "department",
        "companyName",
        "streetAddress",
        "city",
        "state",
        "postalCode",
        "country",
        "mobilePhone",
    ] {
        if let Some(value) = text(name) {
            user.put(name, value);
        }
    }
    for name in ["businessPhones", "otherMails"] {
        if let Some(value) = lookup(details, name).filter(|value| value.is_array()) {
            user.put(name, value.clone());
        }
    }
    user.put("_methods", json!([]));
    user.put(
        "passwordProfile",
        json!({ "forceChangePasswordNextSignIn": lookup(details, "MustChangePass") == Some(&Value::Bool(true)) }),
    );
    tenant.users.push(user);
    let (mut more, mut copied) = (Vec::new(), Vec::new());
    let choices = |name: &str| -> Vec<_> {
        let items = lookup(details, name).and_then(Value::as_array).cloned().unwrap_or_default();
        items.iter().filter_map(choice).collect()
    };
    for license in choices("licenses") {
        more.push(licenses::assign(tenant, id, &license.value));
    }
    for alias in text("AddedAliases").unwrap_or_default().split_whitespace() {
        if let Some(user) = tenant.user_mut(id) {
            user.push("proxyAddresses", format!("smtp:{alias}"));
        }
        more.push(format!("Added alias {alias} to {sign_in}"));
    }
    for (field, shown) in [("setManager", "manager"), ("setSponsor", "sponsor")] {
        let Some(key) = text(field) else { continue };
        match tenant.user(&key).cloned() {
            Some(other) => {
                let names =
                    ["id", "displayName", "userPrincipalName"].map(|name| (name.to_owned(), json!(other.text(name))));
                if let Some(user) = tenant.user_mut(id) {
                    user.put(shown, Value::Object(names.into_iter().collect()));
                }
                more.push(format!("Set {sign_in}'s {shown} to {key}"));
            }
            None => more.push(format!("Failed to set {shown}: user '{key}' was not found.")),
        }
    }
    if let Some(model) = text("copyFrom").and_then(|key| tenant.user(&key).map(|user| user.text("id").to_owned())) {
        for group in tenant.groups.iter_mut().filter(|group| group.holds("_members", &model)) {
            group.push("_members", id);
            copied.push(format!("Added user {sign_in} to group {}", group.text("displayName")));
        }
        more.extend(copied.iter().cloned());
    }
    for wanted in choices("AddToGroups") {
        match tenant.groups.iter_mut().find(|group| group.text("id").eq_ignore_ascii_case(&wanted.value)) {
            Some(group) => {
                group.push("_members", id);
                more.push(format!("Added {sign_in} to {} group", group.text("displayName")));
            }
            None => more.push(format!("Failed to add to group {}: it was not found.", wanted.label)),
        }
    }
    let user = tenant.user(id).cloned().unwrap_or_default();
    if !user.list("assignedLicenses").is_empty() {
        tenant.mailboxes.push(new_mailbox(&user, "UserMailbox"));
    }
    world.portal.log(now, domain, "AddUser", "Info", &format!("Created user {sign_in}"));
    Ok(Made { sign_in, password, user, more, copied })
}

/// Makes the account of a scheduled creation.
pub(crate) fn run_creation(world: &mut World, tenant: &str, parameters: &Value, task: &str) -> Vec<String> {
    let details = record(parameters.get("UserObj").cloned().unwrap_or_default());
    let id = guid("created", task.bytes().map(u64::from).fold(7, |sum, byte| sum * 31 % 1_000_000_007 + byte));
    match create(world, tenant, &details, &id) {
        Ok(made) => {
            let mut lines = vec![
                "Created New User.".to_owned(),
                format!("Username: {}", made.sign_in),
                format!("Password: {}", made.password),
            ];
            lines.extend(made.more);
            lines
        }
        Err(_) => vec!["Failed to create user. The name is taken, or the domain is not the tenant's.".to_owned()],
    }
}

/// Deletes an account; it can be brought back.
pub(super) fn delete_user(world: &mut World, tenant: &str, key: &str) -> Result<String, Answer> {
    let now = world.now;
    let unknown = || Answer::failed(500, format!("Failed to delete user {key}: it does not exist."));
    let tenant = world.tenant_named(tenant).ok_or_else(unknown)?;
    let id = tenant.user(key).ok_or_else(unknown)?.text("id").to_owned();
    let mut user = remove(&mut tenant.users, "id", &id).ok_or_else(unknown)?;
    user.put("deletedDateTime", iso(now));
    user.put("TargetType", "User");
    let mailbox = remove(&mut tenant.mailboxes, "ExternalDirectoryObjectId", &id);
    user.put("_mailbox", mailbox.map(Value::Object));
    for group in &mut tenant.groups {
        if group.take("_members", &id) {
            user.push("_groups", group.text("id"));
        }
        group.take("_owners", &id);
    }
    let name = user.text("userPrincipalName").to_owned();
    tenant.deleted.insert(0, user);
    Ok(name)
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("ID")?;
    let tenant = world.tenant(call)?.domain.clone();
    let name = delete_user(world, &tenant, &key)?;
    let now = world.now;
    world.portal.log(now, &tenant, "RemoveUser", "Info", &format!("Deleted user {name}"));
    Ok(Answer::done(format!("Successfully deleted user {}.", call.text("userPrincipalName").unwrap_or(name))))
}

fn restore(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    let tenant = world.tenant(call)?;
    let Some(item) = find(&tenant.deleted, "id", &id) else {
        return Err(Answer::failed(500, format!("Failed to restore {id}. It is not among the deleted items.")));
    };
    let name = item.text("displayName").to_owned();
    if item.text("TargetType") == "User" && tenant.user(item.text("userPrincipalName")).is_some() {
        return Err(Answer::failed(
            500,
            format!("Failed to restore {name}. Another user has the sign-in name by now."),
        ));
    }
    let Some(mut item) = remove(&mut tenant.deleted, "id", &id) else { return Ok(Answer::empty(200)) };
    let (mailbox, groups) = (item.remove("_mailbox"), item.texts("_groups"));
    item.remove("deletedDateTime");
    match item.text("TargetType") {
        "User" => {
            if let Some(Value::Object(mailbox)) = mailbox {
                tenant.mailboxes.push(mailbox);
            }
            for group in tenant.groups.iter_mut().filter(|group| groups.iter().any(|id| id == group.text("id"))) {
                group.push("_members", id.as_str());
            }
            tenant.users.push(item);
        }
        "Group" => tenant.groups.push(item),
        _ => {}
    }
    Ok(Answer::done(format!("Successfully restored {name} ({id}).")))
}

fn set_enabled(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("ID")?;
    // Absent means off: the server takes nothing for false.
    let enabled = call.on("Enable");
    let user = world.tenant(call)?.need_user(&key, "set sign-in state")?;
    user.put("accountEnabled", enabled);
    let name = user.text("userPrincipalName");
    if user.on("onPremisesSyncEnabled") {
        let text = format!(
            "WARNING: {name} is synchronised from a local directory. Change the account there, or the next sync undoes this."
        );
        return Ok(Answer::failed(500, text));
    }
    Ok(Answer::done(format!("Successfully set account enabled state to {enabled} for {name}")))
}

fn reset_password(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("ID")?;
    let password = call.password();
    let now = world.now;
    let user = world.tenant(call)?.need_user(&key, "reset password")?;
    user.put("lastPasswordChangeDateTime", iso(now));
    user.put("_password", password.as_str());
    user.put("passwordProfile", json!({ "forceChangePasswordNextSignIn": call.on("MustChange") }));
    let name = call.text("displayName").unwrap_or_else(|| user.text("userPrincipalName").to_owned());
    let text = format!("Successfully reset the password for {name}. The new password is {password}");
    Ok(Answer::results(json!({ "resultText": text, "copyField": password, "state": "success" })))
}

fn revoke_sessions(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("id")?;
    let now = world.now;
    let user = world.tenant(call)?.need_user(&key, "revoke sessions")?;
    user.put("signInSessionsValidFromDateTime", iso(now));
    user.put("refreshTokensValidFromDateTime", iso(now));
    Ok(Answer::done(format!("Successfully revoked sessions for {}", call.text("Username").unwrap_or_default())))
}

fn reset_mfa(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("ID")?;
    let user = world.tenant(call)?.need_user(&key, "reset MFA methods")?;
    let name = user.text("userPrincipalName").to_owned();
    if let Some(method) = call.text("MethodId") {
        return Ok(Answer::done(if user.take("_methods", &method) {
            format!("Successfully removed MFA method {method} of {name}")
        } else {
            format!("No removable MFA method with id {method} for {name}")
        }));
    }
    let methods = user.texts("_methods");
    user.put("_methods", json!([]));
    Ok(Answer::done(if methods.is_empty() {
        format!("{name} has no MFA methods to remove")
    } else {
        format!("Successfully removed MFA methods ({}) of {name}", methods.join(", "))
    }))
}

fn per_user_mfa(world: &mut World, call: &Call) -> Outcome {
    let state = call.need("State")?;
    if !["enabled", "enforced", "disabled"].iter().any(|known| known.eq_ignore_ascii_case(&state)) {
        return Err(Answer::failed(500, format!("Failed: '{state}' is none of enabled, enforced and disabled.")));
    }
    let key = call.need("userPrincipalName")?;
    let key = if key.contains("#EXT#") { call.need("userId")? } else { key };
    // The server does not look at what Graph says, so an unknown user is a success, too.
    if let Some(user) = world.tenant(call)?.user_mut(&key) {
        user.put("_perUser", state.to_ascii_lowercase());
    }
    Ok(Answer::done(format!("Successfully set Per user MFA State for {key} to {state}")))
}

fn create_pass(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("ID")?;
    let now = world.now;
    let user = world.tenant(call)?.need_user(&key, "create TAP")?;
    let name = user.text("userPrincipalName").to_owned();
    let minutes = call.int("lifetimeInMinutes").unwrap_or(60);
    if !(10..=43_200).contains(&minutes) {
        return Err(Answer::failed(
            500,
            format!("Failed to create TAP for {name}. The lifetime is outside the policy's bounds."),
        ));
    }
    if user.contains_key("_pass") {
        return Err(Answer::failed(500, format!("Failed to create TAP for {name}. The user has one already.")));
    }
    let pass = format!("Tap{}", call.guid().get(..6).unwrap_or_default());
    user.put("_pass", pass.as_str());
    let starts = iso(call.int("startDateTime").unwrap_or(now));
    let text = format!("The TAP for {name} is {pass}. It is good for {minutes} minutes from {starts}.");
    Ok(Answer::results(json!([
        { "resultText": text, "copyField": pass, "temporaryAccessPass": pass, "lifetimeInMinutes": minutes,
            "isUsableOnce": call.on("isUsableOnce"), "startDateTime": starts, "state": "success" },
        { "resultText": format!("User ID: {key}"), "copyField": key, "state": "success" },
    ])))
}

fn clear_immutable_id(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("ID")?;
    let tenant = world.tenant(call)?;
    // Somebody who is among the deleted items comes back by this.
    if let Some(mut user) = remove(&mut tenant.deleted, "id", &key) {
        user.remove("deletedDateTime");
        user.put("onPremisesImmutableId", Value::Null);
        tenant.users.push(user);
        return Ok(Answer::done(format!("Successfully cleared immutable ID for user {key}")));
    }
    let user = tenant.need_user(&key, "clear immutable ID")?;
    if user.on("onPremisesSyncEnabled") {
        return Err(Answer::failed(500, format!("Failed to clear immutable ID for {key}. The user is synchronised.")));
    }
    user.put("onPremisesImmutableId", Value::Null);
    Ok(Answer::done(format!("Successfully cleared immutable ID for user {key}")))
}

fn dismiss_risk(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("userId")?;
    let tenant = world.tenant(call)?;
    let Some(user) = tenant.users.iter_mut().find(|user| user.text("id").eq_ignore_ascii_case(&key)) else {
        return Err(Answer::failed(500, format!("Failed to dismiss the risk of {key}. It is no object id of a user.")));
    };
    user.put("_risk", "dismissed");
    let name = call.text("userDisplayName").unwrap_or(key);
    Ok(Answer::done(format!("Successfully dismissed the risk of {name}")))
}

fn push(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("UserEmail")?;
    let tenant = world.tenant(call)?;
    let able = tenant.user(&key).is_some_and(|user| user.holds("_methods", "phoneAppNotification"));
    let (text, state) = if able {
        (format!("{key} approved the request"), "success")
    } else {
        (format!("{key} has no method that a prompt can be sent to"), "error")
    };
    Ok(Answer::results(json!({ "resultText": text, "state": state })))
}
