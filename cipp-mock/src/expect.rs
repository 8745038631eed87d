//! What a test expects to be asked, and what is answered then.

use crate::answer::Answer;
use crate::given::{Answers, Given};
use crate::record::Recorded;
use crate::server::MockServer;
use cipp_client::Described;
use cipp_client::catalogue::Action;
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;

/// How many calls that did not fit a report shows.
const SHOWN: usize = 3;

type Matcher = Box<dyn Fn(&Recorded) -> bool + Send>;
type Answering = Box<dyn FnMut(&Recorded) -> Answer + Send>;

/// An expectation, as the server keeps it.
pub(crate) struct Expected {
    what: What,
    matchers: Vec<Matcher>,
    answer: Option<Answering>,
    status: Option<u16>,
    times: Times,
    /// How many calls it took.
    met: u32,
    /// How many came when it had taken all of its calls, and nothing else was there to take them.
    surplus: u32,
    /// Calls of the action that a matcher did not take.
    misfits: u32,
    shown: Vec<String>,
}

/// What is to be asked.
#[derive(Debug)]
enum What {
    Action(&'static Action),
    Endpoint(String),
}

/// How often.
#[derive(Debug, Clone, Copy)]
enum Times {
    AtLeastOnce,
    Any,
    Exactly(u32),
}

impl Expected {
    const fn new(what: What) -> Self {
        Self {
            what,
            matchers: Vec::new(),
            answer: None,
            status: None,
            times: Times::AtLeastOnce,
            met: 0,
            surplus: 0,
            misfits: 0,
            shown: Vec::new(),
        }
    }

    fn name(&self) -> &str {
        match &self.what {
            What::Action(action) => action.name,
            What::Endpoint(name) => name,
        }
    }

    fn concerns(&self, action: Option<&Action>, endpoint: &str) -> bool {
        match &self.what {
            What::Action(expected) => action.is_some_and(|action| action.name == expected.name),
            What::Endpoint(name) => name.eq_ignore_ascii_case(endpoint),
        }
    }

    fn is_used_up(&self) -> bool {
        matches!(self.times, Times::Exactly(times) if self.met >= times)
    }

    /// The answer; `None` where the world is to give it.
    fn answer(&mut self, sent: &Recorded) -> Option<Answer> {
        let answer = self.answer.as_mut().map(|answer| answer(sent));
        match (answer, self.status) {
            (Some(answer), Some(status)) => Some(answer.with_status(status)),
            (None, Some(status)) => Some(Answer::empty(status)),
            (answer, None) => answer,
        }
    }

    /// What is wrong; `None` where it was met.
    fn unmet(&self) -> Option<String> {
        let met = match self.times {
            Times::AtLeastOnce => self.met > 0,
            Times::Any => true,
            Times::Exactly(times) => self.met == times && self.surplus == 0,
        };
        if met {
            return None;
        }
        let wanted = match self.times {
            Times::Exactly(1) => "1 call".to_owned(),
            Times::Exactly(times) => format!("{times} calls"),
            Times::AtLeastOnce | Times::Any => "at least 1 call".to_owned(),
        };
        let mut text = format!("{}: {wanted} expected, {} came", self.name(), self.met.saturating_add(self.surplus));
        if self.misfits > 0 {
            text.push_str(&format!("; {} more did not fit:", self.misfits));
            for shown in &self.shown {
                text.push_str(&format!("\n      {shown}"));
            }
            if usize::try_from(self.misfits).unwrap_or(usize::MAX) > self.shown.len() {
                text.push_str("\n      ...");
            }
        }
        Some(text)
    }
}

impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("name", &self.name())
            .field("times", &self.times)
            .field("met", &self.met)
            .finish_non_exhaustive()
    }
}

/// The answer of the first expectation that takes the request; `None` where the world is to give it.
pub(crate) fn meet(
    expected: &mut [Expected],
    action: Option<&Action>,
    endpoint: &str,
    sent: &Recorded,
) -> Option<Answer> {
    let mut used_up = None;
    for (index, expectation) in expected.iter_mut().enumerate() {
        if !expectation.concerns(action, endpoint) {
            continue;
        }
        if !expectation.matchers.iter().all(|matcher| matcher(sent)) {
            expectation.misfits = expectation.misfits.saturating_add(1);
            if expectation.shown.len() < SHOWN {
                expectation.shown.push(sent.in_a_line());
            }
            continue;
        }
        if expectation.is_used_up() {
            used_up = used_up.or(Some(index));
            continue;
        }
        expectation.met = expectation.met.saturating_add(1);
        return expectation.answer(sent);
    }
    if let Some(expectation) = used_up.and_then(|index| expected.get_mut(index)) {
        expectation.surplus = expectation.surplus.saturating_add(1);
    }
    None
}

/// All that was not as expected; `None` when everything was.
pub(crate) fn unmet(expected: &[Expected], early: &[String]) -> Option<Unmet> {
    let lines: Vec<String> = expected.iter().filter_map(Expected::unmet).chain(early.iter().cloned()).collect();
    (!lines.is_empty()).then_some(Unmet { lines })
}

/// What was not as the test expected; from [`MockServer::verify`].
///
/// `Debug` is the same report as `Display`, so that a test that stops on it shows it in readable form.
#[derive(Clone, PartialEq, Eq)]
pub struct Unmet {
    lines: Vec<String>,
}

impl Unmet {
    /// One entry for each thing that was not as expected.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not as expected:")?;
        self.lines.iter().try_for_each(|line| write!(f, "\n  - {line}"))
    }
}

impl fmt::Debug for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Unmet {}

/// An expectation that is being set up, from [`MockServer::on`].
///
/// It holds from the start, with every call changed at once; so the order of the calls does not matter. Without a reply the world
/// answers, and the calls are only counted. Of several expectations that fit a request, the one set up first takes it, until it has
/// had its [`times`](Self::times).
#[derive(Debug)]
pub struct Expectation<'s, R> {
    server: &'s MockServer,
    index: usize,
    request: PhantomData<fn() -> R>,
}

impl<'s, R> Expectation<'s, R> {
    fn new(server: &'s MockServer, what: What) -> Self {
        let index = server.expect(Expected::new(what));
        Self { server, index, request: PhantomData }
    }

    fn change(self, change: impl FnOnce(&mut Expected)) -> Self {
        self.server.change_expected(self.index, change);
        self
    }

    /// Answers with this JSON as it is, envelope and all.
    pub fn reply_json(self, json: Value) -> Self {
        self.change(|expected| expected.answer = Some(Box::new(move |_| Answer::json(200, json.clone()))))
    }

    /// Answers with this status: alone it is an answer without a body, together with a reply it is the reply's status.
    pub fn reply_status(self, status: u16) -> Self {
        self.change(|expected| expected.status = Some(status))
    }

    /// Takes only requests for which this is true. Several of these must all be true.
    pub fn with(self, matches: impl Fn(&Recorded) -> bool + Send + 'static) -> Self {
        self.change(|expected| expected.matchers.push(Box::new(matches)))
    }

    /// Takes exactly so many calls; further ones go to the next expectation that fits. Where there is none, they go to the world,
    /// and [`MockServer::verify`] tells of them. `times(0)` forbids the call.
    pub fn times(self, calls: u32) -> Self {
        self.change(|expected| expected.times = Times::Exactly(calls))
    }

    /// Takes any number of calls, none included. Without this and [`times`](Self::times), at least one call is expected.
    pub fn any_times(self) -> Self {
        self.change(|expected| expected.times = Times::Any)
    }

    /// How many calls it took so far.
    #[must_use]
    pub fn calls(&self) -> u32 {
        let mut met = 0;
        self.server.change_expected(self.index, |expected| met = expected.met);
        met
    }
}

impl<'s> Expectation<'s, ()> {
    pub(crate) fn of_endpoint(server: &'s MockServer, endpoint: String) -> Self {
        Self::new(server, What::Endpoint(endpoint))
    }
}

impl<'s, R: Described> Expectation<'s, R> {
    pub(crate) fn of_action(server: &'s MockServer) -> Self {
        Self::new(server, What::Action(R::action()))
    }

    /// Answers with these rows, this object or these results; [`Answers`] says what fits the action. The answer gets the envelope
    /// and the [quirks](crate::Quirk) of the real one.
    pub fn reply<Kind>(self, answer: impl Answers<R::Output, Kind>) -> Self {
        let Given(answer) = answer.given();
        self.change(|expected| expected.answer = Some(Box::new(move |_| answer.clone())))
    }

    /// Answers with what this makes of each request. It runs while the server is held, so it must not ask the server anything.
    pub fn reply_with<Kind, A: Answers<R::Output, Kind>>(
        self,
        mut answer: impl FnMut(&Recorded) -> A + Send + 'static,
    ) -> Self {
        self.change(|expected| expected.answer = Some(Box::new(move |sent| answer(sent).given().0)))
    }
}
