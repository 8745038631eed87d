//! The main job in one command: `cargo run --example tour`.
//!
//! It starts the fake CIPP server in this process, connects to it as any program would, and walks through a morning's work: who
//! is there, a lost sync anchor, an out-of-office, an offboarding from its dry run to the end of its task, and a failure that came
//! inside a 200.
//!
//! `cargo run --example tour -- --live --read-only` runs the reading half against a real server, which the environment names
//! (`CIPP_URL`, `CIPP_TENANT_ID`, `CIPP_CLIENT_ID`, `CIPP_CLIENT_SECRET`).

use cipp_client::admin::ListScheduledItems;
use cipp_client::groups::EditGroup;
use cipp_client::types::{ScheduledTask, User};
use cipp_client::users::{OffboardUser, SetOutOfOffice, SetOutOfOfficeState};
use cipp_client::{Client, LabelValue, Results, Schedule, SingleTenant, UnixTime};
use cipp_mock::{CONTOSO, MockServer};
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        [] => fake().await,
        ["--live", "--read-only"] | ["--read-only", "--live"] => live().await,
        _ => {
            eprintln!("usage: tour [--live --read-only]");
            eprintln!("Without arguments it runs against a fake server in this process. A real server is only read.");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error}");
            ExitCode::FAILURE
        }
    }
}

/// The reading half, against the server that the environment names.
async fn live() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let tenants = list_tenants(&client).await?;
    let Some(tenant) = tenants.first() else {
        println!("The API client sees no tenant.");
        return Ok(());
    };
    list_users(&client, tenant).await?;
    list_licenses(&client, tenant).await?;
    list_tasks(&client).await
}

/// All of it, against a fake server in this process.
async fn fake() -> Result<(), Box<dyn Error>> {
    let server = MockServer::start().await?;
    step("A fake CIPP server, and a client that signs in to it");
    println!("   server  {}", server.url());
    let client = Client::builder(server.url())
        .client_secret(server.tenant_id(), server.client_id(), server.client_secret())
        .authority(server.authority())
        .build()?;
    println!("   sign-in {}", server.authority());

    list_tenants(&client).await?;
    let users = list_users(&client, &SingleTenant::from(CONTOSO)).await?;
    list_licenses(&client, &SingleTenant::from(CONTOSO)).await?;

    // An account that once was synced: the server refuses while it still is.
    let synced = users
        .iter()
        .find(|user| user.on_premises_immutable_id.is_some() && user.on_premises_sync_enabled != Some(true));
    clear_immutable_id(&client, synced.ok_or("no user that once was synced")?).await?;

    let mut licensed = users.iter().filter(|user| {
        user.account_enabled == Some(true) && user.assigned_licenses.as_ref().is_some_and(|held| !held.is_empty())
    });
    let (Some(away), Some(leaver), Some(heir)) = (licensed.next(), licensed.next(), licensed.next()) else {
        return Err("too few licensed users".into());
    };
    set_out_of_office(&client, &server, away).await?;
    offboard(&client, &server, leaver, heir).await?;
    partial_failure(&client, heir).await?;

    step("Done");
    println!("   {} requests went to the server, each checked against the specification.", server.requests().len());
    Ok(())
}

async fn list_tenants(client: &Client) -> Result<Vec<SingleTenant>, Box<dyn Error>> {
    step("Tenants");
    let tenants = client.tenants().list().await?;
    for tenant in &tenants {
        println!("   {:<24} {}", text(&tenant.display_name), text(&tenant.default_domain_name));
    }
    let domains = tenants.into_iter().filter_map(|tenant| tenant.default_domain_name);
    Ok(domains.map(SingleTenant::from).collect())
}

async fn list_users(client: &Client, tenant: &SingleTenant) -> Result<Vec<User>, Box<dyn Error>> {
    step(&format!("Users of {tenant}"));
    let users = client.users().list(tenant).await?;
    for user in users.iter().take(6) {
        println!(
            "   {:<24} {:<34} {:<8} {} licence(s)",
            text(&user.display_name),
            text(&user.user_principal_name),
            if user.account_enabled == Some(true) { "enabled" } else { "disabled" },
            user.assigned_licenses.as_ref().map_or(0, Vec::len),
        );
    }
    println!("   ... {} in all", users.len());
    Ok(users.into_items())
}

async fn list_licenses(client: &Client, tenant: &SingleTenant) -> Result<(), Box<dyn Error>> {
    step("Licences");
    let licenses = client.licenses().list(tenant).await?;
    for license in &licenses {
        println!(
            "   {:<36} {:>3} of {:>3} used",
            text(&license.license),
            text(&license.count_used),
            text(&license.total_licenses)
        );
    }
    Ok(())
}

async fn list_tasks(client: &Client) -> Result<(), Box<dyn Error>> {
    step("Scheduled tasks");
    let tasks = client.admin().list_scheduled_items().await?;
    for task in tasks.iter().take(10) {
        println!("   {:<48} {}", text(&task.name), state(task));
    }
    println!("   ... {} in all", tasks.len());
    Ok(())
}

async fn clear_immutable_id(client: &Client, user: &User) -> Result<(), Box<dyn Error>> {
    step(&format!("Clear the immutable ID of {}", text(&user.display_name)));
    println!("   before  {}", text(&user.on_premises_immutable_id));
    let results = client.users().clear_immutable_id(CONTOSO, id(user)?).await?;
    show(&results.into_result()?);
    let after = client.users().get(CONTOSO, id(user)?).await?;
    println!("   after   {}", after.first().map_or("gone", |user| text(&user.on_premises_immutable_id)));
    Ok(())
}

async fn set_out_of_office(client: &Client, server: &MockServer, user: &User) -> Result<(), Box<dyn Error>> {
    step(&format!("{} is away for a week", text(&user.display_name)));
    let week = 7 * 24 * 3600;
    let request = SetOutOfOffice::new(CONTOSO, id(user)?, SetOutOfOfficeState::SCHEDULED)
        .message("I am away this week. The service desk helps you in the meantime.")
        .start_time(UnixTime::from_secs(server.now()))
        .end_time(UnixTime::from_secs(server.now() + week));
    show(&client.call(request).await?.into_result()?);
    Ok(())
}

async fn offboard(client: &Client, server: &MockServer, user: &User, heir: &User) -> Result<(), Box<dyn Error>> {
    step(&format!("Offboard {} tonight", text(&user.display_name)));
    let leaver = LabelValue::from(upn(user)?).with_label(text(&user.display_name));
    let tonight = UnixTime::from_secs(server.now() + 8 * 3600);
    let request = OffboardUser::new(SingleTenant::from(CONTOSO).with_label("Contoso"), [leaver])
        .convert_to_shared(true)
        .remove_licenses(true)
        .reset_password(true)
        .remove_groups(true)
        .revoke_sessions(true)
        .remove_mfa_devices(true)
        .disable_sign_in(true)
        .forward_to(upn(heir)?)
        .keep_copy(true)
        .schedule(Schedule::at(tonight))
        .reference("TICKET-4711");
    println!("   what would be sent:");
    for line in client.call(&request).dry_run().to_string().lines() {
        println!("   | {line}");
    }
    show(&client.call(&request).await?.into_result()?);

    let name = format!("Offboarding: {}", upn(user)?);
    let task = follow(client, &name).await?;
    println!("   task    {}, due {}", state(&task), task.scheduled_time.as_ref().map_or("-", |time| time.as_str()));
    println!("   ... night falls");
    server.advance(Duration::from_secs(9 * 3600));
    let task = follow(client, &name).await?;
    println!("   task    {}", state(&task));
    for line in text(&task.results).lines() {
        // The task's results are plain text, and the server writes the new password into them.
        let (shown, hidden) = line
            .split_once("new password is")
            .map_or((line, ""), |(before, _)| (before, "(a new password, not shown)"));
        println!("           {shown}{hidden}");
    }

    let after = client.users().get(CONTOSO, id(user)?).await?;
    if let Some(after) = after.first() {
        println!(
            "   now     {}, {} licence(s)",
            if after.account_enabled == Some(true) { "enabled" } else { "disabled" },
            after.assigned_licenses.as_ref().map_or(0, Vec::len),
        );
    }
    Ok(())
}

/// The task of this name as it is now.
async fn follow(client: &Client, name: &str) -> Result<ScheduledTask, Box<dyn Error>> {
    let tasks = client.call(ListScheduledItems::new().name(name)).await?;
    tasks.into_iter().next().ok_or_else(|| format!("no task is called {name}").into())
}

async fn partial_failure(client: &Client, user: &User) -> Result<(), Box<dyn Error>> {
    step("A failure that comes with HTTP 200");
    let groups = client.groups().list(CONTOSO).await?;
    let static_group = groups.iter().rfind(|group| group.is_dynamic != Some(true)).ok_or("no group")?;
    let group_id = static_group.id.as_deref().ok_or("a group without an id")?;
    println!("   add {} and somebody unknown to {}", upn(user)?, text(&static_group.display_name));
    let known = LabelValue::from(id(user)?).with_label(upn(user)?);
    let unknown = LabelValue::from("00000000-0000-4000-8000-00000000dead").with_label("nobody.knows@contoso.com");
    let request = EditGroup::new(CONTOSO, group_id).add_members([known, unknown]);
    let response = client.call(request).with_meta().await?;
    println!("   HTTP {}, yet:", response.meta.status.as_u16());
    show(&response.value);
    match response.value.into_result() {
        Ok(_) => println!("   nothing failed"),
        Err(error) => println!("   into_result() says: {error}"),
    }
    Ok(())
}

/// Prints the parts of a result, each with its state. Secrets are not shown.
fn show(results: &Results) {
    for item in results {
        println!("   {:<7} {}", item.state.to_string(), item.redacted_text());
    }
}

fn step(title: &str) {
    println!("\n== {title}");
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("-")
}

fn state(task: &ScheduledTask) -> &str {
    task.task_state.as_ref().map_or("-", |state| state.as_str())
}

fn id(user: &User) -> Result<&str, Box<dyn Error>> {
    user.id.as_deref().ok_or_else(|| "a user without an id".into())
}

fn upn(user: &User) -> Result<&str, Box<dyn Error>> {
    user.user_principal_name.as_deref().ok_or_else(|| "a user without a sign-in name".into())
}
