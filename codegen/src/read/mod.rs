//! From nodes to the document: which keys there are, and what kind of value each takes. Every mistake is noted; none stops the reading.

mod actions;
#[cfg(feature = "cli")]
mod deviations;
mod files;
mod table;
mod types;

#[cfg(feature = "cli")]
pub use deviations::read_deviations;
pub use files::{Request, read_spec};
