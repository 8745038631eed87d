//! What generated code uses, in one place, so that it can be told what is in reach by one line.

#![allow(unused_imports, reason = "which of these are used depends on the enabled categories")]

pub(crate) use crate::catalogue::{Shelf, Type};
pub(crate) use crate::client::{Call, Caller, Client};
pub(crate) use crate::model::{Extra, Model, Ref, Schema, Slot, Table, put, put_all, put_boxed, put_members};
pub(crate) use crate::reply::{Download, Listing, Redirect, Results};
pub(crate) use crate::request::{OfAction, Values, give, give_all, give_members};
pub(crate) use crate::values::{
    Choice, Day, Known, LabelValue, Schedule, Secret, SingleTenant, Tenant, Timestamp, UnixTime,
};
pub(crate) use crate::values::{LABEL_VALUE, SCHEDULE};
pub(crate) use serde_json::{Map, Value};
pub(crate) use std::collections::BTreeMap;
pub(crate) use std::sync::OnceLock;
