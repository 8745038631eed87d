//! One object, in all the forms in which the server sends one.

use super::envelope::{has_envelope, has_results_field, is_results, queued, read_object};
use super::json::{Body, body, read};
use super::listing::{Queued, said_by};
use super::outcome::{State, decide};
use super::results::{failure_in, message_of};
use super::{DecodeContext, Output, Reply};
use crate::Error;
use crate::error::ErrorKind;
use crate::model::{Context, Filled, Model, ModelSlot, Ref, Slot, Warnings, kind_of};
use serde_json::{Map, Value};

impl<T: Model + Default> Output for T {
    fn decode(reply: &Reply, cx: &DecodeContext) -> Result<(Self, Warnings), Error> {
        let mut found: Option<T> = None;
        let bare = has_results_field(Slot::Model(&mut None::<T>));
        let mut context = Context::comparing_names();
        let rest = object_of(reply, cx, &mut found, bare, &mut context)?;
        let mut value = found.unwrap_or_default();
        settle(&mut value, rest, reply, cx)?;
        Ok((value, cx.finish(context, reply)?))
    }
}

/// What an answer holds besides the object.
#[derive(Default)]
struct Rest {
    /// What came in place of the object.
    stray: Option<Value>,
    /// Members of the envelope.
    others: Map<String, Value>,
}

/// Reads the object into its place; written once for all types.
fn object_of(
    reply: &Reply,
    cx: &DecodeContext,
    place: &mut dyn ModelSlot,
    bare: bool,
    context: &mut Context,
) -> Result<Rest, Error> {
    let json = match body(reply, context) {
        Body::Empty => {
            context.warn("object", "nothing");
            return Ok(Rest::default());
        }
        Body::Text(text) => {
            context.warn("object", "text");
            return Ok(Rest { stray: Some(Value::String(text)), others: Map::new() });
        }
        Body::Json(json) => json,
    };
    let enveloped = !bare && has_envelope(&json);
    let (filled, others) = read(&json, reply, cx, context, |cursor, context| {
        read_object(cursor, Slot::Model(&mut *place), enveloped, context)
    })?;
    let stray = match filled {
        Filled::Done => None,
        Filled::Null => {
            context.warn("object", "nothing");
            None
        }
        Filled::Stray(value) => {
            context.warn("object", kind_of(&value));
            Some(value)
        }
    };
    Ok(Rest { stray, others })
}

/// Keeps what has no field, and looks for the text of a failure in it: an answer that has only that must not pass for an object
/// without any values.
fn settle(model: &mut dyn Model, rest: Rest, reply: &Reply, cx: &DecodeContext) -> Result<(), Error> {
    if let Some(extra) = model.extra_mut() {
        for (name, value) in rest.others {
            extra.entry(name).or_insert(value);
        }
        if let Some(stray) = rest.stray {
            extra.entry("Results").or_insert(stray);
        }
    }
    let extra = model.extra();
    // The type has no place for "wait", and an object without values must not pass for data.
    if let Some((_, Value::Object(metadata))) = crate::json::member(extra, "Metadata")
        && let Some(queued) = queued(metadata)
    {
        return Err(not_ready(queued, reply, cx));
    }
    if let Some(queued) = said_by(Ref::Model(model), reply, cx)? {
        return Err(not_ready(queued, reply, cx));
    }
    let extra = model.extra();
    let said = extra.iter().find(|(name, _)| is_results(name)).and_then(|(_, value)| value.as_str());
    let failure = match said {
        Some(text) if decide(text, None, cx.action()).0 == State::Error => Some(message_of(text, &reply.hidden)),
        _ => failure_in(extra, cx),
    };
    failure.map_or(Ok(()), |text| Err(cx.failed(&text, reply)))
}

fn not_ready(queued: Queued, reply: &Reply, cx: &DecodeContext) -> Error {
    let message = format!("the answer is not ready: {}", crate::redact::redact(&queued.message, &reply.hidden));
    cx.error(ErrorKind::NotReady, message, reply).with_queued(queued)
}
