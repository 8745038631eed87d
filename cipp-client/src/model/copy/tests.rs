//! A copy holds what it is a copy of, also what neither serde nor `==` sees.

#![allow(clippy::unwrap_used)]

use crate::model::{Extra, Model, Ref, Schema, Slot, Table};
use crate::{LabelValue, SingleTenant, Tenant, Timestamp, UnixTime};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A field of each kind.
#[derive(Default)]
struct All {
    text: Option<String>,
    flag: Option<bool>,
    whole: Option<i64>,
    float: Option<f64>,
    json: Option<Value>,
    object: Option<Map<String, Value>>,
    tenant: Option<SingleTenant>,
    tenants: Option<Vec<Tenant>>,
    at: Option<Timestamp>,
    seconds: Option<UnixTime>,
    choice: Option<LabelValue>,
    named: Option<BTreeMap<String, Vec<String>>>,
    inner: Option<Box<All>>,
    list: Option<Vec<All>>,
    extra: Extra,
}

static TABLE: Table = Table {
    text: "All\u{1c}text\u{1d}\u{1d}T\u{1c}flag\u{1d}\u{1d}B\u{1c}whole\u{1d}\u{1d}I\u{1c}float\u{1d}\u{1d}F\u{1c}json\u{1d}\u{1d}J\
           \u{1c}object\u{1d}\u{1d}O\u{1c}tenant\u{1d}\u{1d}N\u{1c}tenants\u{1d}\u{1d}LN\u{1c}at\u{1d}\u{1d}M\u{1c}seconds\u{1d}\u{1d}U\
           \u{1c}choice\u{1d}\u{1d}0\u{1c}named\u{1d}\u{1d}PLT\u{1c}inner\u{1d}\u{1d}1\u{1c}list\u{1d}\u{1d}L1",
    types: &[crate::catalogue::Type::Model(&crate::values::LABEL_VALUE), crate::catalogue::Type::Model(&TABLE)],
    bare: None,
    read: OnceLock::new(),
};

impl Model for All {
    fn schema(&self) -> &'static Schema {
        TABLE.schema()
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        use crate::model::Shape;
        match index {
            0 => Shape::slot(&mut self.text),
            1 => Shape::slot(&mut self.flag),
            2 => Shape::slot(&mut self.whole),
            3 => Shape::slot(&mut self.float),
            4 => Shape::slot(&mut self.json),
            5 => Shape::slot(&mut self.object),
            6 => Shape::slot(&mut self.tenant),
            7 => Shape::slot(&mut self.tenants),
            8 => Shape::slot(&mut self.at),
            9 => Shape::slot(&mut self.seconds),
            10 => Shape::slot(&mut self.choice),
            11 => Shape::slot(&mut self.named),
            12 => Shape::slot(&mut self.inner),
            13 => Shape::slot(&mut self.list),
            _ => Slot::Extra(&mut self.extra),
        }
    }

    fn get(&self, index: usize) -> Ref<'_> {
        match index {
            0 => Ref::of(&self.text),
            1 => Ref::of(&self.flag),
            2 => Ref::of(&self.whole),
            3 => Ref::of(&self.float),
            4 => Ref::of(&self.json),
            5 => Ref::of(&self.object),
            6 => Ref::of(&self.tenant),
            7 => Ref::of(&self.tenants),
            8 => Ref::of(&self.at),
            9 => Ref::of(&self.seconds),
            10 => Ref::of(&self.choice),
            11 => Ref::of(&self.named),
            12 => Ref::of(&self.inner),
            13 => Ref::of(&self.list),
            _ => Ref::Extra(&self.extra),
        }
    }
}

crate::models!(All);

fn full() -> All {
    All {
        text: Some(String::new()),
        flag: Some(false),
        whole: Some(-3),
        float: Some(0.5),
        json: Some(Value::Null),
        object: Some(Map::from_iter([("a".to_owned(), json!([1]))])),
        tenant: Some(SingleTenant::new("contoso.com").with_label("Contoso")),
        tenants: Some(vec![Tenant::All, Tenant::One(SingleTenant::new("a.com").with_label("A"))]),
        at: Some(Timestamp::from(" as it came ")),
        seconds: Some(UnixTime::from(1)),
        choice: Some(LabelValue::new("jane").with_added_field("id", 1)),
        named: Some(BTreeMap::from([("x".to_owned(), vec![]), ("y".to_owned(), vec!["z".to_owned()])])),
        extra: Extra::from(Map::from_iter([("more".to_owned(), json!({"b": null}))])),
        ..All::default()
    }
}

#[test]
fn a_copy_holds_the_same() {
    let mut one = full();
    one.list = Some(vec![full(), All::default()]);
    one.inner = Some(Box::new(full()));
    let copy = one.clone();
    assert_eq!(copy, one);
    assert_eq!(serde_json::to_value(&copy).unwrap(), serde_json::to_value(&one).unwrap());
    // What serde and `==` do not see.
    assert_eq!(copy.tenant, one.tenant);
    assert_eq!(copy.tenants, one.tenants);
    assert_eq!(copy.choice.as_ref().unwrap().label, None, "a label is sent, but is not there");
    assert_eq!(copy.list.as_ref().unwrap().len(), 2);
    assert_eq!(copy.at.unwrap().as_str(), " as it came ");
}

#[test]
fn empty_is_not_absent() {
    let one = All { list: Some(Vec::new()), named: Some(BTreeMap::new()), object: Some(Map::new()), ..All::default() };
    let copy = one.clone();
    assert!(copy.list.is_some() && copy.named.is_some() && copy.object.is_some());
    assert!(All::default().clone().list.is_none());
}
