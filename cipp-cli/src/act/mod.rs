//! Calling one action: its input, the question before a change, the call, its answer.

pub mod ask;
pub mod dry_run;
pub mod input;
mod pages;
mod run;
mod skeleton;

pub use ask::can_ask;
pub use run::{check_instance, run, target_of, warn_of_repeats};
