//! Flag over environment over profile over default, and never half of one server's sign-in with half of another's.

use crate::support::{Folder, SECRET, cipp, log_in, server};
use serde_json::Value;

const CONFIG: &str = "\
current = 'one'

[profile.one]
url = 'https://one.example.com'
tenant-id = 'tenant-one'
client-id = 'client-one'
secret = 'keyring'
default-tenant = 'one.onmicrosoft.com'
timeout = 60

[profile.two]
url = 'https://two.example.com'
tenant-id = 'tenant-two'
client-id = 'client-two'
secret = { env = 'TWO' }
";

const ENVIRONMENT: &[(&str, &str)] = &[
    ("CIPP_URL", "https://env.example.com"),
    ("CIPP_TENANT_ID", "tenant-env"),
    ("CIPP_CLIENT_ID", "client-env"),
    ("CIPP_CLIENT_SECRET", SECRET),
];

/// The setting, its value and who says it, in a run of `config explain`.
struct Case {
    words: &'static [&'static str],
    env: &'static [&'static [(&'static str, &'static str)]],
    expect: &'static [(&'static str, &'static str, &'static str)],
}

const CASES: &[Case] = &[
    Case {
        words: &[],
        env: &[],
        expect: &[
            ("profile", "one", "profile"),
            ("url", "https://one.example.com", "profile"),
            ("client-id", "client-one", "profile"),
            ("default-tenant", "one.onmicrosoft.com", "profile"),
            ("timeout", "60", "profile"),
            ("authority", "https://login.microsoftonline.com", "default"),
            ("scope", "api://client-one/.default", "default"),
            ("secret", "set", "profile"),
        ],
    },
    Case {
        words: &[],
        env: &[&[("CIPP_PROFILE", "two")]],
        expect: &[("profile", "two", "environment"), ("url", "https://two.example.com", "profile")],
    },
    Case {
        words: &["--profile", "one"],
        env: &[&[("CIPP_PROFILE", "two")]],
        expect: &[("profile", "one", "flag"), ("url", "https://one.example.com", "profile")],
    },
    // CIPP_URL makes the environment a sign-in of its own.
    Case {
        words: &[],
        env: &[ENVIRONMENT],
        expect: &[
            ("profile", "", "default"),
            ("url", "https://env.example.com", "environment"),
            ("client-id", "client-env", "environment"),
            ("default-tenant", "", "default"),
            ("secret", "set", "environment"),
        ],
    },
    // The flag wins over all of it.
    Case {
        words: &["--profile", "one"],
        env: &[ENVIRONMENT, &[("CIPP_TOKEN", "x"), ("CIPP_AUTHORITY", "https://x.example.com")]],
        expect: &[
            ("url", "https://one.example.com", "profile"),
            ("client-id", "client-one", "profile"),
            ("authority", "https://login.microsoftonline.com", "default"),
            ("secret", "set", "profile"),
        ],
    },
    // What is no sign-in of its own goes over the profile value by value.
    Case {
        words: &[],
        env: &[&[("CIPP_CLIENT_SECRET", SECRET), ("CIPP_TIMEOUT", "5"), ("CIPP_TENANT", "t"), ("CIPP_PROXY", SECRET)]],
        expect: &[
            ("url", "https://one.example.com", "profile"),
            ("secret", "set", "environment"),
            ("timeout", "5", "environment"),
            ("default-tenant", "t", "environment"),
            ("proxy", "set", "environment"),
        ],
    },
    // An empty variable is none.
    Case { words: &[], env: &[&[("CIPP_URL", ""), ("CIPP_PROFILE", " ")]], expect: &[("profile", "one", "profile")] },
];

#[tokio::test]
async fn who_says_what() {
    let folder = Folder::new();
    folder.write("config.toml", CONFIG);
    for (number, case) in CASES.iter().enumerate() {
        let words: Vec<&str> = ["config", "explain", "-o", "json"].iter().chain(case.words).copied().collect();
        let mut run = cipp(&folder, &words);
        for (name, value) in case.env.iter().copied().flatten() {
            run = run.env(name, value);
        }
        let rows = run.run().await.ends(0).json();
        for (setting, value, from) in case.expect {
            let row = rows.as_array().unwrap().iter().find(|row| row["setting"] == *setting).unwrap();
            let found = row["value"].as_str().unwrap_or_default();
            assert_eq!((found, row["from"].as_str().unwrap()), (*value, *from), "case {number}, {setting}: {rows}");
        }
    }
}

#[tokio::test]
async fn two_sign_ins_at_once_are_refused() {
    let folder = Folder::new();
    folder.write("config.toml", CONFIG);
    let mut run = cipp(&folder, &["whoami"]).env("CIPP_PROFILE", "two");
    for (name, value) in ENVIRONMENT {
        run = run.env(name, value);
    }
    run.run().await.ends(2).says("unset one of them");
}

#[tokio::test]
async fn calls_go_where_the_flag_says() {
    let (folder, one, two) = (Folder::new(), server().await, server().await);
    log_in(&folder, &one, "one", &[]).await.ends(0);
    log_in(&folder, &two, "two", &[]).await.ends(0);
    let list = ["tenants", "list", "--count"];
    cipp(&folder, &list).run().await.ends(0);
    assert_eq!((one.requests_to("ListTenants").len(), two.requests_to("ListTenants").len()), (1, 0));
    let flagged: Vec<&str> = list.iter().chain(&["--profile", "two"]).copied().collect();
    // The environment names another server, and a token that is no token.
    let run = cipp(&folder, &flagged).env("CIPP_URL", one.url()).env("CIPP_TOKEN", "none");
    run.run().await.ends(0);
    assert_eq!((one.requests_to("ListTenants").len(), two.requests_to("ListTenants").len()), (1, 1));
    let guarded: Vec<&str> = flagged.iter().chain(&["--expect-instance", "prod.example.com"]).copied().collect();
    cipp(&folder, &guarded).run().await.ends(2).says("nothing was sent");
    assert_eq!(two.requests_to("ListTenants").len(), 1);
    // The token of the environment goes over the profile's secret, and the server refuses it.
    cipp(&folder, &list).env("CIPP_TOKEN", "none").run().await.ends(4);
}

#[tokio::test]
async fn a_dry_run_shows_the_profile_and_reads_no_secret() {
    let folder = Folder::new();
    folder.write("config.toml", CONFIG);
    let ran = cipp(&folder, &["users", "list", "--profile", "two", "--tenant", "x", "--dry-run"]).run().await.ends(0);
    assert!(ran.out.contains("two.example.com"), "{}", ran.out);
    let ran = cipp(&folder, &["users", "list", "--dry-run"]).run().await.ends(0);
    assert!(ran.out.contains("one.example.com") && ran.out.contains("one.onmicrosoft.com"), "{}", ran.out);
}

#[tokio::test]
async fn one_wrong_profile_does_not_hide_the_others() {
    let folder = Folder::new();
    folder.write("config.toml", format!("{CONFIG}\n[profile.three]\nurl = 3\n"));
    let rows = cipp(&folder, &["profile", "list"]).run().await.ends(0).json();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert!(rows[2]["problem"].as_str().unwrap().contains("profile.three.url"), "{rows}");
    assert_eq!(rows[0]["problem"], Value::Null);
}
