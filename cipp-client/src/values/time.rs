//! Dates in the three forms that the server reads and writes.

use crate::model::{Ref, Scalar, ScalarValue, to_int};
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment as whole seconds since 1970-01-01 UTC. The scheduler takes nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The moment so many seconds after 1970-01-01 UTC.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// The moment this long from now, by this machine's clock.
    #[must_use]
    pub fn after(duration: Duration) -> Self {
        Self::from(SystemTime::now() + duration)
    }
}

impl From<i64> for UnixTime {
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}

impl From<SystemTime> for UnixTime {
    fn from(time: SystemTime) -> Self {
        let seconds = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
        };
        Self(seconds)
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ScalarValue for UnixTime {
    const EXPECTED: &'static str = "seconds since 1970";

    fn read(scalar: Scalar<'_>) -> Option<Self> {
        to_int(scalar).map(Self)
    }

    fn write(&self) -> Ref<'_> {
        Ref::Int(self.0)
    }
}

crate::scalar!(UnixTime);

/// A day as `yyyyMMdd`, which is how log and incident filters name one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(String);

impl Day {
    /// The day of a calendar date, such as `Day::new(2026, 11, 21)`.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Self {
        Self(format!("{year:04}{month:02}{day:02}"))
    }

    /// The eight digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Day {
    /// Takes `20261121` and `2026-11-21` alike.
    fn from(text: &str) -> Self {
        Self(text.replace('-', ""))
    }
}

impl From<String> for Day {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ScalarValue for Day {
    const EXPECTED: &'static str = "day as yyyyMMdd";

    fn read(scalar: Scalar<'_>) -> Option<Self> {
        scalar.to_text().map(|text| Self::from(text.as_str()))
    }

    fn write(&self) -> Ref<'_> {
        Ref::Text(&self.0)
    }
}

crate::scalar!(Day);

/// A date and time as the server wrote it, usually ISO 8601. Kept as text, because its forms differ between endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// The text as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ScalarValue for Timestamp {
    const EXPECTED: &'static str = "date and time";

    fn read(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Bool(_) => None,
            Scalar::Text(text) => Some(Self::from(text)),
            scalar => scalar.to_text().map(Self::from),
        }
    }

    fn write(&self) -> Ref<'_> {
        Ref::Text(&self.0)
    }
}

crate::scalar!(Timestamp);
