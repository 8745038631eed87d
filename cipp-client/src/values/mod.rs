//! Types for values that the server reads in its own way, so that what it would ignore or misread cannot be written.

mod choice;
mod label_value;
mod schedule;
mod secret;
mod tenant;
mod time;

pub use choice::{Choice, Known};
pub use label_value::LabelValue;
pub(crate) use label_value::TABLE as LABEL_VALUE;
pub use schedule::Schedule;
pub(crate) use schedule::TABLE as SCHEDULE;
pub use secret::Secret;
pub use tenant::{SingleTenant, Tenant};
pub use time::{Day, Timestamp, UnixTime};
