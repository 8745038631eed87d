//! What setters do. Generated setters are a call of one of these, because what stands in them stands in the library's metadata once
//! for each.

use std::collections::BTreeMap;

/// Sets a field.
#[inline(never)]
pub(crate) fn put<T>(field: &mut Option<T>, value: impl Into<T>) {
    *field = Some(value.into());
}

/// Sets an object.
#[inline(never)]
pub(crate) fn put_boxed<T>(field: &mut Option<Box<T>>, value: impl Into<T>) {
    *field = Some(Box::new(value.into()));
}

/// Sets a list.
#[inline(never)]
pub(crate) fn put_all<T>(field: &mut Option<Vec<T>>, values: impl IntoIterator<Item = impl Into<T>>) {
    *field = Some(values.into_iter().map(Into::into).collect());
}

/// Sets an object with free names.
#[inline(never)]
pub(crate) fn put_members<T>(
    field: &mut Option<BTreeMap<String, T>>,
    members: impl IntoIterator<Item = (impl Into<String>, impl Into<T>)>,
) {
    field.insert(BTreeMap::new()).extend(members.into_iter().map(|(name, value)| (name.into(), value.into())));
}
