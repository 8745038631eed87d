//! Giving up from elsewhere.

use crate::transport::BoxFuture;
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A switch with which another part of the program gives up what is waited for. Clones are the same switch.
///
/// ```no_run
/// # async fn example(client: cipp_client::Client) -> Result<(), cipp_client::Error> {
/// use cipp_client::{Cancel, RawRequest};
///
/// let cancel = Cancel::new();
/// let rows = client.call(RawRequest::get("ListThings")).wait().cancel(cancel.clone());
/// // From another task, or a signal: cancel.cancel();
/// let rows = rows.await?;
/// # let _ = (rows, cancel);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Cancel(Arc<Semaphore>);

impl Cancel {
    /// A switch that is not thrown.
    #[must_use]
    pub fn new() -> Self {
        // Nobody ever gets a permit: the semaphore ends all waiting for one when it is closed.
        Self(Arc::new(Semaphore::new(0)))
    }

    /// Throws the switch. It stays so.
    pub fn cancel(&self) {
        self.0.close();
    }

    /// Whether it was thrown.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_closed()
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl IntoFuture for Cancel {
    type Output = ();
    type IntoFuture = BoxFuture<'static, ()>;

    /// Ends when the switch is thrown.
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { drop(self.0.acquire().await) })
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel").field("cancelled", &self.is_cancelled()).finish()
    }
}
