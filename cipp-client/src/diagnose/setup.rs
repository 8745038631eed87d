//! The settings, as far as they can be judged without asking anybody.

use super::Check;
use super::cause::Cause;
use crate::Error;
use crate::auth::SignInFacts;
use crate::client::is_loopback;
use url::Url;

/// What each check is called.
pub(super) const CONFIGURATION: &str = "configuration";

/// Where the web interface of the classic hosting lives.
const PORTAL_DOMAIN: &str = ".azurestaticapps.net";

/// Settings that do not make a client.
pub(super) fn unusable(error: &Error) -> Vec<Check> {
    let text = error.to_string();
    // Configuration errors say what is wrong, then what to do.
    let (finding, remedy) = match text.rsplit_once(": ") {
        Some((finding, remedy)) if finding.contains(": ") => (finding, remedy),
        _ => (text.as_str(), "correct the setting that the finding names"),
    };
    vec![Check::fail(CONFIGURATION, finding, remedy)]
}

/// The settings of a client.
pub(super) fn check(base: &Url, facts: &SignInFacts) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut note = |cause, finding: String| checks.push(Check::of(CONFIGURATION, cause, finding));
    let host = base.host_str().unwrap_or_default();
    if host.ends_with(PORTAL_DOMAIN) {
        note(Cause::PortalHost, format!("{host} is an address of the portal"));
    }
    if base.path() != "/" {
        note(Cause::ExtraPath, format!("the URL goes on after the host: {}", base.path()));
    }
    if base.scheme() == "http" && !is_loopback(base) {
        note(Cause::PlainHttp, format!("{host} is called over http"));
    }
    if let Some(tenant) = &facts.tenant_id
        && matches!(tenant.to_ascii_lowercase().as_str(), "common" | "organizations" | "consumers")
    {
        note(Cause::CommonTenant, format!("the tenant id is {tenant:?}"));
    }
    if let Some(client) = facts.client_id.as_deref().filter(|client| !is_guid(client)) {
        note(Cause::OddClientId, format!("the client id {client:?} is no GUID"));
    }
    if let (Some(client), Some(scope)) = (&facts.client_id, &facts.scope)
        && !scope.eq_ignore_ascii_case(&format!("api://{client}/.default"))
    {
        note(Cause::OddScope, format!("the scope is {scope}"));
    }
    if checks.is_empty() {
        checks.push(Check::ok(CONFIGURATION, format!("the API is at {}/api", base.as_str().trim_end_matches('/'))));
    }
    checks
}

/// Whether a text is a GUID, which is how ids of tenants and applications are written.
pub(super) fn is_guid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
