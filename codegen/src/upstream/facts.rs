//! What is compared from one description to another: facts about operations, without schemas.

use super::{Description, Operation, Property, is_open};

/// An operation, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facts {
    /// The last part of its path.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// Permission; empty where none is known.
    pub role: String,
    /// Whether its body takes members that are not listed.
    pub open: bool,
    /// What it reads, sorted: the query before the body.
    pub properties: Vec<Property>,
}

impl From<&Operation> for Facts {
    fn from(operation: &Operation) -> Self {
        Self {
            endpoint: operation.endpoint().to_owned(),
            method: operation.method.clone(),
            role: operation.role.clone(),
            open: operation.body.as_ref().is_some_and(|body| is_open(&body.schema)),
            properties: operation.properties(),
        }
    }
}

impl Description {
    /// The facts about its operations, sorted.
    #[must_use]
    pub fn facts(&self) -> Vec<Facts> {
        let mut facts: Vec<Facts> = self.operations.iter().map(Facts::from).collect();
        facts.sort();
        facts
    }
}
