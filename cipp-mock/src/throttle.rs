//! A limit on calls, and whether the client keeps to the wait that it is told.

use crate::when::Moment;
use std::collections::VecDeque;
use std::time::Duration;

/// Calls on other connections that arrive so soon after a 429 were under way before the client could know of it.
const UNDER_WAY: Duration = Duration::from_millis(250);

/// No more than this is told about one throttle.
const TOLD: usize = 20;

/// A limit on calls within a time.
#[derive(Debug, Clone)]
pub(crate) struct Throttle {
    calls: usize,
    window: Duration,
    /// When calls were let through.
    seen: VecDeque<Duration>,
    shut: Option<Shut>,
    told: usize,
}

/// The time after a 429.
#[derive(Debug, Clone)]
struct Shut {
    since: Duration,
    until: Duration,
    /// The connections on which a 429 went out. What comes on them next knows of it.
    lines: Vec<u64>,
}

impl Throttle {
    pub(crate) const fn new(calls: usize, window: Duration) -> Self {
        Self { calls, window, seen: VecDeque::new(), shut: None, told: 0 }
    }

    /// Lets a call through (`None`), or says how many seconds to wait.
    pub(crate) fn admit(&mut self, moment: &Moment<'_>, early: &mut Vec<String>) -> Option<u64> {
        let now = moment.real;
        if let Some(shut) = &mut self.shut {
            if now < shut.until {
                if (shut.lines.contains(&moment.line) || now.saturating_sub(shut.since) > UNDER_WAY) && self.told < TOLD
                {
                    self.told += 1;
                    let (after, before) = (now.saturating_sub(shut.since), shut.until.saturating_sub(now));
                    early.push(format!(
                        "{} was called {} ms after a 429, {} ms before the end of its Retry-After",
                        moment.endpoint,
                        after.as_millis(),
                        before.as_millis()
                    ));
                }
                shut.lines.push(moment.line);
                return Some(whole_seconds(shut.until.saturating_sub(now)));
            }
            self.shut = None;
        }
        while self.seen.front().is_some_and(|first| now.saturating_sub(*first) >= self.window) {
            self.seen.pop_front();
        }
        if self.seen.len() < self.calls {
            self.seen.push_back(now);
            return None;
        }
        let free =
            self.seen.front().map_or(self.window, |first| self.window.saturating_sub(now.saturating_sub(*first)));
        let wait = whole_seconds(free);
        let until = now.saturating_add(Duration::from_secs(wait));
        self.shut = Some(Shut { since: now, until, lines: vec![moment.line] });
        Some(wait)
    }
}

/// Rounded up: who waits that long is never early.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0 || wait.is_zero())
}
