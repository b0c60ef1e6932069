//! List functions, Table 75; positions count from 1, or from the end with -1.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Answer, Call};
use crate::comparison::{equal, order};
use crate::machine::native::{Replace, Sort};
use crate::trace::Fault;
use crate::value::{List, Value};

pub(super) fn list_contains(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let element = call.value(1);
    for item in &list {
        if equal(item, element, call.meter)? == Some(true) {
            return Ok(Value::Boolean(true).into());
        }
    }
    Ok(Value::Boolean(false).into())
}

pub(super) fn count(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let count = match call.value(0) {
        Value::List(list) => list.len(),
        Value::Null(_) => return Err(call.wrong(0, "list")),
        _ => 1,
    };
    Ok(Value::from(count as i64).into())
}

pub(super) fn is_empty(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    Ok(Value::Boolean(list.is_empty()).into())
}

pub(super) fn min(call: &mut Call<'_>) -> Result<Answer, Fault> {
    extreme(call, Ordering::Less)
}

pub(super) fn max(call: &mut Call<'_>) -> Result<Answer, Fault> {
    extreme(call, Ordering::Greater)
}

fn extreme(call: &mut Call<'_>, wanted: Ordering) -> Result<Answer, Fault> {
    let items = call.items()?;
    let Some((first, rest)) = items.split_first() else { return Err(Fault::text("the list is empty")) };
    let mut best = first;
    for item in std::iter::once(first).chain(rest) {
        match order(item, best) {
            Some(ordering) if ordering == wanted => best = item,
            Some(_) => {}
            None => {
                let (left, right) = (item.type_name(), best.type_name());
                return Err(Fault::message(format!("{left} and {right} cannot be ordered")));
            }
        }
    }
    Ok(best.clone().into())
}

/// The index of a position in a list of this length.
fn index(position: i64, length: usize) -> Result<usize, Fault> {
    let found = match position {
        0 => None,
        position if position > 0 => usize::try_from(position - 1).ok(),
        position => usize::try_from(position.unsigned_abs()).ok().and_then(|back| length.checked_sub(back)),
    };
    found
        .filter(|index| *index < length)
        .ok_or_else(|| Fault::message(format!("there is no position {position} among {length}")))
}

pub(super) fn sublist(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let start = index(call.integer(1)?, list.len())?;
    let rest = list.len() - start;
    let length = if call.count() > 2 { call.integer(2)? } else { rest as i64 };
    let length = usize::try_from(length).ok().filter(|length| (1..=rest).contains(length));
    let Some(length) = length else { return Err(Fault::text("the length reaches outside of the list")) };
    Ok(call.meter.list(list[start..start + length].to_vec())?.into())
}

pub(super) fn append(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let mut items = call.list(0)?.into_vec();
    items.extend_from_slice(&call.arguments()[1..]);
    Ok(call.meter.list(items)?.into())
}

pub(super) fn concatenate(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let items = joined(call)?;
    Ok(call.meter.list(items)?.into())
}

fn joined(call: &mut Call<'_>) -> Result<Vec<Value>, Fault> {
    let mut items = Vec::new();
    for at in 0..call.count() {
        let list = call.list(at)?;
        call.meter.items(items.len() + list.len())?;
        items.extend(list.iter().cloned());
    }
    Ok(items)
}

pub(super) fn insert_before(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let index = index(call.integer(1)?, list.len())?;
    let mut items = list.into_vec();
    items.insert(index, call.value(2).clone());
    Ok(call.meter.list(items)?.into())
}

pub(super) fn remove(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let index = index(call.integer(1)?, list.len())?;
    let mut items = list.into_vec();
    items.remove(index);
    Ok(call.meter.list(items)?.into())
}

pub(super) fn reverse(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let mut items = call.list(0)?.into_vec();
    items.reverse();
    Ok(call.meter.list(items)?.into())
}

pub(super) fn index_of(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let element = call.value(1);
    let mut positions = Vec::new();
    for (index, item) in list.iter().enumerate() {
        if equal(item, element, call.meter)? == Some(true) {
            positions.push(Value::from(index as i64 + 1));
        }
    }
    Ok(call.meter.list(positions)?.into())
}

pub(super) fn union(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let items = joined(call)?;
    let counted = counted(call, &items)?;
    let distinct = firsts(items, |index| counted[index].is_first);
    Ok(call.meter.list(distinct)?.into())
}

pub(super) fn distinct_values(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let items = call.list(0)?.into_vec();
    let counted = counted(call, &items)?;
    let distinct = firsts(items, |index| counted[index].is_first);
    Ok(call.meter.list(distinct)?.into())
}

pub(super) fn duplicate_values(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let items = call.list(0)?.into_vec();
    let counted = counted(call, &items)?;
    let duplicates = firsts(items, |index| counted[index].is_first && counted[index].is_repeated);
    Ok(call.meter.list(duplicates)?.into())
}

fn firsts(items: Vec<Value>, keep: impl Fn(usize) -> bool) -> Vec<Value> {
    items.into_iter().enumerate().filter(|(index, _)| keep(*index)).map(|(_, item)| item).collect()
}

#[derive(Clone, Copy, Default)]
struct Occurrence {
    is_first: bool,
    is_repeated: bool,
}

/// For each item, whether an equal one came before and whether one comes later. Equal items have
/// equal keys, so that only items with the same key are compared.
fn counted(call: &mut Call<'_>, items: &[Value]) -> Result<Vec<Occurrence>, Fault> {
    let mut occurrences = vec![Occurrence::default(); items.len()];
    let mut groups: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    call.meter.steps(items.len())?;
    for (index, item) in items.iter().enumerate() {
        let group = groups.entry(Key::of(item)).or_default();
        let mut earlier = None;
        for known in group.iter() {
            call.meter.step()?;
            if equal(&items[*known], item, call.meter)? == Some(true) {
                earlier = Some(*known);
                break;
            }
        }
        match earlier {
            Some(known) => occurrences[known].is_repeated = true,
            None => {
                occurrences[index].is_first = true;
                group.push(index);
            }
        }
    }
    Ok(occurrences)
}

/// What equal values have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'v> {
    Number(&'v crate::value::Number),
    String(&'v str),
    Other(&'static str, i128),
}

impl<'v> Key<'v> {
    fn of(value: &'v Value) -> Key<'v> {
        let number = match value {
            Value::Number(number) => return Key::Number(number),
            Value::String(text) => return Key::String(text),
            Value::Null(_) | Value::Range(_) | Value::Function(_) => 0,
            Value::Boolean(value) => i128::from(*value),
            Value::Date(date) => i128::from(date.to_days()),
            // Equal times may be told in different zones.
            Value::Time(_) => 0,
            Value::DateTime(at) => at.epoch_nanos().unwrap_or(at.local_nanos()).div_euclid(1_000_000),
            Value::YearMonthDuration(duration) => i128::from(duration.months()),
            Value::DayTimeDuration(duration) => duration.nanos(),
            Value::List(list) => list.first().map_or(0, |item| Key::of_inner(item) + list.len() as i128),
            Value::Context(context) => context.len() as i128,
        };
        Key::Other(value.type_name(), number)
    }

    /// A number for the first item of a list, which tells most lists apart.
    fn of_inner(value: &Value) -> i128 {
        match value {
            Value::Number(number) => i128::from(number.truncated_i64().unwrap_or(0)) << 32,
            _ => 0,
        }
    }
}

pub(super) fn flatten(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let mut items = Vec::new();
    let mut open: Vec<(List, usize)> = vec![(list, 0)];
    while let Some((list, at)) = open.last_mut() {
        call.meter.step()?;
        let item = list.get(*at).cloned();
        *at += 1;
        match item {
            Some(Value::List(inner)) => open.push((inner, 0)),
            Some(item) => items.push(item),
            None => {
                open.pop();
            }
        }
    }
    Ok(call.meter.list(items)?.into())
}

pub(super) fn partition(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let size = usize::try_from(call.integer(1)?).ok().filter(|size| *size > 0);
    let Some(size) = size else { return Err(Fault::text("the size is less than 1")) };
    let mut parts = Vec::new();
    for part in list.chunks(size) {
        parts.push(call.meter.list(part.to_vec())?);
    }
    Ok(call.meter.list(parts)?.into())
}

pub(super) fn list_replace(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    let item = call.value(2).clone();
    if let Value::Function(matches) = call.value(1) {
        return Ok(Answer::Native(Replace::start(list, matches.clone(), item)));
    }
    let index = index(call.integer(1)?, list.len())?;
    let mut items = list.into_vec();
    items[index] = item;
    Ok(call.meter.list(items)?.into())
}

pub(super) fn sort(call: &mut Call<'_>) -> Result<Answer, Fault> {
    let list = call.list(0)?;
    if call.count() > 1 {
        let precedes = call.function(1)?;
        return Ok(Answer::Native(Sort::start(list.into_vec(), precedes)));
    }
    let mut items = list.into_vec();
    let ordered = items.iter().all(|item| items.first().is_some_and(|first| order(first, item).is_some()));
    if !ordered && !items.is_empty() {
        return Err(Fault::text("the items have no order in common"));
    }
    items.sort_by(|left, right| order(left, right).unwrap_or(Ordering::Equal));
    Ok(call.meter.list(items)?.into())
}
