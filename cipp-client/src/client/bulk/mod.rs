//! Many calls: what a batch of requests and a call for each tenant have in common.

mod engine;
mod handle;
mod journal;
mod key;
mod plan;
mod row;
mod run;
mod server_batch;
mod settings;

pub(crate) use engine::Engine;
pub use handle::BatchHandle;
pub use journal::JournalSync;
pub use plan::BatchPlan;
pub(crate) use plan::plan_of;
pub use row::{BatchRow, Progress, RowOutcome};
pub(crate) use settings::{Settings, bulk_settings};
