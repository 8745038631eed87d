//! How a server is set up.

use super::MockServer;
use crate::auth::{Credentials, Tokens};
use crate::clock::{self, Clock};
use crate::router;
use crate::state::{Shared, State};
use crate::wire::{Line, Wire};
use crate::world::{World, guid};
use axum::Router;
use axum::routing::any;
use std::collections::{HashSet, VecDeque};
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Settings of a [`MockServer`], from [`MockServer::builder`].
#[derive(Debug, Clone)]
#[must_use = "nothing listens until start() is called"]
pub struct MockServerBuilder {
    port: u16,
    strict: bool,
    fill: bool,
    samples_only: bool,
    live: bool,
    seed: u64,
    keep: usize,
    credentials: Credentials,
}

impl Default for MockServerBuilder {
    fn default() -> Self {
        Self {
            port: 0,
            strict: true,
            fill: false,
            samples_only: false,
            live: false,
            seed: 0,
            keep: usize::MAX,
            credentials: Credentials {
                tenant_id: guid("partner", 0),
                client_id: guid("client", 0),
                client_secret: "mock-secret".to_owned(),
            },
        }
    }
}

impl MockServerBuilder {
    /// The port to listen on; 0, the default, takes any that is free.
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Whether requests that the specification does not allow are refused with a 400 that says why. That is the default. A lenient
    /// server ignores what it does not know, as the real one does.
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Whether fields of which the world knows nothing are filled with made-up values instead of null. Off by default.
    pub const fn fill(mut self, fill: bool) -> Self {
        self.fill = fill;
        self
    }

    /// Whether every action answers a sample made from the specification, and the world is left out. Off by default. Requests are
    /// checked all the same, but what they name need not exist.
    pub const fn samples_only(mut self, samples_only: bool) -> Self {
        self.samples_only = samples_only;
        self
    }

    /// Lets time run from this machine's clock instead of standing still at a fixed moment. Tasks then run when they are due.
    pub const fn live(mut self, live: bool) -> Self {
        self.live = live;
        self
    }

    /// Gives all ids other values. The same seed gives the same world.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Keeps only the last so many requests for [`MockServer::requests`], so that a long run does not fill the memory. All are
    /// kept otherwise.
    pub const fn keep_requests(mut self, requests: usize) -> Self {
        self.keep = requests;
        self
    }

    /// The credentials that the server takes: tenant id, client id and secret.
    pub fn credentials(
        mut self,
        tenant_id: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        self.credentials = Credentials {
            tenant_id: tenant_id.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
        };
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// When the port is taken or may not be used.
    pub async fn start(self) -> io::Result<MockServer> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = listener.local_addr()?;
        let clock = if self.live { Clock::running() } else { Clock::still(clock::START) };
        let world = World::new(self.seed, clock.now());
        let shared = Arc::new(Shared::new(State {
            credentials: self.credentials.clone(),
            tokens: Tokens::new(),
            clock,
            strict: self.strict,
            fill: self.fill,
            samples_only: self.samples_only,
            denied: HashSet::new(),
            off: HashSet::new(),
            quirks: HashSet::new(),
            faults: Vec::new(),
            expected: Vec::new(),
            early: Vec::new(),
            started: Instant::now(),
            recorded: VecDeque::new(),
            keep: self.keep,
            world,
            admitted: 0,
            serial: 0,
        }));
        let routes = Router::new().fallback(any(router::handle)).with_state(Arc::clone(&shared));
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let serve = axum::serve(Wire::new(listener), routes.into_make_service_with_connect_info::<Line>());
            // Dropping the sender is the signal.
            let _ = serve.with_graceful_shutdown(async { drop(stopped.await) }).await;
        });
        Ok(MockServer { shared, address, credentials: self.credentials, stop: Some(stop), task: Some(task) })
    }
}
