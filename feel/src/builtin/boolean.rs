//! Boolean functions, Table 73, and `all` and `any` of Table 75.

use super::{Answer, Call};
use crate::trace::Fault;
use crate::value::Value;

pub(super) fn not(call: &mut Call<'_>) -> Result<Answer, Fault> {
    Ok(Value::Boolean(!call.boolean(0)?).into())
}

pub(super) fn is_defined(call: &mut Call<'_>) -> Result<Answer, Fault> {
    Ok(Value::Boolean(call.has(0)).into())
}

pub(super) fn get_or_else(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let index = usize::from(!call.has(0));
    Ok(call.value(index).clone().into())
}

pub(super) fn all(call: &mut Call<'_>) -> Result<Answer, Fault> {
    quantify(call, false)
}

pub(super) fn any(call: &mut Call<'_>) -> Result<Answer, Fault> {
    quantify(call, true)
}

/// The decisive value when it occurs, null when something is neither true nor false, else the other value.
fn quantify(call: &mut Call<'_>, decisive: bool) -> Result<Answer, Fault> {
    let items = call.items()?;
    if items.iter().any(|item| item.as_bool() == Some(decisive)) {
        return Ok(Value::Boolean(decisive).into());
    }
    match items.iter().find(|item| item.as_bool().is_none()) {
        Some(item) => Err(Fault::message(format!("the list has a {} in it", item.type_name()))),
        None => Ok(Value::Boolean(!decisive).into()),
    }
}
