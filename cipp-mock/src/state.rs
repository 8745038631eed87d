//! Everything the server knows, behind one lock.

use crate::auth::{Credentials, Tokens};
use crate::clock::Clock;
use crate::expect::Expected;
use crate::fault::Fault;
use crate::quirk::Quirk;
use crate::record::Recorded;
use crate::scheduler;
use crate::world::World;
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The state, shared by the server's handle and its connections.
#[derive(Debug)]
pub(crate) struct Shared(Mutex<State>);

impl Shared {
    pub(crate) const fn new(state: State) -> Self {
        Self(Mutex::new(state))
    }

    /// The state. A test that panicked while it held the lock must not take the others down.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the server knows.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) credentials: Credentials,
    pub(crate) tokens: Tokens,
    pub(crate) clock: Clock,
    /// Whether requests that the specification does not allow are refused.
    pub(crate) strict: bool,
    /// Whether fields that the world knows nothing of are made up.
    pub(crate) fill: bool,
    /// Whether every action answers a sample, without a look at the world.
    pub(crate) samples_only: bool,
    /// Permissions that the API client lacks, in lower case.
    pub(crate) denied: HashSet<String>,
    /// Endpoints that are switched off, in lower case.
    pub(crate) off: HashSet<String>,
    pub(crate) quirks: HashSet<Quirk>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) expected: Vec<Expected>,
    /// Calls that came before the end of a wait that the client had been told.
    pub(crate) early: Vec<String>,
    /// When the server started.
    pub(crate) started: Instant,
    pub(crate) recorded: VecDeque<Recorded>,
    /// How many records are kept.
    pub(crate) keep: usize,
    pub(crate) world: World,
    /// How many requests came in.
    pub(crate) admitted: u64,
    /// How many requests were answered in earnest; fresh ids are made from it.
    pub(crate) serial: u64,
}

impl State {
    /// Remembers a request. Of too many, the oldest is forgotten.
    pub(crate) fn record(&mut self, record: Recorded) {
        self.recorded.push_back(record);
        while self.recorded.len() > self.keep {
            self.recorded.pop_front();
        }
    }

    /// The record of a request, unless it was cleared meanwhile.
    pub(crate) fn record_of(&mut self, number: u64) -> Option<&mut Recorded> {
        self.recorded.iter_mut().rev().find(|record| record.number == number)
    }

    /// Brings the world up to the clock.
    pub(crate) fn tick(&mut self) {
        self.world.now = self.clock.now();
        if self.clock.is_running() {
            scheduler::run_due(&mut self.world);
        }
    }

    /// Moves the clock, and does what was due meanwhile.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
        self.world.now = self.clock.now();
        scheduler::run_due(&mut self.world);
    }
}
