//! The client, from the profile or the environment.

use crate::failure::Failure;
use cipp_client::Client;

/// The client to use.
pub fn client() -> Result<Client, Failure> {
    Client::from_env().map_err(|error| {
        Failure::from(error).hint("cipp demo needs no server; cipp login stores a sign-in")
    })
}

/// The client to use for many calls at once.
pub fn client_for(calls: Option<usize>) -> Result<Client, Failure> {
    let Some(calls) = calls else { return client() };
    let built = cipp_client::ClientBuilder::from_vars(|name| std::env::var(name).ok());
    let built = built.and_then(|builder| builder.concurrency(calls).build());
    built.map_err(|error| Failure::from(error).hint("cipp demo needs no server; cipp login stores a sign-in"))
}

/// The tenant that is meant where the command line names none.
pub fn default_tenant() -> Option<String> {
    std::env::var("CIPP_TENANT").ok().filter(|tenant| !tenant.trim().is_empty())
}

/// The address that a dry run shows where no server is set up.
pub fn offline() -> Result<Client, Failure> {
    match Client::from_env() {
        Ok(client) => Ok(client),
        Err(_) => Ok(Client::builder("https://cipp.example.com").static_token("none").build()?),
    }
}
