//! One call for each tenant.

use crate::support::Place;
use cipp_mock::{CONTOSO, FABRIKAM, Fault, TAILSPIN};
use std::time::{Duration, Instant};

const RESET: &str = "users reset-password --user-id someone";

#[tokio::test]
async fn every_tenant_is_asked_by_itself() {
    let place = Place::new().await;
    let run = place.run("users list --all-tenants").await.ended(0);
    let mut tenants = run.column("Tenant");
    tenants.dedup();
    assert_eq!(tenants.len(), 3, "the rows of a tenant are together: {tenants:?}");
    let mut asked: Vec<String> = place
        .server
        .requests_to("ListUsers")
        .iter()
        .map(|sent| sent.query_value("tenantFilter").unwrap().to_owned())
        .collect();
    asked.sort();
    assert_eq!(asked, [CONTOSO, FABRIKAM, TAILSPIN]);
    assert!(run.err.contains("3 done of 3"), "{}", run.err);
    // A table has the column in front, too.
    let table = place.command("users list --all-tenants -o csv --limit 2").spawn().unwrap();
    let table = crate::support::end(table).await.ended(0);
    assert!(table.out.starts_with("Tenant,"), "{}", table.out);
}

#[tokio::test]
async fn tenants_can_be_left_out_and_a_slip_of_the_pen_stops_all() {
    let place = Place::new().await;
    // By any of a tenant's names.
    let by_name = place
        .command("users list --all-tenants -o json --except")
        .args([format!("Fabrikam Inc,{TAILSPIN}")])
        .spawn()
        .unwrap();
    let mut tenants = crate::support::end(by_name).await.ended(0).column("Tenant");
    tenants.dedup();
    assert_eq!(tenants, [CONTOSO]);
    place.server.clear_requests();
    for words in ["--all-tenants --except fabricam.onmicrosoft.com", "--tenants a,b --except c"] {
        let run = place.run(&format!("users list {words}")).await.ended(2);
        assert!(run.error()["message"].as_str().unwrap().contains("none of the tenants"), "{run:?}");
    }
    assert!(place.server.requests_to("ListUsers").is_empty());
}

#[tokio::test]
async fn one_tenant_that_fails_leaves_the_others_their_rows() {
    let place = Place::new().await;
    place.server.fault(Fault::status(400).nth(2).on("ListUsers"));
    let run =
        place.run(&format!("users list --tenants {CONTOSO},{FABRIKAM},{TAILSPIN} --concurrency 1")).await.ended(3);
    let mut tenants = run.column("Tenant");
    tenants.dedup();
    assert_eq!(tenants, [CONTOSO, TAILSPIN]);
    let error = run.error();
    assert_eq!(error["rows"][0]["tenant"], FABRIKAM, "{error}");
    assert_eq!(error["rows"][0]["row"], 2);
    assert_eq!(error["exit"], 3);
}

#[tokio::test]
async fn what_all_have_in_common_is_the_code() {
    let place = Place::new().await;
    place.server.deny("Identity.User.Read");
    place.server.deny("Identity.User.ReadWrite");
    place.run(&format!("users list --tenants {CONTOSO},{FABRIKAM}")).await.ended(4);
}

#[tokio::test]
async fn many_writes_are_not_begun_without_a_yes() {
    let place = Place::new().await;
    let words = format!("{RESET} --tenants {CONTOSO},{FABRIKAM}");
    for more in ["", " --no-input"] {
        let run = place.run(&format!("{words}{more}")).await.ended(2);
        let error = run.error();
        let (message, hint) = (error["message"].as_str().unwrap(), error["hint"].as_str().unwrap());
        for part in [place.server.url().as_str(), "Reset Password", "2 tenants", "2 calls"] {
            assert!(message.contains(part), "{part} is not in {message}");
        }
        assert!(hint.contains("--yes"));
        // What it would have been is shown.
        assert!(run.err.contains(&format!("tenantFilter={CONTOSO}")), "{}", run.err);
    }
    // The wrong server is refused before anything is asked.
    place.server.clear_requests();
    place.run("users list --all-tenants --expect-instance production").await.ended(2);
    place.run(&format!("{words} --yes --expect-instance production")).await.ended(2);
    assert!(place.server.requests().is_empty());
    // All tenants by the server's own word, which these refuse.
    place.run(&format!("{RESET} --tenant AllTenants --yes")).await.ended(2);
    assert!(place.server.requests_to("ExecResetPass").is_empty());
}

#[tokio::test]
async fn a_single_write_for_all_tenants_needs_a_yes() {
    let place = Place::new().await;
    let run = place.run("tools add-scheduled-item --tenant AllTenants --name x --command Get-Thing").await;
    assert_eq!(run.code, 2, "{run:?}");
    assert!(place.server.requests_to("AddScheduledItem").is_empty());
}

#[tokio::test]
async fn options_that_contradict_each_other_are_refused() {
    let place = Place::new().await;
    let cases = [
        "users list --tenant a --tenants b",
        "users list --tenants a --all-tenants",
        "users list --tenants AllTenants",
        "users list --tenant a --concurrency 3",
        "users list --tenant a --journal j",
        "users list --tenant a --except b",
        "users list --tenants a --interval 3",
        "users list --tenants a --concurrency 0",
        "users list --tenants a --save x",
        "users list --tenants a --repeat-in-doubt",
        "tools version --all-tenants",
    ];
    for words in cases {
        place.run(words).await.ended(2);
    }
    assert!(place.server.requests().is_empty());
}

#[tokio::test]
async fn portions_rest_in_between_and_no_more_calls_than_allowed_are_under_way() {
    let place = Place::new().await;
    let started = Instant::now();
    let all = format!("--tenants {CONTOSO},{FABRIKAM},{TAILSPIN}");
    place.run(&format!("users list {all} --size 1 --interval 0.4 --count")).await.ended(0);
    assert!(started.elapsed() >= Duration::from_millis(800));
    place.server.fault(Fault::delay(Duration::from_millis(300)).on("ListUsers"));
    let started = Instant::now();
    place.run(&format!("users list {all} --concurrency 1 --count")).await.ended(0);
    assert!(started.elapsed() >= Duration::from_millis(900));
}

#[tokio::test]
async fn a_dry_run_shows_each_request_and_sends_none() {
    let place = Place::new().await;
    let run = place.run(&format!("{RESET} --tenants {CONTOSO},{FABRIKAM} --dry-run=curl")).await.ended(0);
    assert_eq!(run.out.matches("curl --request POST").count(), 2);
    assert!(run.out.contains(CONTOSO) && run.out.contains(FABRIKAM));
    assert!(place.server.requests().is_empty());
}

#[tokio::test]
async fn a_group_of_tenants_is_asked_member_by_member() {
    let place = Place::new().await;
    let asked = |place: &Place| {
        let sent = place.server.requests_to("ListUsers");
        let mut tenants: Vec<String> =
            sent.iter().map(|sent| sent.query_value("tenantFilter").unwrap().to_owned()).collect();
        tenants.sort();
        tenants
    };
    // By name in any case, and a tenant of two groups is asked once.
    place.run("users list --tenant-group managed,Managed").await.ended(0);
    assert_eq!(asked(&place), [CONTOSO, FABRIKAM]);
    place.server.clear_requests();
    place.run(&format!("users list --tenant-group Managed --except {FABRIKAM}")).await.ended(0);
    assert_eq!(asked(&place), [CONTOSO]);
    place.server.clear_requests();
    let run = place.run("users list --tenant-group Manged").await.ended(2);
    assert!(run.error()["hint"].as_str().unwrap().contains("Managed"), "{run:?}");
    for words in ["--tenant-group Managed --all-tenants", "--tenant-group Managed --tenants a", "--tenant-group ,"] {
        place.run(&format!("users list {words}")).await.ended(2);
    }
    let run = place.run(&format!("users list --tenant-group Managed --except {TAILSPIN}")).await.ended(2);
    assert!(run.error()["message"].as_str().unwrap().contains("none of the tenants"), "{run:?}");
    assert!(asked(&place).is_empty());
}
