//! The few shapes that a field can have, and how the driver reaches into each.

use super::{Extra, Held, Model, ScalarSlot};
use crate::catalogue::Type;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Makes a value of a type that is known only at run time; with the place of it, for what is said about one that is none.
pub type Check = fn(Value, Type, &str) -> Result<Held, String>;

/// Where the driver writes a field.
#[derive(Default)]
pub enum Slot<'a> {
    /// No such field.
    #[default]
    Nothing,
    /// Text.
    Text(&'a mut Option<String>),
    /// True or false.
    Bool(&'a mut Option<bool>),
    /// A whole number.
    Int(&'a mut Option<i64>),
    /// A number.
    Float(&'a mut Option<f64>),
    /// Any JSON.
    Json(&'a mut Option<Value>),
    /// A free JSON object.
    Object(&'a mut Option<Map<String, Value>>),
    /// A type made from one scalar.
    Scalar(&'a mut dyn ScalarSlot),
    /// An object of a declared type.
    Model(&'a mut dyn ModelSlot),
    /// A list.
    List(&'a mut dyn ListSlot),
    /// An object with free names.
    Map(&'a mut dyn MapSlot),
    /// The members that no field has room for.
    Extra(&'a mut Extra),
    /// A value whose type is known only at run time, and what checks it: named here, so that programs that read no requests go without.
    Held(&'a mut Option<Held>, Type, Check),
}

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Ref<'a> {
    /// Nothing: the field is absent.
    Absent,
    /// Text.
    Text(&'a str),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Any JSON.
    Json(&'a Value),
    /// A free JSON object.
    Object(&'a Map<String, Value>),
    /// Text that must not be shown.
    Secret(&'a str),
    /// A text, or a text with a label where the wire wants one.
    Labelled(&'a str, &'a str),
    /// An object of a declared type.
    Model(&'a dyn Model),
    /// A list.
    List(&'a dyn ListRef),
    /// An object with free names.
    Map(&'a dyn MapRef),
    /// The members that no field has room for.
    Extra(&'a Extra),
}

/// A type that has a place in a model: says which [`Slot`] and which [`Ref`] it is.
pub trait Shape: Sized {
    /// Where the driver writes it.
    fn slot(field: &mut Option<Self>) -> Slot<'_>;
    /// What it holds.
    fn get(&self) -> Ref<'_>;

    /// The value for a place whose type is known only at run time.
    fn held(self) -> Option<Held> {
        Held::of(self.get())
    }

    /// Hands out a place at the end of a list, and keeps the item if the place was filled.
    fn push(list: &mut Vec<Self>, fill: &mut dyn FnMut(Slot<'_>)) {
        let mut item = None;
        fill(Self::slot(&mut item));
        list.extend(item);
    }
}

impl<'a> Ref<'a> {
    /// What a field holds.
    #[inline(never)]
    pub fn of<T: Shape>(field: &'a Option<T>) -> Self {
        match field {
            Some(value) => value.get(),
            None => Self::Absent,
        }
    }
}

/// What a field of these types holds. Not found by the type, as [`Ref::of`] does it: naming the kind compiles faster.
macro_rules! held {
    ($($name:ident: $ty:ty, $doc:literal;)*) => {
        impl<'a> Ref<'a> {$(
            #[doc = $doc]
            // In line, it would stand in the library's metadata once for every field.
            #[inline(never)]
            #[must_use]
            pub fn $name(field: &'a Option<$ty>) -> Self {
                match field {
                    Some(value) => Shape::get(value),
                    None => Self::Absent,
                }
            }
        )*}
    };
}

held! {
    text: String, "What a field of text holds.";
    bool: bool, "What a field that is true or false holds.";
    int: i64, "What a field of whole numbers holds.";
    float: f64, "What a field of numbers holds.";
    json: Value, "What a field of any JSON holds.";
    object: Map<String, Value>, "What a field of free JSON objects holds.";
}

/// A place for a model.
pub trait ModelSlot {
    /// Puts an empty model there and returns it. There always is one.
    fn make(&mut self) -> Option<&mut dyn Model>;
    /// Empties the place.
    fn clear(&mut self);
}

impl<T: Model + Default> ModelSlot for Option<T> {
    #[inline]
    fn make(&mut self) -> Option<&mut dyn Model> {
        Some(self.insert(T::default()))
    }

    #[inline]
    fn clear(&mut self) {
        *self = None;
    }
}

/// The place behind the last item of a list. A model is made where it is to stay: rows of many fields are large, and moving them
/// took as long as reading them.
struct Next<'l, T> {
    list: &'l mut Vec<T>,
    made: bool,
}

impl<T: Model + Default> ModelSlot for Next<'_, T> {
    fn make(&mut self) -> Option<&mut dyn Model> {
        self.clear();
        self.made = true;
        if self.list.is_empty() {
            // A `Vec` makes room for four, but most lists in rows have one item.
            self.list.reserve_exact(1);
        }
        // Unlike `push`, this writes the item where it stands.
        self.list.resize_with(self.list.len() + 1, T::default);
        self.list.last_mut().map(|item| item as &mut dyn Model)
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.made) {
            self.list.pop();
        }
    }
}

/// A place for a list.
pub trait ListSlot {
    /// Puts an empty list there.
    fn begin(&mut self);
    /// Hands out a place for one more item, and keeps the item if the place was filled.
    fn item(&mut self, fill: &mut dyn FnMut(Slot<'_>));
    /// Empties the place.
    fn clear(&mut self);
}

impl<T: Shape> ListSlot for Option<Vec<T>> {
    #[inline]
    fn begin(&mut self) {
        *self = Some(Vec::new());
    }

    #[inline]
    fn item(&mut self, fill: &mut dyn FnMut(Slot<'_>)) {
        T::push(self.get_or_insert_with(Vec::new), fill);
    }

    #[inline]
    fn clear(&mut self) {
        *self = None;
    }
}

/// The items of a list.
pub trait ListRef {
    /// How many there are.
    fn size(&self) -> usize;
    /// Item number `index`.
    fn item(&self, index: usize) -> Ref<'_>;
}

impl<T: Shape> ListRef for Vec<T> {
    #[inline]
    fn size(&self) -> usize {
        self.len()
    }

    #[inline]
    fn item(&self, index: usize) -> Ref<'_> {
        self.as_slice().get(index).map_or(Ref::Absent, Shape::get)
    }
}

impl<T: Model + Default> Shape for T {
    #[inline]
    fn slot(field: &mut Option<Self>) -> Slot<'_> {
        Slot::Model(field)
    }

    #[inline]
    fn get(&self) -> Ref<'_> {
        Ref::Model(self)
    }

    #[inline]
    fn push(list: &mut Vec<Self>, fill: &mut dyn FnMut(Slot<'_>)) {
        fill(Slot::Model(&mut Next { list, made: false }));
    }
}

impl<T: Shape + 'static> Shape for Vec<T> {
    #[inline]
    fn slot(field: &mut Option<Self>) -> Slot<'_> {
        Slot::List(field)
    }

    #[inline]
    fn get(&self) -> Ref<'_> {
        Ref::List(self)
    }
}

/// A place for an object with free names.
pub trait MapSlot {
    /// Puts an empty object there.
    fn begin(&mut self);
    /// Hands out a place for a member, and keeps the member if the place was filled.
    fn member(&mut self, name: &str, fill: &mut dyn FnMut(Slot<'_>));
    /// Empties the place.
    fn clear(&mut self);
}

impl<T: Shape> MapSlot for Option<BTreeMap<String, T>> {
    fn begin(&mut self) {
        *self = Some(BTreeMap::new());
    }

    fn member(&mut self, name: &str, fill: &mut dyn FnMut(Slot<'_>)) {
        let mut member = None;
        fill(T::slot(&mut member));
        if let Some(member) = member {
            self.get_or_insert_with(BTreeMap::new).insert(name.to_owned(), member);
        }
    }

    fn clear(&mut self) {
        *self = None;
    }
}

/// The members of an object with free names.
pub trait MapRef {
    /// How many there are.
    fn size(&self) -> usize;
    /// The member of that name.
    fn member(&self, name: &str) -> Ref<'_>;
    /// Shows each member, in the order of the names.
    fn each(&self, visit: &mut dyn FnMut(&str, Ref<'_>));
}

impl<T: Shape> MapRef for BTreeMap<String, T> {
    fn size(&self) -> usize {
        self.len()
    }

    fn member(&self, name: &str) -> Ref<'_> {
        self.get(name).map_or(Ref::Absent, Shape::get)
    }

    fn each(&self, visit: &mut dyn FnMut(&str, Ref<'_>)) {
        for (name, member) in self {
            visit(name, member.get());
        }
    }
}

impl<T: Shape + 'static> Shape for BTreeMap<String, T> {
    fn slot(field: &mut Option<Self>) -> Slot<'_> {
        Slot::Map(field)
    }

    fn get(&self) -> Ref<'_> {
        Ref::Map(self)
    }
}

/// The types that have a slot of their own.
macro_rules! plain {
    ($($ty:ty => $slot:ident, |$value:ident| $get:expr;)*) => {$(
        impl Shape for $ty {
            #[inline]
            fn slot(field: &mut Option<Self>) -> Slot<'_> {
                Slot::$slot(field)
            }
            #[inline]
            fn get(&self) -> Ref<'_> {
                let $value = self;
                Ref::$slot($get)
            }
            fn held(self) -> Option<Held> {
                Some(Held::$slot(self))
            }
        }
    )*};
}

plain! {
    String => Text, |value| value.as_str();
    bool => Bool, |value| *value;
    i64 => Int, |value| *value;
    f64 => Float, |value| *value;
    Value => Json, |value| value;
    Map<String, Value> => Object, |value| value;
}

impl Slot<'_> {
    /// What the slot wants, in a word.
    pub(crate) fn expected(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Text(_) => "string",
            Self::Bool(_) => "boolean",
            Self::Int(_) => "whole number",
            Self::Float(_) => "number",
            Self::Json(_) => "JSON",
            Self::Object(_) | Self::Map(_) | Self::Model(_) | Self::Extra(_) => "object",
            Self::Scalar(slot) => slot.expected(),
            Self::List(_) => "array",
            Self::Held(_, ty, _) => ty.expected(),
        }
    }

    /// Whether what it takes has parts of its own.
    #[inline]
    pub(crate) fn is_nested(&self) -> bool {
        matches!(self, Self::Model(_) | Self::List(_) | Self::Map(_))
    }

    /// Empties the field.
    pub(crate) fn clear(self) {
        match self {
            Self::Nothing | Self::Extra(_) => {}
            Self::Text(field) => *field = None,
            Self::Bool(field) => *field = None,
            Self::Int(field) => *field = None,
            Self::Float(field) => *field = None,
            Self::Json(field) => *field = None,
            Self::Object(field) => *field = None,
            Self::Scalar(field) => field.clear(),
            Self::Model(field) => field.clear(),
            Self::List(field) => field.clear(),
            Self::Map(field) => field.clear(),
            Self::Held(field, ..) => *field = None,
        }
    }
}
