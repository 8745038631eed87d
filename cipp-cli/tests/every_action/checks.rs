//! What must hold for one action.

use super::captured::{Captured, Ran};
use super::{read_back, values};
use cipp_client::catalogue::{self, Action, OutputShape, Property};
use cipp_client::{ActionRequest, Client, DryRun};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Checks every so-manieth action, and says what is wrong with each.
pub fn part(part: &str) {
    let (number, of) = part.split_once('/').expect("NUMBER/OF");
    let (number, of): (usize, usize) = (number.parse().expect("a number"), of.parse().expect("a number"));
    let mut bench =
        Bench { captured: Captured::new(), client: Client::from_env().expect("a client"), faults: Vec::new() };
    for action in catalogue::actions().iter().copied().skip(number).step_by(of) {
        let flags = bench.names(action);
        bench.described(action);
        bench.dry_runs(action, &flags);
        bench.runs(action, &flags);
        for fault in std::mem::take(&mut bench.faults) {
            bench.captured.say(&format!("{}: {}", action.name, fault.replace('\n', "⏎")));
        }
        bench.captured.say("done");
    }
}

struct Bench {
    captured: Captured,
    client: Client,
    faults: Vec<String>,
}

fn kebab(name: &str) -> String {
    name.replace('_', "-").to_ascii_lowercase()
}

/// The three names of an action. One that several actions share is made unique by the verb.
fn names(action: &Action) -> [Vec<String>; 3] {
    let verb = kebab(action.call);
    let unique = |name: fn(&Action) -> &'static str| {
        let shared =
            catalogue::actions().iter().filter(|other| name(other).eq_ignore_ascii_case(name(action))).count() > 1;
        vec![if shared { format!("{}/{verb}", name(action)) } else { name(action).to_owned() }]
    };
    [vec![kebab(action.module), verb.clone()], unique(Action::endpoint), unique(|action| action.title)]
}

/// The flags that the help lists, in its own section, in the order of the properties.
fn flags(help: &str) -> Vec<String> {
    let properties = help.split_once("\nProperties:\n").map_or("", |(_, rest)| rest);
    let properties = properties.split("\n\nOptions of every action:").next().unwrap_or_default();
    let lines =
        properties.lines().filter_map(|line| line.strip_prefix("      --").or_else(|| line.strip_prefix("  -t, --")));
    lines.map(|line| line.split([' ', '=', '[']).next().unwrap_or_default().to_owned()).collect()
}

/// The words that call the action with these properties, and the same as the library would have it.
fn given(action: &'static Action, flags: &[String], keep: impl Fn(&Property) -> bool) -> (Vec<String>, ActionRequest) {
    let mut words = names(action)[0].clone();
    let mut given = Map::new();
    for (property, flag) in action.properties.iter().zip(flags).filter(|(property, _)| keep(property)) {
        let value = values::sample(property.ty, property.name);
        words.extend(values::words(flag, property, &value));
        given.insert(property.name.to_owned(), value);
    }
    let request = ActionRequest::new(action).with_all(given);
    (words, request.unwrap_or_else(|error| panic!("{}: {error}", action.name)))
}

impl Bench {
    fn run(&mut self, words: &[String]) -> Ran {
        let words: Vec<String> = std::iter::once("cipp".to_owned()).chain(words.iter().cloned()).collect();
        let ran = self.captured.run(&words);
        if ran.exit == u8::MAX {
            self.faults.push(format!("{words:?} panics: {}", ran.err));
        }
        if ran.out.contains(values::CANARY) || ran.err.contains(values::CANARY) {
            self.faults.push(format!("{words:?} shows a secret"));
        }
        ran
    }

    fn wants(&mut self, fine: bool, what: impl FnOnce() -> String) {
        if !fine {
            self.faults.push(what());
        }
    }

    /// Each name leads to the help of this very action, and the help lists a flag for each property.
    fn names(&mut self, action: &'static Action) -> Vec<String> {
        let example = format!("Example: cipp {} {}", kebab(action.module), kebab(action.call));
        let mut listed = Vec::new();
        for name in names(action) {
            let ran = self.run(&[name.as_slice(), &["--help".to_owned()]].concat());
            let flat = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
            let found = flat.contains(&format!("{example} ")) && flat.contains(action.path);
            self.wants(ran.exit == 0 && found, || format!("{name:?} --help: {} {} {}", ran.exit, ran.out, ran.err));
            listed = flags(&ran.out);
        }
        let different: HashSet<&String> = listed.iter().collect();
        let fine = listed.len() == action.properties.len() && different.len() == listed.len();
        self.wants(fine, || format!("{} properties and the flags {listed:?}", action.properties.len()));
        listed
    }

    /// The heading of the description is a name too, and the example can be run as it stands.
    fn described(&mut self, action: &'static Action) {
        let verb = kebab(action.call);
        let text = |name: &str| name.to_owned();
        let ran = self.run(&[text("describe"), kebab(action.module), verb.clone(), text("--output=table")]);
        let heading = ran.out.lines().next().unwrap_or_default().to_owned();
        let again = self.run(&[text("describe"), heading.clone(), text("--output=table")]);
        self.wants(again.out == ran.out, || {
            format!("'{heading}' is not accepted as a name: {} {}", again.out, again.err)
        });
        let ran = self.run(&[text("describe"), kebab(action.module), verb, text("--output=json")]);
        let described: Value = serde_json::from_str(&ran.out).unwrap_or_default();
        let example = described["example"].as_str().unwrap_or_default();
        // The one file that examples name.
        let example = example.replace("@secret.txt", &format!("env:{}", values::SECRET_VARIABLE));
        let words = shell_words(example.strip_prefix("cipp ").unwrap_or_default());
        let ran = self.run(&[words, vec![text("--dry-run")]].concat());
        self.wants(ran.exit == 0, || format!("the example cannot be run: {example}: {}", ran.err));
    }

    /// A dry run with every property, in each form.
    fn dry_runs(&mut self, action: &'static Action, flags: &[String]) {
        let (words, request) = given(action, flags, |_| true);
        let dry = self.client.call(request).dry_run();
        self.wants(dry.error().is_none(), || format!("the library refuses: {:?}", dry.error()));
        for form in ["http", "curl", "powershell", "rust"] {
            let ran = self.run(&[words.as_slice(), &[format!("--dry-run={form}")]].concat());
            let fine = ran.exit == 0
                && match form {
                    "http" => ran.out == format!("{dry}\n"),
                    "curl" => command(&ran.out, &dry, "curl --request ", "--data '", r"'\''"),
                    "powershell" => command(&ran.out, &dry, "Invoke-RestMethod -Method ", "-Body '", "''"),
                    _ => program(&ran.out, action),
                };
            self.wants(fine, || format!("dry run as {form}: {} {} {}", ran.exit, ran.out, ran.err));
        }
    }

    /// A run with what is required, in each format.
    fn runs(&mut self, action: &'static Action, flags: &[String]) {
        let (mut words, _) = given(action, flags, |property| property.required || property.name == "tenantFilter");
        words.extend(["--yes".to_owned(), "--timeout=20".to_owned()]);
        let ran = self.run(&[words.as_slice(), &["--output=json".to_owned()]].concat());
        let failed = matches!(action.outputs.shape, OutputShape::Results) && ran.exit == 6;
        let Ok(result) = serde_json::from_str::<Value>(&ran.out) else {
            return self.faults.push(format!("{words:?}: {} {} {}", ran.exit, ran.out, ran.err));
        };
        self.wants(ran.exit == 0 || failed, || format!("{words:?}: {} {} {}", ran.exit, ran.out, ran.err));
        for format in ["ndjson", "yaml", "csv", "tsv", "md", "lines", "table", "none"] {
            let again = self.run(&[words.as_slice(), &[format!("--output={format}")]].concat());
            self.wants(again.exit == ran.exit, || format!("as {format} it ends with {}: {}", again.exit, again.err));
            self.faults.extend(read_back::fault(format, &again.out, &result));
        }
    }
}

/// The words of a line, as a shell reads single quotes.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut letters) = (Vec::new(), String::new(), false, line.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => quoted = !quoted,
            '\\' if !quoted => word.extend(letters.next()),
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            letter => word.push(letter),
        }
    }
    words.push(word);
    words
}

/// Whether a command line holds the method, the address and the body of the request, quoted for its shell.
fn command(text: &str, dry: &DryRun, begin: &str, body: &str, quote: &str) -> bool {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', quote));
    let data = text
        .split_once(body)
        .map(|(_, rest)| rest.trim_end().strip_suffix('\'').unwrap_or_default().replace(quote, "'"));
    text.starts_with(&format!("{begin}{}", dry.method()))
        && text.contains(&quoted(dry.url()))
        && data.as_deref() == dry.body()
}

/// Whether a program can be read as Rust, and calls this action.
fn program(text: &str, action: &'static Action) -> bool {
    let whole = format!("async fn program() -> Result<(), Box<dyn std::error::Error>> {{\n{text}\nOk(())\n}}");
    let found = text
        .split_once("catalogue::find(\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .and_then(|(name, _)| catalogue::find(name));
    syn::parse_str::<syn::ItemFn>(&whole).is_ok() && found.is_some_and(|found| std::ptr::eq(found, action))
}
