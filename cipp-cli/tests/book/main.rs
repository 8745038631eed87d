//! The book under `docs/` is true: each of its commands is run against the fake server, its recipes are whole, its links lead
//! somewhere, and every exit code and kind of error has its place on the page of errors.

#![cfg(unix)]
#![allow(missing_docs, unreachable_pub, clippy::restriction, reason = "a test may stop where it stands")]

mod commands;
mod pages;
mod run;

use pages::{Page, Recipe, pages};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Every `cipp` line of every block, in shell and in PowerShell. Each block has a world of its own.
#[tokio::test]
async fn commands_do_what_the_book_says() {
    let turns = Arc::new(Semaphore::new(4));
    let mut blocks = JoinSet::new();
    let mut count = 0;
    for page in pages() {
        for recipe in page.recipes() {
            let files = recipe.files();
            for block in &recipe.blocks {
                let commands = commands::of(block);
                if commands.is_empty() {
                    continue;
                }
                count += commands.len();
                let (title, files, turns) =
                    (format!("{}: {}", page.name, recipe.title), files.clone(), Arc::clone(&turns));
                blocks.spawn(async move {
                    let _turn = turns.acquire().await.unwrap();
                    let place = run::Place::new(title, &files).await;
                    let mut wrong = Vec::new();
                    for command in &commands {
                        wrong.extend(place.run(command).await);
                    }
                    wrong
                });
            }
        }
    }
    let wrong: Vec<String> = blocks.join_all().await.into_iter().flatten().collect();
    assert!(count > 100, "the book has only {count} commands");
    assert!(wrong.is_empty(), "{} of {count} commands:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn each_recipe_is_told_three_times() {
    let recipes: Vec<(Page, Vec<Recipe>)> = pages()
        .into_iter()
        .filter(|page| page.name.starts_with("recipes/"))
        .map(|page| {
            let recipes = page.recipes().into_iter().filter(|recipe| !recipe.title.is_empty()).collect();
            (page, recipes)
        })
        .collect();
    let all = || recipes.iter().flat_map(|(page, recipes)| recipes.iter().map(move |recipe| (page, recipe)));
    assert!(all().count() >= 30, "{}", all().count());
    // The programs are compiled where the library names the page.
    let library = std::fs::read_to_string(pages::root().join("cipp-client/src/lib.rs")).unwrap();
    for (page, _) in &recipes {
        assert!(library.contains(&format!("docs/src/{}", page.name)), "{} is not compiled", page.name);
    }
    for (page, recipe) in all() {
        for language in ["sh", "powershell", "rust"] {
            let told = recipe.blocks.iter().any(|block| block.language() == language);
            assert!(told, "{}: '{}' has no {language}", page.name, recipe.title);
        }
    }
}

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    let summary = &pages.iter().find(|page| page.name == "SUMMARY.md").unwrap().text;
    for page in &pages {
        let listed = page.name == "SUMMARY.md" || summary.contains(&format!("({})", page.name));
        assert!(listed, "{} is not in SUMMARY.md", page.name);
        for link in page.links() {
            let (file, anchor) = link.split_once('#').unwrap_or((link.as_str(), ""));
            let name = if file.is_empty() { page.name.clone() } else { page.beside(file) };
            let target = pages.iter().find(|page| page.name == name);
            let target = target.unwrap_or_else(|| panic!("{}: {link} leads nowhere", page.name));
            assert!(
                anchor.is_empty() || target.anchors().iter().any(|known| known == anchor),
                "{}: {link} has no anchor",
                page.name
            );
        }
    }
}

#[test]
fn every_kind_of_error_and_exit_code_is_explained() {
    let pages = pages();
    let anchors = pages.iter().find(|page| page.name == "errors.md").unwrap().anchors();
    // The kinds, from their declaration: an enum that may grow cannot be asked.
    let source = std::fs::read_to_string(pages::root().join("cipp-client/src/error.rs")).unwrap();
    let body = source.split_once("pub enum ErrorKind {").unwrap().1.split_once("\n}").unwrap().0;
    let kinds: Vec<String> = body
        .lines()
        .filter_map(|line| line.strip_prefix("    ")?.strip_suffix(','))
        .filter(|name| name.chars().all(|letter| letter.is_ascii_alphanumeric()))
        .map(|name| format!("kind-{}", name.to_ascii_lowercase()))
        .collect();
    assert!(kinds.len() > 10, "{kinds:?}");
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_cipp")).arg("--help").output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let codes: Vec<String> = help
        .split_once("Exit codes:")
        .unwrap()
        .1
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter_map(|word| word.parse::<u8>().ok())
        .map(|code| format!("exit-{code}"))
        .collect();
    assert!(codes.len() > 8, "{codes:?}");
    for wanted in kinds.iter().chain(&codes) {
        assert!(anchors.contains(wanted), "errors.md has no heading for {wanted}");
    }
}

/// The links that a run prints, on both streams.
async fn links(words: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_cipp"));
    let ran = command.args(words.split(' ')).env_clear().envs(environment.iter().copied()).output().await.unwrap();
    let text = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
    let found = text.split("docs/src/errors.md#").skip(1);
    found.map(|rest| rest.split([' ', '"', '\n']).next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_message_links_to_a_place_in_the_book() {
    let pages = pages();
    let anchors = pages.iter().find(|page| page.name == "errors.md").unwrap().anchors();
    let server = cipp_mock::MockServer::start().await.unwrap();
    let (url, authority, secret) = (server.url(), server.authority(), server.client_secret().to_owned());
    let good = [
        ("CIPP_URL", url.as_str()),
        ("CIPP_AUTHORITY", &authority),
        ("CIPP_TENANT_ID", server.tenant_id()),
        ("CIPP_CLIENT_ID", server.client_id()),
        ("CIPP_CLIENT_SECRET", &secret),
    ];
    let mut wrong = good;
    wrong[4].1 = "wrong";
    let cases = [
        ("users lst", good.as_slice(), "exit-2"),
        ("users lst -o json", &good, "exit-2"),
        ("tenants list", &[], "kind-config"),
        ("tenants list", &wrong, "kind-auth"),
        ("tenants list -o json", &wrong, "kind-auth"),
        ("api GET NoSuchThing", &good, "kind-status"),
    ];
    for (words, environment, wanted) in cases {
        assert_eq!(links(words, environment).await, [wanted], "{words}");
    }
    // The doctor has a link for each line, also for those that it skips.
    for (words, environment, least) in
        [("doctor -o json", good.as_slice(), 11), ("doctor -o json", &wrong, 11), ("doctor -o json --offline", &[], 3)]
    {
        let found = links(words, environment).await;
        assert!(found.len() >= least, "{words}: {found:?}");
        for link in found {
            assert!(anchors.contains(&link), "errors.md has no heading for {link}");
        }
    }
}
