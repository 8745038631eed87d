//! Spans and events for calls, by way of the crate `tracing`; nothing at all without the feature of that name.
//!
//! Names are those of OpenTelemetry's conventions for HTTP, and `cipp.*` for what is ours. No secret, no value of a query and nothing
//! of a body is recorded: not the server's words either, so a failure is told by its kind and status only. The span of a call and
//! those of its attempts are of the target `cipp_client`.

use super::Shared;
use crate::Error;
use crate::model::Warnings;
use crate::reply::Reply;
use crate::request::Parts;
use std::time::Duration;

#[cfg(feature = "tracing")]
pub(crate) use on::{Attempt, CallSpan, token, waiting, warned};

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{Attempt, CallSpan, token, waiting, warned};

#[cfg(feature = "tracing")]
mod on {
    use super::{Duration, Error, Parts, Reply, Shared, Warnings};
    use crate::ErrorKind;
    use crate::catalogue::{Kind, Method};
    use crate::redact::{one_line, redact};
    use tracing::field::{Empty, display};
    use tracing::{Instrument as _, Level, Span, debug_span, event, info_span};

    const TARGET: &str = "cipp_client";

    /// How many places an event about a decoded answer names.
    const PATHS: usize = 10;

    /// The span of a call, from the moment when it is made to its decoded answer.
    #[derive(Debug)]
    pub(crate) struct CallSpan(Span);

    impl CallSpan {
        pub(crate) fn of(parts: &Parts) -> Self {
            Self(info_span!(
                target: TARGET,
                "cipp.call",
                cipp.operation = name_of(parts),
                cipp.kind = kind_name(parts.kind),
                http.response.status_code = Empty,
                http.request.resend_count = Empty,
                error.type = Empty,
            ))
        }

        /// A call that cannot be made.
        pub(crate) fn of_none(operation: &str) -> Self {
            Self(info_span!(target: TARGET, "cipp.call", cipp.operation = operation, error.type = Empty))
        }

        /// What happens in there belongs to this call.
        pub(crate) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
            self.0.in_scope(work)
        }

        pub(crate) fn answered(&self, reply: &Reply) {
            self.0.record("http.response.status_code", reply.status.as_u16());
            self.resent(reply.attempts);
        }

        pub(crate) fn failed(&self, error: &Error) {
            if let Some(status) = error.status() {
                self.0.record("http.response.status_code", status.as_u16());
            }
            self.resent(error.attempts());
            self.0.record("error.type", display(name(error.kind())));
        }

        fn resent(&self, attempts: u32) {
            if attempts > 1 {
                self.0.record("http.request.resend_count", attempts - 1);
            }
        }
    }

    /// The span of one request.
    pub(crate) struct Attempt(Span);

    impl Attempt {
        pub(crate) fn of(shared: &Shared, parts: &Parts, number: u32) -> Self {
            let method = match parts.method {
                Method::Get => "GET",
                Method::Post => "POST",
            };
            let path = path_of(parts);
            let span = debug_span!(
                target: TARGET,
                "cipp.attempt",
                otel.name = display(format_args!("{method} {path}")),
                otel.kind = "client",
                http.request.method = method,
                url.path = path,
                server.address = shared.base.host_str().unwrap_or_default(),
                server.port = shared.base.port_or_known_default().unwrap_or_default(),
                http.request.resend_count = Empty,
                http.response.status_code = Empty,
                error.type = Empty,
            );
            if number > 1 {
                span.record("http.request.resend_count", number - 1);
            }
            Self(span)
        }

        /// Makes the attempt inside its span.
        pub(crate) async fn run<F>(
            self,
            attempt: impl Future<Output = Result<Reply, (F, Error)>>,
        ) -> Result<Reply, (F, Error)> {
            let result = attempt.instrument(self.0.clone()).await;
            match &result {
                Ok(reply) => {
                    let status = reply.status;
                    self.0.record("http.response.status_code", status.as_u16());
                    if status.is_client_error() || status.is_server_error() {
                        self.0.record("error.type", status.as_str());
                    }
                }
                Err((_, error)) => {
                    self.0.record("error.type", display(name(error.kind())));
                }
            }
            result
        }
    }

    /// A request will be repeated after a wait.
    pub(crate) fn waiting(wait: Duration, attempts: u32, error: &Error) {
        event!(
            target: TARGET,
            Level::WARN,
            {
                error.type = %name(error.kind()),
                http.response.status_code = error.status().map(|status| status.as_u16()),
                cipp.attempts = attempts,
                cipp.wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            },
            "the request will be sent again"
        );
    }

    /// A token was asked for.
    pub(crate) fn token<T>(result: &Result<T, Error>) {
        match result {
            Ok(_) => event!(target: TARGET, Level::DEBUG, "a token was got"),
            Err(error) => {
                event!(target: TARGET, Level::WARN, { error.type = %name(error.kind()) }, "no token was got");
            }
        }
    }

    /// An answer differs from the specification. Places and types are told, values are not.
    pub(crate) fn warned(warnings: &Warnings) {
        let paths: Vec<String> = warnings.iter().take(PATHS).map(|warning| one_line(&warning.to_string())).collect();
        event!(
            target: TARGET,
            Level::WARN,
            { cipp.decode_warnings = warnings.count(), cipp.paths = %paths.join("; ") },
            "the answer differs from the specification"
        );
    }

    /// The path without what a caller may have written behind it; such a request is refused before it is sent.
    fn path_of(parts: &Parts) -> String {
        without_query(&parts.path, parts)
    }

    fn name_of(parts: &Parts) -> String {
        without_query(&parts.operation, parts)
    }

    fn without_query(text: &str, parts: &Parts) -> String {
        let end = text.find(['?', '#']).unwrap_or(text.len());
        one_line(&redact(text.get(..end).unwrap_or_default(), &parts.secrets))
    }

    fn kind_name(kind: Kind) -> &'static str {
        match kind {
            Kind::Read => "read",
            Kind::Write => "write",
            Kind::Destructive => "destructive",
        }
    }

    /// The kind of an error as a word: `in_doubt`.
    fn name(kind: ErrorKind) -> String {
        let mut out = String::new();
        for character in format!("{kind:?}").chars() {
            if character.is_ascii_uppercase() && !out.is_empty() {
                out.push('_');
            }
            out.push(character.to_ascii_lowercase());
        }
        out
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use super::{Duration, Error, Parts, Reply, Shared, Warnings};

    #[derive(Debug)]
    pub(crate) struct CallSpan;

    impl CallSpan {
        pub(crate) fn of(_: &Parts) -> Self {
            Self
        }

        pub(crate) fn of_none(_: &str) -> Self {
            Self
        }

        #[allow(clippy::unused_self, reason = "the twin needs it")]
        pub(crate) fn within<T>(&self, work: impl FnOnce() -> T) -> T {
            work()
        }

        #[allow(clippy::unused_self, reason = "the twin needs it")]
        pub(crate) fn answered(&self, _: &Reply) {}

        #[allow(clippy::unused_self, reason = "the twin needs it")]
        pub(crate) fn failed(&self, _: &Error) {}
    }

    pub(crate) struct Attempt;

    impl Attempt {
        pub(crate) fn of(_: &Shared, _: &Parts, _: u32) -> Self {
            Self
        }

        pub(crate) fn run<F>(
            self,
            attempt: impl Future<Output = Result<Reply, (F, Error)>>,
        ) -> impl Future<Output = Result<Reply, (F, Error)>> {
            attempt
        }
    }

    pub(crate) fn waiting(_: Duration, _: u32, _: &Error) {}

    pub(crate) fn token<T>(_: &Result<T, Error>) {}

    pub(crate) fn warned(_: &Warnings) {}
}
