//! From nodes to the document: which keys there are, and what kind of value each takes. Every mistake is noted; none stops the reading.

mod actions;
mod files;
mod table;
mod types;

pub use files::{Request, read_spec};
