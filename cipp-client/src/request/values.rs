//! What a typed request holds: values by the number of their property.
//!
//! A request is nothing but the values that were given to it, so all requests are one type, told apart by a marker. Its fields, its
//! traits and the way it is written are compiled once, not nine hundred times; what is generated for an action is its documentation,
//! a setter for each property, and its entry in the catalogue.

use super::encode::encode;
use super::{Described, Parts, Request};
use crate::Error;
use crate::catalogue::Action;
use crate::model::{Extra, Held, Model, Ref, Schema, Shape, Slot};
use crate::reply::Output;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// What tells the requests of one action from those of another. Implemented by generated code.
pub trait OfAction: 'static {
    /// What the answer becomes.
    type Output: Output;

    /// What the specification says about the action.
    fn action() -> &'static Action;
}

/// A request of one action: the values that were given for its properties, as a plain value. Made by `new` and the setters of the
/// action's own name for it, such as [`users::OffboardUser`](crate::users::OffboardUser).
///
/// It is stored and read back by serde under the names of the wire, and looked at by name as an
/// [`ActionRequest`](crate::ActionRequest). `Debug` shows what was given, without secrets.
///
/// ```
/// # #[cfg(feature = "users")] {
/// use cipp_client::{ActionRequest, users::ResetPassword};
/// let request = ResetPassword::new("contoso.onmicrosoft.com", "jane@contoso.com").must_change(true);
/// let stored = serde_json::to_string(&request).unwrap();
/// assert_eq!(serde_json::from_str::<ResetPassword>(&stored).unwrap(), request);
/// assert_eq!(ActionRequest::from(request).text("ID").as_deref(), Some("jane@contoso.com"));
/// # }
/// ```
#[must_use = "a request does nothing until it is called"]
pub struct Values<K> {
    given: Given,
    /// Values that are sent along although the specification does not know them: in the query of a GET, in the body of a POST.
    pub extra: Extra,
    kind: PhantomData<fn() -> K>,
}

/// What a request holds. No method, so that a property of any name can have its setter.
pub(super) fn held_by<K>(values: Values<K>) -> (Given, Extra) {
    (values.given, values.extra)
}

/// Gives a property a value. Generated setters are a call of this or of one of the next two: what stands in them stands in the
/// library once for each.
pub(crate) fn give<T: Shape, K>(values: Values<K>, index: usize, value: impl Into<T>) -> Values<K> {
    put(values, index, value.into().held())
}

/// Gives a property a list.
pub(crate) fn give_all<T: Shape + 'static, K>(
    values: Values<K>,
    index: usize,
    items: impl IntoIterator<Item = impl Into<T>>,
) -> Values<K> {
    put(values, index, Some(Held::List(items.into_iter().filter_map(|item| item.into().held()).collect())))
}

/// Gives a property an object with free names.
pub(crate) fn give_members<T: Shape + 'static, K>(
    values: Values<K>,
    index: usize,
    members: impl IntoIterator<Item = (impl Into<String>, impl Into<T>)>,
) -> Values<K> {
    let mut held = BTreeMap::new();
    held.extend(members.into_iter().filter_map(|(name, value)| Some((name.into(), value.into().held()?))));
    put(values, index, Some(Held::Map(held)))
}

fn put<K>(mut values: Values<K>, index: usize, value: Option<Held>) -> Values<K> {
    values.given.set(index, value);
    values
}

/// Values by the number of their property, in the order of the numbers. They are few, so a list is smaller and faster than a map.
#[derive(Clone, Default)]
pub(super) struct Given(Vec<(usize, Option<Held>)>);

impl Given {
    /// What was given for a property.
    pub(super) fn held(&self, index: usize) -> Option<&Held> {
        let at = self.find(index).ok()?;
        self.0.get(at)?.1.as_ref()
    }

    /// What a property holds.
    pub(super) fn get(&self, index: usize) -> Ref<'_> {
        self.held(index).map_or(Ref::Absent, Shape::get)
    }

    /// Gives a property a value, or takes it away.
    pub(super) fn set(&mut self, index: usize, value: Option<Held>) {
        if let Some(place) = self.place(index) {
            *place = value;
        }
    }

    /// The place for the value of a property. There always is one.
    fn place(&mut self, index: usize) -> Option<&mut Option<Held>> {
        let at = self.find(index).unwrap_or_else(|at| {
            self.0.insert(at, (index, None));
            at
        });
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// Where the value of a property is, or would have to be.
    fn find(&self, index: usize) -> Result<usize, usize> {
        self.0.binary_search_by_key(&index, |(known, _)| *known)
    }
}

impl<K: OfAction> Model for Values<K> {
    fn schema(&self) -> &'static Schema {
        K::action().schema()
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        let Some(property) = K::action().properties.get(index) else { return Slot::Extra(&mut self.extra) };
        self.given.place(index).map_or(Slot::Nothing, |place| Slot::Held(place, property.ty, Held::new))
    }

    fn get(&self, index: usize) -> Ref<'_> {
        if index < K::action().properties.len() { self.given.get(index) } else { Ref::Extra(&self.extra) }
    }
}

impl<K: OfAction> Request for Values<K> {
    type Output = K::Output;

    fn parts(&self) -> Result<Parts, Error> {
        encode(&self.given, &self.extra, K::action())
    }
}

impl<K: OfAction> Described for Values<K> {
    fn action() -> &'static Action {
        K::action()
    }
}

// Not derived: derives would ask the same of K, which is never a value.

impl<K> Clone for Values<K> {
    fn clone(&self) -> Self {
        Self { given: self.given.clone(), extra: self.extra.clone(), kind: PhantomData }
    }
}

impl<K> Default for Values<K> {
    // In line, it would stand in the library's metadata once for every action.
    #[inline(never)]
    fn default() -> Self {
        Self { given: Given::default(), extra: Extra::NONE, kind: PhantomData }
    }
}

impl<K: OfAction> fmt::Debug for Values<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::model::debug(self, f)
    }
}

impl<K: OfAction> PartialEq for Values<K> {
    fn eq(&self, other: &Self) -> bool {
        crate::model::equal(self, other)
    }
}

impl<K: OfAction> Serialize for Values<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::model::serialize(self, serializer)
    }
}

impl<'de, K: OfAction> Deserialize<'de> for Values<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::model::deserialize(deserializer)
    }
}
