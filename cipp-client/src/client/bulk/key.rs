//! What makes a row the same row in a later run.

use crate::redact::redact;
use crate::request::{Parts, Payload};
use serde_json::Value;
use siphasher::sip128::{Hasher128, SipHasher24};
use std::collections::HashMap;
use std::hash::Hasher;

/// Gives rows their keys: a hash of what is sent and of the caller's label, and a number where two rows are the same.
///
/// Secrets do not go into it, so that nobody who has the journal can try passwords against it. The order of the query and of
/// members does not count: another version of this crate must find the same key, or it would do a row twice.
#[derive(Default)]
pub(crate) struct Keys(HashMap<u128, u32>);

impl Keys {
    pub(crate) fn of(&mut self, parts: &Parts, label: Option<&str>) -> String {
        let mut query: Vec<String> =
            parts.query.iter().map(|(name, value)| format!("{name}={}", redact(value, &parts.secrets))).collect();
        query.sort_unstable();
        let mut hasher = SipHasher24::new();
        for text in ["row 1", parts.method.as_str(), &parts.path, label.unwrap_or_default()] {
            feed(&mut hasher, text);
        }
        query.iter().for_each(|text| feed(&mut hasher, text));
        let mut body = String::new();
        if let Some(Payload::Json(json)) = &parts.payload {
            canonical(json, &mut body);
        }
        feed(&mut hasher, &redact(&body, &parts.secrets));
        let hash = hasher.finish128().as_u128();
        let count = self.0.entry(hash).or_default();
        *count += 1;
        match *count {
            1 => format!("{hash:032x}"),
            count => format!("{hash:032x}-{count}"),
        }
    }
}

/// With its length, so that two texts never read like one.
fn feed(hasher: &mut SipHasher24, text: &str) {
    hasher.write(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
    hasher.write(text.as_bytes());
}

/// JSON with members in the order of their names, whatever features serde_json is built with.
fn canonical(json: &Value, out: &mut String) {
    match json {
        Value::Object(members) => {
            let mut names: Vec<String> = members.keys().cloned().collect();
            names.sort_unstable();
            out.push('{');
            for name in names {
                let value = members.get(&name).unwrap_or(&Value::Null);
                out.push_str(&Value::from(name).to_string());
                out.push(':');
                canonical(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}
