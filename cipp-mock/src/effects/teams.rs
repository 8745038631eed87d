//! Teams, sites, drives and phone numbers.

use super::{Table, groups};
use crate::answer::{Answer, Outcome};
use crate::call::{Call, value_text};
use crate::project::lookup;
use crate::world::{Fields, Record, Tenant, World, find, find_mut, new_site, record, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListSites", sites),
    ("AddSite", add_site),
    ("AddSiteBulk", add_sites),
    ("ExecSetSharePointMember", set_member),
    ("ExecSharePointPerms", set_permissions),
    ("ListTeams", list),
    ("AddTeam", add_team),
    ("ListTeamsActivity", activity),
    ("ListTeamsVoice", numbers),
    ("ExecTeamsVoicePhoneNumberAssignment", assign),
    ("ExecRemoveTeamsVoicePhoneNumberAssignment", unassign),
    ("ListTeamsLisLocation", locations),
];

fn sites(world: &mut World, call: &Call) -> Outcome {
    let drives = call.text("Type").is_some_and(|kind| kind.eq_ignore_ascii_case("OneDriveUsageAccount"));
    let short = call.on("URLOnly");
    let rows = world.rows(call, |tenant| {
        let mut rows = if drives { tenant.drives.clone() } else { tenant.sites.clone() };
        rows.sort_by(|one, other| one.text("displayName").cmp(other.text("displayName")));
        if short {
            for row in &mut rows {
                row.retain(|name, _| name == "webUrl");
            }
        }
        rows
    })?;
    Ok(Answer::rows(rows))
}

/// Makes a site from its parts; says what came of it.
fn make_site(tenant: &mut Tenant, parts: &Record, id: &str, now: i64) -> Result<String, String> {
    let text = |name: &str| lookup(parts, name).and_then(value_text).filter(|text| !text.trim().is_empty());
    let name = text("siteName").unwrap_or_default();
    for needed in ["siteName", "siteDescription", "siteOwner", "templateName", "siteDesign"] {
        if text(needed).is_none() {
            return Err(format!("Failed to create SharePoint site {name}: {needed} is missing."));
        }
    }
    let owner = text("siteOwner").unwrap_or_default();
    let Some(user) = tenant.user(&owner) else {
        return Err(format!("Failed to create SharePoint site {name}: there is no user {owner}."));
    };
    let mut site = new_site(id, &name, user.text("displayName"), &tenant.domain, now);
    site.put("ownerPrincipalName", user.text("userPrincipalName"));
    site.put("fileCount", 0);
    if tenant.sites.iter().any(|other| other.text("webUrl") == site.text("webUrl")) {
        return Err(format!("Failed to create SharePoint site {name}: the site exists."));
    }
    tenant.sites.push(site);
    Ok(format!("Successfully created site {name}"))
}

fn add_site(world: &mut World, call: &Call) -> Outcome {
    let parts = call.body.as_object().cloned().unwrap_or_default();
    let made = make_site(world.tenant(call)?, &parts, &call.guid(), call.now);
    made.map(Answer::done).map_err(|text| Answer::failed(500, text))
}

fn add_sites(world: &mut World, call: &Call) -> Outcome {
    let tenant = world.tenant(call)?;
    let sites = call.items("bulkSites");
    let texts: Vec<String> = sites
        .into_iter()
        .map(|site| make_site(tenant, &record(site), &call.guid(), call.now).unwrap_or_else(|text| text))
        .collect();
    Ok(Answer::results(texts))
}

fn set_member(world: &mut World, call: &Call) -> Outcome {
    let url = call.need("URL")?;
    let key = call.need("user")?;
    let adding = call.on("Add");
    let tenant = world.tenant(call)?;
    let (id, name) = tenant.user_ids(&key, "set SharePoint member")?;
    if let Some(group) = call.text("GroupID") {
        let group = find_mut(&mut tenant.groups, "mail", &group)
            .ok_or_else(|| Answer::failed(500, format!("Failed: there is no group {group}.")))?;
        group.take("_members", &id);
        if adding {
            group.push("_members", id.as_str());
        }
    } else {
        let site = find_mut(&mut tenant.sites, "webUrl", &url)
            .ok_or_else(|| Answer::failed(500, format!("Failed: there is no site {url}.")))?;
        site.take("_members", &name);
        if adding {
            site.push("_members", name.as_str());
        }
    }
    let verb = if adding { "added" } else { "removed" };
    Ok(Answer::done(format!("Successfully {verb} {name} as a member of {url}")))
}

fn set_permissions(world: &mut World, call: &Call) -> Outcome {
    let removing = call.on("RemovePermission");
    let (owner, url) = (call.text("UPN").unwrap_or_default(), call.text("URL").unwrap_or_default());
    let tenant = world.tenant(call)?;
    let drive = tenant.drives.iter_mut().chain(tenant.sites.iter_mut()).find(|drive| {
        (!owner.is_empty() && drive.text("ownerPrincipalName").eq_ignore_ascii_case(&owner))
            || (!url.is_empty() && drive.text("webUrl") == url)
    });
    let drive = drive.ok_or_else(|| {
        Answer::failed(500, format!("Failed to change access of {owner}{url}: there is no such drive or site."))
    })?;
    let mut texts = Vec::new();
    for person in call.values("onedriveAccessUser") {
        drive.take("_admins", &person);
        if !removing {
            drive.push("_admins", person.as_str());
        }
        let verb = if removing { "removed" } else { "added" };
        texts.push(format!("Successfully {verb} {person} for access to {}", drive.text("webUrl")));
    }
    Ok(Answer::results(texts))
}

fn list(world: &mut World, call: &Call) -> Outcome {
    if call.text("type").is_some_and(|view| view.eq_ignore_ascii_case("Team")) {
        let id = call.text("ID").unwrap_or_default();
        let tenant = world.tenant(call)?;
        let team = find(&tenant.teams, "id", &id)
            .ok_or_else(|| Answer::text(500, format!("No team found with Group Id {id}")))?;
        return Ok(Answer::rows(vec![one_team(tenant, team)]));
    }
    let mut rows = world.rows(call, |tenant| tenant.teams.clone())?;
    rows.sort_by_key(|row| row.get("displayName").and_then(Value::as_str).unwrap_or_default().to_owned());
    Ok(Answer::rows(rows))
}

fn one_team(tenant: &Tenant, team: &Record) -> Value {
    let group = find(&tenant.groups, "id", team.text("id")).cloned().unwrap_or_default();
    let owners = group.texts("_owners");
    let person = |id: &String, role: &[&str]| {
        let user = find(&tenant.users, "id", id)?;
        Some(
            json!({ "id": format!("member-{id}"), "roles": role, "displayName": user.text("displayName"), "userId": id,
            "email": user.text("mail"), "tenantId": tenant.id }),
        )
    };
    let members: Vec<Value> =
        group.texts("_members").iter().filter(|id| !owners.contains(id)).filter_map(|id| person(id, &[])).collect();
    let owners: Vec<Value> = owners.iter().filter_map(|id| person(id, &["owner"])).collect();
    json!({
        "Name": team.text("displayName"),
        "TeamInfo": [{ "id": team.text("id"), "displayName": team.text("displayName"), "description": team.text("description"),
            "visibility": team.text("visibility"), "isArchived": false, "tenantId": tenant.id,
            "summary": { "ownersCount": owners.len(), "membersCount": members.len(), "guestsCount": 0 } }],
        "ChannelInfo": [{ "id": format!("19:{}@thread.tacv2", team.text("id")), "displayName": "General", "membershipType": "standard",
            "isArchived": false }],
        "Members": members,
        "Owners": owners,
        "InstalledApps": [],
    })
}

fn add_team(world: &mut World, call: &Call) -> Outcome {
    let name = call.need("displayName")?;
    let tenant = world.tenant(call)?;
    let mut owners = Vec::new();
    for key in call.values("owner") {
        owners.push(tenant.user_ids(&key, "create Team")?.0);
    }
    let visibility = call.text("visibility").unwrap_or_else(|| "public".to_owned());
    groups::add_team(tenant, &call.guid(), &name, &owners, &visibility, call.now);
    if let (Some(team), Some(text)) = (tenant.teams.last_mut(), call.text("description")) {
        team.put("description", text);
    }
    Ok(Answer::done(format!("Successfully created Team: {name}")))
}

fn activity(world: &mut World, call: &Call) -> Outcome {
    let rows = world.rows(call, |tenant| {
        let members = tenant.users.iter().filter(|user| user.text("userType") == "Member");
        members
            .enumerate()
            .map(|(index, user)| {
                record(json!({
                    "UPN": user.text("userPrincipalName"),
                    "LastActive": if index % 4 == 3 { "" } else { "2026-06-12" },
                    "TeamsChat": (index * 3).to_string(),
                    "CallCount": (index % 5).to_string(),
                    "MeetingCount": (index % 7).to_string(),
                }))
            })
            .collect()
    })?;
    Ok(Answer::rows(rows))
}

fn numbers(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(world.rows(call, |tenant| tenant.phone_numbers.clone())?))
}

/// Makes a number free.
pub(super) fn release(number: &mut Record) {
    number.put("AssignedTo", "Unassigned");
    number.put("TargetId", Value::Null);
    number.put("AssignmentStatus", "Unassigned");
}

fn assign(world: &mut World, call: &Call) -> Outcome {
    let text = call.need("PhoneNumber")?;
    let target = call.text("input").unwrap_or_default();
    let tenant = world.tenant(call)?;
    // Every failure is a 403 here.
    let refuse = |why: &str| Answer::failed(403, format!("Failed to assign {text}: {why}"));
    let place =
        find(&tenant.emergency_locations, "LocationId", &target).map(|place| place.text("Description").to_owned());
    let user = tenant.user(&target).map(|user| (user.text("id").to_owned(), user.text("userPrincipalName").to_owned()));
    let number = find_mut(&mut tenant.phone_numbers, "TelephoneNumber", &text)
        .ok_or_else(|| refuse("the number is not known."))?;
    if call.on("locationOnly") {
        let place = place.ok_or_else(|| refuse("there is no such emergency location."))?;
        number.put("LocationId", target.as_str());
        number.put("EmergencyLocation", place);
        return Ok(Answer::done(format!("Successfully assigned emergency location to {text}")));
    }
    let (id, name) = user.ok_or_else(|| refuse("there is no such user."))?;
    number.put("TargetId", id);
    number.put("AssignedTo", name.as_str());
    number.put("AssignmentStatus", "UserAssigned");
    Ok(Answer::done(format!("Successfully assigned {text} to {name}")))
}

fn unassign(world: &mut World, call: &Call) -> Outcome {
    let text = call.need("PhoneNumber")?;
    let tenant = world.tenant(call)?;
    let number = find_mut(&mut tenant.phone_numbers, "TelephoneNumber", &text);
    let number =
        number.ok_or_else(|| Answer::failed(500, format!("Failed to unassign {text}: the number is not known.")))?;
    release(number);
    Ok(Answer::done(format!("Successfully unassigned {text} from {}", call.text("AssignedTo").unwrap_or_default())))
}

fn locations(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(values(&world.tenant(call)?.emergency_locations)))
}
