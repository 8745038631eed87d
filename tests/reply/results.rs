use crate::row::{decode, reply};
use cipp_client::{DecodeContext, ErrorKind, Output, Results, State};
use serde_json::{Value, json};

fn results(body: &str) -> Results {
    decode(body).unwrap_or_else(|error| panic!("{body}: {error}")).0
}

fn items(body: &str) -> Vec<(String, State, bool)> {
    results(body).items.into_iter().map(|item| (item.text, item.state, item.guessed)).collect()
}

#[test]
fn takes_every_shape_of_results() {
    let good = |text: &str| (text.to_owned(), State::Success, true);
    let bad = |text: &str| (text.to_owned(), State::Error, true);
    let said = |text: &str, state| (text.to_owned(), state, false);
    let cases = [
        (r#"{"Results":"Done"}"#, vec![good("Done")]),
        (r#"{"Results":["One","Two"]}"#, vec![good("One"), good("Two")]),
        (
            r#"{"Results":[{"resultText":"One","state":"success"},"Two"]}"#,
            vec![said("One", State::Success), good("Two")],
        ),
        (r#"{"Results":{"resultText":"One","state":"error"}}"#, vec![said("One", State::Error)]),
        (r#"[{"resultText":"One","state":"warning"}]"#, vec![said("One", State::Warning)]),
        (
            r#"{"Results":[{"Results":"Inner one"},{"Results":["Inner two"]}]}"#,
            vec![good("Inner one"), good("Inner two")],
        ),
        (r#"{"state":"info","resultText":"Bare"}"#, vec![said("Bare", State::Info)]),
        (r#"{"results":"Lower"}"#, vec![good("Lower")]),
        (r#"{"Result":"Single"}"#, vec![good("Single")]),
        (r#"{"Results":"Words","state":"error"}"#, vec![said("Words", State::Error)]),
        (r#"{"error":{"code":"x","message":"Broken"}}"#, vec![said("Broken", State::Error)]),
        (r#"{"error":"Went wrong"}"#, vec![said("Went wrong", State::Error)]),
        (r#"{"Results":[{"Error":"No permission"}]}"#, vec![said("No permission", State::Error)]),
        (r#"[{"Status":"Failed to trace"}]"#, vec![bad("Failed to trace")]),
        (r#"{"Results":null}"#, vec![]),
        ("null", vec![]),
        ("", vec![]),
        ("[null]", vec![]),
        ("Plain words", vec![good("Plain words")]),
        (r#""Quoted""#, vec![good("Quoted")]),
        (r#"{"Results":[true, 3]}"#, vec![good("true"), good("3")]),
        (r#"{"Results":"Failed to do it"}"#, vec![bad("Failed to do it")]),
        (r#"{"Results":"User NOT FOUND"}"#, vec![bad("User NOT FOUND")]),
        (r#"{"Results":[{"resultText":"error: none","state":"success"}]}"#, vec![said("error: none", State::Success)]),
    ];
    for (body, expected) in cases {
        assert_eq!(items(body), expected, "{body}");
    }
}

#[test]
fn nothing_around_the_results_is_lost() {
    let results = results(
        r#"{"Results":[{"resultText":"Made","state":"success","details":{"a":1},"n":2}],"CopyFrom":{"Success":[]},"User":{"id":"x"},"Metadata":{"Count":1}}"#,
    );
    assert_eq!(results.items[0].details, Some(json!({"a":1})));
    assert_eq!(results.items[0].extra["n"], 2);
    assert_eq!(results.extra["User"], json!({"id":"x"}));
    assert_eq!(results.extra["Metadata"], json!({"Count":1}));

    // An object that says nothing about results is kept whole.
    let plain = decode::<Results>(r#"{"GUID":"g","Waiting":false}"#).unwrap().0;
    assert_eq!((plain.items.len(), &plain.extra["GUID"]), (0, &json!("g")));
}

#[test]
fn background_work_is_told() {
    let results = results(r#"{"Results":"Started","Metadata":{"QueueId":"q-9"}}"#);
    assert_eq!(results.queued.unwrap().id.as_deref(), Some("q-9"));
}

#[test]
fn failures_become_an_error() {
    let results = results(r#"{"Results":["Done","Failed one","Failed two","Failed three","Failed four"]}"#);
    assert!(!results.is_ok());
    assert_eq!(results.errors().count(), 4);
    let error = results.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Action);
    assert_eq!(error.to_string(), "Test: Failed one; Failed two; Failed three (and 1 more) (4 of 5 parts failed)");
    assert!(self::results(r#"{"Results":"Done"}"#).into_result().is_ok());
}

#[test]
fn the_specification_wins_over_the_guess() {
    let of = |name: &str, body: &str| {
        let action = cipp_client::catalogue::actions().iter().find(|action| action.name == name).copied().unwrap();
        let cx = DecodeContext::new(name).with_action(Some(action));
        let item = Results::decode(&reply(body), &cx).unwrap().0.items.remove(0);
        (item.state, item.guessed)
    };
    let with_rule = |pick: fn(&cipp_client::catalogue::Action) -> &'static [&'static str]| {
        let action = cipp_client::catalogue::actions().iter().find(|action| !pick(action).is_empty()).unwrap();
        (action.name, pick(action)[0])
    };
    let (name, text) = with_rule(|action| action.outcome.failed);
    assert_eq!(
        of(name, &json!({ "Results": format!("x {} y", text.to_uppercase()) }).to_string()),
        (State::Error, false)
    );
    let (name, text) = with_rule(|action| action.outcome.ok);
    assert_eq!(of(name, &json!({ "Results": format!("error {text}") }).to_string()), (State::Success, false));
    // What the server states outranks both.
    let stated = json!({ "Results": [{ "resultText": text, "state": "error" }] }).to_string();
    assert_eq!(of(name, &stated), (State::Error, false));
}

#[test]
fn new_passwords_are_not_shown() {
    let body = r#"{"Results":[{"resultText":"Failed: the new password is Canary-123","state":"error","copyField":"Canary-123"},{"resultText":"Pass","copyField":77,"state":"success"}]}"#;
    let results = results(body);
    assert_eq!(results.items[0].copy_field.as_ref().unwrap().expose(), "Canary-123");
    assert_eq!(results.items[1].copy_field.as_ref().unwrap().expose(), "77");
    assert_eq!(results.items[0].redacted_text(), "Failed: the new password is [redacted]");
    let shown = format!("{results:?}");
    assert!(!shown.contains("Canary-123"), "{shown}");
    let written = serde_json::to_value(&results).unwrap();
    assert_eq!(written["items"][0]["copyField"], "Canary-123");
    let error = results.into_result().unwrap_err();
    assert!(!format!("{error} {error:?} {:?}", error.body()).contains("Canary-123"));
}

#[test]
fn a_damaged_password_hides_the_text_that_may_repeat_it_whole() {
    let body =
        r#"{"Results":[{"resultText":"Failed: it is Canary-x-123","state":"error","copyField":"Canary-\ufffd-123"}]}"#;
    let results = results(body);
    assert_eq!(results.items[0].redacted_text(), "[redacted]");
    let error = results.clone().into_result().unwrap_err();
    let shown = format!("{results:?} {error} {error:?} {:?}", results.errors().next());
    assert!(!shown.contains("Canary"), "{shown}");
}

#[test]
fn text_that_starts_with_a_bracket_is_text_where_the_header_says_so() {
    let mut answer = reply("[Graph] all good");
    answer.headers.insert("content-type", "text/plain; charset=utf-8".parse().unwrap());
    let (results, _) = Results::decode(&answer, &DecodeContext::new("Test")).unwrap();
    assert_eq!(results.items[0].text, "[Graph] all good");
    assert!(decode::<Results>("[Graph] all good").is_err());
}

#[test]
fn unknown_members_are_shown_by_name_only() {
    let results = results(r#"{"Results":[{"resultText":"x","state":"success","pw":"Canary"}],"secretThing":"Canary"}"#);
    let shown = format!("{results:?}");
    assert!(shown.contains("secretThing") && !shown.contains("Canary"), "{shown}");
    assert_eq!(results.extra["secretThing"], Value::from("Canary"));
}
