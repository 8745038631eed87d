//! Intune policies, scripts and templates, and to whom they are assigned.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::clock::iso;
use crate::world::{Fields, Record, World, find, find_mut, is_all, new_policy, remove, target, values};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListIntunePolicy", list),
    ("AddPolicy", add),
    ("ExecAssignPolicy", assign_policy),
    ("RemovePolicy", remove_policy),
    ("ListIntuneScript", scripts),
    ("RemoveIntuneScript", remove_script),
    ("ListIntuneTemplates", templates),
    ("AddDefenderDeployment", deploy_defender),
];

/// Who is to get something, as requests say it.
pub(super) struct Target {
    kinds: Vec<(&'static str, Option<String>, &'static str)>,
    excluded: Vec<String>,
    replace: bool,
    words: Vec<String>,
}

impl Target {
    /// Reads the members that say it; `None` where they name nobody.
    pub(super) fn read(call: &Call) -> Option<Self> {
        let (everybody, devices) = (("allLicensedUsers", None, "All Users"), ("allDevices", None, "All Devices"));
        let to = call.text("AssignTo").unwrap_or_default();
        let mut kinds = match to.to_ascii_lowercase().as_str() {
            "alllicensedusers" | "allusers" => vec![everybody],
            "alldevices" => vec![devices],
            "alldevicesandusers" => vec![devices, everybody],
            _ => Vec::new(),
        };
        let names = call.values("GroupNames");
        let ids = call.values("GroupIds");
        let excluding = call.text("assignmentDirection").is_some_and(|word| word.eq_ignore_ascii_case("exclude"));
        let mut excluded = call.values("ExcludeGroupIds");
        let mut words: Vec<String> = kinds.iter().map(|(_, _, words)| (*words).to_owned()).collect();
        if excluding {
            excluded.extend(ids);
        } else {
            kinds.extend(ids.iter().map(|id| ("group", Some(id.clone()), "")));
            words.extend(ids.iter().enumerate().map(|(at, id)| names.get(at).unwrap_or(id).clone()));
        }
        let replace = call.text("assignmentMode").is_some_and(|word| word.eq_ignore_ascii_case("replace"));
        (!kinds.is_empty() || !excluded.is_empty()).then_some(Self { kinds, excluded, replace, words })
    }

    /// Writes the assignment into what is assigned; `included` and `left_out` are the columns that say it in words.
    pub(super) fn apply(&self, thing: &mut Record, included: &str, left_out: &str) {
        if self.replace {
            thing.put("assignments", json!([]));
            thing.put(included, "");
            thing.put(left_out, "");
        }
        for (kind, group, _) in &self.kinds {
            thing.push("assignments", target(kind, group.as_deref()));
        }
        for group in &self.excluded {
            thing.push("assignments", target("exclusionGroup", Some(group)));
        }
        let join = |old: &str, new: &[String]| {
            old.split(", ")
                .map(str::to_owned)
                .filter(|word| !word.is_empty())
                .chain(new.iter().cloned())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let (words, excluded) = (join(thing.text(included), &self.words), join(thing.text(left_out), &self.excluded));
        thing.put(included, words);
        thing.put(left_out, excluded);
        thing.put("isAssigned", !thing.list("assignments").is_empty());
    }

    /// The target in words.
    pub(super) fn words(&self) -> String {
        if self.words.is_empty() { format!("all but {}", self.excluded.join(", ")) } else { self.words.join(", ") }
    }
}

fn list(world: &mut World, call: &Call) -> Outcome {
    if let Some(id) = call.text("ID") {
        let tenant = world.tenant(call)?;
        let Some(policy) = find(&tenant.policies, "id", &id) else {
            return Err(Answer::json(500, json!([format!("Resource '{id}' does not exist.")])));
        };
        return Ok(Answer::rows(vec![Value::Object(policy.clone())]));
    }
    let collection = call.text("URLName");
    let rows = world.rows(call, |tenant| {
        let wanted =
            |policy: &&Record| collection.as_ref().is_none_or(|name| policy.text("URLName").eq_ignore_ascii_case(name));
        tenant.policies.iter().filter(wanted).cloned().collect()
    })?;
    Ok(Answer::rows(rows))
}

fn add(world: &mut World, call: &Call) -> Outcome {
    let name = call.need("displayName")?;
    let kind = call.need("TemplateType")?;
    let collection = match kind.to_ascii_lowercase().as_str() {
        "device" => "DeviceConfigurations",
        "catalog" => "ConfigurationPolicies",
        "admin" => "GroupPolicyConfigurations",
        "devicecompliancepolicies" => "deviceCompliancePolicies",
        "appprotection" => "ManagedAppPolicies",
        "appconfiguration" => "MobileAppConfigurations",
        "windowsfeatureupdateprofiles" => "WindowsFeatureUpdateProfiles",
        "windowsqualityupdatepolicies" => "windowsQualityUpdatePolicies",
        "windowsqualityupdateprofiles" => "windowsQualityUpdateProfiles",
        "windowsdriverupdateprofiles" => "WindowsDriverUpdateProfiles",
        _ => "",
    };
    let raw = call.text("RAWJson").and_then(|text| serde_json::from_str::<Value>(&text).ok());
    // Some kinds take their name from the JSON.
    let inner = raw.as_ref().and_then(|json| json.get("name")?.as_str());
    let name = if kind.eq_ignore_ascii_case("Catalog") { inner.unwrap_or(&name).to_owned() } else { name };
    let target = Target::read(call);
    let mut texts = Vec::new();
    for asked in all_or(world, call.tenant_texts()) {
        let now = call.now;
        let id = call.guid();
        let Some(tenant) = world.tenant_named(&asked) else {
            texts.push(format!("Failed to add policy for {asked}: the tenant is not known"));
            continue;
        };
        if collection.is_empty() {
            texts.push(format!("Successfully  policy for {asked} with display name {name}"));
            continue;
        }
        if raw.is_none() {
            texts.push(format!("Failed to add policy for {asked}: there is no policy in RAWJson"));
            continue;
        }
        let verb = match find_mut(&mut tenant.policies, "displayName", &name) {
            Some(policy) => {
                policy.put("lastModifiedDateTime", iso(now));
                "updated"
            }
            None => {
                let mut policy = new_policy(&id, &name, collection, &kind, now);
                policy.put("description", call.text("Description"));
                tenant.policies.push(policy);
                "created"
            }
        };
        texts.push(format!("Successfully {verb} policy for {asked} with display name {name}"));
        if let (Some(target), Some(policy)) = (&target, find_mut(&mut tenant.policies, "displayName", &name)) {
            target.apply(policy, "PolicyAssignment", "PolicyExclude");
            texts.push(format!("Successfully assigned policy {name} to {}", target.words()));
        }
    }
    Ok(Answer::results(texts))
}

/// The tenants that were named, or every one where all of them were.
pub(super) fn all_or(world: &World, named: Vec<String>) -> Vec<String> {
    if named.iter().any(|name| is_all(name)) {
        return world.tenants.iter().map(|tenant| tenant.domain.clone()).collect();
    }
    named
}

fn assign_policy(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    let tenant = world.tenant(call)?;
    let Some(target) = Target::read(call) else {
        return Ok(Answer::done("No assignments specified. Nothing was done."));
    };
    let policy = find_mut(&mut tenant.policies, "id", &id);
    let policy =
        policy.ok_or_else(|| Answer::failed(500, format!("Failed to assign policy {id}. It does not exist.")))?;
    target.apply(policy, "PolicyAssignment", "PolicyExclude");
    Ok(Answer::done(format!("Successfully assigned policy {} to {}", policy.text("displayName"), target.words())))
}

fn remove_policy(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    let collection = call.need("URLName")?;
    let tenant = world.tenant(call)?;
    let fits = find(&tenant.policies, "id", &id)
        .is_some_and(|policy| policy.text("URLName").eq_ignore_ascii_case(&collection));
    if !fits {
        return Err(Answer::failed(403, format!("Could not delete policy {id}: it is not in {collection}.")));
    }
    remove(&mut tenant.policies, "id", &id);
    Ok(Answer::done(format!("Successfully deleted the policy {id}")))
}

fn scripts(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(world.rows(call, |tenant| tenant.scripts.clone())?))
}

fn remove_script(world: &mut World, call: &Call) -> Outcome {
    let id = call.need("ID")?;
    let kind = call.need("ScriptType")?;
    let tenant = world.tenant(call)?;
    let fits =
        find(&tenant.scripts, "id", &id).is_some_and(|script| script.text("scriptType").eq_ignore_ascii_case(&kind));
    if !fits {
        return Err(Answer::failed(403, format!("Failed to delete {kind} script {id}: there is none.")));
    }
    remove(&mut tenant.scripts, "id", &id);
    Ok(Answer::done(format!("Successfully deleted script {}", call.text("DisplayName").unwrap_or(id))))
}

fn templates(world: &mut World, call: &Call) -> Outcome {
    let templates = &world.portal.intune_templates;
    if call.text("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("Tag")) {
        return Ok(Answer::rows(vec![json!({
            "label": "Windows (1 Templates)", "value": "Windows", "type": "tag", "templateCount": templates.len(), "templates": values(templates),
        })]));
    }
    let id = call.text("ID");
    let mut rows: Vec<Record> = templates
        .iter()
        .filter(|row| id.as_ref().is_none_or(|id| row.text("GUID").eq_ignore_ascii_case(id)))
        .cloned()
        .collect();
    if call.on("View") {
        for row in &mut rows {
            for (from, to) in [("Displayname", "displayName"), ("Description", "description")] {
                let text = row.text(from).to_owned();
                row.remove(from);
                row.put(to, text);
            }
        }
    }
    Ok(Answer::rows(values(&rows)))
}

fn deploy_defender(world: &mut World, call: &Call) -> Outcome {
    let parts = [
        ("Policy", "Default AV Policy"),
        ("ASR", "ASR Default rules"),
        ("EDR", "EDR Configuration"),
        ("Exclusion", "Default AV Exclusion Policy"),
    ];
    let mut texts = Vec::new();
    for asked in all_or(world, call.tenant_texts()) {
        let Some(tenant) = world.tenant_named(&asked) else {
            texts.push(format!("Failed to enable MDE Connector for {asked}: the tenant is not known"));
            continue;
        };
        if call.object("Compliance").is_some() {
            texts.push(format!("Successfully set Defender connector settings of {asked}"));
        }
        for (part, name) in parts.iter().filter(|(part, _)| call.object(part).is_some()) {
            if find(&tenant.policies, "displayName", name).is_some() {
                texts.push(format!("{asked}: {name} already exists. Skipping"));
                continue;
            }
            let mut policy = new_policy(&call.guid(), name, "ConfigurationPolicies", "Endpoint Security", call.now);
            policy.put("description", format!("{part} of the Defender deployment"));
            tenant.policies.push(policy);
            texts.push(format!("{asked}: Successfully added {name}"));
        }
    }
    Ok(Answer::results(texts))
}
