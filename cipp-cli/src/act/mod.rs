//! Calling one action: its input, the question before a change, the call, its answer.

mod ask;
mod dry_run;
mod input;
mod run;
mod skeleton;

pub use ask::can_ask;
pub use run::run;
