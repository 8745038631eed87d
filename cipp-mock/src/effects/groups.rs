//! Groups and their members.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::project::visible;
use crate::world::{Fields, Record, Tenant, World, find, find_mut, new_group, new_team};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[("ListGroups", list), ("AddGroup", add), ("EditGroup", edit)];

/// Members or owners of a group, as rows.
fn people(tenant: &Tenant, group: &Record, list: &str) -> Vec<Value> {
    let member = |id: &String| {
        let user = find(&tenant.users, "id", id)?;
        Some(json!({
            "@odata.type": "#microsoft.graph.user",
            "id": id,
            "userPrincipalName": user.text("userPrincipalName"),
            "displayName": user.text("displayName"),
            "mail": user.text("mail"),
        }))
    };
    group.texts(list).iter().filter_map(member).collect()
}

fn list(world: &mut World, call: &Call) -> Outcome {
    if let Some(id) = call.text("groupID") {
        let tenant = world.tenant(call)?;
        let Some(group) = find(&tenant.groups, "id", &id) else {
            return Err(Answer::json(500, json!([format!("Resource '{id}' does not exist.")])));
        };
        return Ok(Answer::rows(vec![details(tenant, group)]).alone());
    }
    let kind = call.text("groupType");
    let (with_members, with_owners) = (call.on("expandMembers"), call.on("expandOwners"));
    let rows = world.rows(call, |tenant| {
        let wanted =
            |group: &&Record| kind.as_ref().is_none_or(|kind| group.text("groupType").eq_ignore_ascii_case(kind));
        tenant
            .groups
            .iter()
            .filter(wanted)
            .map(|group| {
                let mut row = group.clone();
                let names = |list: &str| -> String {
                    let people = people(tenant, group, list);
                    let names: Vec<&str> =
                        people.iter().filter_map(|person| person.get("userPrincipalName")?.as_str()).collect();
                    names.join(",")
                };
                row.put("membersCsv", names("_members"));
                row.put("ownersCsv", names("_owners"));
                if with_members {
                    row.put("members", people(tenant, group, "_members"));
                }
                if with_owners {
                    row.put("owners", people(tenant, group, "_owners"));
                }
                row
            })
            .collect()
    })?;
    Ok(Answer::rows(rows))
}

fn details(tenant: &Tenant, group: &Record) -> Value {
    json!({
        "groupInfo": visible(&Value::Object(group.clone())),
        "members": people(tenant, group, "_members"),
        "owners": people(tenant, group, "_owners"),
        "allowExternal": group.on("_allowExternal"),
        "sendCopies": group.on("_sendCopies"),
        "hideFromOutlookClients": group.on("_hidden"),
    })
}

fn add(world: &mut World, call: &Call) -> Outcome {
    let name = call.need("displayName")?;
    let wanted = call.need("groupType")?;
    let kind = match wanted.to_ascii_lowercase().as_str() {
        "m365" => "Microsoft 365",
        "distribution" | "dynamicdistribution" => "Distribution List",
        "security" => "Mail-Enabled Security",
        _ => "Security",
    };
    let nickname = call.text("username").unwrap_or_else(|| name.chars().filter(char::is_ascii_alphanumeric).collect());
    let mut texts = Vec::new();
    let mut status = 200;
    for asked in call.tenant_texts() {
        let id = call.guid();
        let now = call.now;
        let Some(tenant) = world.tenant_named(&asked) else {
            // Nothing is done in a tenant that CIPP does not know, and nobody is told.
            texts.push(format!("Successfully created group {name} for {asked}"));
            continue;
        };
        if kind != "Security"
            && tenant.groups.iter().any(|group| group.text("mailNickname").eq_ignore_ascii_case(&nickname))
        {
            texts.push(format!(
                "Failed to create group. {name} for {asked}: another object has the address {nickname}."
            ));
            status = 500;
            continue;
        }
        let domain = call.text("primDomain").unwrap_or_else(|| tenant.mail_domain.clone());
        let mut group = new_group(&id, &name, &nickname, kind, &domain, now);
        group.put("description", call.text("description"));
        let ids = |list: &str| -> Vec<String> {
            let keys = call.values(list);
            keys.iter().filter_map(|key| tenant.user(key)).map(|user| user.text("id").to_owned()).collect()
        };
        group.put("_members", ids("members"));
        group.put("_owners", ids("owners"));
        group.put("_allowExternal", call.on("allowExternal"));
        if let Some(rule) = call.text("membershipRules") {
            group.put("membershipRule", rule);
            group.put("dynamicGroupBool", true);
            group.push("groupTypes", "DynamicMembership");
        }
        tenant.groups.push(group);
        status = 200;
        texts.push(format!("Successfully created group {name} for {asked}"));
    }
    Ok(Answer::results(texts).with_status(status))
}

fn edit(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("groupId")?;
    let tenant = world.tenant(call)?;
    let Some(group) = find(&tenant.groups, "id", &id) else {
        return Err(Answer::text(500, format!("Resource '{id}' does not exist.")));
    };
    let mut group = group.clone();
    let mut texts = Vec::new();
    properties(call, &mut group, &mut texts);
    members(call, tenant, &mut group, &mut texts);
    if let Some(stored) = find_mut(&mut tenant.groups, "id", &id) {
        *stored = group;
    }
    Ok(Answer::results(texts))
}

fn properties(call: &Call, group: &mut Record, texts: &mut Vec<String>) {
    let name = group.text("displayName").to_owned();
    let fields = [
        ("displayName", "displayName"),
        ("description", "description"),
        ("mailNickname", "mailNickname"),
        ("membershipRules", "membershipRule"),
    ];
    let sent: Vec<_> = fields.iter().filter_map(|(sent, field)| Some((*field, call.text(sent)?))).collect();
    if !sent.is_empty() {
        if call.text("displayName").is_none() {
            texts.push(
                "Error - Failed to edit group properties: Invalid value specified for property 'displayName'."
                    .to_owned(),
            );
        } else {
            for (field, value) in sent {
                group.put(field, value);
            }
            texts.push(format!("Success - Edited group properties for {name} group."));
        }
    }
    if let Some(visibility) = call.text("visibility") {
        group.put("visibility", visibility.as_str());
        texts.push(format!("Set group visibility to {visibility} for {name}."));
    }
    if let Some(allow) = call.flag("allowExternal") {
        group.put("_allowExternal", allow);
        let verb = if allow { "Allowed external senders to send" } else { "Blocked external senders from sending" };
        texts.push(format!("{verb} to {name}."));
    }
    for (flag, field) in [("sendCopies", "_sendCopies"), ("hideFromOutlookClients", "_hidden")] {
        if let Some(on) = call.flag(flag) {
            group.put(field, on);
            texts.push(format!("Successfully set {flag} to {on} for {name}."));
        }
    }
}

fn members(call: &Call, tenant: &Tenant, group: &mut Record, texts: &mut Vec<String>) {
    let name = group.text("displayName").to_owned();
    let exchange = matches!(group.text("groupType"), "Distribution List" | "Mail-Enabled Security");
    for (field, list, adding) in [
        ("AddMember", "_members", true),
        ("RemoveMember", "_members", false),
        ("AddOwner", "_owners", true),
        ("RemoveOwner", "_owners", false),
    ] {
        let role = if list == "_members" { "member" } else { "owner" };
        for person in call.choices(field) {
            // Groups of Entra ID know people by object id only.
            let user = if exchange { tenant.user(&person.value) } else { find(&tenant.users, "id", &person.value) };
            let Some(user) = user else {
                texts.push(format!(
                    "Error - Failed to change {role} {} of {name}: Resource '{}' does not exist.",
                    person.label, person.value
                ));
                continue;
            };
            let (id, who) = (user.text("id"), user.text("userPrincipalName"));
            let held = group.holds(list, id);
            texts.push(match (adding, held) {
                _ if group.on("dynamicGroupBool") => {
                    format!("Error - Failed to change {role} {who}: {name} is a dynamic group.")
                }
                (true, true) => format!(
                    "Error - Failed to add {role} {who} to {name}: One or more added object references already exist."
                ),
                (true, false) => {
                    group.push(list, id);
                    format!("Success - Added {role} {who} to {name} group")
                }
                (false, true) => {
                    group.take(list, id);
                    format!("Success - Removed {role} {who} from {name} group")
                }
                (false, false) => format!("Error - Failed to remove {role} {who} from {name}: it is none."),
            });
        }
    }
    for contact in call.choices("AddContact") {
        texts.push(format!("Error - Failed to add contact {} to {name}.", contact.label));
    }
}

/// Makes a group with its team; for actions that make teams.
pub(super) fn add_team(tenant: &mut Tenant, id: &str, name: &str, owners: &[String], visibility: &str, now: i64) {
    let nickname: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut group = new_group(id, name, &nickname, "Microsoft 365", &tenant.mail_domain, now);
    group.put("_owners", owners.to_vec());
    group.put("_members", owners.to_vec());
    group.put("visibility", visibility);
    group.put("teamsEnabled", true);
    tenant.teams.push(new_team(&group));
    tenant.groups.push(group);
}
