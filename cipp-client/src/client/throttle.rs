//! What all calls of a client share towards the server: turns, the pause that the server asked for, and the budget of repeats.
//!
//! One task that is told to wait is no use while forty-nine others go on asking. So the answer 429 holds the whole client back, fewer
//! calls are under way afterwards, and repeats come out of a small common budget.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

/// What the budget holds at most, in hundredths of a repeat. Eight repeats and four per hundred good answers: fifty calls in a row
/// of 429s send at most sixty requests.
const BUDGET: u32 = 800;
/// What a good answer adds.
const EARNED: u32 = 4;
/// What a repeat after 429 or 503 costs.
pub(crate) const COST_THROTTLED: u32 = 100;
/// What a repeat after a broken connection costs: those come in bunches that one repeat each repairs.
pub(crate) const COST_BROKEN: u32 = 50;
/// After so long without a fault the budget is full again.
const QUIET: Duration = Duration::from_secs(300);

/// The client's conduct towards the server. Clones share it.
#[derive(Clone)]
pub(crate) struct Throttle(Arc<Mutex<State>>);

struct State {
    /// The limit that was set.
    most: usize,
    /// The limit now, from 1 to `most`. It halves at a 429 and grows by about one for each round of good answers.
    allowed: f64,
    running: usize,
    /// Calls that wait for another try go before those that were never sent.
    again: VecDeque<oneshot::Sender<Permit>>,
    fresh: VecDeque<oneshot::Sender<Permit>>,
    hold: Option<Hold>,
    budget: u32,
    /// A repeat was refused since the last good answer.
    exhausted: bool,
    last_fault: Option<Instant>,
    last_shrink: Option<Instant>,
}

/// Nobody sends before this.
#[derive(Clone, Copy)]
struct Hold {
    /// When calls go out again.
    until: Instant,
    /// What the server asked for, which may be far longer: then one call after another tries after `until`, and none waits.
    asked: Instant,
}

/// The right to have a request under way. It ends when this is dropped.
pub(crate) struct Permit(Option<Throttle>);

/// Where a call stands in the queue.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It was never sent.
    Fresh,
    /// It was sent before. It has waited already, and its time is running.
    Again,
}

/// A call was not sent because the server wants peace, for so long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held(pub(crate) Duration);

impl Throttle {
    pub(crate) fn new(most: usize) -> Self {
        #[allow(clippy::cast_precision_loss, reason = "numbers of calls at once are small")]
        let allowed = most as f64;
        Self(Arc::new(Mutex::new(State {
            most,
            allowed,
            running: 0,
            again: VecDeque::new(),
            fresh: VecDeque::new(),
            hold: None,
            budget: BUDGET,
            exhausted: false,
            last_fault: None,
            last_shrink: None,
        })))
    }

    /// Waits until a request may be sent. A call that would have to wait longer than `longest`, or that would wait although
    /// the budget is used up, is told so at once.
    pub(crate) async fn turn(&self, place: Place, longest: Duration) -> Result<Permit, Held> {
        loop {
            if let Some(until) = self.held(longest)? {
                sleep_until(until).await;
            } else {
                let permit = self.acquire(place).await;
                // While it stood in the queue, the server may have asked for peace.
                if self.held(longest)?.is_none() {
                    return Ok(permit);
                }
            }
        }
    }

    /// Until when to wait, if at all.
    fn held(&self, longest: Duration) -> Result<Option<Instant>, Held> {
        let now = Instant::now();
        let mut state = self.state();
        let Some(hold) = state.hold else { return Ok(None) };
        if hold.until <= now {
            state.hold = None;
            return Ok(None);
        }
        let asked = hold.asked.saturating_duration_since(now);
        state.refill(now);
        if asked > longest || state.exhausted {
            return Err(Held(asked));
        }
        Ok(Some(hold.until))
    }

    async fn acquire(&self, place: Place) -> Permit {
        let turn = {
            let mut state = self.state();
            let waiting = !(state.again.is_empty() && state.fresh.is_empty());
            if !waiting && state.running < state.limit() {
                state.running += 1;
                return Permit(Some(self.clone()));
            }
            let (sender, turn) = oneshot::channel();
            match place {
                Place::Fresh => state.fresh.push_back(sender),
                Place::Again => state.again.push_back(sender),
            }
            self.hand_out(&mut state);
            turn
        };
        match turn.await {
            Ok(permit) => permit,
            // The sender is only dropped by sending: this is never reached, and a permit that counts for nothing does no harm.
            Err(_) => Permit(None),
        }
    }

    /// Gives free turns to those who wait.
    fn hand_out(&self, state: &mut State) {
        while state.running < state.limit() {
            let Some(next) = state.again.pop_front().or_else(|| state.fresh.pop_front()) else { return };
            state.running += 1;
            // Whoever gave up waiting gets nothing; that permit must not take the lock, which is held here.
            if let Err(mut permit) = next.send(Permit(Some(self.clone()))) {
                permit.0 = None;
                state.running -= 1;
            }
        }
    }

    /// The server asked for peace: nobody sends for `pause`. `asked` is what it asked for, where that is more than can be waited
    /// for. A request that was sent before the last such answer says nothing new about how many are too many.
    pub(crate) fn hold_back(&self, sent: Instant, pause: Duration, asked: Duration, shrink: bool) {
        let now = Instant::now();
        let mut state = self.state();
        state.last_fault = Some(now);
        if let (Some(until), Some(asked)) = (now.checked_add(pause), now.checked_add(asked.max(pause))) {
            let longer = state.hold.is_none_or(|hold| hold.until < until);
            if longer {
                state.hold = Some(Hold { until, asked });
            }
        }
        if shrink && state.last_shrink.is_none_or(|last| sent > last) {
            state.last_shrink = Some(now);
            state.allowed = (state.allowed / 2.0).max(1.0);
        }
    }

    /// A request was answered as it should be.
    pub(crate) fn answered(&self, sent: Instant) {
        let mut state = self.state();
        state.budget = state.budget.saturating_add(EARNED).min(BUDGET);
        state.exhausted = false;
        if state.limit() < state.most && state.last_shrink.is_none_or(|last| sent > last) {
            #[allow(clippy::cast_precision_loss, reason = "numbers of calls at once are small")]
            let most = state.most as f64;
            state.allowed = (state.allowed + 1.0 / state.allowed).min(most);
            self.hand_out(&mut state);
        }
    }

    /// Takes what a repeat costs from the budget; false when there is not enough.
    pub(crate) fn spend(&self, cost: u32) -> bool {
        let now = Instant::now();
        let mut state = self.state();
        state.refill(now);
        state.last_fault = Some(now);
        match state.budget.checked_sub(cost) {
            Some(left) => state.budget = left,
            None => state.exhausted = true,
        }
        !state.exhausted
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held, so a poisoned lock still guards a whole state.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn limit(&self) -> usize {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and `most`")]
        let limit = self.allowed as usize;
        limit.clamp(1, self.most.max(1))
    }

    fn refill(&mut self, now: Instant) {
        if self.last_fault.is_some_and(|last| now.saturating_duration_since(last) >= QUIET) {
            self.budget = BUDGET;
            self.exhausted = false;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(throttle) = self.0.take() {
            let mut state = throttle.state();
            state.running = state.running.saturating_sub(1);
            throttle.hand_out(&mut state);
        }
    }
}
