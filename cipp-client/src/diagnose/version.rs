//! The server's version against the one that the specification describes, and whether the server had to start first.

use super::Check;
use super::answer::Answer;
use super::cause::Cause;
use crate::CIPP_VERSION;
use serde_json::Value;
use std::time::Duration;

const VERSION: &str = "version";

/// A server that runs answers such small questions in a second or two.
const SLOW: Duration = Duration::from_secs(10);

/// Compares versions, by GetVersion's answer.
pub(super) fn version(answer: &Value) -> Check {
    let found = ["LocalCIPPAPIVersion", "LocalCIPPVersion", "Version"]
        .iter()
        .find_map(|name| answer.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()));
    let Some((text, theirs)) = found.and_then(|text| Some((text, numbers(text)?))) else {
        return Check::of(VERSION, Cause::UnknownVersion, "the server does not tell its version");
    };
    let finding = format!("the server runs CIPP {text}; this client describes {CIPP_VERSION}");
    match numbers(CIPP_VERSION).map(|ours| theirs.cmp(&ours)) {
        Some(std::cmp::Ordering::Less) => Check::of(VERSION, Cause::ServerOlder, finding),
        Some(std::cmp::Ordering::Greater) => Check::of(VERSION, Cause::ServerNewer, finding),
        _ => Check::ok(VERSION, format!("CIPP {text}")),
    }
}

/// The first two numbers: what is after them changes no action.
fn numbers(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim_start_matches(['v', 'V']).split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Says whether the server had to start first, by its own word or by the time it took.
pub(super) fn start_up(ping: &Answer, other: &Answer) -> Check {
    let cold = ping.json().and_then(|json| json.get("Results")?.get("ColdStart")?.as_bool()).unwrap_or_default();
    let longest = ping.elapsed.max(other.elapsed);
    let finding = format!("the slower of two answers took {:.1} s", longest.as_secs_f32());
    if longest >= SLOW {
        Check::of("start-up", Cause::ColdStart, finding)
    } else if cold {
        Check::ok("start-up", format!("{finding}, though the server had just started"))
    } else {
        Check::ok("start-up", finding)
    }
}
