//! When an action is to run.

use crate::catalogue::Type;
use crate::model::{Extra, Field, Model, Ref, Schema, Shape, Slot};
use crate::values::UnixTime;
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
#[derive(Clone, Debug, Default, PartialEq)]
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

impl Model for Schedule {
    fn table() -> &'static Schema {
        static SCHEMA: Schema = Schema {
            name: "Schedule",
            fields: &[Field { name: "enabled", ty: Type::Bool }, Field { name: "date", ty: Type::UnixTime }],
        };
        &SCHEMA
    }

    fn schema(&self) -> &'static Schema {
        Self::table()
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Shape::slot(&mut self.enabled),
            1 => Shape::slot(&mut self.date),
            _ => Slot::Nothing,
        }
    }

    fn get(&self, index: usize) -> Ref<'_> {
        match index {
            0 => Ref::of(&self.enabled),
            1 => Ref::of(&self.date),
            _ => Ref::Absent,
        }
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

crate::model!(Schedule);
