//! A typed async client for the [CIPP](https://docs.cipp.app) API.
//!
//! Every action of the API is a plain struct with documented properties; a [`Client`] sends it and gives back a typed answer.
//!
#![cfg_attr(feature = "users", doc = "```no_run")]
#![cfg_attr(not(feature = "users"), doc = "```ignore")]
//! # async fn example() -> Result<(), cipp_client::Error> {
//! use cipp_client::{Client, RawRequest, users};
//! use std::time::Duration;
//!
//! let client = Client::builder("https://cipp.example.com")
//!     .client_secret("tenant id", "client id", "client secret") // or Client::from_env()?
//!     .build()?;
//!
//! for user in &client.users().list("contoso.onmicrosoft.com").await? {
//!     println!("{:?} {:?}", user.user_principal_name, user.extra.get("somethingNew"));
//! }
//!
//! let request = users::OffboardUser::new("contoso.onmicrosoft.com", ["jane@contoso.com"]).convert_to_shared(true);
//! println!("{}", client.call(&request).dry_run()); // nothing is sent, secrets redacted
//! let results = client.call(request).timeout(Duration::from_secs(600)).await?;
//! results.into_result()?; // failures that hide in a 200
//!
//! // What the specification does not know yet goes by name.
//! let new = client.call(RawRequest::get("ListBrandNewThing").query("tenantFilter", "contoso.onmicrosoft.com")).await?;
//! println!("{new}");
//! # Ok(())
//! # }
//! ```
//!
//! # What to expect
//!
//! - **Answers are read leniently.** The server sends lists as objects, numbers as text, and fields that nobody described. Every
//!   field is optional, everything unknown is kept in `extra`, and [`Call::with_meta`] tells what differed. [`Call::strict`]
//!   makes it an error.
//! - **A 200 may be a failure.** Actions answer with [`Results`]; [`Results::into_result`] turns failures into errors. Rows may
//!   still be on their way: see [`Listing::queued`].
//! - **Writes are never repeated blindly.** When nobody can know whether one happened, the error is
//!   [`ErrorKind::InDoubt`] and says how to find out.
//! - **Secrets are not shown**, neither by `Debug` nor in errors nor in dry runs.

pub mod auth;
#[cfg(feature = "blocking")]
#[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
pub mod blocking;
pub mod catalogue;
mod client;
mod diagnose;
mod error;
mod generated;
mod json;
pub mod model;
#[cfg(feature = "profiles")]
#[cfg_attr(docsrs, doc(cfg(feature = "profiles")))]
pub mod profiles;
mod redact;
mod reply;
pub mod request;
mod rows;
mod text;
pub mod transport;
mod values;
mod wait;

pub use client::{
    Batch, BatchHandle, BatchPlan, BatchRow, BatchRows, Call, CallFuture, Caller, Client, ClientBuilder, DryRun,
    EachTenant, JournalSync, Meta, Progress, Response, RetryPolicy, RowOutcome, Stats, TenantReport, TenantResult,
    TenantRow, TenantRows,
};
pub use diagnose::{Check, CheckState, Diagnosis};
pub use error::{Error, ErrorKind};
pub use model::{DecodeWarning, Extra, Warnings};
pub use reply::{
    Answer, DecodeContext, Download, Listing, Output, Queued, Readiness, Redirect, Reply, ResultItem, Results, Rows,
    State,
};
pub use request::{ActionRequest, Described, OfAction, Parts, Payload, RawRequest, Request, Values};
pub use rows::{PageRows, Pages, RowStream};
pub use values::{Choice, Day, Known, LabelValue, Schedule, Secret, SingleTenant, Tenant, Timestamp, UnixTime};
pub use wait::{
    Cancel, FollowQueue, FollowTask, QueueState, Task, TaskInfo, TaskReport, TaskRun, Wait, WaitProgress, Waited,
    new_task_id,
};

/// The programs in README.md, compiled as tests.
#[cfg(all(doctest, feature = "users"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The programs in the book under docs/, run as tests against the fake server.
#[cfg(all(doctest, feature = "full"))]
mod book {
    #[doc = include_str!("../../docs/src/guide/rust.md")]
    struct FromRust;
    #[doc = include_str!("../../docs/src/guide/testing.md")]
    struct Testing;
    #[doc = include_str!("../../docs/src/recipes/licences.md")]
    struct Licences;
    #[doc = include_str!("../../docs/src/recipes/accounts.md")]
    struct Accounts;
    #[doc = include_str!("../../docs/src/recipes/joiners-leavers.md")]
    struct JoinersLeavers;
    #[doc = include_str!("../../docs/src/recipes/mailboxes.md")]
    struct Mailboxes;
    #[doc = include_str!("../../docs/src/recipes/access.md")]
    struct Access;
    #[doc = include_str!("../../docs/src/recipes/devices.md")]
    struct Devices;
    #[doc = include_str!("../../docs/src/recipes/mail.md")]
    struct Mail;
    #[doc = include_str!("../../docs/src/recipes/tenants.md")]
    struct Tenants;
}

// The categories of actions, generated from the specification.
include!(concat!(env!("OUT_DIR"), "/api.rs"));
