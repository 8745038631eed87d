use crate::world::{CLIENT, Part, TENANT, World, claims, healthy, now, refusal, token};
use cipp_client::transport::Phase;
use cipp_client::{Check, CheckState, Client, Diagnosis};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// The one check that is not as it should be.
fn only(diagnosis: &Diagnosis) -> &Check {
    let mut odd = diagnosis.checks.iter().filter(|check| matches!(check.state, CheckState::Warn | CheckState::Fail));
    let check = odd.next().unwrap_or_else(|| panic!("nothing found:\n{diagnosis}"));
    assert!(odd.next().is_none(), "more than one cause:\n{diagnosis}");
    check
}

fn with(change: impl FnOnce(&mut World)) -> World {
    let mut world = healthy();
    change(&mut world);
    world
}

/// With this answer to every probe that carries a token.
fn api(part: Part) -> World {
    with(|world| (world.ping, world.version) = (part.clone(), part))
}

fn host(part: Part) -> World {
    with(|world| world.host = part)
}

fn version(part: Part) -> World {
    with(|world| world.version = part)
}

fn sign_in(part: Part) -> World {
    with(|world| world.sign_in = part)
}

fn claim(name: &str, value: impl Into<Value>) -> World {
    let mut claims = claims();
    claims[name] = value.into();
    sign_in(token(claims))
}

#[tokio::test(start_paused = true)]
async fn a_healthy_world_is_all_right() {
    let diagnosis = healthy().diagnose().await;
    assert!(diagnosis.is_ok() && diagnosis.checks.iter().all(|check| check.state == CheckState::Ok), "{diagnosis}");
    let names: Vec<&str> = diagnosis.checks.iter().map(|check| check.name).collect();
    let all = ["configuration", "network", "clock", "sign-in", "token", "api", "permission", "version", "start-up"];
    assert_eq!(names, all);
    assert!(diagnosis.checks.iter().all(|check| check.remedy.is_none()));
}

#[tokio::test(start_paused = true)]
async fn every_cause_is_told_from_the_others() {
    use CheckState::{Fail, Warn};
    let connect = |text| host(Part::fail(Phase::Connect, text));
    let tls = |text| host(Part::fail(Phase::Tls, text));
    let hours = |sign: i64| {
        let by = Duration::from_secs(5 * 3600);
        let time = if sign > 0 { SystemTime::now() + by } else { SystemTime::now() - by };
        host(Part::new(401, "").header("date", httpdate::fmt_http_date(time)))
    };
    let cipp = |text: &str| version(Part::new(200, json!({ "LocalCIPPAPIVersion": text }).to_string()));
    let denied =
        "Access to this CIPP API endpoint is not allowed, the API Client does not have the required permission";
    let to_login = Part::new(302, "").header("location", "https://login.microsoftonline.com/x?state=canary");

    // World; the check that speaks up; its state; what the finding and the remedy say.
    let cases: Vec<(World, &str, CheckState, &str, &str)> = vec![
        // The way there.
        (connect("failed to lookup address information"), "network", Fail, "cipp.example.com", "DNS"),
        (connect("Connection refused (os error 111)"), "network", Fail, "refused", "port"),
        (connect("no connection within 30 s"), "network", Fail, "30 s", "swallows"),
        (host(Part::fail(Phase::Proxy, "tunnel error")), "network", Fail, "tunnel", "NO_PROXY"),
        (host(Part::fail(Phase::Proxy, "wants (407)")), "network", Fail, "407", "user:password@"),
        (tls("invalid peer certificate: UnknownIssuer"), "network", Fail, "UnknownIssuer", "ca_certificate"),
        (tls("invalid peer certificate: Expired"), "network", Fail, "Expired", "renew the server's certificate"),
        (tls("invalid peer certificate: NotValidForName"), "network", Fail, "Name", "custom domain"),
        (tls("handshake failure"), "network", Fail, "handshake", "TLS 1.2"),
        (host(Part::fail(Phase::Receive, "reset by peer")), "network", Fail, "reset", "cuts it"),
        (host(Part::new(401, "").after(Duration::from_secs(600))), "network", Fail, "60 s", "restart it"),
        (hours(5), "clock", Warn, "behind", "time service"),
        // Signing in.
        (sign_in(refusal(7_000_215)), "sign-in", Fail, "(AADSTS7000215)", "copy the secret's value"),
        (sign_in(refusal(7_000_222)), "sign-in", Fail, "has expired (AADSTS7000222)", "Reset Application Secret"),
        (sign_in(refusal(700_016)), "sign-in", Fail, "not in this tenant", "partner tenant"),
        (sign_in(refusal(90_002)), "sign-in", Fail, "tenant does not exist", "CIPP_TENANT_ID"),
        (sign_in(refusal(500_011)), "sign-in", Fail, "no Application ID URI", "Repair URI on the API client"),
        (sign_in(refusal(53_003)), "sign-in", Fail, "Conditional Access", "allow this workload identity"),
        (sign_in(refusal(1)), "sign-in", Fail, "AADSTS1", "compare tenant id"),
        (sign_in(Part::new(400, r#"{"error":"invalid_request"}"#)), "sign-in", Fail, "first sign-in", "most likely"),
        (sign_in(Part::page(200, "Guest Wi-Fi")), "sign-in", Fail, "web page", "captive portal"),
        (sign_in(Part::new(500, "x")), "sign-in", Fail, "HTTP 500", "status.cloud"),
        (sign_in(Part::fail(Phase::Connect, "dns error")), "sign-in", Fail, "login.microsoftonline.com", "DNS"),
        (sign_in(Part::fail(Phase::Tls, "UnknownIssuer")), "sign-in", Fail, "login.microsoftonline.com", "ca_cert"),
        (sign_in(Part::new(200, "").after(Duration::from_secs(900))), "sign-in", Fail, "no end", "come to an end"),
        // What the token says.
        (claim("aud", CLIENT), "token", Warn, CLIENT, "requestedAccessTokenVersion"),
        (claim("aud", "https://graph.microsoft.com"), "token", Fail, "graph", "leave scope unset"),
        (claim("tid", "99999999-0000-0000-0000-000000000000"), "token", Fail, TENANT, "another tenant"),
        (claim("appid", "99999999-0000-0000-0000-000000000000"), "token", Fail, "given to", "another application"),
        (claim("exp", now() - 900), "token", Fail, "expired", "get a new token"),
        (claim("nbf", now() + 900), "token", Warn, "becomes valid", "not valid yet"),
        (claim("scp", "user_impersonation"), "token", Warn, "delegated", "person's token"),
        // The server.
        (api(Part::page(200, "CIPP")), "api", Fail, "HTTP 200: CIPP", "it is the portal"),
        (api(to_login.clone()), "api", Fail, "redirect to login.microsoftonline.com", "it is the portal"),
        (api(Part::new(200, "hello")), "api", Fail, "hello", "something else than CIPP"),
        (api(Part::page(404, "Not Found")), "api", Fail, "HTTP 404", "no CIPP API at this path"),
        (api(Part::page(403, "Error 403 - This web app is stopped.")), "api", Fail, "stopped", "start it"),
        (api(Part::page(403, "Ip Forbidden")), "api", Fail, "Ip Forbidden", "Networking"),
        (api(Part::new(401, "")), "api", Fail, "HTTP 401", "wait 60 s"),
        (api(Part::new(429, "")), "api", Fail, "HTTP 429", "concurrency"),
        (api(Part::new(502, "")), "api", Fail, "HTTP 502", "gateway"),
        (api(Part::new(503, "")), "api", Fail, "HTTP 503", "restarting"),
        (api(Part::new(500, "boom")), "api", Fail, "boom", "CIPP's log"),
        (version(Part::new(403, denied)), "permission", Fail, "Access to this", "IP range"),
        (version(Part::new(403, r#"["Graph said no"]"#)), "permission", Fail, "Graph said no", "not a missing role"),
        (version(Part::new(503, "This feature has been disabled")), "permission", Fail, "disabled", "switched"),
        (version(Part::new(404, "Endpoint not found")), "permission", Fail, "not found", "has no GetVersion"),
        // How it runs.
        (cipp("10.0.3"), "version", Warn, "10.0.3", "answer 404"),
        (cipp("99.1.0"), "version", Warn, "99.1.0", "update cipp-client"),
        (version(Part::new(200, "{}")), "version", Warn, "does not tell", "compare the version"),
        (with(|world| world.ping.after = Duration::from_secs(18)), "start-up", Warn, "18", "PublicPing"),
    ];
    let mut remedies: HashMap<String, String> = HashMap::new();
    for (world, name, state, finding, remedy) in cases {
        let case = format!("{name}: {finding}");
        let diagnosis = world.diagnose().await;
        let check = only(&diagnosis);
        assert_eq!((check.name, check.state), (name, state), "{case}\n{diagnosis}");
        assert!(check.finding.contains(finding), "{case}\n{diagnosis}");
        let said = check.remedy.clone().unwrap();
        assert!(said.contains(remedy), "{case}\n{diagnosis}");
        assert_eq!(diagnosis.is_ok(), state == Warn);
        // Another place of the same trouble may have the same remedy; another trouble may not.
        if let Some(other) = remedies.insert(said, case.clone()) {
            let by_network = case.contains("login.microsoftonline.com") || case.contains("redirect to");
            assert!(by_network, "{case} and {other} have the same remedy");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_belongs_together_is_told_together() {
    // A v2 token that is refused: the refusal names the audience as its likely cause.
    let mut world = api(Part::new(401, ""));
    let mut claims = claims();
    claims["aud"] = CLIENT.into();
    world.sign_in = token(claims);
    let diagnosis = world.diagnose().await;
    let remedy = diagnosis.check("api").unwrap().remedy.clone().unwrap();
    assert!(remedy.contains("v2 audience") && remedy.contains("60 s"), "{diagnosis}");

    // A clock that is wrong by hours makes no expired token.
    let time = SystemTime::now() - Duration::from_secs(5 * 3600);
    let mut world = host(Part::new(401, "").header("date", httpdate::fmt_http_date(time)));
    let mut claims = self::claims();
    (claims["nbf"], claims["exp"]) = ((now() - 5 * 3600).into(), (now() - 4 * 3600).into());
    world.sign_in = token(claims);
    assert_eq!(only(&world.diagnose().await).name, "clock");

    // With no sign-in, what the host is can be told all the same.
    let mut world = host(Part::page(200, "CIPP"));
    world.sign_in = refusal(7_000_215);
    let diagnosis = world.diagnose().await;
    let failed: Vec<&str> = diagnosis.failed().map(|check| check.name).collect();
    assert_eq!(failed, ["sign-in", "api"], "{diagnosis}");

    // With no host, the sign-in is looked at all the same.
    let mut world = host(Part::fail(Phase::Connect, "refused"));
    world.sign_in = refusal(7_000_215);
    let diagnosis = world.diagnose().await;
    let failed: Vec<&str> = diagnosis.failed().map(|check| check.name).collect();
    assert_eq!(failed, ["network", "sign-in"], "{diagnosis}");
    assert_eq!(diagnosis.checks.len(), 9);
}

#[tokio::test(start_paused = true)]
async fn settings_are_judged() {
    for (set, finding, remedy) in [
        (("https://x.azurestaticapps.net", TENANT, CLIENT), "portal", "API URL"),
        (("https://cipp.example.com/behind/api", TENANT, CLIENT), "/behind", "gateway"),
        (("https://cipp.example.com", "common", CLIENT), "common", "partner tenant"),
        (("https://cipp.example.com", TENANT, "my app"), "my app", "GUID"),
    ] {
        let (url, tenant, client) = set;
        let mut claims = claims();
        (claims["appid"], claims["aud"]) = (client.into(), format!("api://{client}").into());
        let world = sign_in(token(claims));
        let wire = world.diagnose_at(url, |builder| builder.client_secret(tenant, client, "canary-secret")).await;
        let check = only(&wire);
        assert!(check.name == "configuration" && check.finding.contains(finding), "{wire}");
        assert!(check.remedy.as_ref().unwrap().contains(remedy), "{wire}");
    }
    let odd = healthy().diagnose_as(|builder| builder.scope("https://graph.microsoft.com/.default")).await;
    assert!(only(&odd).finding.contains("graph"), "{odd}");
    // `/api` at the end, once or twice, is no trouble: it is put there by the client.
    let twice = healthy().diagnose_at("https://cipp.example.com/api/api/", |builder| builder).await;
    assert!(twice.is_ok() && twice.checks[0].finding == "the API is at https://cipp.example.com/api", "{twice}");

    // What makes no client is told by the builder.
    for (builder, finding, remedy) in [
        (Client::builder("cipp.example.com").static_token("canary"), "no scheme", "https://"),
        (Client::builder("http://cipp.example.com").static_token("canary"), "in the clear", "use https"),
        (Client::builder("https://cipp.example.com"), "no sign-in", "client_secret"),
    ] {
        let diagnosis = builder.diagnose().await;
        let check = only(&diagnosis);
        assert!(check.finding.contains(finding) && check.remedy.as_ref().unwrap().contains(remedy), "{diagnosis}");
        assert_eq!((check.name, check.state), ("configuration", CheckState::Fail));
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_from_elsewhere_is_read_too() {
    let text = |part: Part| {
        let answer: Value = serde_json::from_str(&part.body).unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    };
    let good = healthy().diagnose_as(|builder| builder.static_token(text(token(claims())))).await;
    assert!(good.is_ok(), "{good}");
    let mut graph = claims();
    graph["aud"] = "https://graph.microsoft.com".into();
    let wrong = healthy().diagnose_as(|builder| builder.static_token(text(token(graph)))).await;
    assert!(only(&wrong).finding.contains("graph"), "{wrong}");
    let opaque = healthy().diagnose_as(|builder| builder.static_token("canary-opaque")).await;
    assert_eq!(opaque.check("token").unwrap().state, CheckState::Skipped);
    for damaged in ["a.b.c", "a.!.c", "a..c", "e.W10.c"] {
        let diagnosis = healthy().diagnose_as(|builder| builder.static_token(damaged)).await;
        assert_eq!(diagnosis.check("token").unwrap().state, CheckState::Skipped, "{diagnosis}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_shown_in_lines_and_as_json() {
    let diagnosis = sign_in(refusal(7_000_222)).diagnose().await;
    let text = diagnosis.to_string();
    assert!(text.contains("\nFAIL    sign-in       the client secret has expired (AADSTS7000222)\n"), "{text}");
    assert!(text.contains("\n                      -> use Reset Application Secret"), "{text}");
    let json = serde_json::to_value(&diagnosis).unwrap();
    assert_eq!(json["checks"][3]["name"], "sign-in");
    assert_eq!(json["checks"][3]["state"], "fail");
    assert_eq!(json["checks"][0]["remedy"], Value::Null);
    // What a server says cannot move the terminal's cursor.
    let hostile = version(Part::new(500, "\u{1b}[2J\nfine\u{202e}")).diagnose().await;
    assert!(!hostile.to_string().contains(['\u{1b}', '\u{202e}']), "{hostile}");
}
