//! A fake CIPP server: the API of [CIPP](https://docs.cipp.app), without Microsoft 365 behind it.
//!
//! It serves every action that `cipp-client` knows, because it is driven by the same specification; it holds a small world of
//! three tenants in which the main actions have their effect; and it answers as the real server does, with its oddities: failures
//! inside a 200, rows that only say "wait", 403s that are no refusals. Requests are checked against the specification, so a client
//! that sends something wrong is told.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let server = cipp_mock::MockServer::start().await?;
//! let client = server.client()?;
//! let users = client.users().list("contoso.onmicrosoft.com").await?;
//! assert_eq!(users.len(), 20);
//! assert_eq!(server.requests_to("ListUsers").len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! Everything is deterministic: the same calls in the same order give the same ids, passwords and dates. Time stands still at
//! [`MockServer::now`] until [`MockServer::advance`] moves it.

mod answer;
mod auth;
mod batch;
mod body;
mod call;
mod check;
mod clock;
mod effects;
mod expect;
mod fault;
mod given;
mod project;
mod queue;
mod quirk;
mod record;
mod router;
mod sample;
mod scheduler;
mod server;
mod spoil;
mod state;
mod throttle;
mod when;
mod wire;
mod world;

pub use expect::{Expectation, Unmet};
pub use fault::Fault;
pub use given::{Answers, Given};
pub use quirk::Quirk;
pub use record::Recorded;
pub use server::{MockServer, MockServerBuilder};

/// Domain of the first tenant: a firm of twenty with everything switched on.
pub const CONTOSO: &str = "contoso.onmicrosoft.com";
/// Domain of the second tenant.
pub const FABRIKAM: &str = "fabrikam.onmicrosoft.com";
/// Domain of the third tenant.
pub const TAILSPIN: &str = "tailspintoys.onmicrosoft.com";

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
