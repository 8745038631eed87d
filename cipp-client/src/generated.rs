//! What generated code uses, in one place, so that it can be told what is in reach by one line.

#![allow(unused_imports, reason = "which of these are used depends on the enabled categories")]

pub(crate) use crate::catalogue::Type;
pub(crate) use crate::client::{Call, Caller, Client};
pub(crate) use crate::model::{Extra, Field, Model, Ref, Schema, Shape, Slot};
pub(crate) use crate::reply::{Download, Listing, Redirect, Results};
pub(crate) use crate::values::{Day, LabelValue, Schedule, Secret, SingleTenant, Tenant, Timestamp, UnixTime};
pub(crate) use serde_json::{Map, Value};
pub(crate) use std::borrow::Cow;
pub(crate) use std::collections::BTreeMap;
