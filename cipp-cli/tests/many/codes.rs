//! The exit codes, each of them seen. 130 is seen in `interrupt`.

use crate::support::{Place, end};
use cipp_client::users::ResetPassword;
use cipp_client::{ResultItem, State};
use cipp_mock::{CONTOSO, FABRIKAM, Fault};

fn item(state: State) -> ResultItem {
    let mut item = ResultItem::default();
    item.text = "So it went.".to_owned();
    item.state = state;
    item
}

async fn reset(place: &Place, more: &str) -> crate::support::Run {
    place.run(&format!("users reset-password --tenant {CONTOSO} --user-id someone --yes {more}")).await
}

#[tokio::test]
async fn each_code_has_its_cause() {
    let list = format!("users list --tenant {CONTOSO}");
    let place = Place::new().await;
    place.run(&list).await.ended(0);
    place.run("users list --tenant").await.ended(2);
    place.run("users list").await.ended(2);
    place.server.deny("Identity.User.Read");
    place.server.deny("Identity.User.ReadWrite");
    place.run(&list).await.ended(4);

    let place = Place::new().await;
    place.server.fault(Fault::status(500).on("ListUsers"));
    place.run(&list).await.ended(1);

    let place = Place::new().await;
    place.server.fault(Fault::reset().on("ListUsers"));
    place.run(&list).await.ended(5);

    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply(item(State::Error));
    reset(&place, "").await.ended(6);

    let place = Place::new().await;
    place.server.fault(Fault::reset().after_effect().on("ExecResetPass"));
    reset(&place, "").await.ended(7);
    assert_eq!(place.server.requests_to("ExecResetPass").len(), 1, "nothing is repeated");

    let place = Place::new().await;
    place.server.fault(Fault::status(400).nth(1).on("ListUsers"));
    place.run(&format!("users list --tenants {CONTOSO},{FABRIKAM} --concurrency 1")).await.ended(3);
}

#[tokio::test]
async fn warnings_are_failures_when_that_is_asked_for() {
    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply(item(State::Warning));
    reset(&place, "").await.ended(0);
    reset(&place, "--fail-on warning").await.ended(6);
    let many = format!("users reset-password --tenants {CONTOSO},{FABRIKAM} --user-id x --yes");
    let run = place.run(&many).await.ended(0);
    assert_eq!(run.column("state"), ["warning", "warning"]);
    place.run(&format!("{many} --fail-on warning")).await.ended(6);
    place.run("users list --tenant x --fail-on nothing").await.ended(2);
}

#[tokio::test]
async fn a_write_is_repeated_only_when_that_is_asked_for() {
    const WARNING: &str = "it may be made twice";
    async fn ready() -> Place {
        let place = Place::new().await;
        place.server.on::<ResetPassword>().any_times().reply(item(State::Success));
        place
    }
    let lost = || Fault::reset().after_effect().nth(1).on("ExecResetPass");
    let place = ready().await;
    place.server.fault(lost());
    let run = reset(&place, "--retry-writes").await.ended(0);
    assert_eq!(place.server.requests_to("ExecResetPass").len(), 2);
    assert_eq!(run.err.matches(WARNING).count(), 1, "{run:?}");
    // Many calls warn once, too.
    let place = ready().await;
    place.server.fault(lost());
    let many = format!("users reset-password --tenants {CONTOSO},{FABRIKAM} --user-id x --yes --concurrency 1");
    let run = place.run(&format!("{many} --retry-writes")).await;
    assert_eq!(place.server.requests_to("ExecResetPass").len(), 3, "{run:?}");
    assert_eq!(run.err.matches(WARNING).count(), 1, "{run:?}");
    // A request of one's own.
    let place = ready().await;
    place.server.fault(lost());
    let own = format!("api POST ExecResetPass tenantFilter={CONTOSO} ID=x");
    place.run(&own).await.ended(7);
    assert_eq!(place.server.requests_to("ExecResetPass").len(), 1);
    place.server.clear_faults();
    place.server.fault(lost());
    place.run(&format!("{own} --retry-writes")).await;
    assert_eq!(place.server.requests_to("ExecResetPass").len(), 3);
    // Reads are repeated anyway, and nothing is said.
    let run = place.run(&format!("users list --tenant {CONTOSO} --retry-writes")).await.ended(0);
    assert!(!run.err.contains(WARNING));
}

#[tokio::test]
async fn a_write_in_doubt_among_many_is_listed() {
    let place = Place::new().await;
    place.server.on::<ResetPassword>().any_times().reply(item(State::Success));
    place.server.fault(Fault::reset().after_effect().nth(2).on("ExecResetPass"));
    place.write("people.csv", "ID\na\nb\nc\n");
    let run = place
        .run(&format!("users reset-password --tenant {CONTOSO} --from people.csv --yes --concurrency 1"))
        .await
        .ended(7);
    assert_eq!(run.column("state"), ["done", "in doubt", "done"]);
    let error = run.error();
    assert_eq!(error["exit"], 7);
    assert_eq!(error["rows"].as_array().unwrap().len(), 1);
    assert_eq!(error["rows"][0]["row"], 2);
    assert!(error["message"].as_str().unwrap().contains("2 done, 1 in doubt of 3"), "{error}");
}

#[tokio::test]
async fn a_reader_that_has_enough_is_no_failure() {
    let place = Place::new().await;
    for words in [
        "users list --all-tenants -o json",
        "users list --all-tenants -o ndjson",
        "users list --tenant contoso.onmicrosoft.com -o csv",
        "search user",
    ] {
        let mut child = place.command(&format!("{words} -q")).spawn().unwrap();
        drop(child.stdout.take());
        let run = end(child).await.ended(0);
        assert_eq!(run.err, "", "{words}");
    }
}

#[tokio::test]
async fn new_passwords_are_shown_only_when_asked_for() {
    let place = Place::new().await;
    let mut made = item(State::Success);
    made.text = "The password is Canary-77.".to_owned();
    made.copy_field = Some("Canary-77".into());
    place.server.on::<ResetPassword>().any_times().reply(made);
    let words = format!("users reset-password --tenants {CONTOSO},{FABRIKAM} --user-id x --yes");
    let run = place.run(&words).await.ended(0);
    assert!(!run.out.contains("Canary") && !run.err.contains("Canary"));
    assert!(run.err.contains("--reveal"));
    let run = place.run(&format!("{words} --reveal")).await.ended(0);
    assert_eq!(run.column("secret"), ["Canary-77", "Canary-77"]);
    assert!(!run.err.contains("Canary"));
}
