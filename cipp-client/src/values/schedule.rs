//! When an action is to run.

use crate::model::{Extra, Model, Ref, Schema, Shape, Slot, Table};
use crate::values::UnixTime;
use std::sync::OnceLock;
use std::time::SystemTime;

/// When an action is to run. Where a request has none, the action runs at once.
///
/// The server takes any text in `enabled` for yes, `"false"` too, and reads the date as seconds only; this type sends neither in
/// another form. (Source: `Invoke-AddUser.ps1`, `Invoke-ExecOffboardUser.ps1`.)
///
/// ```
/// use cipp_client::{Schedule, UnixTime};
/// use std::time::Duration;
/// let tonight = Schedule::at(UnixTime::after(Duration::from_secs(8 * 3600)));
/// assert_eq!(tonight.enabled, Some(true));
/// ```
#[derive(Default)]
#[non_exhaustive]
pub struct Schedule {
    /// Whether the action waits for the date.
    pub enabled: Option<bool>,
    /// When it runs.
    pub date: Option<UnixTime>,
    /// Members without a field.
    pub extra: Extra,
}

impl Schedule {
    /// At this moment. The scheduler looks every 15 minutes, so it may be that much later.
    #[must_use]
    pub fn at(date: impl Into<UnixTime>) -> Self {
        Self { enabled: Some(true), date: Some(date.into()), extra: Extra::default() }
    }

    /// At once.
    #[must_use]
    pub fn now() -> Self {
        Self { enabled: Some(false), ..Self::default() }
    }
}

impl From<UnixTime> for Schedule {
    fn from(date: UnixTime) -> Self {
        Self::at(date)
    }
}

impl From<SystemTime> for Schedule {
    fn from(date: SystemTime) -> Self {
        Self::at(date)
    }
}

/// Its fields, also for tables that refer to it.
pub(crate) static TABLE: Table = Table {
    text: concat!("Schedule", "\u{1c}enabled\u{1d}\u{1d}B", "\u{1c}date\u{1d}\u{1d}U",),
    types: &[],
    bare: None,
    read: OnceLock::new(),
};

impl Model for Schedule {
    fn schema(&self) -> &'static Schema {
        TABLE.schema()
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Shape::slot(&mut self.enabled),
            1 => Shape::slot(&mut self.date),
            _ => Slot::Extra(&mut self.extra),
        }
    }

    fn get(&self, index: usize) -> Ref<'_> {
        match index {
            0 => Ref::of(&self.enabled),
            1 => Ref::of(&self.date),
            _ => Ref::Extra(&self.extra),
        }
    }
}

crate::models!(Schedule);
