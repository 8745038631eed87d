//! The probes, in the order in which they build on each other.

use super::answer::{Answer, judge};
use super::cause::Cause;
use super::{Check, Diagnosis, network, setup, token, version};
use crate::Error;
use crate::auth::{Token, seconds_between};
use crate::client::{Shared, USER_AGENT, date};
use crate::error::ErrorKind;
use crate::transport::{TransportError, WireRequest};
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderMap, HeaderValue, Method};
use std::error::Error as StdError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::{Instant, timeout};

/// How long one probe may take: longer than a start of the server, shorter than patience.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the sign-in may take, its repeats included.
const SIGN_IN_PATIENCE: Duration = Duration::from_secs(120);

/// Answers to probes are small; of a web page, the start is enough.
const ENOUGH: usize = 64 * 1024;

/// A clock that differs by less is good enough for everything here, in seconds.
const SKEW: i64 = 120;

const NETWORK: &str = "network";
const CLOCK: &str = "clock";
const SIGN_IN: &str = "sign-in";
const TOKEN: &str = "token";
const API: &str = "api";
const PERMISSION: &str = "permission";
const VERSION: &str = "version";
const START_UP: &str = "start-up";

/// The checks that ask somebody.
pub(super) const ASKED: [&str; 8] = [NETWORK, CLOCK, SIGN_IN, TOKEN, API, PERMISSION, VERSION, START_UP];

pub(super) async fn run(shared: &Shared) -> Diagnosis {
    let facts = shared.tokens.facts();
    let mut checks = setup::check(&shared.base, &facts);

    // Without a token: says whether the host can be reached, and what it is, whatever becomes of the sign-in.
    let first = probe(shared, "PublicPing", None).await;
    let host = shared.base.host_str().unwrap_or_default();
    let mut skew = 0;
    let mut reached = true;
    match &first {
        Ok(answer) => {
            let seconds = answer.elapsed.as_secs_f32();
            checks.push(Check::ok(NETWORK, format!("{host} answers, after {seconds:.1} s")));
            let (check, found) = clock(answer);
            checks.push(check);
            skew = found;
        }
        Err(problem) => {
            reached = false;
            checks.push(problem.check(NETWORK, host));
            checks.push(Check::skipped(CLOCK, "nobody told the time"));
        }
    }

    let signed_in = sign_in(shared, &mut checks).await;
    let Some(token) = signed_in else {
        checks.push(Check::skipped(TOKEN, "there is none"));
        // What the host is can be told without a token.
        let api = match &first {
            Ok(answer) => match judge(answer, true, &[]) {
                Some((cause, finding)) => Check::of(API, cause, finding),
                None => Check::skipped(API, "it asks for a sign-in, as it should"),
            },
            Err(_) => Check::skipped(API, "the host was not reached"),
        };
        checks.push(api);
        skip(&mut checks, &[PERMISSION, VERSION, START_UP], "there is no sign-in");
        return Diagnosis { checks };
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(0));
    let reading = token::read(token.secret.expose(), &facts, now.saturating_add(skew));
    checks.extend(reading.checks);
    if !reached {
        skip(&mut checks, &[API, PERMISSION, VERSION, START_UP], "the host was not reached");
        return Diagnosis { checks };
    }
    server(shared, &token, reading.bare_audience, &mut checks).await;
    Diagnosis { checks }
}

pub(super) fn skip(checks: &mut Vec<Check>, names: &[&'static str], reason: &str) {
    checks.extend(names.iter().map(|name| Check::skipped(name, reason)));
}

/// The probes with a token: one that asks for no permission, and one that asks for the least there is.
async fn server(shared: &Shared, token: &Token, bare_audience: bool, checks: &mut Vec<Check>) {
    let host = shared.base.host_str().unwrap_or_default();
    let hidden = [token.secret.clone()];
    let ping = match probe(shared, "PublicPing", Some(token)).await {
        Ok(answer) => answer,
        Err(problem) => {
            checks.push(problem.check(API, host));
            skip(checks, &[PERMISSION, VERSION, START_UP], "the API did not answer");
            return;
        }
    };
    let verdict = judge(&ping, false, &hidden);
    match verdict {
        // Some servers have no PublicPing, or have it switched off; GetVersion decides.
        None | Some((Cause::OldServer | Cause::FeatureOff | Cause::Denied | Cause::Forbidden, _)) => {
            checks.push(Check::ok(API, format!("{host} is the API, and takes the token")));
        }
        Some((Cause::Unauthorized, finding)) => {
            let cause = if bare_audience { Cause::UnauthorizedAudience } else { Cause::Unauthorized };
            checks.push(Check::of(API, cause, finding));
            skip(checks, &[PERMISSION, VERSION, START_UP], "the API does not take the token");
            return;
        }
        Some((cause, finding)) => {
            checks.push(Check::of(API, cause, finding));
            skip(checks, &[PERMISSION, VERSION, START_UP], "the API did not answer as it should");
            return;
        }
    }
    let answer = match probe(shared, "GetVersion", Some(token)).await {
        Ok(answer) => answer,
        Err(problem) => {
            checks.push(problem.check(PERMISSION, host));
            skip(checks, &[VERSION, START_UP], "GetVersion did not answer");
            return;
        }
    };
    match judge(&answer, false, &hidden) {
        None => {
            checks.push(Check::ok(PERMISSION, "the API client may read (CIPP.Core.Read)"));
            checks.push(version::version(&answer.json().unwrap_or_default()));
        }
        Some((cause, finding)) => {
            checks.push(Check::of(PERMISSION, cause, format!("GetVersion: {finding}")));
            checks.push(Check::skipped(VERSION, "GetVersion was not answered"));
        }
    }
    checks.push(version::start_up(&ping, &answer));
}

/// A new token, whatever is in the cache: what counts is whether signing in works now.
async fn sign_in(shared: &Shared, checks: &mut Vec<Check>) -> Option<Token> {
    match timeout(SIGN_IN_PATIENCE, shared.tokens.probe()).await {
        Ok(Ok(token)) => {
            checks.push(Check::ok(SIGN_IN, "there is a token"));
            Some(token)
        }
        Ok(Err(error)) => {
            checks.push(refused(&error, shared.tokens.facts().client_id.is_some()));
            None
        }
        Err(_) => {
            let finding = format!("no end after {} s", SIGN_IN_PATIENCE.as_secs());
            checks.push(Check::of(SIGN_IN, Cause::SignInTimeout, finding));
            None
        }
    }
}

/// Why there is no token. `built_in` says that the sign-in is the client's own, whose messages are known.
fn refused(error: &Error, built_in: bool) -> Check {
    let text = error.to_string();
    let text = text.strip_prefix("sign-in: ").unwrap_or(&text);
    let transport = StdError::source(error).and_then(|source| source.downcast_ref::<TransportError>());
    if let Some(transport) = transport {
        return Check::of(SIGN_IN, network::cause(transport), text);
    }
    if !built_in {
        return Check::of(SIGN_IN, Cause::SignInOther, text);
    }
    let cause = match error.kind() {
        ErrorKind::Connect | ErrorKind::RateLimited => Cause::SignInNetwork,
        _ if text.contains("captive portal") => Cause::CaptivePortal,
        _ if text.contains("no Application ID URI: use Repair URI in") => Cause::NoIdentifierUri,
        _ => {
            // A known code comes as "what is wrong: what to do (AADSTS1)".
            return match text.split_once(": ") {
                Some((finding, rest)) if text.contains("(AADSTS") => match rest.rsplit_once(" (") {
                    Some((remedy, code)) => Check::fail(SIGN_IN, &format!("{finding} ({code}"), remedy),
                    None => Check::fail(SIGN_IN, finding, rest),
                },
                Some((finding, remedy)) if text.starts_with("the token file ") => Check::fail(SIGN_IN, finding, remedy),
                _ => Check::of(SIGN_IN, Cause::SignInRefused, text),
            };
        }
    };
    Check::of(SIGN_IN, cause, text)
}

/// This machine's clock against the server's, and by how many seconds the server is ahead.
fn clock(answer: &Answer) -> (Check, i64) {
    let Some(theirs) = date(&answer.headers) else {
        return (Check::skipped(CLOCK, "the answer carries no date"), 0);
    };
    let skew = seconds_between(answer.at, theirs);
    if skew.abs() < SKEW {
        return (Check::ok(CLOCK, "right to within two minutes"), skew);
    }
    let side = if skew > 0 { "behind" } else { "ahead of" };
    let finding = format!("this machine's clock is {} s {side} the server's", skew.abs());
    (Check::of(CLOCK, Cause::ClockWrong, finding), skew)
}

/// Why a probe has no answer.
enum Problem {
    Transport(TransportError),
    Late,
}

impl Problem {
    fn check(&self, name: &'static str, host: &str) -> Check {
        match self {
            Self::Transport(error) => Check::of(name, network::cause(error), format!("{host}: {error}")),
            Self::Late => Check::of(name, Cause::Silent, format!("{host}: no answer within {} s", PATIENCE.as_secs())),
        }
    }
}

/// Reads one endpoint.
async fn probe(shared: &Shared, endpoint: &str, token: Option<&Token>) -> Result<Answer, Problem> {
    let mut url = shared.base.clone();
    url.set_path(&format!("{}/api/{endpoint}", shared.base.path().trim_end_matches('/')));
    let mut headers = shared.headers.clone();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(http::header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    if let Some(token) = token {
        headers.insert(AUTHORIZATION, token.header.clone());
    }
    let started = Instant::now();
    let exchange = exchange(shared, WireRequest::new(Method::GET, url, headers, None));
    match timeout(PATIENCE, exchange).await {
        Ok(Ok((status, headers, body, at))) => Ok(Answer { status, headers, body, elapsed: started.elapsed(), at }),
        Ok(Err(error)) => Err(Problem::Transport(error)),
        Err(_) => Err(Problem::Late),
    }
}

async fn exchange(
    shared: &Shared,
    request: WireRequest,
) -> Result<(http::StatusCode, HeaderMap, Vec<u8>, SystemTime), TransportError> {
    let mut reply = shared.transport.send(request).await?;
    let at = SystemTime::now();
    let mut body = Vec::new();
    while body.len() < ENOUGH
        && let Some(chunk) = reply.body.chunk().await?
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(ENOUGH);
    Ok((reply.status, reply.headers, body, at))
}
