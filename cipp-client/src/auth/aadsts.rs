//! What Entra's error codes mean for somebody who sets up a CIPP API client, and what to do next.

/// What to do about each code. The codes are Microsoft's; the words are ours.
const CODES: &[(u32, &str)] = &[
    (
        7_000_215,
        "the client secret is wrong: copy the secret's value, not its id; if it is lost, use Reset Application Secret in CIPP > Integrations > CIPP-API",
    ),
    (
        7_000_222,
        "the client secret has expired: use Reset Application Secret in CIPP > Integrations > CIPP-API and store the new one",
    ),
    (7_000_218, "no client secret was sent: set the secret, or CIPP_CLIENT_SECRET"),
    (7_000_216, "no client secret was sent: set the secret, or CIPP_CLIENT_SECRET"),
    (7_000_112, "the application is disabled in Entra: enable it under Enterprise applications"),
    (
        700_016,
        "the application is not in this tenant: check the client id, and that the tenant id is that of the partner tenant in which CIPP lives, not a customer's",
    ),
    (90_002, "the tenant does not exist: check the tenant id (CIPP_TENANT_ID) and the authority"),
    (90_013, "the request was not understood: check that tenant id and client id are plain GUIDs"),
    (900_023, "the tenant id is neither a GUID nor a domain: check CIPP_TENANT_ID"),
    (900_144, "a part of the sign-in is missing: check tenant id, client id and secret"),
    (
        500_011,
        "the API client's application has no Application ID URI api://{client id}: use Repair URI on the API client in CIPP > Integrations > CIPP-API, then Save to Azure",
    ),
    (
        500_013,
        "the API client's application has a wrong Application ID URI: use Repair URI on the API client in CIPP > Integrations > CIPP-API, then Save to Azure",
    ),
    (501_051, "the application is not assigned to the API: check Assignment required under Enterprise applications"),
    (
        650_057,
        "the scope is not one of the application's: leave the scope to the client, which derives it from the client id",
    ),
    (70_011, "the scope is not valid: leave the scope to the client, or write api://{client id}/.default"),
    (1_002_012, "the scope must end in /.default: leave the scope to the client, or write api://{client id}/.default"),
    (
        50_194,
        "the application takes accounts of one tenant only: use the tenant id, not \"common\" or \"organizations\"",
    ),
    (50_034, "the account does not exist in this tenant: check tenant id and client id"),
    (53_003, "a Conditional Access policy blocks the sign-in: allow this workload identity or this address in Entra"),
    (530_035, "access was blocked by security defaults: an administrator must allow the sign-in in Entra"),
    (
        50_196,
        "too many sign-ins in a short time: share one client, which keeps its token, instead of making one for each call",
    ),
    (
        700_027,
        "the certificate is not one of the application's, or does not belong to the key: upload it to the API client's application under Certificates & secrets",
    ),
    (
        700_024,
        "the assertion is not valid at this time: set this machine's clock, or renew the token file of the federated identity",
    ),
    (500_133, "the assertion has expired: set this machine's clock, or renew the token file of the federated identity"),
    (
        700_023,
        "the assertion is meant for another audience: a federated token needs the audience api://AzureADTokenExchange, and the authority must be that of the tenant's cloud",
    ),
    (
        700_212,
        "the federated token's audience is not the one in the application's federated credential: both are usually api://AzureADTokenExchange",
    ),
    (
        700_211,
        "no federated credential of the application has this token's issuer: compare the issuer under Certificates & secrets > Federated credentials",
    ),
    (
        700_213,
        "no federated credential of the application has this token's subject: compare the subject under Certificates & secrets > Federated credentials",
    ),
    (
        70_021,
        "no federated credential of the application matches the token: compare issuer, subject and audience under Certificates & secrets > Federated credentials",
    ),
    (50_027, "the assertion is no valid token: check the token file of the federated identity"),
    (
        700_030,
        "the certificate cannot be used: it needs an RSA key, and must not be expired; make a new one and upload it",
    ),
    (
        7_000_229,
        "the application has no service principal in the tenant: create the API client anew in CIPP > Integrations > CIPP-API",
    ),
    (
        900_382,
        "the tenant lives in another cloud: set the authority of that cloud (US government: https://login.microsoftonline.us)",
    ),
    (
        900_432,
        "the tenant lives in another cloud: set the authority of that cloud (US government: https://login.microsoftonline.us)",
    ),
    (90_033, "the sign-in service has a passing problem: try again in a minute"),
    (90_024, "the sign-in service is overloaded: try again in a minute"),
];

/// What to do about a refusal, and the code that said so.
pub(crate) fn advice(codes: &[u32]) -> Option<(u32, &'static str)> {
    codes.iter().find_map(|code| CODES.iter().find(|(known, _)| known == code).copied())
}

/// The codes in a text such as `AADSTS7000215: Invalid client secret ...`.
pub(crate) fn codes_in(text: &str) -> Vec<u32> {
    text.split("AADSTS")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()))
        .collect()
}

/// Whether the same request may succeed a little later.
pub(crate) fn is_passing(codes: &[u32]) -> bool {
    codes.iter().any(|code| matches!(code, 90_033 | 90_024))
}

/// Whether the assertion was refused for its times.
pub(crate) fn is_about_time(codes: &[u32]) -> bool {
    codes.iter().any(|code| matches!(code, 700_024 | 500_133))
}
