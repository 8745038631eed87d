//! From YAML text to a tree of nodes. The only place that knows YAML.
//!
//! serde_yaml gives no positions for what it read well, so a node is named by its [`Path`] from the root, and [`locate`] finds the
//! line and column of a path again when a diagnostic needs them.

mod explain;
mod locate;
mod node;
mod source;

pub use explain::{explain, remedy};
pub use locate::locate;
pub use node::{Entry, Fault, Node, Path, Step, is_doubtful, parse};
pub use source::{Position, Source, read, unreadable};
