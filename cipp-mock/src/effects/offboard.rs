//! Offboarding: a task per user, and the steps that the task takes.

use super::{Table, accounts, mailboxes};
use crate::answer::{Answer, Outcome};
use crate::call::{Call, choice, value_text};
use crate::clock::iso;
use crate::project::lookup;
use crate::scheduler::{self, NewTask};
use crate::world::{Fields, Record, Tenant, World, guid, record};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[("ExecOffboardUser", offboard)];

/// Members of the body that are no step.
const NO_STEPS: [&str; 6] = ["tenantFilter", "user", "Scheduled", "PostExecution", "reference", "KeepCopy"];

fn offboard(world: &mut World, call: &Call) -> Outcome {
    let users = call.values("user");
    let schedule = call.object("Scheduled").unwrap_or_default();
    let scheduled = lookup(&schedule, "enabled") == Some(&Value::Bool(true));
    let due = lookup(&schedule, "date").and_then(value_text).and_then(|text| text.parse::<i64>().ok());
    let mut options = call.body.as_object().cloned().unwrap_or_default();
    options
        .retain(|name, _| !["tenantFilter", "user", "Scheduled"].iter().any(|other| other.eq_ignore_ascii_case(name)));
    let mut faults: Vec<String> = users
        .iter()
        .filter(|user| !user.contains('@'))
        .map(|user| format!("'{user}' is not a valid user principal name"))
        .collect();
    if users.is_empty() {
        faults.push("At least one user is required".to_owned());
    }
    if !options.iter().any(|(name, value)| is_step(name, value)) {
        faults.push("At least one offboarding action is required".to_owned());
    }
    if scheduled && due.is_none() {
        faults.push("A scheduled offboarding needs a date".to_owned());
    }
    if !faults.is_empty() {
        return Err(Answer::results(faults).with_status(400));
    }
    let tenant = world.tenant(call)?.domain.clone();
    let mut texts = Vec::new();
    for user in users {
        texts.push(scheduler::add(
            world,
            NewTask {
                id: call.guid(),
                name: format!("Offboarding: {user}"),
                command: "Invoke-CIPPOffboardingJob".to_owned(),
                tenant: tenant.clone(),
                parameters: json!({ "Username": user, "APIName": "Scheduled Offboarding", "options": options, "RunScheduled": true }),
                due: due.filter(|_| scheduled),
                notify: call.object("PostExecution"),
                reference: call.text("reference"),
                ..NewTask::default()
            },
        ));
    }
    Ok(Answer::results(texts))
}

fn is_step(name: &str, value: &Value) -> bool {
    let chosen = match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Null => false,
        _ => true,
    };
    chosen && !NO_STEPS.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// Takes the steps that were chosen, in the server's order, and says what came of each.
pub(crate) fn run(world: &mut World, domain: &str, parameters: &Value, task: &str) -> Vec<String> {
    let options = record(parameters.get("options").cloned().unwrap_or_default());
    let name = parameters.get("Username").and_then(Value::as_str).unwrap_or_default().to_owned();
    let now = world.now;
    let Some(tenant) = world.tenant_named(domain) else { return vec![format!("Failed: tenant {domain} is not known")] };
    let Some(id) = tenant.user(&name).map(|user| user.text("id").to_owned()) else {
        return vec![format!("Failed to offboard {name}: the user was not found")];
    };
    let mut steps = Steps { options: &options, name: &name, id: &id, said: Vec::new() };
    steps.account(tenant, now, task);
    steps.groups(tenant);
    steps.mailbox(tenant);
    steps.rest(tenant);
    let (delete, mut said) = (steps.on("DeleteUser"), steps.said);
    if delete {
        said.push(match accounts::delete_user(world, domain, &id) {
            Ok(_) => format!("Successfully deleted user {name}"),
            Err(_) => format!("Failed to delete user {name}"),
        });
    }
    said
}

struct Steps<'a> {
    options: &'a Record,
    name: &'a str,
    id: &'a str,
    said: Vec<String>,
}

impl Steps<'_> {
    fn on(&self, step: &str) -> bool {
        lookup(self.options, step) == Some(&Value::Bool(true))
    }

    fn text(&self, step: &str) -> Option<String> {
        lookup(self.options, step).and_then(value_text).filter(|text| !text.is_empty())
    }

    fn people(&self, step: &str) -> Vec<String> {
        let items = lookup(self.options, step).and_then(Value::as_array).cloned().unwrap_or_default();
        items.iter().filter_map(choice).map(|choice| choice.value).collect()
    }

    fn say(&mut self, text: impl Into<String>) {
        self.said.push(text.into());
    }

    /// Sessions, sign-in, password, second factors, licences.
    fn account(&mut self, tenant: &mut Tenant, now: i64, task: &str) {
        let name = self.name;
        let Some(user) = tenant.user_mut(self.id) else { return };
        if self.on("RevokeSessions") {
            user.put("signInSessionsValidFromDateTime", iso(now));
            self.say(format!("Successfully revoked sessions for {name}"));
        }
        if self.on("DisableSignIn") {
            user.put("accountEnabled", false);
            self.say(format!("Successfully set account enabled state to false for {name}"));
        }
        if self.on("ResetPass") {
            let seed = task.bytes().map(u64::from).fold(11, |sum, byte| sum * 31 % 1_000_000_007 + byte);
            let password = format!("Mock-{}-7!", guid("password", seed).get(..8).unwrap_or_default());
            user.put("_password", password.as_str());
            user.put("lastPasswordChangeDateTime", iso(now));
            self.say(format!("Successfully reset the password for {name}. The new password is {password}"));
        }
        if self.on("RemoveMFADevices") {
            user.put("_methods", json!([]));
            self.say(format!("Successfully removed all MFA methods of {name}"));
        }
        if self.on("ClearImmutableId") {
            if user.on("onPremisesSyncEnabled") {
                self.say(format!("{name} is synchronised: a task clears the immutable ID once the account is deleted"));
            } else {
                user.put("onPremisesImmutableId", Value::Null);
                self.say(format!("Successfully cleared immutable ID for user {name}"));
            }
        }
        if self.on("RemoveLicenses") {
            user.put("assignedLicenses", json!([]));
            self.say(format!("Successfully removed licenses for {name}"));
        }
        if self.on("HideFromGAL") {
            user.put("showInAddressList", false);
        }
    }

    /// Dynamic and synced groups stay, and are reported.
    fn groups(&mut self, tenant: &mut Tenant) {
        if !self.on("RemoveGroups") {
            return;
        }
        let (id, name) = (self.id, self.name);
        for group in &mut tenant.groups {
            let title = group.text("displayName").to_owned();
            if !group.holds("_members", id) {
                continue;
            }
            if group.on("dynamicGroupBool") || group.on("onPremisesSyncEnabled") {
                self.say(format!("Error: could not remove {name} from {title}, which is dynamic or synchronised"));
            } else {
                group.take("_members", id);
                self.say(format!("Successfully removed {name} from group {title}"));
            }
        }
    }

    fn mailbox(&mut self, tenant: &mut Tenant) {
        let name = self.name;
        let names: Vec<(String, String)> = tenant
            .users
            .iter()
            .map(|user| (user.text("id").to_owned(), user.text("userPrincipalName").to_owned()))
            .collect();
        let of = |key: &str| {
            let found = names.iter().find(|(id, name)| id.eq_ignore_ascii_case(key) || name.eq_ignore_ascii_case(key));
            found.map_or_else(|| key.to_owned(), |(_, name)| name.clone())
        };
        let Some(mailbox) =
            tenant.mailboxes.iter_mut().find(|mailbox| mailbox.text("ExternalDirectoryObjectId") == self.id)
        else {
            let steps = [
                "ConvertToShared",
                "HideFromGAL",
                "RemoveRules",
                "RemoveMobile",
                "forward",
                "disableForwarding",
                "OOO",
            ];
            if steps.iter().any(|step| self.on(step) || self.text(step).is_some()) {
                self.say(format!("Failed: {name} has no mailbox"));
            }
            return;
        };
        if self.on("HideFromGAL") {
            mailbox.put("HiddenFromAddressListsEnabled", true);
            self.say(format!("Successfully hidden {name} from GAL"));
        }
        for (step, rights) in [("AccessNoAutomap", "_fullAccess"), ("AccessAutomap", "_fullAccess")] {
            for person in self.people(step) {
                mailbox.push(rights, of(&person));
                self.say(format!("Successfully granted {} access to {name}", of(&person)));
            }
        }
        if let Some(to) = self.text("forward") {
            mailboxes::forward_to(mailbox, Some(&of(&to)), None, self.on("KeepCopy"));
            self.say(format!("Successfully set forwarding for {name} to {}", of(&to)));
        }
        if self.on("disableForwarding") {
            mailboxes::forward_to(mailbox, None, None, false);
            self.say(format!("Successfully disabled forwarding for {name}"));
        }
        if let Some(message) = self.text("OOO") {
            mailbox.put("_autoReplyState", "Enabled");
            mailbox.put("_internalMessage", message.as_str());
            mailbox.put("_externalMessage", message);
            self.say(format!("Set Out-of-office for {name} to Enabled"));
        }
        if self.on("RemoveRules") {
            let count = mailbox.list("_rules").len();
            mailbox.put("_rules", json!([]));
            self.say(format!("Successfully removed {count} rules of {name}"));
        }
        if self.on("RemoveMobile") {
            mailbox.put("_mobileDevices", json!([]));
            self.say(format!("Successfully removed the mobile devices of {name}"));
        }
        if self.on("ConvertToShared") {
            mailbox.put("recipientTypeDetails", "SharedMailbox");
            self.say(format!("Successfully converted {name} to a Shared mailbox"));
        }
    }

    /// Rights on what belongs to others, drives and phone numbers.
    fn rest(&mut self, tenant: &mut Tenant) {
        let (id, name) = (self.id, self.name);
        if self.on("removePermissions") {
            for mailbox in &mut tenant.mailboxes {
                mailbox.take("_fullAccess", name);
                mailbox.take("_sendAs", name);
            }
            self.say(format!("Successfully removed the mailbox permissions of {name}"));
        }
        if self.on("removeCalendarPermissions") {
            tenant.calendar_permissions.retain(|row| !row.text("User").eq_ignore_ascii_case(name));
            self.say(format!("Successfully removed the calendar permissions of {name}"));
        }
        if self.on("removeCalendarInvites") {
            self.say(format!("Successfully cancelled the meetings of {name}"));
        }
        let people = self.people("OnedriveAccess");
        if let Some(drive) =
            tenant.drives.iter_mut().find(|drive| drive.text("ownerPrincipalName").eq_ignore_ascii_case(name))
        {
            for person in people {
                drive.push("_admins", person.as_str());
                self.say(format!("Successfully added {person} to the OneDrive of {name}"));
            }
            if self.on("DisableOneDriveSharing") {
                drive.put("_sharing", false);
                self.say(format!("Successfully disabled sharing for the OneDrive of {name}"));
            }
        } else if !people.is_empty() || self.on("DisableOneDriveSharing") {
            self.say(format!("Failed: {name} has no OneDrive"));
        }
        if self.on("RemoveTeamsPhoneDID") {
            for number in tenant.phone_numbers.iter_mut().filter(|number| number.text("TargetId") == id) {
                super::teams::release(number);
                let said = format!("Successfully unassigned {} from {name}", number.text("TelephoneNumber"));
                self.said.push(said);
            }
        }
    }
}
