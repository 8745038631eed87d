//! The checked specification: every name resolved, both names of everything side by side, every mistake reported.
//!
//! Emitters read this and nothing else. A Rust name is never derived again from a name on the wire.

mod actions;
mod fields;
mod ir;
mod outputs;
mod overrides;
mod resolve;
mod types;

pub use ir::{
    Action, Api, Body, Category, Choice, ChoiceValue, Field, FixedProperty, Form, Outputs, Paging, Place, Property,
    Row, Shape, Struct, Ty, TypeDef, TypeId,
};
pub use resolve::resolve;
#[cfg(feature = "cli")]
pub use resolve::{is_reserved_module, is_reserved_type};
