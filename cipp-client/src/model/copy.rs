//! Copies: made field by field, as everything about models is. Derived, they were the largest part of each type in the library.

use super::{Model, Ref, Scalar, Slot};

/// A model that holds what another one holds.
pub fn copy<M: Model + Default>(from: &M) -> M {
    let mut to = M::default();
    copy_model(&mut to, from);
    to
}

#[inline(never)]
fn copy_model(to: &mut dyn Model, from: &dyn Model) {
    for index in 0..=from.schema().fields.len() {
        copy_field(to.slot(index), from.kept(index));
    }
}

fn copy_field(slot: Slot<'_>, from: Ref<'_>) {
    match (slot, from) {
        (Slot::Text(field), Ref::Text(text)) => *field = Some(text.to_owned()),
        (Slot::Bool(field), Ref::Bool(value)) => *field = Some(value),
        (Slot::Int(field), Ref::Int(value)) => *field = Some(value),
        (Slot::Float(field), Ref::Float(value)) => *field = Some(value),
        (Slot::Json(field), Ref::Json(value)) => *field = Some(value.clone()),
        (Slot::Object(field), Ref::Object(members)) => *field = Some(members.clone()),
        (Slot::Extra(field), Ref::Extra(extra)) => field.clone_from(extra),
        (Slot::Scalar(field), Ref::Labelled(text, label)) => field.set_labelled(text, label),
        (Slot::Scalar(field), Ref::Text(text) | Ref::Secret(text)) => {
            field.set(Scalar::Text(text));
        }
        (Slot::Scalar(field), Ref::Int(value)) => {
            field.set(Scalar::Int(value));
        }
        (Slot::Model(field), Ref::Model(model)) => {
            if let Some(made) = field.make() {
                copy_model(made, model);
            }
        }
        (Slot::List(field), Ref::List(items)) => {
            field.begin();
            for index in 0..items.size() {
                field.item(&mut |slot| copy_field(slot, items.item(index)));
            }
        }
        (Slot::Map(field), Ref::Map(members)) => {
            field.begin();
            members.each(&mut |name, member| field.member(name, &mut |slot| copy_field(slot, member)));
        }
        // A field that holds nothing. Others cannot be: a field's place is of the kind of what it holds.
        _ => {}
    }
}

#[cfg(test)]
mod tests;
