//! Customer tenants, as the server takes them.

use crate::model::{Ref, Scalar, ScalarValue};
use std::fmt;

/// What the server takes for "all tenants".
const ALL: &str = "AllTenants";

/// Exactly one customer tenant, by its default domain (which the server prefers) or its id.
///
/// ```
/// use cipp_client::SingleTenant;
/// let tenant = SingleTenant::from("contoso.onmicrosoft.com").with_label("Contoso");
/// assert_eq!(tenant.as_str(), "contoso.onmicrosoft.com");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SingleTenant {
    name: String,
    label: String,
}

impl SingleTenant {
    /// The tenant with this default domain or id.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), label: String::new() }
    }

    /// Adds the name that people know the tenant by. The server shows it in the names of tasks.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The domain or id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether the text is the server's word for all tenants, which stands for more than one.
    pub(crate) fn is_all(text: &str) -> bool {
        text.trim().eq_ignore_ascii_case(ALL)
    }
}

impl From<&str> for SingleTenant {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for SingleTenant {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl From<&String> for SingleTenant {
    fn from(name: &String) -> Self {
        Self::new(name.as_str())
    }
}

impl From<&Self> for SingleTenant {
    fn from(tenant: &Self) -> Self {
        tenant.clone()
    }
}

impl fmt::Display for SingleTenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl ScalarValue for SingleTenant {
    const EXPECTED: &'static str = "tenant";

    fn read(scalar: Scalar<'_>) -> Option<Self> {
        scalar.to_text().map(Self::new)
    }

    fn write(&self) -> Ref<'_> {
        Ref::Labelled(&self.name, &self.label)
    }

    fn labelled(text: &str, label: &str) -> Option<Self> {
        Some(Self::new(text).with_label(label))
    }
}

crate::scalar!(SingleTenant);

/// One customer tenant, or all of them. Only actions that take all tenants accept this type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Tenant {
    /// One tenant.
    One(SingleTenant),
    /// Every tenant that the caller may see.
    All,
}

impl Tenant {
    /// The domain or id, or the server's word for all tenants.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::One(tenant) => tenant.as_str(),
            Self::All => ALL,
        }
    }
}

impl From<SingleTenant> for Tenant {
    fn from(tenant: SingleTenant) -> Self {
        if SingleTenant::is_all(&tenant.name) { Self::All } else { Self::One(tenant) }
    }
}

impl From<&str> for Tenant {
    /// The text `AllTenants` is [`Tenant::All`].
    fn from(name: &str) -> Self {
        SingleTenant::new(name).into()
    }
}

impl From<String> for Tenant {
    fn from(name: String) -> Self {
        SingleTenant::new(name).into()
    }
}

impl From<&String> for Tenant {
    fn from(name: &String) -> Self {
        SingleTenant::new(name.as_str()).into()
    }
}

impl From<&SingleTenant> for Tenant {
    fn from(tenant: &SingleTenant) -> Self {
        tenant.clone().into()
    }
}

impl From<&Self> for Tenant {
    fn from(tenant: &Self) -> Self {
        tenant.clone()
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ScalarValue for Tenant {
    const EXPECTED: &'static str = "tenant";

    fn read(scalar: Scalar<'_>) -> Option<Self> {
        scalar.to_text().map(Self::from)
    }

    fn write(&self) -> Ref<'_> {
        match self {
            Self::One(tenant) => tenant.write(),
            Self::All => Ref::Labelled(ALL, ""),
        }
    }

    fn labelled(text: &str, label: &str) -> Option<Self> {
        Some(if text == ALL { Self::All } else { Self::One(SingleTenant::new(text).with_label(label)) })
    }
}

crate::scalar!(Tenant);
