//! The tenants that are meant.

use crate::args::Many;
use crate::failure::Failure;
use cipp_client::{Client, RawRequest};
use serde_json::Value;

/// The names by which people call a tenant, the one that is sent first.
const NAMES: [&str; 4] = ["defaultDomainName", "customerId", "initialDomainName", "displayName"];

/// The tenants that are named, or all there are, without those left out.
pub async fn named(client: impl FnOnce() -> Result<Client, Failure>, many: &Many) -> Result<Vec<String>, Failure> {
    if !many.tenants.is_empty() {
        if many.tenants.iter().any(|tenant| tenant.eq_ignore_ascii_case("AllTenants")) {
            return Err(Failure::usage("AllTenants is no tenant")
                .hint("--all-tenants calls each tenant by itself; --tenant AllTenants leaves it to the server"));
        }
        let mut tenants: Vec<String> = Vec::new();
        for tenant in &many.tenants {
            if !tenants.iter().any(|known| known.eq_ignore_ascii_case(tenant)) {
                tenants.push(tenant.clone());
            }
        }
        for name in &many.except {
            let before = tenants.len();
            tenants.retain(|tenant| !tenant.eq_ignore_ascii_case(name));
            if tenants.len() == before {
                return Err(unknown(name));
            }
        }
        return some(tenants);
    }
    let client = client()?;
    let mut rows = if many.all_tenants { all(&client).await? } else { members(&client, &many.groups).await? };
    for name in &many.except {
        let before = rows.len();
        rows.retain(|row| {
            !NAMES.iter().any(|member| text(row, member).is_some_and(|text| text.eq_ignore_ascii_case(name)))
        });
        if rows.len() == before {
            return Err(unknown(name));
        }
    }
    some(
        rows.iter()
            .filter_map(|row| text(row, "defaultDomainName").or_else(|| text(row, "customerId")))
            .map(str::to_owned)
            .collect(),
    )
}

/// How many tenants there are, for a question.
pub async fn count(client: &Client) -> Result<usize, Failure> {
    Ok(all(client).await?.len())
}

/// The rows of an action that lists what belongs to all tenants.
async fn list(client: &Client, name: &str) -> Result<Vec<Value>, Failure> {
    let rows = match cipp_client::catalogue::find(name) {
        Some(action) => {
            let request = cipp_client::ActionRequest::new(action);
            let rows = client.call(request.clone()).await?.to_json();
            crate::complete::remember(&request, || rows.clone());
            rows
        }
        None => client.call(RawRequest::get(name)).await?,
    };
    let Value::Array(rows) = rows else {
        return Err(Failure::new(crate::exit::Exit::Failed, format!("{name}: the server's list is none")));
    };
    Ok(rows)
}

/// The tenants of groups, each once. A group is known by its name or its id.
async fn members(client: &Client, names: &[String]) -> Result<Vec<Value>, Failure> {
    let groups = list(client, "ListTenantGroups").await?;
    let mut found: Vec<Value> = Vec::new();
    for name in names {
        let is = |group: &&Value| {
            ["Name", "Id"].iter().any(|member| text(group, member).is_some_and(|text| text.eq_ignore_ascii_case(name)))
        };
        let Some(group) = groups.iter().find(is) else {
            let known: Vec<&str> = groups.iter().filter_map(|group| text(group, "Name")).collect();
            let known =
                if known.is_empty() { "there are none".to_owned() } else { format!("there are {}", known.join(", ")) };
            let message = format!("--tenant-group {name}: there is no such group of tenants; nothing was sent");
            return Err(Failure::usage(message).hint(crate::show::clean(&known)));
        };
        for tenant in group.get("Members").and_then(Value::as_array).into_iter().flatten() {
            if !found.iter().any(|known| known.get("customerId") == tenant.get("customerId")) {
                found.push(tenant.clone());
            }
        }
    }
    Ok(found)
}

async fn all(client: &Client) -> Result<Vec<Value>, Failure> {
    let rows = list(client, "ListTenants").await?;
    let is_one = |row: &Value| {
        let excluded = row.get("Excluded").and_then(Value::as_bool) == Some(true);
        let all =
            NAMES.iter().any(|member| text(row, member).is_some_and(|text| text.eq_ignore_ascii_case("AllTenants")));
        !excluded && !all
    };
    Ok(rows.into_iter().filter(is_one).collect())
}

/// A name that leaves nobody out is a slip of the pen, and the tenant that was meant would be called.
fn unknown(name: &str) -> Failure {
    Failure::usage(format!("--except {name}: this is none of the tenants; nothing was sent"))
        .hint("cipp tenants list shows their names")
}

fn some(tenants: Vec<String>) -> Result<Vec<String>, Failure> {
    if tenants.is_empty() { Err(Failure::usage("no tenant is left")) } else { Ok(tenants) }
}

fn text<'v>(row: &'v Value, name: &str) -> Option<&'v str> {
    row.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
