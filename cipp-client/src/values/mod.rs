//! Types for values that the server reads in its own way, so that what it would ignore or misread cannot be written.

mod choice;
mod label_value;
mod schedule;
mod secret;
mod tenant;
mod time;

pub use label_value::LabelValue;
pub use schedule::Schedule;
pub use secret::Secret;
pub use tenant::{SingleTenant, Tenant};
pub use time::{Day, Timestamp, UnixTime};
