//! Any action of the catalogue, with values given by name.

use super::encode::encode;
use super::values::held_by;
use super::{Given, OfAction, Parts, Request, Values};
use crate::Error;
use crate::catalogue::{Action, Property};
use crate::model::{Extra, Held};
use crate::reply::Answer;
use serde_json::{Map, Value};
use std::fmt;

/// A request of any action in the catalogue, its properties given by name: for tools that learn at run time what to call.
///
/// It is checked and sent exactly as the typed request of the action is, and its answer has the shape that the specification
/// gives it ([`Answer`]).
///
/// ```
/// use cipp_client::{ActionRequest, catalogue};
/// use serde_json::json;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # #[cfg(feature = "users")] {
/// let action = catalogue::find("ListUsers").ok_or("no such action")?;
/// let request = ActionRequest::new(action).with("tenantFilter", json!("contoso.onmicrosoft.com"))?;
/// // Names and types are checked at once.
/// assert!(request.clone().with("tennantFilter", json!("contoso.onmicrosoft.com")).is_err());
/// # let _ = request;
/// # }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ActionRequest {
    action: &'static Action,
    given: Given,
    extra: Extra,
}

impl ActionRequest {
    /// A request without values.
    #[must_use]
    pub fn new(action: &'static Action) -> Self {
        Self { action, given: Given::default(), extra: Extra::default() }
    }

    /// The action.
    #[must_use]
    pub fn action(&self) -> &'static Action {
        self.action
    }

    /// Gives a property a value, by its name on the wire or its Rust name. Null takes it away.
    ///
    /// # Errors
    /// When the action has no such property, or the value is not of its type. The message names the place in a nested value, and
    /// never shows a secret.
    pub fn with(mut self, name: &str, value: Value) -> Result<Self, Error> {
        let Some(index) = self.index(name) else {
            return Err(self.unknown(name));
        };
        let Some(property) = self.action.properties.get(index) else { return Ok(self) };
        let held = match value {
            Value::Null => None,
            value => {
                let held = Held::new(value, property.ty, property.name);
                Some(held.map_err(|message| Error::config(self.action.name, message))?)
            }
        };
        self.given.set(index, held);
        Ok(self)
    }

    /// Gives values to all properties that are members of an object.
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub fn with_all(self, values: Map<String, Value>) -> Result<Self, Error> {
        values.into_iter().try_fold(self, |request, (name, value)| request.with(&name, value))
    }

    /// Sends a value along that the specification does not know: in the query of a GET, in the body of a POST.
    #[must_use]
    pub fn with_extra(mut self, name: impl Into<String>, value: Value) -> Self {
        self.extra.insert(name.into(), value);
        self
    }

    /// The required properties that have no value yet.
    pub fn missing(&self) -> impl Iterator<Item = &'static Property> {
        let properties = self.action.properties.iter().enumerate();
        properties
            .filter(|(index, property)| property.required && self.given.held(*index).is_none())
            .map(|(_, property)| property)
    }

    /// The text of a property, where it has one that may be shown: no secret, and no object.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        match self.given.held(self.index(name)?)? {
            Held::Text(text) | Held::Labelled(text, _) => Some(text.clone()),
            Held::Int(number) => Some(number.to_string()),
            Held::List(items) => {
                let texts = items.iter().filter_map(Held::name);
                Some(texts.collect::<Vec<_>>().join(", ")).filter(|texts| !texts.is_empty())
            }
            held => held.name(),
        }
    }

    /// The properties that have a value, with the value as JSON; secrets are shown as such.
    pub fn given(&self) -> impl Iterator<Item = (&'static Property, Value)> {
        let properties = self.action.properties.iter().enumerate();
        properties.filter_map(|(index, property)| Some((property, self.given.held(index)?.shown())))
    }

    /// The property of this name. Case counts only where two names differ by it.
    fn index(&self, name: &str) -> Option<usize> {
        let properties = self.action.properties;
        let exact = |property: &Property| property.name == name || property.rust == name;
        let loose = |property: &Property| {
            property.name.eq_ignore_ascii_case(name) || property.rust.eq_ignore_ascii_case(&name.replace('-', "_"))
        };
        properties.iter().position(exact).or_else(|| properties.iter().position(loose))
    }

    fn unknown(&self, name: &str) -> Error {
        let names: Vec<&str> = self.action.properties.iter().map(|property| property.name).collect();
        let message = if names.is_empty() {
            format!("it takes no properties, so {name} is not one")
        } else {
            format!("it has no property {name}; it has {}", names.join(", "))
        };
        Error::config(self.action.name, message)
    }
}

impl<K: OfAction> From<Values<K>> for ActionRequest {
    /// The same request, to be looked at by name.
    fn from(values: Values<K>) -> Self {
        let (given, extra) = held_by(values);
        Self { action: K::action(), given, extra }
    }
}

impl Request for ActionRequest {
    type Output = Answer;

    fn parts(&self) -> Result<Parts, Error> {
        encode(&self.given, &self.extra, self.action)
    }
}

impl fmt::Debug for ActionRequest {
    /// The names of what is given, not the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.given().map(|(property, _)| property.name).collect();
        f.debug_struct("ActionRequest")
            .field("action", &self.action.name)
            .field("given", &names)
            .finish_non_exhaustive()
    }
}
