//! Where each of Microsoft's clouds signs in.

use std::fmt;

/// A cloud of Microsoft's. Most tenants live in the public one; [`ClientBuilder::authority`](crate::ClientBuilder::authority) takes
/// one of these, or any address.
///
/// ```
/// # fn main() -> Result<(), cipp_client::Error> {
/// use cipp_client::{Client, auth::Cloud};
/// let client = Client::builder("https://cipp.example.com")
///     .client_secret("tenant id", "client id", "secret")
///     .authority(Cloud::UsGovernment)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The public cloud: `https://login.microsoftonline.com`.
    #[default]
    Public,
    /// The cloud of the US government: `https://login.microsoftonline.us`.
    UsGovernment,
    /// The cloud in China, which 21Vianet runs: `https://login.partner.microsoftonline.cn`.
    China,
}

impl Cloud {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Public, Self::UsGovernment, Self::China];

    /// The address of the sign-in service.
    #[must_use]
    pub const fn authority(self) -> &'static str {
        match self {
            Self::Public => "https://login.microsoftonline.com",
            Self::UsGovernment => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.authority())
    }
}

impl From<Cloud> for String {
    fn from(cloud: Cloud) -> Self {
        cloud.authority().to_owned()
    }
}
