//! Breach searches, GitHub and the repositories of the community.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::world::{Fields, Record, World, find, find_mut, record, remove, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListBreachesAccount", breaches),
    ("ListBreachesTenant", tenant_breaches),
    ("ExecBreachSearch", search),
    ("ExecGitHubAction", github),
    ("ListCommunityRepos", repositories),
    ("ExecCommunityRepo", repository),
    ("ListFunctionParameters", functions),
];

fn breaches(_: &mut World, call: &Call) -> Outcome {
    let account = call.need("account")?;
    // Everybody whose name begins with an a was careless once.
    let found = account.to_ascii_lowercase().starts_with('a') || !account.contains('@');
    let rows = if found {
        vec![json!({
            "Name": "ExampleShop", "Title": "Example Shop", "Domain": "shop.example", "BreachDate": "2024-03-02",
            "AddedDate": "2024-04-01T00:00:00Z", "ModifiedDate": "2024-04-01T00:00:00Z", "PwnCount": 12_345,
            "Description": "Addresses and passwords of a shop were sold.", "DataClasses": ["Email addresses", "Passwords"],
            "IsVerified": true, "IsFabricated": false, "IsSensitive": false, "IsRetired": false, "IsSpamList": false, "IsMalware": false,
        })]
    } else {
        Vec::new()
    };
    Ok(Answer::rows(rows))
}

fn tenant_breaches(world: &mut World, call: &Call) -> Outcome {
    let tenants = world.scope(call)?;
    Ok(Answer::rows(tenants.iter().flat_map(|tenant| values(&tenant.breaches)).collect()))
}

fn search(world: &mut World, call: &Call) -> Outcome {
    let tenant = world.tenant(call)?;
    let people: Vec<Record> = tenant.users.iter().take(2).cloned().collect();
    tenant.breaches = people
        .iter()
        .map(|user| {
            record(json!({ "email": user.text("mail"), "password": "hunter2", "sources": "ExampleShop", "clientDomain": tenant.domain }))
        })
        .collect();
    Ok(Answer::done(format!("Executing search of {}. This may take up to 24 hours to complete.", tenant.domain)))
}

fn github(world: &mut World, call: &Call) -> Outcome {
    let action = call.need("Action")?;
    let name = call.text("FullName").unwrap_or_else(|| "example/CIPP-Templates".to_owned());
    Ok(match action.to_ascii_lowercase().as_str() {
        "search" => Answer::json(
            200,
            json!({
                "Results": [{ "name": "CIPP-Templates", "full_name": name, "html_url": format!("https://github.com/{name}") }],
                "Metadata": { "total_count": 1, "incomplete_results": false },
            }),
        ),
        "getbranches" => Answer::json(200, json!({ "Results": [{ "name": "main", "protected": false }] })),
        "getorgs" => Answer::json(200, json!({ "Results": [{ "login": "example", "id": 1 }] })),
        "getfiletree" => {
            Answer::json(200, json!({ "Results": [{ "path": "baseline.json", "type": "blob", "sha": "0a1b2c3d" }] }))
        }
        "getfilecontents" => {
            let path = call.text("Path").unwrap_or_default();
            Answer::json(
                200,
                json!({ "Results": { "name": path.rsplit('/').next(), "path": path, "content": "{}", "sha": "0a1b2c3d", "size": 2 } }),
            )
        }
        "createrepo" => match call.text("Name") {
            None => Answer::results(
                json!({ "resultText": "Error creating the repository: it needs a name", "state": "error" }),
            ),
            Some(new) => {
                let full = format!("{}/{new}", call.text("Org").unwrap_or_else(|| "example".to_owned()));
                add_repository(world, &full, true);
                Answer::results(json!({ "resultText": format!("Repository '{new}' created"), "state": "success" }))
            }
        },
        "importtemplate" => Answer::results(json!({ "resultText": "Template imported", "state": "success" })),
        _ => Answer::results(
            json!({ "resultText": format!("'{action}' is an error: no such action"), "state": "error" }),
        ),
    })
}

fn add_repository(world: &mut World, full: &str, mine: bool) {
    let (owner, name) = full.split_once('/').unwrap_or(("example", full));
    if find(&world.portal.repositories, "FullName", full).is_some() {
        return;
    }
    let id = (684_712_312 + world.portal.repositories.len()).to_string();
    world.portal.repositories.push(record(json!({
        "Id": id, "BuiltIn": false, "Name": name, "Description": "", "URL": format!("https://github.com/{full}"), "FullName": full,
        "Owner": owner, "Visibility": "public", "WriteAccess": mine, "DefaultBranch": "main", "UploadBranch": "main", "TemplateTypes": [],
        "RepoPermissions": { "admin": mine, "maintain": mine, "push": mine, "triage": mine, "pull": true },
    })));
}

fn repositories(world: &mut World, call: &Call) -> Outcome {
    let mine = call.on("WriteAccess");
    let mut rows: Vec<Record> =
        world.portal.repositories.iter().filter(|row| !mine || row.on("WriteAccess")).cloned().collect();
    rows.sort_by(|one, other| one.text("FullName").cmp(other.text("FullName")));
    Ok(Answer::rows(values(&rows)))
}

/// The status is always 200; the state of the result tells.
fn repository(world: &mut World, call: &Call) -> Outcome {
    let action = call.need("Action")?;
    let said = |text: String, state: &str| Ok(Answer::results(json!([{ "resultText": text, "state": state }])));
    let (by, key) = match (call.text("Id"), call.text("FullName")) {
        (Some(id), _) => ("Id", id),
        (None, Some(name)) => ("FullName", name),
        (None, None) => return said("Error: neither Id nor FullName was sent".to_owned(), "error"),
    };
    let rows = &mut world.portal.repositories;
    match action.to_ascii_lowercase().as_str() {
        "add" | "update" if find(rows, by, &key).is_some() => said(format!("Repository {key} updated"), "success"),
        "add" if by == "FullName" => {
            add_repository(world, &key, false);
            said(format!("Repository {key} added"), "success")
        }
        "delete" => {
            // Success is reported for one that does not exist, too.
            remove(rows, by, &key);
            said(format!("Repository {key} deleted"), "success")
        }
        "setbranch" | "settemplatetypes" => match find_mut(rows, by, &key) {
            Some(row) => {
                if let Some(branch) = call.text("Branch") {
                    row.put("UploadBranch", branch);
                }
                if action.eq_ignore_ascii_case("SetTemplateTypes") {
                    row.put("TemplateTypes", call.values("TemplateTypes"));
                }
                said(format!("Repository {key} updated"), "success")
            }
            None => said(format!("Repository {key} not found"), "error"),
        },
        "importtemplate" | "importscript" => {
            said(format!("Imported {} from {key}", call.text("Path").unwrap_or_default()), "success")
        }
        "uploadtemplate" | "uploadscript" => match find(rows, by, &key) {
            Some(row) if row.on("WriteAccess") => said(format!("Uploaded to {key}"), "success"),
            _ => said(format!("Error: no access to write to {key}"), "error"),
        },
        _ => said(format!("Error: '{action}' cannot be done with {key}"), "error"),
    }
}

fn functions(_: &mut World, call: &Call) -> Outcome {
    let rows = [
        (
            "Set-CIPPMailboxType",
            "Turns a mailbox into another kind",
            vec![("Userid", "string", true), ("MailboxType", "string", true)],
        ),
        (
            "Set-CIPPSignInState",
            "Allows or blocks sign-in",
            vec![("userid", "string", true), ("AccountEnabled", "bool", true)],
        ),
    ];
    let one = call.text("Function");
    let wanted = rows.iter().filter(|(name, ..)| one.as_ref().is_none_or(|one| one.eq_ignore_ascii_case(name)));
    let shown: Vec<Value> = wanted
        .map(|(name, synopsis, parameters)| {
            let parameters = parameters.iter().map(|(name, kind, required)| {
                json!({ "Name": name, "Type": format!("System.{kind}"), "Description": null, "Required": required })
            });
            json!({ "Function": name, "Synopsis": synopsis, "Parameters": parameters.collect::<Vec<_>>() })
        })
        .collect();
    if let (Some(one), true) = (&one, shown.is_empty()) {
        return Err(Answer::json(400, json!([format!("Function Error: {one} is not known")])));
    }
    Ok(Answer::rows(shown))
}
