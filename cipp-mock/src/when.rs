//! To which requests a fault happens, and how often.

use std::time::Duration;

/// A request, as far as that is asked.
#[derive(Debug)]
pub(crate) struct Moment<'m> {
    pub(crate) endpoint: &'m str,
    /// The server's time, counted from its start, as tests move it.
    pub(crate) clock: Duration,
    /// The time that really went by since the server's start, and what tests moved.
    pub(crate) real: Duration,
    /// Number of the connection.
    pub(crate) line: u64,
}

/// When a fault happens.
#[derive(Debug, Clone)]
pub(crate) struct When {
    pub(crate) endpoint: Option<String>,
    pub(crate) skip: u32,
    pub(crate) every: u32,
    pub(crate) left: Option<u32>,
    /// The probability, and the state of the dice.
    pub(crate) chance: Option<(f64, u64)>,
    pub(crate) window: Option<(Duration, Duration)>,
    pub(crate) added: Duration,
    seen: u32,
}

impl When {
    pub(crate) const fn always() -> Self {
        Self {
            endpoint: None,
            skip: 0,
            every: 1,
            left: None,
            chance: None,
            window: None,
            added: Duration::ZERO,
            seen: 0,
        }
    }

    /// Whether requests for this endpoint are meant at all.
    pub(crate) fn concerns(&self, endpoint: &str) -> bool {
        match &self.endpoint {
            Some(only) => only.eq_ignore_ascii_case(endpoint),
            // The sign-in fails only where a test says so, because nothing else works without it.
            None => endpoint != crate::auth::ENDPOINT,
        }
    }

    /// Whether it happens to a request that is concerned; counts the request.
    pub(crate) fn strikes(&mut self, moment: &Moment<'_>) -> bool {
        if let Some((from, until)) = self.window {
            let age = moment.clock.saturating_sub(self.added);
            if age < from || age >= until {
                return false;
            }
        }
        if self.left == Some(0) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.seen = self.seen.wrapping_add(1);
        if self.every > 1 && !self.seen.is_multiple_of(self.every) {
            return false;
        }
        if let Some((probability, dice)) = &mut self.chance
            && throw(dice) >= *probability
        {
            return false;
        }
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
        true
    }
}

/// A number from 0 to 1: SplitMix64, which is the same on every machine.
fn throw(dice: &mut u64) -> f64 {
    *dice = dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut bits = *dice;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^= bits >> 31;
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit a float")]
    let part = (bits >> 11) as f64 / (1_u64 << 53) as f64;
    part
}
