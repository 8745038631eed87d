//! What becomes of one call.

use super::{Blocking, Client};
use crate::reply::{Reply, Rows};
use crate::request::Request;
use crate::wait::Wait;
use crate::{Call, Error, PageRows, Pages, Response, RowStream};

/// How the blocking client makes a call. Inside an async program each of these is refused with an error.
impl<R: Request> Call<R, Client> {
    /// Makes the call, and blocks until the answer is there.
    ///
    /// # Errors
    /// As for the async client; and as [`Client::block_on`].
    pub fn send(self) -> Result<R::Output, Error> {
        let (client, call) = self.apart();
        client.block_on(call.send())?
    }

    /// Makes the call and gives back the value together with how it was answered.
    ///
    /// # Errors
    /// As for [`send`](Self::send).
    pub fn with_meta(self) -> Result<Response<R::Output>, Error> {
        let (client, call) = self.apart();
        client.block_on(call.with_meta())?
    }

    /// Makes the call and gives back the answer as it came, whatever its status.
    ///
    /// # Errors
    /// Only when the call was not answered; and as [`Client::block_on`].
    pub fn raw(self) -> Result<Reply, Error> {
        let (client, call) = self.apart();
        client.block_on(call.raw())?
    }

    /// Prepares to make the call and, while the server says that it is still at work on the answer, to ask again until the answer
    /// is there. See the async [`Call::wait`].
    pub fn wait(self) -> Blocking<Wait<R>> {
        let (client, call) = self.apart();
        Blocking::new(client, call.wait())
    }
}

impl<R: Request<Output: Rows>> Call<R, Client> {
    /// The rows, each read while the list is being downloaded, in memory of about one row. See the async [`Call::stream`].
    pub fn stream(self) -> Blocking<RowStream<<R::Output as Rows>::Row>> {
        let (client, call) = self.apart();
        Blocking::new(client, call.stream())
    }

    /// The list page by page. See the async [`Call::pages`].
    pub fn pages(self) -> Blocking<Pages<<R::Output as Rows>::Row>> {
        let (client, call) = self.apart();
        Blocking::new(client, call.pages())
    }

    /// The rows of a list that comes page by page. See the async [`Call::rows`].
    pub fn rows(self) -> Blocking<PageRows<<R::Output as Rows>::Row>> {
        let (client, call) = self.apart();
        Blocking::new(client, call.rows())
    }
}
