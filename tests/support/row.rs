//! A small type of rows, written as the generator writes them, and what a test needs to decode one.

use cipp_client::model::{Extra, Field, Model, Ref, Schema, Shape, Slot};
use cipp_client::{DecodeContext, Error, Output, Reply, Warnings};
use http::{HeaderMap, StatusCode};

/// A row.
#[derive(Default)]
pub struct Row {
    pub id: Option<String>,
    pub count: Option<i64>,
    pub tags: Option<Vec<String>>,
    pub inner: Option<Vec<Row>>,
    pub extra: Extra,
}

impl Row {
    pub fn new(id: &str) -> Self {
        Self { id: Some(id.to_owned()), ..Self::default() }
    }
}

static SCHEMA: Schema = Schema {
    name: "Row",
    fields: &[
        Field { name: "id", rust: "id", ty: cipp_client::catalogue::Type::Text },
        Field { name: "count", rust: "count", ty: cipp_client::catalogue::Type::Int },
        Field { name: "tags", rust: "tags", ty: cipp_client::catalogue::Type::Json },
        Field { name: "inner", rust: "inner", ty: cipp_client::catalogue::Type::Json },
    ],
    bare: None,
};

impl Model for Row {
    fn schema(&self) -> &'static Schema {
        &SCHEMA
    }
    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Shape::slot(&mut self.id),
            1 => Shape::slot(&mut self.count),
            2 => Shape::slot(&mut self.tags),
            3 => Shape::slot(&mut self.inner),
            _ => Slot::Extra(&mut self.extra),
        }
    }
    fn get(&self, index: usize) -> Ref<'_> {
        match index {
            0 => Ref::of(&self.id),
            1 => Ref::of(&self.count),
            2 => Ref::of(&self.tags),
            3 => Ref::of(&self.inner),
            _ => Ref::Extra(&self.extra),
        }
    }
}

cipp_client::models!(Row);

pub fn reply(body: impl Into<Vec<u8>>) -> Reply {
    Reply::new(StatusCode::OK, HeaderMap::new(), body.into())
}

/// Decodes leniently.
pub fn decode<T: Output>(body: impl Into<Vec<u8>>) -> Result<(T, Warnings), Error> {
    T::decode(&reply(body), &DecodeContext::new("Test"))
}

/// Decodes strictly.
pub fn strict<T: Output>(body: impl Into<Vec<u8>>) -> Result<T, Error> {
    T::decode(&reply(body), &DecodeContext::new("Test").with_strict(true)).map(|(value, _)| value)
}
