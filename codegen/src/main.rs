//! The maintainers' command: checks, lists and shows what the specification makes.

mod commands;

use cipp_codegen::{Spec, emit, generate, list, lock, schema, template, upstream, write};
use clap::{Parser, Subcommand, ValueEnum};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks, lists and shows what the specification of the CIPP API makes.
#[derive(Parser)]
#[command(name = "cipp-codegen", version)]
struct Arguments {
    /// Folder of the specification.
    #[arg(long, global = true, default_value = "spec")]
    spec: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Report everything that is wrong with the specification.
    Check {
        /// Also count properties and fields without documentation, and name the properties.
        #[arg(long)]
        docs: bool,
    },
    /// List the actions.
    List {
        /// How.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Print the code that an action becomes.
    Expand {
        /// Name of the action, such as OffboardUser.
        action: String,
    },
    /// Print the entry of a new action, to be filled in.
    New {
        /// Name of the request type, such as ListThings.
        action: String,
        /// Module of the category that it goes into: the entry is put there instead of printed.
        #[arg(long)]
        into: Option<String>,
    },
    /// Write all generated code into a folder, to look at or to compare.
    Generate {
        /// The folder.
        out: PathBuf,
    },
    /// Write spec/schema.json, by which editors complete and check.
    Schema {
        /// Only say whether the file is up to date.
        #[arg(long)]
        check: bool,
    },
    /// Write spec/upstream.lock from the official OpenAPI description of CIPP.
    Lock {
        /// The description, as JSON.
        openapi: PathBuf,
    },
    /// Hold the requests that can be built against the official description; deviations stand in spec/deviations.yaml.
    Conform {
        /// The description, as JSON.
        openapi: PathBuf,
        /// Print the list of deviations as it should be; new reasons are left to you.
        #[arg(long)]
        propose: bool,
        /// Write it to spec/deviations.yaml instead. (Comments in it are lost; reasons stay.)
        #[arg(long, requires = "propose")]
        write: bool,
    },
    /// Draft entries for operations that no action is on; decisions that are yours are marked TODO.
    Import {
        /// The description, as JSON.
        openapi: PathBuf,
        /// Append them to the category files instead of printing them.
        #[arg(long)]
        write: bool,
    },
    /// Write spec/surface.lock: a line for each public item of the generated code.
    Surface {
        /// Only say whether the file is up to date, and what differs.
        #[arg(long)]
        check: bool,
    },
    /// Report what differs between descriptions, or from the specification.
    Diff {
        /// The description, as JSON; the older one where there are two.
        openapi: PathBuf,
        /// The newer description.
        new: Option<PathBuf>,
        /// What to compare the description with.
        #[arg(long, value_enum, default_value = "lock", conflicts_with = "new")]
        against: Against,
        /// How.
        #[arg(long, value_enum, default_value = "markdown")]
        format: Report,
        /// Fail where anything differs.
        #[arg(long)]
        exit_code: bool,
    },
    /// Count how many fields of captured answers the output types name, and with a type that fits.
    Coverage {
        /// Folder of the captures.
        captures: PathBuf,
        /// How.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        /// Fail where less of the captured fields is named, in percent.
        #[arg(long)]
        named: Option<f64>,
        /// Fail where less of the named fields has a type that accepts what was captured, in percent.
        #[arg(long)]
        typed: Option<f64>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Against {
    /// spec/upstream.lock: what was known when it was written.
    Lock,
    /// The specification: what we send.
    Spec,
}

#[derive(Clone, Copy, ValueEnum)]
enum Report {
    /// For people.
    Markdown,
    /// One JSON object.
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON array.
    Json,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(text) => {
            commands::show(&text);
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<String, String> {
    let dir = arguments.spec.as_path();
    match &arguments.command {
        Command::Check { docs } => check(dir, *docs),
        Command::List { format } => {
            let spec = Spec::load(dir, None).sound()?;
            Ok(match format {
                Format::Text => list::text(&spec.api),
                Format::Json => list::json(&spec.api),
            })
        }
        Command::Expand { action } => expand(dir, action),
        Command::New { action, into } => new(dir, action, into.as_deref()),
        Command::Generate { out } => {
            fs::create_dir_all(out).map_err(|error| format!("{} cannot be made: {error}", out.display()))?;
            generate(dir, out, None)?;
            Ok(String::new())
        }
        Command::Schema { check } => write_schema(dir, *check),
        Command::Lock { openapi } => {
            let lines = lock::lock(&upstream::read(openapi)?)?;
            commands::save(&dir.join("upstream.lock"), &lines)?;
            Ok(String::new())
        }
        Command::Conform { openapi, propose, write } => commands::conform(dir, openapi, *propose, *write),
        Command::Coverage { captures, format, named, typed } => {
            let limits = cipp_codegen::coverage::Limits { named: *named, typed: *typed };
            commands::coverage(dir, captures, matches!(format, Format::Json), limits)
        }
        Command::Import { openapi, write } => commands::import(dir, openapi, *write),
        Command::Surface { check } => commands::surface(dir, *check),
        Command::Diff { openapi, new, against, format, exit_code } => {
            let old = match (new, against) {
                (Some(_), _) => commands::Old::File(openapi),
                (None, Against::Lock) => commands::Old::Lock,
                (None, Against::Spec) => commands::Old::Spec,
            };
            let json = matches!(format, Report::Json);
            commands::diff(dir, &old, new.as_ref().unwrap_or(openapi), json, *exit_code)
        }
    }
}

fn check(dir: &Path, docs: bool) -> Result<String, String> {
    let spec = Spec::load(dir, None).sound()?;
    let missing = list::features_missing(&spec.api, dir);
    if !missing.is_empty() {
        return Err(format!(
            "Cargo.toml has no feature for: {}\nAdd a line such as `{} = []` under [features], and the name to `full`.",
            missing.join(", "),
            missing.first().map_or("users", String::as_str)
        ));
    }
    let mut text = list::summary(&spec.api);
    text.push_str(&list::beyond_upstream(&spec.api, &spec.document.upstream));
    if docs {
        text.push_str(&list::docs(&spec.api));
    }
    Ok(text)
}

fn expand(dir: &Path, name: &str) -> Result<String, String> {
    let spec = Spec::load(dir, None).sound()?;
    let all = || spec.api.categories.iter().flat_map(|category| &category.actions);
    let Some(action) = all().find(|action| action.name.eq_ignore_ascii_case(name) || action.title == name) else {
        let near = all().filter(|action| action.name.to_lowercase().contains(&name.to_lowercase()));
        let near: Vec<&str> = near.map(|action| action.name.as_str()).take(8).collect();
        let hint = if near.is_empty() { String::new() } else { format!(" There is {}.", near.join(", ")) };
        return Err(format!("There is no action {name}.{hint}"));
    };
    write::format(emit::emit_action(&spec.api, action)).map_err(|error| format!("the generator made no Rust: {error}"))
}

fn new(dir: &Path, action: &str, into: Option<&str>) -> Result<String, String> {
    let entry = template::entry(action)?;
    let Some(module) = into else {
        return Ok(format!("# Put this under `actions:` of spec/actions/<category>.yaml.\n{entry}"));
    };
    let path = dir.join("actions").join(format!("{module}.yaml"));
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    commands::save(&path, &template::insert(&text, &entry)?)?;
    Ok(format!("{action} stands in {}; fill it in, then run `cipp-codegen check`.\n", path.display()))
}

fn write_schema(dir: &Path, check: bool) -> Result<String, String> {
    let path = dir.join("schema.json");
    let schema = schema::schema();
    if !check {
        commands::save(&path, &schema)?;
        return Ok(String::new());
    }
    match fs::read_to_string(&path) {
        Ok(found) if found == schema => Ok(String::new()),
        _ => Err(format!("{} is not up to date: run `cipp-codegen schema`", path.display())),
    }
}
