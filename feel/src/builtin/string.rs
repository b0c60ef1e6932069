//! String functions, Table 74; positions count characters.

use super::{Answer, Call};
use crate::trace::Fault;
use crate::value::Value;

pub(super) fn substring(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let text = call.text(0)?;
    let start = call.integer(1)?;
    call.meter.read(text.len())?;
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let skipped = match start {
        0 => return Err(Fault::text("the start position is 0, but positions begin with 1")),
        start if start > 0 => start - 1,
        start => length + start,
    };
    if skipped < 0 || skipped >= length {
        return Err(Fault::text("the start position is outside of the string"));
    }
    let taken = if call.count() > 2 { call.integer(2)? } else { length - skipped };
    if taken < 1 || taken > length - skipped {
        return Err(Fault::text("the length reaches outside of the string"));
    }
    let part: String = text.chars().skip(skipped as usize).take(taken as usize).collect();
    Ok(call.meter.text(part)?.into())
}

pub(super) fn string_length(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let text = call.text(0)?;
    call.meter.read(text.len())?;
    Ok(Value::from(text.chars().count() as i64).into())
}

pub(super) fn upper_case(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let text = call.text(0)?;
    call.meter.read(text.len())?;
    Ok(call.meter.text(text.to_uppercase())?.into())
}

pub(super) fn lower_case(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let text = call.text(0)?;
    call.meter.read(text.len())?;
    Ok(call.meter.text(text.to_lowercase())?.into())
}

pub(super) fn trim(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let text = call.text(0)?;
    call.meter.read(text.len())?;
    Ok(call.meter.text(text.trim().to_owned())?.into())
}

pub(super) fn substring_before(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let (text, part) = (call.text(0)?, call.text(1)?);
    call.meter.read(text.len())?;
    let before = text.find(part.as_str()).map_or("", |at| &text[..at]);
    Ok(call.meter.text(before.to_owned())?.into())
}

pub(super) fn substring_after(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let (text, part) = (call.text(0)?, call.text(1)?);
    call.meter.read(text.len())?;
    let after = text.find(part.as_str()).map_or("", |at| &text[at + part.len()..]);
    Ok(call.meter.text(after.to_owned())?.into())
}

pub(super) fn contains(call: &mut Call<'_>) -> Result<Answer, Fault> {
    compare(call, |text, part| text.contains(part))
}

pub(super) fn starts_with(call: &mut Call<'_>) -> Result<Answer, Fault> {
    compare(call, |text, part| text.starts_with(part))
}

pub(super) fn ends_with(call: &mut Call<'_>) -> Result<Answer, Fault> {
    compare(call, |text, part| text.ends_with(part))
}

fn compare(call: &mut Call<'_>, test: impl Fn(&str, &str) -> bool) -> Result<Answer, Fault> {
    let (text, part) = (call.text(0)?, call.text(1)?);
    call.meter.read(text.len())?;
    Ok(Value::Boolean(test(text, part)).into())
}

pub(super) fn string_join(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let delimiter = if call.has(1) { call.text(1)?.as_str() } else { "" };
    let mut joined = String::new();
    let mut first = true;
    for item in &list {
        let part = match item {
            Value::String(part) => part,
            Value::Null(_) => continue,
            other => {
                return Err(Fault::message(format!("the list has a {} in it", other.type_name())));
            }
        };
        // What is made is accounted for before it exists: short items can make a long text.
        call.meter.allocate(part.len() + delimiter.len())?;
        if !first {
            joined.push_str(delimiter);
        }
        joined.push_str(part);
        first = false;
    }
    Ok(Value::from(joined).into())
}
