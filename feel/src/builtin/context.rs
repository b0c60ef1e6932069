//! Context functions, Table 81.

use super::{Answer, Call};
use crate::trace::Fault;
use crate::value::{Context, DEPTH_MAX, Value};

pub(super) fn get_value(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let context = call.context(0)?;
    let key = call.text(1)?;
    let found = context.get(key).cloned();
    found.map(Answer::from).ok_or_else(|| Fault::message(format!("the context has no entry {key:?}")))
}

pub(super) fn get_entries(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let context = call.context(0)?;
    call.meter.steps(context.len())?;
    call.meter.allocate(context.len().saturating_mul(256))?;
    call.meter.admit_inside(context.iter().map(|(_, value)| value))?;
    let entry = |(name, value): (&std::sync::Arc<str>, &Value)| {
        let pair = [("key", Value::from(&**name)), ("value", value.clone())];
        Value::Context(pair.into_iter().collect())
    };
    let entries = context.iter().map(entry).collect();
    Ok(call.meter.list(entries)?.into())
}

pub(super) fn context(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let entries = call.list(0)?;
    let mut made = Context::new();
    for entry in &entries {
        let pair = entry.as_context().and_then(|entry| entry.get("key").zip(entry.get("value")));
        let Some((Value::String(key), value)) = pair else {
            return Err(Fault::text("an item is no context with a string as key and a value"));
        };
        if made.contains(key) {
            return Err(Fault::message(format!("the key {:?} occurs twice", key.as_str())));
        }
        put(call, &mut made, key, value.clone())?;
    }
    Ok(call.meter.admit(Value::Context(made))?.into())
}

pub(super) fn context_put(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let context = call.context(0)?;
    let value = call.value(2).clone();
    let Value::List(keys) = call.value(1) else {
        let key = call.text(1)?;
        let mut changed = copy(call, context)?;
        put(call, &mut changed, key, value)?;
        return Ok(call.meter.admit(Value::Context(changed))?.into());
    };
    if keys.is_empty() || keys.len() > DEPTH_MAX {
        return Err(Fault::text("there are no keys, or more than contexts can be nested"));
    }
    let mut path = Vec::new();
    let mut inner = context.clone();
    for (index, key) in keys.iter().enumerate() {
        let Value::String(key) = key else { return Err(Fault::text("a key is no string")) };
        let following = match inner.get(key) {
            Some(Value::Context(following)) => Some(following.clone()),
            _ if index + 1 == keys.len() => None,
            _ => return Err(Fault::message(format!("the entry {:?} is no context", key.as_str()))),
        };
        path.push((inner, key));
        inner = following.unwrap_or_default();
    }
    let mut value = value;
    for (outer, key) in path.into_iter().rev() {
        let mut changed = copy(call, &outer)?;
        put(call, &mut changed, key, value)?;
        value = call.meter.admit(Value::Context(changed))?;
    }
    Ok(value.into())
}

pub(super) fn context_merge(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let contexts = call.list(0)?;
    let mut merged = Context::new();
    for context in &contexts {
        let Value::Context(context) = context else {
            return Err(Fault::message(format!("an item is a {}, not a context", context.type_name())));
        };
        call.meter.steps(context.len())?;
        for (name, value) in context.iter() {
            put(call, &mut merged, name, value.clone())?;
        }
    }
    Ok(call.meter.admit(Value::Context(merged))?.into())
}

/// A context that will be changed, which copies its entries.
fn copy(call: &mut Call<'_>, context: &Context) -> Result<Context, Fault> {
    call.meter.steps(context.len())?;
    call.meter.allocate(context.len().saturating_mul(64))?;
    Ok(context.clone())
}

fn put(call: &mut Call<'_>, context: &mut Context, key: &str, value: Value) -> Result<(), Fault> {
    call.meter.allocate(key.len() + 64)?;
    call.meter.admit_inside([&value])?;
    context.insert(key, value);
    Ok(())
}
