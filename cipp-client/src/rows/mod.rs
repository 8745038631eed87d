//! Rows as they come: page by page, or one by one while the answer is being downloaded.

mod pages;
mod stream;

pub use pages::{PageRows, Pages};
pub use stream::RowStream;
