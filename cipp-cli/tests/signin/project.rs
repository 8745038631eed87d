//! The file of a folder of work: used only when it is trusted, and only as it was then.

use crate::support::{Folder, Ran, cipp, log_in, server};
use serde_json::Value;

const CONFIG: &str = "\
current = 'one'

[profile.one]
url = 'https://one.example.com'
tenant-id = 'a'
client-id = 'b'
default-tenant = 'one.onmicrosoft.com'

[profile.two]
url = 'https://two.example.com'
tenant-id = 'c'
client-id = 'd'
default-tenant = 'two.onmicrosoft.com'
";

const FILE: &str = "profile = 'two'\ntenant = 'project.onmicrosoft.com'\noutput = 'ndjson'\n";

struct Work {
    config: Folder,
    folder: Folder,
}

impl Work {
    fn new(file: &str) -> Self {
        let (config, folder) = (Folder::new(), Folder::new());
        config.write("config.toml", CONFIG);
        folder.write("cipp.toml", file);
        std::fs::create_dir_all(folder.file("deep/er")).unwrap();
        Self { config, folder }
    }

    /// In a folder below that of the file.
    async fn run(&self, words: &[&str], env: &[(&str, &str)]) -> Ran {
        let mut run = cipp(&self.config, words).at(&self.folder.file("deep/er"));
        for (name, value) in env {
            run = run.env(name, value);
        }
        run.run().await
    }

    /// The value of a setting, and who says it.
    async fn says(&self, setting: &str, words: &[&str], env: &[(&str, &str)]) -> (String, String) {
        let words: Vec<&str> = ["config", "explain", "-o", "json"].iter().chain(words).copied().collect();
        let rows = self.run(&words, env).await.ends(0).json();
        let row = rows.as_array().unwrap().iter().find(|row| row["setting"] == setting).cloned().unwrap_or_default();
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        (text("value"), text("from"))
    }
}

fn said(value: &str, from: &str) -> (String, String) {
    (value.to_owned(), from.to_owned())
}

#[tokio::test]
async fn a_file_counts_from_when_it_is_trusted_until_it_changes() {
    let work = Work::new(FILE);
    assert_eq!(work.says("profile", &[], &[]).await, said("one", "profile"));
    assert_eq!(work.says("project-file", &[], &[]).await.1, "default");
    let dry = ["users", "list", "--dry-run"];
    let run = work.run(&dry, &[]).await.ends(0).says("config trust");
    assert_eq!(run.err.matches("not trusted").count(), 1, "{}", run.err);
    assert!(run.out.contains("one.onmicrosoft.com") && run.out.contains("host: one.example.com"), "{}", run.out);
    let quiet = work.run(&["users", "list", "--dry-run", "-q"], &[]).await.ends(0);
    assert_eq!(quiet.err, "");

    work.run(&["config", "trust"], &[]).await.ends(0).says("tenant = 'project.onmicrosoft.com'");
    let run = work.run(&dry, &[]).await.ends(0);
    assert_eq!(run.err, "");
    assert!(run.out.contains("project.onmicrosoft.com") && run.out.contains("host: two.example.com"), "{}", run.out);
    assert_eq!(work.says("output", &[], &[]).await, said("ndjson", "project file"));
    let rows = work.run(&["config", "explain"], &[]).await.ends(0);
    assert!(rows.out.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{}", rows.out);

    // One letter more, and it is another file.
    work.folder.write("cipp.toml", format!("{FILE}#"));
    assert_eq!(work.says("profile", &[], &[]).await, said("one", "profile"));
    work.folder.write("cipp.toml", FILE);
    assert_eq!(work.says("profile", &[], &[]).await, said("two", "project file"));
    work.run(&["config", "trust", "--remove"], &[]).await.ends(0);
    assert_eq!(work.says("profile", &[], &[]).await, said("one", "profile"));
    // The same words elsewhere are not trusted either.
    work.run(&["config", "trust"], &[]).await.ends(0);
    let other = Folder::new();
    other.write("cipp.toml", FILE);
    cipp(&work.config, &dry).at(other.path()).run().await.ends(0).says("not trusted");
}

#[tokio::test]
async fn flags_and_variables_win_over_it() {
    let work = Work::new(FILE);
    work.run(&["config", "trust"], &[]).await.ends(0);
    assert_eq!(work.says("default-tenant", &[], &[]).await, said("project.onmicrosoft.com", "project file"));
    assert_eq!(work.says("default-tenant", &[], &[("CIPP_TENANT", "t")]).await, said("t", "environment"));
    assert_eq!(work.says("profile", &[], &[("CIPP_PROFILE", "one")]).await, said("one", "environment"));
    assert_eq!(work.says("profile", &["--profile", "one"], &[]).await, said("one", "flag"));
    // The tenant goes with the profile of the file, and is not meant for another sign-in.
    assert_eq!(work.says("default-tenant", &["--profile", "one"], &[]).await, said("one.onmicrosoft.com", "profile"));
    let env = [("CIPP_URL", "https://env.example.com")];
    assert_eq!(work.says("url", &[], &env).await, said("https://env.example.com", "environment"));
    assert_eq!(work.says("default-tenant", &[], &env).await, said("", "default"));
}

#[tokio::test]
async fn it_says_nothing_of_secrets_commands_and_addresses() {
    for wrong in [
        "secret = 'x'",
        "url = 'https://evil.example.com'",
        "client-id = 'x'",
        "proxy = 'http://evil.example.com'",
        "[profile.two]\nsecret = { command = ['/bin/sh'] }",
        "profile = { url = 'x' }",
        "output = 'exe'",
        "tenant = 5",
        "columns = ['a']",
        "tenant = 'x",
        "\"a\\u001b[2J\" = 1",
    ] {
        let work = Work::new(wrong);
        let run = work.run(&["config", "trust"], &[]).await.ends(2).says("not trusted");
        assert!(!run.err.contains('\u{1b}'), "{run:?}", run = run.err);
        assert_eq!(work.says("profile", &[], &[]).await, said("one", "profile"), "{wrong}");
    }
    let work = Work::new(&format!("#{}\n", "x".repeat(70_000)));
    work.run(&["config", "trust"], &[]).await.ends(2);
}

#[tokio::test]
async fn columns_of_an_action_are_those_of_the_file() {
    let (work, server) = (Work::new("[columns]\n\"users list\" = ['mail', 'id']\n"), server().await);
    log_in(&work.config, &server, "one", &[]).await.ends(0);
    work.run(&["config", "trust"], &[]).await.ends(0);
    let list = ["users", "list", "--tenant", "contoso.onmicrosoft.com", "-o", "csv"];
    let head = |ran: &Ran| ran.out.lines().next().unwrap_or_default().to_owned();
    assert_eq!(head(&work.run(&list, &[]).await.ends(0)), "mail,id");
    let own: Vec<&str> = list.iter().chain(&["--columns", "displayName"]).copied().collect();
    assert_eq!(head(&work.run(&own, &[]).await.ends(0)), "displayName");
    let wire = ["ListUsers", "--tenant", "contoso.onmicrosoft.com", "--query", "[0].{x: id}", "-o", "csv"];
    assert_eq!(head(&work.run(&wire, &[]).await.ends(0)), "x");
    let others = ["licenses", "list", "--tenant", "contoso.onmicrosoft.com", "-o", "json"];
    let rows = work.run(&others, &[]).await.ends(0).json();
    assert!(rows[0].as_object().is_some_and(|row| row.len() > 2), "{rows}");
}
