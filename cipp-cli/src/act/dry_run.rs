//! The exact request, for people to read or to run elsewhere. Secrets are left out of each form.

use crate::args::DryForm;
use crate::failure::Failure;
use cipp_client::{ActionRequest, Client, DryRun};
use serde_json::Value;

/// The request in a form. The sign-in is not part of it: where a form can be run, the token comes from `$CIPP_TOKEN`.
pub fn shown(client: &Client, request: &ActionRequest, form: DryForm) -> Result<String, Failure> {
    let dry = client.call(request.clone()).dry_run();
    if let Some(error) = dry.error() {
        return Err(error.clone().into());
    }
    Ok(match form {
        DryForm::Http => format!("{dry}\n"),
        DryForm::Curl => curl(&dry),
        DryForm::PowerShell => powershell(&dry),
        DryForm::Rust => rust(request, &dry)?,
    })
}

fn curl(dry: &DryRun) -> String {
    let quote = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let mut lines = vec![format!("curl --request {} {}", dry.method(), quote(dry.url()))];
    lines.push("--header \"Authorization: Bearer $CIPP_TOKEN\"".to_owned());
    if let Some(body) = dry.body() {
        lines.push("--header 'Content-Type: application/json'".to_owned());
        lines.push(format!("--data {}", quote(body)));
    }
    format!("{}\n", lines.join(" \\\n  "))
}

fn powershell(dry: &DryRun) -> String {
    let quote = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut lines = vec![
        format!("Invoke-RestMethod -Method {} -Uri {}", dry.method(), quote(dry.url())),
        "-Headers @{ Authorization = \"Bearer $env:CIPP_TOKEN\" }".to_owned(),
    ];
    if let Some(body) = dry.body() {
        lines.push("-ContentType 'application/json'".to_owned());
        lines.push(format!("-Body {}", quote(body)));
    }
    format!("{}\n", lines.join(" `\n  "))
}

/// A program that makes the same call: the properties by name, which compiles for every action.
fn rust(request: &ActionRequest, dry: &DryRun) -> Result<String, Failure> {
    let action = request.action();
    let mut lines = vec![
        "use cipp_client::{ActionRequest, Client, catalogue};".to_owned(),
        "use serde_json::json;".to_owned(),
        String::new(),
        "let client = Client::from_env()?;".to_owned(),
        format!("// {} {}", dry.method(), action.path),
        format!("let action = catalogue::find({:?}).ok_or(\"no such action\")?;", action.name),
        "let request = ActionRequest::new(action)".to_owned(),
    ];
    for (property, value) in request.given() {
        let value = if property.secret { "std::env::var(\"SECRET\")?".to_owned() } else { value_in_rust(&value) };
        lines.push(format!("    .with({:?}, json!({value}))?", property.name));
    }
    if let Some(last) = lines.last_mut() {
        last.push(';');
    }
    lines.push("let answer = client.call(request).await?;".to_owned());
    Ok(format!("{}\n", lines.join("\n")))
}

/// JSON is Rust inside `json!`, but for the escapes of texts.
fn value_in_rust(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("[{}]", items.iter().map(value_in_rust).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name:?}: {}", value_in_rust(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        value => value.to_string(),
    }
}
