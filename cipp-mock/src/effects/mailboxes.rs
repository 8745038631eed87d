//! What is done to mailboxes.

use super::Table;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::world::{Fields, Record, World, guid, shared_statistics};
use serde_json::{Value, json};

pub(super) const TABLE: Table = &[
    ("ListMailboxes", list),
    ("ListOoO", auto_reply),
    ("ListSharedMailboxStatistics", statistics),
    ("ExecConvertMailbox", convert),
    ("ExecEmailForward", forward),
    ("ExecSetOoO", out_of_office),
    ("ExecEnableArchive", enable_archive),
];

fn list(world: &mut World, call: &Call) -> Outcome {
    Ok(Answer::rows(world.rows(call, |tenant| tenant.mailboxes.clone())?))
}

fn auto_reply(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("userid")?;
    let mailbox = world.tenant(call)?.need_mailbox(&key, "read the automatic reply")?;
    Ok(Answer::json(
        200,
        json!({
            "AutoReplyState": mailbox.text("_autoReplyState"),
            "InternalMessage": mailbox.text("_internalMessage"),
            "ExternalMessage": mailbox.text("_externalMessage"),
        }),
    ))
}

fn statistics(world: &mut World, call: &Call) -> Outcome {
    let now = world.now;
    Ok(Answer::rows(shared_statistics(&world.tenant(call)?.mailboxes, now)))
}

fn convert(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("ID")?;
    let kind = call.need("MailboxType")?;
    let tenant = world.tenant(call)?;
    let mailbox = tenant.need_mailbox(&key, &format!("convert {key} to a {kind} mailbox"))?;
    let details = match kind.to_ascii_lowercase().as_str() {
        "shared" => "SharedMailbox",
        "regular" => "UserMailbox",
        "room" => "RoomMailbox",
        "equipment" => "EquipmentMailbox",
        _ => return Err(Answer::failed(500, format!("Failed to convert {key}: '{kind}' is no kind of mailbox."))),
    };
    mailbox.put("recipientTypeDetails", details);
    Ok(Answer::done(format!("Successfully converted {key} to a {kind} mailbox")))
}

/// Sets or, with neither address, ends forwarding.
pub(super) fn forward_to(mailbox: &mut Record, inside: Option<&str>, outside: Option<&str>, keep: bool) {
    mailbox.put("InternalForwardingAddress", inside.map_or(Value::Null, Value::from));
    mailbox.put("ForwardingSmtpAddress", outside.map_or(Value::Null, |address| Value::from(format!("smtp:{address}"))));
    mailbox.put("DeliverToMailboxAndForward", keep && (inside.is_some() || outside.is_some()));
}

fn forward(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("userID")?;
    let option = call.need("forwardOption")?;
    let tenant = world.tenant(call)?;
    let keep = call.on("KeepCopy");
    match option.to_ascii_lowercase().as_str() {
        "internaladdress" => {
            let Some(to) = call.text("ForwardInternal") else { return Ok(Answer::results(Value::Null)) };
            let Some(address) = tenant.user(&to).map(|user| user.text("userPrincipalName").to_owned()) else {
                return Err(Answer::failed(
                    500,
                    format!("Failed to set forwarding for {key}. Recipient '{to}' couldn't be found."),
                ));
            };
            forward_to(tenant.need_mailbox(&key, &format!("set forwarding for {key}"))?, Some(&address), None, keep);
            Ok(Answer::done(format!(
                "Successfully set forwarding for {key} to Internal Address {address} with keeping a copy set to {keep}"
            )))
        }
        "externaladdress" => {
            let Some(to) = call.text("ForwardExternal") else { return Ok(Answer::results(Value::Null)) };
            forward_to(tenant.need_mailbox(&key, &format!("set forwarding for {key}"))?, None, Some(&to), keep);
            Ok(Answer::done(format!(
                "Successfully set forwarding for {key} to External Address {to} with keeping a copy set to {keep}"
            )))
        }
        "disabled" => {
            forward_to(tenant.need_mailbox(&key, &format!("disable forwarding for {key}"))?, None, None, false);
            let texts =
                [format!("Disabling forwarding for {key}"), format!("Successfully disabled forwarding for {key}")];
            Ok(Answer::results(texts.to_vec()))
        }
        // Any other option does nothing, and says nothing.
        _ => Ok(Answer::results(Value::Null)),
    }
}

fn out_of_office(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("userId")?;
    let state = call.need("AutoReplyState")?;
    let refuse = |why: &str| Answer::failed(500, format!("Could not set Out of Office for {key}. Error: {why}"));
    if !["Enabled", "Disabled", "Scheduled"].contains(&state.as_str()) {
        return Err(refuse("the state is none of Enabled, Disabled and Scheduled."));
    }
    let tenant = world.tenant(call)?;
    let mailbox =
        tenant.need_mailbox(&key, "find the mailbox").map_err(|_| refuse("the mailbox couldn't be found."))?;
    mailbox.put("_autoReplyState", state.as_str());
    let message = call.text("input");
    if let Some(text) = call.text("InternalMessage").or_else(|| message.clone()) {
        mailbox.put("_internalMessage", text);
    }
    if let Some(text) = call.text("ExternalMessage").or(message) {
        mailbox.put("_externalMessage", text);
    }
    let verb = if state == "Scheduled" { "Scheduled" } else { "Set" };
    Ok(Answer::done(format!("{verb} Out-of-office for {key} to {state}.")))
}

fn enable_archive(world: &mut World, call: &Call) -> Outcome {
    let key = call.need("id")?;
    let mailbox = world.tenant(call)?.need_mailbox(&key, &format!("set archive for {key}"))?;
    mailbox.put("ArchiveStatus", "Active");
    mailbox.put("ArchiveGuid", guid("archive", key.bytes().map(u64::from).sum()));
    Ok(Answer::done(format!("Successfully set archive for {} to On", call.text("username").unwrap_or(key))))
}
