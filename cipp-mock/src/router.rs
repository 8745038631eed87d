//! The way of a request: recorded, perhaps spoilt by a fault, then past sign-in, feature flags and permissions to its action.

use crate::answer::{Answer, Finished, respond};
use crate::auth;
use crate::batch;
use crate::call::Call;
use crate::check;
use crate::effects;
use crate::expect;
use crate::fault::{Fault, Kind, strike};
use crate::record::Recorded;
use crate::sample;
use crate::spoil::spoil;
use crate::state::{Shared, State};
use crate::when::Moment;
use crate::wire::Line;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State as Held};
use axum::http::request::Parts as Head;
use axum::http::{Response, header};
use cipp_client::catalogue::{self, Action};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// More than any request of the API is long.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A request, read.
struct Inbound {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    authorization: Option<String>,
    body: Vec<u8>,
}

impl Inbound {
    /// A part of this request, which is a batch, as a request of its own.
    fn part(&self, part: batch::Part) -> Self {
        let batch::Part { method, mut path, query, body } = part;
        // A batch in a batch would have no end.
        if endpoint_of(&path) == batch::ENDPOINT {
            path = "/api/nothing".to_owned();
        }
        let (headers, authorization) = (self.headers.clone(), self.authorization.clone());
        Self { method, path, query, headers, authorization, body }
    }
}

/// Answers a request.
pub(crate) async fn handle(
    Held(shared): Held<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response<Body> {
    let endpoint = endpoint_of(request.uri().path());
    let (number, fault) = shared.lock().admit(&endpoint, &line);
    if fault.as_ref().is_some_and(|fault| matches!(fault.kind, Kind::ResetUnread)) {
        let (head, _) = request.into_parts();
        shared.lock().record(recorded(&Inbound::new(head, Vec::new()), number));
        line.reset();
        return respond(500, "", &[], Vec::new());
    }
    let Some(inbound) = read(request).await else {
        return Answer::text(413, "The request is too long.").finish(None, &HashSet::new(), false).into_response();
    };
    shared.lock().record(recorded(&inbound, number));
    let reset = fault.as_ref().is_some_and(|fault| matches!(fault.kind, Kind::Reset));
    let response = match fault {
        Some(fault) => spoilt(&shared, &inbound, number, &fault, &line).await,
        None => shared.lock().answer(&inbound, number).into_response(),
    };
    if !reset && let Some(record) = shared.lock().record_of(number) {
        record.status = response.status().as_u16();
    }
    response
}

/// The answer to a request that a fault befalls.
async fn spoilt(shared: &Shared, inbound: &Inbound, number: u64, fault: &Fault, line: &Line) -> Response<Body> {
    if !fault.delay.is_zero() {
        tokio::time::sleep(fault.delay).await;
    }
    let instead = matches!(fault.kind, Kind::Status(_) | Kind::Reset | Kind::Throttle(_));
    let proper = (fault.after_effect || !instead).then(|| {
        let mut state = shared.lock();
        if matches!(fault.kind, Kind::ExpireToken) {
            state.tokens.revoke();
        }
        state.answer(inbound, number)
    });
    spoil(fault, proper, line)
}

async fn read(request: Request) -> Option<Inbound> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.ok()?.to_vec();
    Some(Inbound::new(head, body))
}

impl Inbound {
    fn new(head: Head, body: Vec<u8>) -> Self {
        let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
        Self {
            method: head.method.as_str().to_owned(),
            path: head.uri.path().to_owned(),
            query: url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect(),
            headers: headers.collect(),
            authorization: head.headers.get(header::AUTHORIZATION).map(text),
            body,
        }
    }
}

/// The record of a request, without what must stay secret.
fn recorded(inbound: &Inbound, number: u64) -> Recorded {
    let headers = inbound.headers.iter().map(|(name, value)| {
        let value = if name == "authorization" { "[hidden]" } else { value.as_str() };
        (name.clone(), value.to_owned())
    });
    Recorded {
        method: inbound.method.clone(),
        path: inbound.path.clone(),
        query: inbound.query.clone(),
        body: serde_json::from_slice(&inbound.body).ok(),
        headers: headers.collect(),
        status: 0,
        carried_out: false,
        number,
    }
}

/// The name of the endpoint at a path; `token` for the sign-in.
fn endpoint_of(path: &str) -> String {
    if auth::tenant_of(path).is_some() {
        return auth::ENDPOINT.to_owned();
    }
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

/// The name after `/api/`, in any case.
fn api_endpoint(path: &str) -> Option<&str> {
    let rest = path.trim_start_matches('/');
    let (api, name) = rest.split_once('/')?;
    let name = name.trim_end_matches('/');
    (api.eq_ignore_ascii_case("api") && !name.is_empty() && !name.contains('/')).then_some(name)
}

impl State {
    /// Counts a request, and says which fault befalls it.
    fn admit(&mut self, endpoint: &str, line: &Line) -> (u64, Option<Fault>) {
        self.admitted += 1;
        let moment = Moment {
            endpoint,
            clock: self.clock.since_start(),
            real: self.started.elapsed().saturating_add(self.clock.moved()),
            line: line.number,
        };
        (self.admitted, strike(&mut self.faults, &moment, &mut self.early))
    }

    fn answer(&mut self, inbound: &Inbound, number: u64) -> Finished {
        self.serial += 1;
        self.tick();
        if let Some(tenant) = auth::tenant_of(&inbound.path) {
            return auth::token(self, tenant, &inbound.body).finish(None, &HashSet::new(), false);
        }
        let Some(name) = api_endpoint(&inbound.path) else {
            // Whoever forgets `/api` meets the portal, which answers everything with its page.
            let page =
                "<!DOCTYPE html><html><head><title>CIPP</title></head><body><div id=\"root\"></div></body></html>";
            return Answer::html(200, page).finish(None, &HashSet::new(), false);
        };
        if !self.tokens.accepts(inbound.authorization.as_deref(), self.clock.moved()) {
            // The platform refuses, not CIPP: there is no body to read.
            let refusal = Answer::empty(401).with_header("www-authenticate", "Bearer realm=\"cipp-mock\"");
            return refusal.finish(None, &HashSet::new(), false);
        }
        if name == batch::ENDPOINT {
            return batch::answer(&body_of(inbound), |part| self.answer(&inbound.part(part), number));
        }
        let (action, answer) = self.act(name, inbound, number);
        answer.finish(action, &self.quirks, self.fill)
    }

    /// What the endpoint says, and the action that it was asked for.
    fn act(&mut self, name: &str, inbound: &Inbound, number: u64) -> (Option<&'static Action>, Answer) {
        let actions: Vec<&'static Action> = catalogue::actions()
            .iter()
            .copied()
            .filter(|action| action.endpoint().eq_ignore_ascii_case(name))
            .collect();
        let effect = effects::find(name);
        if self.off.contains(&name.to_ascii_lowercase()) {
            return (None, Answer::text(503, "This feature has been disabled: it is switched off on this server."));
        }
        if actions.is_empty() {
            // What the specification does not know has no permission and no check to pass.
            if let Some(answer) = self.expected(None, name, inbound, number) {
                return (None, self.done(number, answer));
            }
        }
        if actions.is_empty() && effect.is_none() {
            return (None, Answer::text(404, "Endpoint not found"));
        }
        let body = body_of(inbound);
        let action = check::pick(&actions, &inbound.method, &inbound.query, &body, self.strict);
        let role = action.or(actions.first().copied()).map(|action| action.role);
        if let Some(role) = role.filter(|role| self.denied.contains(&role.to_ascii_lowercase())) {
            let text =
                format!("Access to this CIPP API endpoint is not allowed: the API client lacks the permission {role}.");
            return (None, Answer::text(403, text));
        }
        let endpoint = actions.first().map_or(name, |action| action.endpoint()).to_owned();
        let call = Call::new(action, endpoint, inbound.query.clone(), body, self.clock.now(), self.serial);
        let Some(action) = action else {
            if let (true, Some(effect)) = (actions.is_empty(), effect) {
                let answer = effect(&mut self.world, &call).unwrap_or_else(|refusal| refusal);
                return (None, self.done(number, answer));
            }
            let text = format!("cipp-mock, strict: no action at {name} is called with {}", inbound.method);
            return (None, Answer::failed(400, text));
        };
        if let Some(refusal) = check::check(action, &inbound.method, &call.query, &call.body, self.strict) {
            return (Some(action), refusal);
        }
        if let Some(answer) = self.expected(Some(action), name, inbound, number) {
            return (Some(action), self.done(number, answer));
        }
        if self.samples_only {
            return (Some(action), self.done(number, sample::answer(action)));
        }
        if self.quirks.contains(&crate::Quirk::TenantListFails) && action.endpoint() == "ListTenants" {
            return (Some(action), effects::tenants::failed_list());
        }
        if let Some(wait) = self.world.queues.put_off(action, &call) {
            return (Some(action), wait);
        }
        let answer = match effect {
            Some(effect) => effect(&mut self.world, &call).unwrap_or_else(|refusal| refusal),
            None => sample::answer(action),
        };
        (Some(action), self.done(number, answer))
    }

    /// The answer of an expectation, where one takes the request and has an answer.
    fn expected(
        &mut self,
        action: Option<&'static Action>,
        name: &str,
        inbound: &Inbound,
        number: u64,
    ) -> Option<Answer> {
        if self.expected.is_empty() {
            return None;
        }
        expect::meet(&mut self.expected, action, name, &recorded(inbound, number))
    }

    /// Notes that the request was carried out, unless its answer is a refusal.
    fn done(&mut self, number: u64, answer: Answer) -> Answer {
        if answer.status < 400
            && let Some(record) = self.record_of(number)
        {
            record.carried_out = true;
        }
        answer
    }
}

/// The body as the handlers see it: JSON, unless the content type says otherwise. Nothing is an empty object.
fn body_of(inbound: &Inbound) -> Value {
    let kind = inbound.headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.as_str());
    if inbound.body.is_empty() {
        return Value::Null;
    }
    let raw = || Value::String(String::from_utf8_lossy(&inbound.body).into_owned());
    match kind {
        Some(kind) if !kind.to_ascii_lowercase().contains("json") => raw(),
        _ => serde_json::from_slice(&inbound.body).unwrap_or_else(|_| raw()),
    }
}
