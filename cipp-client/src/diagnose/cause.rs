//! Everything that is known to keep calls from working, each with its own remedy.

use super::CheckState;

macro_rules! causes {
    ($($name:ident $state:ident $remedy:literal)*) => {
        /// Why something does not work.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Cause { $($name),* }

        impl Cause {
            pub(super) const fn state(self) -> CheckState {
                match self { $(Self::$name => CheckState::$state),* }
            }

            /// What a person does about it.
            pub(super) const fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy),* }
            }

            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

causes! {
    // Settings.
    PortalHost Fail "Azure Static Web Apps host the portal, not the API: copy the API URL from CIPP > Integrations > CIPP-API"
    ExtraPath Warn "unless a gateway serves CIPP below this path, shorten the URL to scheme and host"
    PlainHttp Warn "use https: over http the token can be read on the way"
    CommonTenant Fail "set the id of the partner tenant in which CIPP lives; \"common\" and \"organizations\" are for people"
    OddClientId Warn "copy the client id from CIPP > Integrations > CIPP-API: it is a GUID, not the name of the application"
    OddScope Warn "leave the scope unset: the client derives api://{client id}/.default, which CIPP's API clients need"

    // The way there.
    Dns Fail "check the host name for slips, and this machine's DNS or VPN"
    NotConnected Fail "check the address and port, the firewall between, and that the network is up"
    ConnectTimeout Fail "a firewall swallows the connection, or the host is down: try from another network, or set a proxy"
    Proxy Fail "check the proxy's address (CIPP_PROXY, HTTPS_PROXY) and that it may reach this host; NO_PROXY names hosts to reach directly"
    ProxyPassword Fail "write user name and password into the proxy's URL: http://user:password@host:port"
    UnknownIssuer Fail "where a company proxy inspects traffic, give its root certificate to ca_certificate(..) or install it on this machine"
    ExpiredCertificate Fail "renew the server's certificate; if it is good in a browser elsewhere, set this machine's clock"
    WrongCertificateName Fail "use the host name for which the certificate was made; a custom domain must be bound to the function app with its certificate"
    Tls Fail "check that nothing between here and the host takes TLS apart, and that it offers TLS 1.2 or newer"
    Broken Fail "the connection breaks after it was made: look for a firewall or proxy that cuts it, then try again"
    Silent Fail "the host took the request and said nothing: look at the function app in the Azure portal and restart it"
    ClockWrong Warn "set this machine's clock (time service): a wrong one breaks certificates, assertions and schedules"

    // Signing in.
    SignInNetwork Fail "the sign-in service itself has trouble: try again in a minute, and see https://status.cloud.microsoft"
    CaptivePortal Fail "log in to the network (captive portal), let the proxy pass the sign-in host, or correct the authority"
    NoIdentifierUri Fail "the API client's application most likely has no Application ID URI: use Repair URI on it in CIPP > Integrations > CIPP-API, then Save to Azure"
    SignInRefused Fail "compare tenant id, client id and secret with CIPP > Integrations > CIPP-API; reset the secret if in doubt"
    SignInOther Fail "the message comes from the token provider of this program: correct what it names"
    SignInTimeout Fail "the sign-in did not come to an end: check network and proxy to the sign-in host"

    // What the token says.
    WrongAudience Fail "the token is for another application: leave scope unset, or get the token for api://{client id}/.default"
    BareAudience Warn "this is a v2 token, whose audience is the bare client id, which some servers refuse; allowing MCP for an API client makes its tokens such: use a client without MCP, or update CIPP and Save to Azure again, or set requestedAccessTokenVersion to 1 in the application's manifest"
    WrongTenant Fail "the token is from another tenant than the one that is set: use the partner tenant's id, in which CIPP lives"
    WrongClient Fail "the token belongs to another application than the client id that is set: get a new one for this client"
    ExpiredToken Fail "get a new token: this one has expired"
    NotYetValid Warn "the token is not valid yet by this machine's clock: set the clock"
    UserToken Warn "this is a person's token, so that person's CIPP roles apply: for programs, use an API client's id and secret"

    // The server.
    Portal Fail "this host answers with web pages, so it is the portal: copy the API URL from CIPP > Integrations > CIPP-API (it usually ends in azurewebsites.net)"
    NotCipp Fail "something else than CIPP answers at this address: compare it with the API URL in CIPP > Integrations > CIPP-API"
    NoSuchPath Fail "the host has no CIPP API at this path: give the API URL as CIPP > Integrations > CIPP-API shows it; /api is added by the client, once"
    Stopped Fail "the function app is stopped: start it in the Azure portal"
    Unauthorized Fail "Azure refuses the token before CIPP sees it: enable the API client in CIPP > Integrations > CIPP-API, press Save to Azure and wait 60 s"
    UnauthorizedAudience Fail "Azure refuses the token, most likely for its v2 audience, which allowing MCP for an API client brings about: use a client without MCP, or update CIPP and Save to Azure again, or set requestedAccessTokenVersion to 1 in the application's manifest; then wait 60 s"
    Denied Fail "either the API client's role lacks the permission CIPP.Core.Read, or its IP range does not contain this machine's public address; the server does not say which: check both in CIPP > Integrations > CIPP-API (an empty IP range blocks everyone; write Any)"
    BlockedAddress Fail "Azure's access restrictions keep this address out: allow it under Networking of the function app"
    Forbidden Fail "this 403 is a failure of the server's own work, not a missing role: read its words, and CIPP's log"
    FeatureOff Fail "an administrator switched this feature off: switch it on in CIPP's settings"
    Unavailable Fail "the server is restarting or overloaded: wait a minute, then look at the function app in the Azure portal"
    Gateway Fail "the gateway got no answer from the server: wait for its start, and look at the function app's log"
    Throttled Fail "too many calls: wait as long as the answer says, and lower the concurrency"
    ServerError Fail "the server itself failed: look at CIPP's log and the function app's log"
    OldServer Fail "this server has no GetVersion, so it is not CIPP or far too old: update CIPP"

    // How it runs.
    ServerOlder Warn "actions that came later answer 404: update CIPP, or leave them out"
    ServerNewer Warn "new fields are kept in `extra` and changed ones may be missing: update cipp-client when something looks odd"
    UnknownVersion Warn "compare the version in CIPP's own settings with the one that this client describes"
    ColdStart Warn "the server had to start first (15 to 20 s): keep the timeout at minutes, or keep it warm with PublicPing every 3 to 4 minutes"
}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[test]
    fn every_cause_has_a_remedy_of_its_own() {
        let mut remedies: Vec<&str> = Cause::ALL.iter().map(|cause| cause.remedy()).collect();
        assert!(remedies.iter().all(|remedy| remedy.len() > 20));
        remedies.sort_unstable();
        remedies.dedup();
        assert_eq!(remedies.len(), Cause::ALL.len());
    }
}
