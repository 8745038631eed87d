//! The server's time. It stands still unless a test moves it, so that dates in answers are the same in every run.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Where time stands when nobody says otherwise: 15 June 2026, 09:00 UTC.
pub(crate) const START: i64 = 1_781_514_000;

/// The server's time.
#[derive(Debug)]
pub(crate) struct Clock {
    base: i64,
    moved: Duration,
    /// Set when time runs; then it counts from here.
    live: Option<Instant>,
}

impl Clock {
    /// A clock that stands still.
    pub(crate) const fn still(base: i64) -> Self {
        Self { base, moved: Duration::ZERO, live: None }
    }

    /// A clock that runs from this machine's present time.
    pub(crate) fn running() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(START, seconds);
        Self { base: now, moved: Duration::ZERO, live: Some(Instant::now()) }
    }

    /// Whether time runs by itself.
    pub(crate) const fn is_running(&self) -> bool {
        self.live.is_some()
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        let ran = self.live.map_or(Duration::ZERO, |start| start.elapsed());
        self.base.saturating_add(seconds(self.moved)).saturating_add(seconds(ran))
    }

    /// How far the clock has come since the server started.
    pub(crate) fn since_start(&self) -> Duration {
        self.live.map_or(Duration::ZERO, |start| start.elapsed()).saturating_add(self.moved)
    }

    /// How far a test moved the clock.
    pub(crate) const fn moved(&self) -> Duration {
        self.moved
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.moved = self.moved.saturating_add(by);
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// Seconds since 1970 as the server writes dates: `2026-06-15T09:00:00Z`.
pub(crate) fn iso(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// The day of a moment as `yyyyMMdd`.
pub(crate) fn day(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    format!("{year:04}{month:02}{day:02}")
}

/// Reads `2026-06-15T09:00:00Z`, or only its day; `None` for anything else.
pub(crate) fn parse_iso(text: &str) -> Option<i64> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse::<i64>);
    let mut next = || numbers.next().and_then(Result::ok);
    let (year, month, day) = (next()?, next()?, next()?);
    let (hour, minute, second) = (next().unwrap_or(0), next().unwrap_or(0), next().unwrap_or(0));
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || year < 1970 {
        return None;
    }
    Some(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Days since 1970 of a calendar date.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    // Counting from March makes the leap day the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The calendar date of a count of days since 1970.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}
