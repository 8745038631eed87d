//! The scripts, in the shells themselves as far as this machine has them.

use super::cipp;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs a program in a shell that knows the completions of `cipp`; nothing where there is no such shell.
fn in_shell(program: &str, args: &[&str], script: &str, text: &str) -> Option<String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let own = Path::new(env!("CARGO_BIN_EXE_cipp"));
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", own.parent().unwrap().display());
    // Tests of one shell run side by side, and each removes its folder.
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("cipp-test-{program}-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("people.csv"), "").unwrap();
    std::fs::write(folder.join("script"), cipp(&["completions", script])).unwrap();
    let run = Command::new(program)
        .args(args)
        .arg(text)
        .env_clear()
        .envs([("PATH", path.as_str()), ("HOME", folder.to_str().unwrap()), ("CIPP_CACHE", "off"), ("TERM", "dumb")])
        .current_dir(&folder)
        .output();
    std::fs::remove_dir_all(&folder).unwrap();
    match run {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("NOT RUN: there is no {program} here");
            None
        }
        run => {
            let run = run.unwrap();
            let said = String::from_utf8_lossy(&run.stderr).into_owned();
            assert!(run.status.success() && said.is_empty(), "{program}: {said}");
            Some(String::from_utf8(run.stdout).unwrap())
        }
    }
}

/// Lines, and what must be offered for their last words, with what bash leaves standing.
const LINES: [(&str, &[&str], &str); 7] = [
    ("cipp us", &["users"], ""),
    ("cipp users reset-p", &["reset-password"], ""),
    ("cipp users list -o j", &["json"], ""),
    ("cipp users list --output=j", &["--output=json"], "--output="),
    ("cipp users list --where accountEn", &["accountEnabled="], ""),
    ("cipp users list --from peop", &["people.csv"], ""),
    ("cipp profile ", &["list", "show", "use", "remove"], ""),
];

#[test]
fn bash_offers_what_it_should() {
    for (line, wanted, kept) in LINES {
        // What bash itself sets before it calls the function.
        let text = format!(
            "source ./script; COMP_LINE={line:?}; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=9; _cipp; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let out = in_shell("bash", &["--norc", "-c"], "bash", &text).expect("bash is everywhere");
        let wanted: Vec<&str> = wanted.iter().map(|word| word.strip_prefix(kept).unwrap()).collect();
        assert_eq!(out.lines().collect::<Vec<_>>(), wanted, "{line}");
    }
}

/// Bash itself replaces an address from its "@" on, and a flag's value from behind its "=".
#[test]
fn bash_is_given_what_it_replaces() {
    let users = "cipp() { printf '%s\\tAda\\n' \"$KNOWN\"; }";
    for (known, line, wanted) in [
        ("ada.lovelace@contoso.com", "cipp users get --user-id ada.lovelace@con", "@contoso.com"),
        ("ada.lovelace@contoso.com", "cipp users get --user-id ada", "ada.lovelace@contoso.com"),
        ("--user-id=ada.lovelace@contoso.com", "cipp users get --user-id=ada.lovelace@", "@contoso.com"),
        ("--user-id=ada.lovelace@contoso.com", "cipp users get --user-id=ada", "ada.lovelace@contoso.com"),
        (":files", "cipp users list --body @peop", "@people.csv"),
        (":files", "cipp users list --body=@peop", "@people.csv"),
        (":files", "cipp users list --from=peop", "people.csv"),
    ] {
        let text = format!(
            "{users}; KNOWN={known}; source ./script; COMP_LINE={line:?}; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=9; \
             COMP_WORDBREAKS=$' \\t\\n\"\\'@><=;|&(:'; _cipp; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let out = in_shell("bash", &["--norc", "-c"], "bash", &text).expect("bash is everywhere");
        assert_eq!(out.lines().collect::<Vec<_>>(), [wanted], "{line}");
    }
}

#[test]
fn fish_offers_what_it_should() {
    for (line, wanted, _) in LINES {
        let text = format!("source ./script; complete --do-complete {line:?}");
        let Some(out) = in_shell("fish", &["--no-config", "-c"], "fish", &text) else { return };
        let found: Vec<&str> = out.lines().map(|line| line.split('\t').next().unwrap()).collect();
        assert_eq!(found, wanted, "{line}");
    }
}

#[test]
fn zsh_offers_what_it_should() {
    for (line, wanted, _) in LINES {
        // compadd and _files are zsh's own, and work only while somebody types: here they print what they are given.
        let text = format!(
            "compadd() {{ print -rl -- ${{(P)@[-1]}} }}; compset() {{ }}; _files() {{ print -rl -- ${{PREFIX}}*(N) }}; \
             words=(${{(s: :)${{:-{line}}}}}); [[ {line:?} == *' ' ]] && words+=(''); \
             CURRENT=$#words; PREFIX=$words[CURRENT]; source ./script; _cipp"
        );
        let Some(out) = in_shell("zsh", &["-f", "-c"], "zsh", &text) else { return };
        assert_eq!(out.lines().collect::<Vec<_>>(), wanted, "{line}");
    }
}

#[test]
fn powershell_offers_what_it_should() {
    for (line, wanted, _) in LINES {
        let text = format!(
            ". ([scriptblock]::Create((Get-Content -Raw ./script))); \
             (TabExpansion2 '{line}' {}).CompletionMatches.CompletionText",
            line.len()
        );
        let Some(out) = in_shell("pwsh", &["-NoProfile", "-Command"], "powershell", &text) else { return };
        let found: Vec<&str> =
            out.lines().map(|line| line.trim_start_matches("./").trim_start_matches(".\\")).collect();
        assert_eq!(found, wanted, "{line}");
    }
}
